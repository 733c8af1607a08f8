import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { andThen, orElse, settledSoon } from "../../../broker/core/awaitable.ts";

const fail = (): never => {
  throw new RangeError("no");
};

Deno.test("andThen() goes on at once with what is there, and later with what is to come", async () => {
  assertEquals(andThen(1, (one) => one + 1), 2);
  assertEquals(andThen(undefined, (nothing) => nothing), undefined);
  const later = andThen(Promise.resolve(1), (one) => one + 1);
  assert(later instanceof Promise);
  assertEquals(await later, 2);
  assertEquals(await andThen(1, (one) => Promise.resolve(one + 1)), 2);
  assertThrows(() => andThen(1, fail), RangeError);
  await assertRejects(async () => await andThen(Promise.resolve(1), fail), RangeError);
  await assertRejects(
    async () => await andThen(Promise.reject(new RangeError()), () => 1),
    RangeError,
  );
});

Deno.test("orElse() makes the same of what is thrown and of what is rejected", async () => {
  const said = (error: unknown) => (error as Error).name;
  assertEquals(orElse(() => "well", said), "well");
  assertEquals(orElse(fail, said), "RangeError");
  const well = orElse(() => Promise.resolve("well"), said);
  assert(well instanceof Promise);
  assertEquals(await well, "well");
  assertEquals(await orElse(() => Promise.reject(new TypeError()), said), "TypeError");
});

Deno.test("settledSoon() waits for work that is under way, and for nothing else", async () => {
  assertEquals(await settledSoon(Promise.resolve("a")), { status: "fulfilled", value: "a" });
  const reason = new Error("seen by nobody else");
  assertEquals(await settledSoon(Promise.reject(reason)), { status: "rejected", reason });
  const inTwo = (async () => {
    await undefined;
    await undefined;
    return "b";
  })();
  assertEquals(await settledSoon(inTwo), { status: "fulfilled", value: "b" });
  assertEquals(await settledSoon(new Promise(() => {})), undefined);
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, 0);
  assertEquals(await settledSoon(promise), undefined);
  clearTimeout(timer);
});
