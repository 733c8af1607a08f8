import { assertEquals, assertRejects } from "@std/assert";
import { deadlineIn, silenceLimit, until } from "../../../broker/core/deadline.ts";

/** A clock that rings when the test says so, and what it was asked. */
function clock() {
  const sleeps: { ms: number; wake(): void; signal: AbortSignal | undefined }[] = [];
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((wake) => {
      // As the real one does: whoever stops waiting wakes up.
      signal?.addEventListener("abort", () => wake());
      sleeps.push({ ms, wake, signal });
    });
  return { sleep, sleeps };
}

/** Until everything that was about to happen has happened. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("deadlineIn() aborts when the time is over, and not before", async () => {
  const { sleep, sleeps } = clock();
  using deadline = deadlineIn({ sleep }, 30_000);
  await settled();
  assertEquals([sleeps.map(({ ms }) => ms), deadline.signal.aborted], [[30_000], false]);
  sleeps[0]!.wake();
  await settled();
  assertEquals(deadline.signal.aborted, true);
  assertEquals(deadline.signal.reason.name, "TimeoutError");
});

Deno.test("deadlineIn() ends its wait where it is disposed of, and never aborts then", async () => {
  const { sleep, sleeps } = clock();
  let signal: AbortSignal;
  {
    using deadline = deadlineIn({ sleep }, 1);
    ({ signal } = deadline);
    assertEquals(sleeps[0]!.signal?.aborted, false);
  }
  assertEquals(sleeps[0]!.signal?.aborted, true);
  await settled();
  assertEquals(signal.aborted, false);
});

Deno.test("a deadline that has passed stays passed where it is disposed of", async () => {
  const { sleep, sleeps } = clock();
  const deadline = deadlineIn({ sleep }, 1);
  sleeps[0]!.wake();
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

Deno.test("silenceLimit() aborts only while something is waited for, and begins anew each time", async () => {
  const { sleep, sleeps } = clock();
  const silence = silenceLimit({ sleep }, 60_000);
  assertEquals(sleeps.length, 0, "it rests at first");
  silence.listen();
  silence.listen();
  silence.rest();
  sleeps.forEach(({ wake }) => wake());
  await settled();
  assertEquals([silence.signal.aborted, sleeps.map(({ ms }) => ms)], [false, [60_000, 60_000]]);
  silence.listen();
  sleeps.at(-1)!.wake();
  await settled();
  assertEquals(silence.signal.reason.name, "TimeoutError");
});
