/** Calls that come while an earlier one's note changes, is not recorded, or is gone. */

import { assertEquals } from "@std/assert";
import { BY_ID_MS, FOR_WAITERS_MS, rememberedOf, RUNNING_MS } from "../../broker/call_record.ts";
import type { CallKey } from "../../broker/core/call.ts";
import { BY_ID, HEADER, type Life, outcome, RUNNING, start } from "./remembering.ts";

/** Keeps a process from one verb of the store, from the `times`-th use of it on. */
function held(verb: string, times: number): { life: Life; go(): void; reached: Promise<void> } {
  const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let uses = 0;
  const before = async (asked: string) => {
    if (asked !== verb || ++uses < times) return;
    reached.resolve();
    await gate.promise;
  };
  return { life: { over: false, before }, go: gate.resolve, reached: reached.promise };
}

Deno.test("of two that come in an earlier one's place, the later one waits for the other", async () => {
  const t = await start();
  await t.call(RUNNING);
  // It has seen that the earlier one is over, and looks once more before it takes its place.
  const slow = held("peek", 2);
  const late = t.call(RUNNING, undefined, { at: t.process(slow.life) });
  await slow.reached;
  const end = Promise.withResolvers<string>();
  const other = t.call(RUNNING, () => end.promise, { at: t.process() });
  await t.world.pass(0);
  slow.go();
  await t.world.pass(1_000);
  end.resolve("the other");
  await t.world.pass(1_000);
  assertEquals([await other, await late], [outcome("the other"), outcome("the other")]);
  assertEquals(t.runs, 2);
});

Deno.test("one whose earlier one's note is gone by then runs all the same", async () => {
  const t = await start();
  await t.call(RUNNING);
  const slow = held("peek", 2);
  const late = t.call(RUNNING, undefined, { at: t.process(slow.life) });
  await slow.reached;
  await t.world.pass(FOR_WAITERS_MS);
  await t.sweep();
  slow.go();
  assertEquals(await late, outcome("done 2"));
});

Deno.test("who waited in this process hears of its own call, also where another one's note is there first", async () => {
  const t = await start();
  const [gate, end] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
  let isShut = false;
  const at = t.process({
    over: false,
    before: async (verb) => void (isShut && verb !== "replace" && await gate.promise),
  });
  const first = t.call(RUNNING, () => end.promise, { at });
  await t.world.pass(0);
  const waiting = t.call(RUNNING, undefined, { at });
  await t.world.pass(1_000);
  isShut = true;
  end.resolve("first");
  await first;
  assertEquals(await t.ask(RUNNING), outcome("done 2"));
  gate.resolve();
  assertEquals(await waiting, outcome("first"));
});

Deno.test("a call that names none but those under way leaves nothing to one that counts its calls", async () => {
  const t = await start();
  for (const done of [1, 2]) assertEquals(await t.ask(RUNNING), outcome(`done ${done}`));
  assertEquals(await t.ask(BY_ID), outcome("done 3"));
});

Deno.test("an id names no call by itself, and no call of a key", async () => {
  const t = await start();
  const named = (kind: "id" | "header", title: string): CallKey => ({
    ...HEADER,
    key: { kind, text: "7" },
    args: { title },
  });
  assertEquals(await t.call(named("id", "one")), outcome("done 1"));
  assertEquals(await t.call(named("id", "two")), outcome("done 2"));
  assertEquals(await t.call(named("header", "one")), outcome("done 3"));
  assertEquals(await t.ask(named("header", "two")), { kind: "mismatch" });
});

Deno.test("an outcome is recorded where its note was sealed anew meanwhile", async () => {
  const t = await start();
  const end = Promise.withResolvers<string>();
  const first = t.call(HEADER, () => end.promise);
  await t.world.pass(0);
  await t.rekey();
  end.resolve("done");
  assertEquals(await first, outcome("done"));
  assertEquals(await t.ask(HEADER), outcome("done"));
});

Deno.test("a call that outlives its note is remembered from its end on", async () => {
  const t = await start();
  const end = Promise.withResolvers<string>();
  t.outOf("replace");
  const first = t.call(BY_ID, () => end.promise);
  await t.world.pass(RUNNING_MS + BY_ID_MS);
  await t.sweep();
  t.points.clear();
  end.resolve("late");
  assertEquals(await first, outcome("late"));
  assertEquals(await t.ask(BY_ID), outcome("late"));
});

Deno.test("whoever shuts down waits for what is not recorded yet", async () => {
  const t = await start();
  t.outOf("replace");
  await t.call(HEADER);
  assertEquals(t.logged("call_not_recorded_yet"), 1);
  let isIdle = false;
  const idle = t.here.idle().then(() => isIdle = true);
  await t.world.pass(1_000);
  assertEquals(isIdle, false);
  t.points.clear();
  await t.world.pass(10_000);
  await idle;
  assertEquals(await t.ask(HEADER), outcome("done 1"));
});

Deno.test("an outcome that is not recorded yet is known no longer than a recorded one", async () => {
  const t = await start();
  t.outOf("replace");
  assertEquals(await t.call(BY_ID), outcome("done 1"));
  await t.world.pass(BY_ID_MS - 1);
  assertEquals(await t.ask(BY_ID, t.here), outcome("done 1"));
  await t.world.pass(1);
  t.points.clear();
  assertEquals(await t.ask(BY_ID, t.here), outcome("done 2"));
});

Deno.test("while one runs in the place of an outcome that is not recorded, others wait for that one", async () => {
  const t = await start();
  t.outOf("replace");
  await t.call(RUNNING);
  t.points.clear();
  const end = Promise.withResolvers<string>();
  const second = t.call(RUNNING, () => end.promise);
  await t.world.pass(0);
  assertEquals(await t.ask(RUNNING, t.here), { kind: "running" });
  end.resolve("second");
  await second;
});

Deno.test("an outcome that waits to be recorded is not forgotten when an earlier one's time is over", async () => {
  const t = await start();
  t.outOf("replace");
  await t.call(BY_ID);
  t.points.clear();
  assertEquals(
    await t.call(RUNNING, () => {
      t.outOf("replace");
      return Promise.resolve("second");
    }),
    outcome("second"),
  );
  // The first one's next try finds that the note is another's.
  await t.world.pass(5_000);
  assertEquals(await t.ask(BY_ID, t.here), outcome("second"));
});

Deno.test("a note of a version that did not say how long is of a call that may still run", () => {
  const now = 1_000_000;
  assertEquals(rememberedOf({ call: "c", expiresAt: now + 1 }, "c", now), { kind: "running" });
});
