/**
 * Time limits by the world's clock, so that a test can move it.
 *
 * @module
 */

import type { World } from "./world.ts";

/** A signal that aborts when the time is over; disposing of it ends the wait. */
export interface Deadline extends Disposable {
  signal: AbortSignal;
}

/** A signal that aborts after `ms`; `using` ends the wait with the block. */
export function deadlineIn(world: Pick<World, "sleep">, ms: number): Deadline {
  const late = new AbortController();
  const stop = new AbortController();
  void world.sleep(ms, stop.signal).then(() => {
    if (!stop.signal.aborted) late.abort(new DOMException("Too late", "TimeoutError"));
  });
  return { signal: late.signal, [Symbol.dispose]: () => stop.abort() };
}
