import { assertEquals, assertThrows } from "@std/assert";
import { Refusal } from "../../../broker/core/refusal.ts";
import { type Callback, LONGEST_CODE, saidBy } from "../../../broker/connect/callback.ts";

Deno.test("an answer carries a code or an error, and neither both nor none", () => {
  const said = (answer: object) => saidBy(answer as Callback);
  assertEquals(said({ code: "c" }), { code: "c" });
  assertEquals(said({ error: "access_denied" }), { error: "access_denied" });
  // Without a value it is not there.
  assertEquals(said({ code: "", error: "access_denied" }), { error: "access_denied" });
  assertEquals(said({ code: "c", error: "" }), { code: "c" });
  const longest = "c".repeat(LONGEST_CODE);
  assertEquals(said({ code: longest }), { code: longest });
  const wrong = [
    {},
    { code: "", error: "" },
    { code: "c", error: "access_denied" },
    { code: `${longest}c` },
  ];
  for (const answer of wrong) {
    const { reason } = assertThrows(() => said(answer), Refusal) as Refusal;
    assertEquals(reason.code, "invalid_request", JSON.stringify(answer).slice(0, 80));
  }
});
