import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Reason, Refusal } from "../../broker/core/refusal.ts";
import { createDoors, DOORS } from "../../gateway/doors.ts";
import { testWorld } from "../support/world.ts";

const { limit } = DOORS.wrong_link;

/** What comes of one try at a link that is refused so; `undefined`: it is right. */
function tries() {
  const doors = createDoors(testWorld());
  return async (caller: string | undefined, why?: Reason | Error) => {
    const run = () => {
      if (why === undefined) return Promise.resolve("right");
      return Promise.reject(why instanceof Error ? why : new Refusal(why));
    };
    const got = doors.failing("wrong_link", caller, run);
    return await got.catch((error) => error instanceof Refusal ? error.reason.code : error.message);
  };
}

Deno.test("what is wrong too often is refused as that, and what is right is not", async () => {
  const attempt = tries();
  for (let n = 0; n < limit; n++) {
    assertEquals(await attempt("here", { code: "link_invalid" }), "link_invalid");
  }
  assertEquals(await attempt("here", { code: "link_expired" }), "rate_limited");
  assertEquals([await attempt("here"), await attempt("there", { code: "link_invalid" })], [
    "right",
    "link_invalid",
  ]);
});

Deno.test("what is refused for another reason, or fails, or comes from nobody knows where is not counted", async () => {
  const attempt = tries();
  for (let n = 0; n <= limit; n++) {
    assertEquals(await attempt("here", { code: "link_withdrawn" }), "link_withdrawn");
    assertEquals(await attempt("here", new TypeError("out")), "out");
    assertEquals(await attempt(undefined, { code: "link_invalid" }), "link_invalid");
  }
  assertEquals(await attempt("here", { code: "link_invalid" }), "link_invalid");
});

Deno.test("a door counts by who comes, and lets in nobody's as often as it likes", async () => {
  const doors = createDoors(testWorld());
  for (let n = 0; n < DOORS.code.limit; n++) doors.enter("code", "github:1");
  assertThrows(() => doors.enter("code", "github:1"), Refusal);
  doors.enter("code", "github:2");
  doors.enter("session", "github:1");
  for (let n = 0; n <= DOORS.code.limit; n++) doors.enter("code", undefined);
  await assertRejects(() => Promise.resolve().then(() => doors.enter("code", "github:1")), Refusal);
});
