/**
 * Time limits by the world's clock, so that a test can move it.
 *
 * @module
 */

import type { World } from "./world.ts";

/** `World.leaving` aborts so long after the program has closed its door. */
export const LEAVING_MS = 2_000;

/** A signal that aborts when the time is over; disposing of it ends the wait. */
export interface Deadline extends Disposable {
  signal: AbortSignal;
}

/**
 * `work`, as long as the signal lets one wait for it. It does not end by that:
 * whoever does it watches the signal too, where it can be ended.
 *
 * @throws the signal's reason; what `work` throws.
 */
export async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>();
  const end = () => over.reject(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([over.promise, work]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** A clock, as far as time limits need one. */
export type AlarmClock = Pick<World, "sleep" | "alarm">;

/** Why a wait was ended that nobody needs any more. One for all: each new one gathers a stack. */
const NOT_NEEDED = new DOMException("No longer waited for", "AbortError");

/** Rings after `ms`, unless what it returns is called before. */
function alarmIn(world: AlarmClock, ms: number, ring: () => void): () => void {
  if (world.alarm !== undefined) return world.alarm(ms, ring);
  const stop = new AbortController();
  const end = () => {
    if (!stop.signal.aborted) ring();
  };
  // Without a clock no more time is given.
  world.sleep(ms, stop.signal).then(end, end);
  return () => stop.abort(NOT_NEEDED);
}

/** A signal that aborts after `ms`, or with `sooner`; `using` ends the wait with the block. */
export function deadlineIn(world: AlarmClock, ms: number, sooner?: AbortSignal): Deadline {
  const late = new AbortController();
  const end = () => late.abort(new DOMException("Too late", "TimeoutError"));
  const stop = alarmIn(world, ms, end);
  if (sooner?.aborted) end();
  sooner?.addEventListener("abort", end, { once: true });
  return {
    signal: late.signal,
    [Symbol.dispose]() {
      stop();
      sooner?.removeEventListener("abort", end);
    },
  };
}

/** A time limit that runs while something is waited for. */
export interface Silence {
  /** Aborts when it was silent for too long. */
  signal: AbortSignal;
  /** From now on something should be heard within the time. */
  listen(): void;
  /** It was heard, or is not waited for at the moment. */
  rest(): void;
}

/** A {@linkcode Silence} of `ms`; it rests at first. */
export function silenceLimit(world: AlarmClock, ms: number): Silence {
  const late = new AbortController();
  let stop = () => {};
  return {
    signal: late.signal,
    listen() {
      stop();
      stop = alarmIn(world, ms, () => late.abort(new DOMException("Too silent", "TimeoutError")));
    },
    rest: () => stop(),
  };
}
