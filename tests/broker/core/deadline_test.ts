import { assertEquals, assertRejects } from "@std/assert";
import { createWorld } from "../../../start/world.ts";
import { startTelemetry } from "../../../telemetry/telemetry.ts";
import { type AlarmClock, deadlineIn, silenceLimit, until } from "../../../broker/core/deadline.ts";

/** A clock that rings when the test says so, and what it was asked. */
interface Clock extends AlarmClock {
  asked: { ms: number; wake(): void; isStopped(): boolean }[];
}

/** One that knows nothing but to sleep. */
function sleeper(): Clock {
  const asked: Clock["asked"] = [];
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((wake) => {
      // As the real one does: whoever stops waiting wakes up.
      signal?.addEventListener("abort", () => wake());
      asked.push({ ms, wake, isStopped: () => signal?.aborted === true });
    });
  return { sleep, asked };
}

/** One with alarms, as the real one is. */
function alarms(): Clock {
  const asked: Clock["asked"] = [];
  return {
    asked,
    sleep: () => Promise.reject(new Error("There are alarms")),
    alarm(ms, ring) {
      let isStopped = false;
      asked.push({ ms, wake: () => isStopped || ring(), isStopped: () => isStopped });
      return () => void (isStopped = true);
    },
  };
}

/** One test by each clock. */
function testBoth(name: string, run: (clock: Clock) => Promise<void>): void {
  for (const clock of [sleeper, alarms]) Deno.test(`${clock.name}: ${name}`, () => run(clock()));
}

/** Until everything that was about to happen has happened. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

testBoth("deadlineIn() aborts when the time is over, and not before", async (clock) => {
  const { asked } = clock;
  using deadline = deadlineIn(clock, 30_000);
  await settled();
  assertEquals([asked.map(({ ms }) => ms), deadline.signal.aborted], [[30_000], false]);
  asked[0]!.wake();
  await settled();
  assertEquals(deadline.signal.aborted, true);
  assertEquals(deadline.signal.reason.name, "TimeoutError");
});

testBoth(
  "deadlineIn() ends its wait where it is disposed of, and never aborts then",
  async (clock) => {
    const { asked } = clock;
    let signal: AbortSignal;
    {
      using deadline = deadlineIn(clock, 1);
      ({ signal } = deadline);
      assertEquals(asked[0]!.isStopped(), false);
    }
    assertEquals(asked[0]!.isStopped(), true);
    await settled();
    assertEquals(signal.aborted, false);
  },
);

testBoth("a deadline that has passed stays passed where it is disposed of", async (clock) => {
  const { asked } = clock;
  const deadline = deadlineIn(clock, 1);
  asked[0]!.wake();
  await settled();
  deadline[Symbol.dispose]();
  await settled();
  assertEquals(deadline.signal.aborted, true);
});

Deno.test("until() waits for work, and for no longer than its signal lets it", async () => {
  const stop = new AbortController();
  assertEquals(await until(stop.signal, Promise.resolve(7)), 7);
  await assertRejects(() => until(stop.signal, Promise.reject(new Error("no"))), Error, "no");
  const work = Promise.withResolvers<never>();
  const waiting = until(stop.signal, work.promise);
  stop.abort(new Error("late"));
  await assertRejects(() => waiting, Error, "late");
  // What fails afterwards is nobody's any more, and no unhandled rejection.
  work.reject(new Error("too late"));
  await settled();
  await assertRejects(() => until(stop.signal, new Promise(() => {})), Error, "late");
});

testBoth(
  "silenceLimit() aborts only while something is waited for, and begins anew each time",
  async (clock) => {
    const { asked } = clock;
    const silence = silenceLimit(clock, 60_000);
    assertEquals(asked.length, 0, "it rests at first");
    silence.listen();
    silence.listen();
    silence.rest();
    asked.forEach(({ wake }) => wake());
    await settled();
    assertEquals([silence.signal.aborted, asked.map(({ ms }) => ms)], [false, [60_000, 60_000]]);
    silence.listen();
    asked.at(-1)!.wake();
    await settled();
    assertEquals(silence.signal.reason.name, "TimeoutError");
  },
);

testBoth(
  "deadlineIn() aborts with what ends sooner, and hears of it no longer than it has to",
  async (clock) => {
    const leaving = new AbortController();
    using deadline = deadlineIn(clock, 30_000, leaving.signal);
    const over = deadlineIn(clock, 30_000, leaving.signal);
    over[Symbol.dispose]();
    leaving.abort();
    await settled();
    assertEquals([deadline.signal.aborted, over.signal.aborted], [true, false]);
    assertEquals(deadlineIn(clock, 1, leaving.signal).signal.aborted, true);
  },
);

Deno.test("the real clock's alarm rings, and a stopped one does not", async () => {
  const { alarm } = createWorld(await startTelemetry("0.0.0-test"), () => {});
  const rung: string[] = [];
  alarm!(0, () => rung.push("stopped"))();
  await new Promise<void>((resolve) => alarm!(1, () => (rung.push("rung"), resolve())));
  assertEquals(rung, ["rung"]);
});
