/**
 * Sleeps that last until the test ends them, or they are cut short.
 *
 * @module
 */

import type { TestWorld } from "./world.ts";

/** All sleeps of the world from now on, but those that only let others go on. */
export function handSleeps(world: TestWorld) {
  const sleeps: { ms: number; isOver: boolean; end: () => void }[] = [];
  world.sleep = (ms, signal) => {
    if (ms === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleep = { ms, isOver: false, end: () => (sleep.isOver = true, resolve()) };
    if (signal?.aborted) sleep.end();
    signal?.addEventListener("abort", sleep.end);
    sleeps.push(sleep);
    return promise;
  };
  /** Those of this length that go on. */
  const asleep = (ms: number) => sleeps.filter((sleep) => sleep.ms === ms && !sleep.isOver);
  return { sleeps, asleep };
}
