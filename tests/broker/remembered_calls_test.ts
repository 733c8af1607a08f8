/** Calls that must not happen twice, by a clock that is moved by hand and a store that fails. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { CallKey } from "../../broker/core/call.ts";
import { StoreError } from "../../broker/core/store_errors.ts";
import {
  BY_ID_MS,
  BY_KEY_MS,
  FOR_WAITERS_MS,
  MAX_OUTCOME,
  RUNNING_MS,
} from "../../broker/call_record.ts";
import { RECORD_PATIENCE_MS } from "../../broker/remembered_calls.ts";
import { BY_ID, HEADER, outcome, RUNNING, start } from "./remembering.ts";

const MINUTE_MS = 60_000;

for (
  const [name, key, lifetime] of [["header", HEADER, BY_KEY_MS], ["id", BY_ID, BY_ID_MS]] as const
) {
  Deno.test(`by ${name}: a call that runs for an hour runs once, for callers here and elsewhere`, async () => {
    const t = await start();
    const end = Promise.withResolvers<string>();
    const first = t.call(key, () => end.promise);
    for (let minute = 0; minute < 60; minute++) {
      await t.world.pass(MINUTE_MS);
      assertEquals(await t.ask(key), { kind: "running" }, `minute ${minute}`);
    }
    const other = t.call(key, undefined, { at: t.process() });
    end.resolve("at last");
    await t.world.pass(1_000);
    assertEquals([await first, await other], [outcome("at last"), outcome("at last")]);
    assertEquals(t.runs, 1);
    await t.world.pass(lifetime - 2_000);
    assertEquals(await t.ask(key), outcome("at last"));
    await t.world.pass(2_000);
    await t.ask(key);
    assertEquals(t.runs, 2, "after its time it is a new call");
  });

  Deno.test(`by ${name}: a call whose process died is told of, and never run again by its key`, async () => {
    const t = await start();
    const life = { over: false };
    const died = t.call(key, () => new Promise(() => {}), { at: t.process(life) });
    await t.world.pass(0);
    life.over = true;
    await t.world.pass(RUNNING_MS - 1);
    assertEquals(await t.ask(key), { kind: "running" });
    await t.world.pass(1);
    for (let repeat = 0; repeat < 3; repeat++) assertEquals(await t.ask(key), { kind: "cut_off" });
    await t.world.pass(lifetime - 1);
    await t.sweep();
    assertEquals(await t.ask(key), { kind: "cut_off" });
    assertEquals(t.runs, 1);
    const text = key.key.kind === "header" ? "a new one" : "8";
    const anew = { ...key, key: { ...key.key, text } };
    assertEquals((await t.ask(anew)).kind, "outcome", "a new key runs");
    assertEquals(t.runs, 2);
    await t.world.pass(2);
    assertEquals((await t.ask(key)).kind, "outcome", "after its time it is a new call");
    void died;
  });

  Deno.test(`by ${name}: a call of a clock that ran ahead is known, and not taken for running`, async () => {
    const t = await start();
    const life = { over: false };
    const died = t.call(key, () => new Promise(() => {}), { at: t.process(life) });
    await t.world.pass(0);
    life.over = true;
    await t.world.pass(-24 * 60 * MINUTE_MS);
    assertEquals(await t.ask(key), { kind: "cut_off" });
    assertEquals(t.runs, 1);
    void died;
  });

  Deno.test(`by ${name}: an answer too long to keep is done, for its full time`, async () => {
    const t = await start();
    const long = 'é"'.repeat(MAX_OUTCOME);
    assertEquals(await t.call(key, () => Promise.resolve(long)), outcome(long));
    for (const ms of [0, RUNNING_MS - 1, lifetime - RUNNING_MS]) {
      await t.world.pass(ms);
      assertEquals(await t.ask(key), { kind: "too_long" });
    }
    assertEquals(t.runs, 1);
  });
}

Deno.test("an answer of the longest kind is kept whole, whatever letters it is made of", async () => {
  const t = await start();
  for (const [index, letter] of ["a", "é", "長", "😀", '"', "\\", "\0", "\ud800"].entries()) {
    const key = { ...HEADER, key: { kind: "header" as const, text: `k${index}` } };
    const times = Math.floor((MAX_OUTCOME - 2) / (JSON.stringify(letter).length - 2));
    const long = letter.repeat(times);
    await t.call(key, () => Promise.resolve(long));
    assertEquals(await t.ask(key), outcome(long), JSON.stringify(letter));
  }
});

Deno.test("a renewal that fails does not end the call, and the next one makes up for it", async () => {
  const t = await start();
  const end = Promise.withResolvers<string>();
  const first = t.call(HEADER, () => end.promise);
  for (let round = 0; round < 10; round++) {
    // One of two: of every three that belong to a minute one at least.
    t.points.set(round % 2 === 0 ? "calls.peek" : "calls.replace", 1);
    await t.world.pass(40_000);
    t.points.clear();
    assertEquals(await t.ask(HEADER), { kind: "running" });
  }
  assert(t.logged("call_not_renewed") > 5);
  end.resolve("done");
  assertEquals(await first, outcome("done"));
});

Deno.test("a call that outlives every renewal still says how it ended", async () => {
  const t = await start();
  const end = Promise.withResolvers<string>();
  t.outOf("replace");
  const first = t.call(HEADER, () => end.promise);
  await t.world.pass(5 * MINUTE_MS);
  assertEquals(await t.ask(HEADER), { kind: "cut_off" }, "nobody can know better");
  t.points.clear();
  end.resolve("done");
  assertEquals(await first, outcome("done"));
  assertEquals(await t.ask(HEADER), outcome("done"));
  assertEquals(t.runs, 1);
});

Deno.test("a key that changes meanwhile does not part a call from its note", async () => {
  const t = await start();
  const end = Promise.withResolvers<string>();
  const first = t.call(HEADER, () => end.promise);
  await t.world.pass(10_000);
  await t.rekey();
  await t.world.pass(2 * RUNNING_MS);
  assertEquals(await t.ask(HEADER), { kind: "running" });
  await t.rekey();
  end.resolve("done");
  assertEquals(await first, outcome("done"));
  assertEquals(await t.ask(HEADER), outcome("done"));
});

const AFTER_RUN: Record<string, [point: string, times: number][]> = {
  // It is read where it could not be written at once.
  "calls.peek": [["calls.replace", 1], ["calls.peek", 4]],
  "calls.replace": [["calls.replace", 4]],
  "calls.replace lost": [["calls.replace lost", 4]],
};

for (const [point, faults] of Object.entries(AFTER_RUN)) {
  Deno.test(`${point} failing right after the run: the caller has the outcome, and it is recorded`, async () => {
    const t = await start();
    for (const [at, times] of faults) t.points.set(at, times);
    assertEquals(await t.call(HEADER), outcome("done 1"));
    assertEquals(t.runs, 1);
    // Whoever asks here does not depend on the store any more.
    if (point !== "calls.replace lost") {
      t.outOf("peek", "add", "replace");
      assertEquals(await t.ask(HEADER, t.here), outcome("done 1"));
      assertEquals(
        (await t.call({ ...HEADER, args: {} }, undefined, { at: t.here })).kind,
        "mismatch",
      );
      t.points.clear();
    }
    await t.world.pass(10_000);
    await t.here.idle();
    assertEquals(await t.ask(HEADER), outcome("done 1"));
    await t.world.pass(BY_KEY_MS - 20_000);
    assertEquals(await t.ask(HEADER), outcome("done 1"));
    assertEquals([t.runs, t.logged("call_not_recorded")], [1, 0]);
  });
}

Deno.test("a store that stays out is given up after a while, and nothing runs twice", async () => {
  const t = await start();
  t.outOf("replace");
  assertEquals(await t.call(HEADER), outcome("done 1"));
  await t.world.pass(RECORD_PATIENCE_MS + 10_000);
  await t.here.idle();
  assertEquals(t.logged("call_not_recorded"), 1);
  t.points.clear();
  for (const at of [t.here, t.process()]) {
    assertEquals(await t.ask(HEADER, at), { kind: "cut_off" });
  }
  assertEquals(t.runs, 1);
});

Deno.test("a store that is out before the run: nothing is run, and the way is free afterwards", async () => {
  for (const point of ["calls.add", "calls.add lost"]) {
    const t = await start();
    t.points.set(point, 1);
    await assertRejects(() => t.call(HEADER), StoreError);
    assertEquals(t.runs, 0, point);
    await t.world.pass(1_000);
    await t.here.idle();
    assertEquals(await t.ask(HEADER), outcome("done 1"), point);
    assertEquals(t.runs, 1);
  }
});

Deno.test("a call that failed leaves the way free, at once or as soon as the store is back", async () => {
  for (
    const [point, times] of [["calls.take", 0], ["calls.take", 3], ["calls.take lost", 1]] as const
  ) {
    const t = await start();
    t.points.set(point, times);
    const failed = await t.call(HEADER, () => Promise.resolve("failed"), { keep: false });
    assertEquals(failed, outcome("failed"));
    const again = t.call(HEADER);
    await t.world.pass(10_000);
    assertEquals([await again, t.runs], [outcome("done 2"), 2], point);
  }
});

Deno.test("a call that throws may have been done, and says so at once", async () => {
  const t = await start();
  await assertRejects(() => t.call(HEADER, () => Promise.reject(new TypeError("bug"))), TypeError);
  assertEquals(await t.ask(HEADER), { kind: "cut_off" });
  assertEquals(t.runs, 1);
});

Deno.test("a run that was taken for dead writes nothing over the one that came after", async () => {
  const t = await start();
  const end = Promise.withResolvers<string>();
  t.outOf("replace");
  const first = t.call(BY_ID, () => end.promise);
  await t.world.pass(RUNNING_MS + BY_ID_MS);
  t.points.clear();
  assertEquals(await t.ask(BY_ID), outcome("done 2"));
  end.resolve("late");
  assertEquals(await first, outcome("late"));
  assertEquals(await t.ask(BY_ID), outcome("done 2"));
});

Deno.test("nor does it renew the note of the one that came after", async () => {
  const t = await start();
  const [one, two] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  t.outOf("replace");
  const first = t.call(BY_ID, () => one.promise);
  // Between two renewals of the first: the last to write before the end is the first one.
  await t.world.pass(RUNNING_MS + BY_ID_MS + 10_000);
  t.points.clear();
  const second = t.call(BY_ID, () => two.promise, { at: t.process() });
  await t.world.pass(3 * MINUTE_MS + 15_000);
  two.resolve("second");
  assertEquals(await second, outcome("second"));
  assertEquals(await t.ask(BY_ID), outcome("second"));
  one.resolve("first");
  assertEquals(await first, outcome("first"));
  assertEquals(await t.ask(BY_ID), outcome("second"));
});

Deno.test("whoever waits is told in time that it takes longer", async () => {
  const t = await start();
  const began = Promise.withResolvers<void>();
  const first = t.call(HEADER, () => {
    began.resolve();
    return new Promise(() => {});
  });
  await began.promise;
  const leaving = new AbortController();
  const waiting = t.call(HEADER, undefined, { at: t.process(), signal: leaving.signal });
  await t.world.pass(5_000);
  leaving.abort();
  assertEquals(await waiting, { kind: "running" });
  void first;
});

Deno.test("of many at once one runs, whenever it ends and wherever they come", async () => {
  for (let delay = 0; delay <= 60_000; delay += 7_500) {
    const t = await start();
    const ends = () => t.world.sleep(delay).then(() => "one");
    const calls = [t.here, t.here, t.process(), t.process()].map((at) =>
      t.call(HEADER, ends, { at })
    );
    await t.world.pass(delay + 1_000);
    assertEquals(await Promise.all(calls), calls.map(() => outcome("one")));
    assertEquals([t.runs, t.repeats], [1, 3]);
  }
});

Deno.test("an equal id is a repeat only while the first one runs, where ids begin anew with each process", async () => {
  const t = await start();
  const end = Promise.withResolvers<string>();
  const first = t.call(RUNNING, () => end.promise);
  await t.world.pass(0);
  const meanwhile = [t.here, t.process(), t.process()].map((at) =>
    t.call(RUNNING, undefined, { at })
  );
  await t.world.pass(30_000);
  assertEquals(await t.ask(RUNNING), { kind: "running" });
  end.resolve("first");
  await t.world.pass(1_000);
  const answers = await Promise.all([first, ...meanwhile]);
  for (const answer of answers) assertEquals(answer, outcome("first"));
  assertEquals([t.runs, t.repeats], [1, 3]);
  for (const [index, at] of [t.here, t.process(), t.here].entries()) {
    assertEquals(await t.ask(RUNNING, at), outcome(`done ${index + 2}`), "another call");
  }
  assertEquals([t.runs, t.repeats], [4, 3]);
});

Deno.test("who waited in this process hears of its own call, though another one ran at once after it", async () => {
  const t = await start();
  const end = Promise.withResolvers<string>();
  const first = t.call(RUNNING, () => end.promise);
  await t.world.pass(0);
  const waiting = t.call(RUNNING);
  await t.world.pass(1_000);
  end.resolve("first");
  await first;
  assertEquals(await t.ask(RUNNING), outcome("done 2"));
  assertEquals(await waiting, outcome("first"));
});

Deno.test("a first one that failed is made again by whoever waited for it", async () => {
  for (const key of [RUNNING, BY_ID, HEADER]) {
    const t = await start();
    const end = Promise.withResolvers<string>();
    const first = t.call(key, () => end.promise, { keep: false });
    await t.world.pass(0);
    const waiting = [t.here, t.process()].map((at) => t.call(key, undefined, { at }));
    await t.world.pass(1_000);
    end.resolve("failed");
    await t.world.pass(1_000);
    assertEquals(await first, outcome("failed"));
    assertEquals(await Promise.all(waiting), [outcome("done 2"), outcome("done 2")]);
  }
});

Deno.test("one that counts its calls and one that does not are no repeats of each other once they are over", async () => {
  for (const [one, other] of [[BY_ID, RUNNING], [RUNNING, BY_ID]] as const) {
    const t = await start();
    assertEquals(await t.call(one), outcome("done 1"));
    assertEquals(await t.ask(other), outcome("done 2"));
    assertEquals([t.runs, t.repeats], [2, 0]);
    await t.world.pass(BY_ID_MS);
    const end = Promise.withResolvers<string>();
    const third = t.call(one, () => end.promise);
    await t.world.pass(0);
    assertEquals(await t.ask(other), { kind: "running" }, "while it runs nobody knows");
    end.resolve("third");
    assertEquals(await third, outcome("third"));
  }
});

Deno.test("who counts its calls and comes again does nothing twice, whatever ran in between", async () => {
  const t = await start();
  await t.call(BY_ID);
  for (let other = 2; other < 4; other++) {
    assertEquals(await t.ask(RUNNING), outcome(`done ${other}`));
    await t.world.pass(FOR_WAITERS_MS);
    assertEquals(await t.ask(BY_ID), outcome(`done ${other}`));
  }
  assertEquals([t.runs, t.repeats], [3, 2]);
  await t.world.pass(BY_ID_MS);
  assertEquals(await t.ask(BY_ID), outcome("done 4"));
});

Deno.test("a process that died keeps a later one's call with an equal id waiting, and then lets it run", async () => {
  const t = await start();
  const life = { over: false };
  void t.call(RUNNING, () => new Promise(() => {}), { at: t.process(life) });
  await t.world.pass(0);
  life.over = true;
  const waiting = t.call(RUNNING, undefined, { at: t.process() });
  await t.world.pass(RUNNING_MS + 1_000);
  assertEquals(await waiting, { kind: "cut_off" }, "it may have been the same one");
  assertEquals(await t.ask(RUNNING), outcome("done 2"), "this one came when nothing ran");
});

Deno.test("a store that does not take the outcome keeps no later call from running", async () => {
  const t = await start();
  t.outOf("replace");
  assertEquals(await t.call(RUNNING), outcome("done 1"));
  t.points.clear();
  assertEquals(await t.ask(RUNNING, t.here), outcome("done 2"));
  await t.world.pass(10_000);
  await t.here.idle();
  assertEquals(await t.ask(RUNNING), outcome("done 3"));
});

Deno.test("a store that is out before a run in an earlier call's place: nothing is run, and the way is free afterwards", async () => {
  for (const point of ["calls.replace", "calls.replace lost"]) {
    const t = await start();
    assertEquals(await t.call(RUNNING), outcome("done 1"));
    t.points.set(point, 1);
    await assertRejects(() => t.call(RUNNING), StoreError);
    assertEquals(t.runs, 1, point);
    await t.world.pass(1_000);
    await t.here.idle();
    assertEquals(await t.ask(RUNNING), outcome("done 2"), point);
  }
});

Deno.test("what one credential did is no other's, by any name", async () => {
  const ACTORS: CallKey["actor"][] = [
    { kind: "app", id: "voice" },
    { kind: "client", id: "voice" },
    { kind: "client", id: "g1" },
    { kind: "client", id: "g2" },
    { kind: "person", id: "g1" },
  ];
  for (const key of [HEADER, BY_ID, RUNNING]) {
    const t = await start();
    for (const [index, actor] of ACTORS.entries()) {
      const ended = await t.call({ ...key, actor }, () => Promise.resolve(index));
      assertEquals(ended, outcome(index));
    }
    // Beside each other, too.
    const end = Promise.withResolvers<string>();
    const first = t.call({ ...BY_ID, key: { kind: "running", text: "9" } }, () => end.promise);
    await t.world.pass(0);
    const beside = { ...BY_ID, actor: ACTORS[2]!, key: { kind: "running", text: "9" } } as const;
    assertEquals((await t.ask(beside)).kind, "outcome");
    end.resolve("");
    await first;
    assertEquals([t.runs, t.repeats], [ACTORS.length + 2, 0]);
  }
});
