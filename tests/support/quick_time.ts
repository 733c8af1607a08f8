/**
 * A world whose time goes by as fast as the machine can: whoever sleeps is woken
 * as soon as nobody has anything else to do. An hour of a hundred thousand
 * people takes seconds, and the same on any machine.
 *
 * @module
 */

import type { World } from "../../broker/core/world.ts";

/** {@linkcode World}, and what lets its time go by. */
export interface QuickWorld extends World {
  /** Lets time go by until `work` is done. Nothing in it may wait for anything but promises and sleeps. */
  until<T>(work: Promise<T>): Promise<T>;
}

/** The clock begins at a round number; chance is the same each time. */
export function quickWorld(): QuickWorld {
  let now = 1_000_000_000;
  let seed = 1;
  /** Who sleeps until when. Times are whole, so that many end at once. */
  const sleepers = new Map<number, Set<() => void>>();
  const world: QuickWorld = {
    now: () => now,
    secret: () => `secret ${world.random()}`,
    random: () => (seed = seed * 48_271 % 2_147_483_647) / 2_147_483_647,
    log: () => {},
    metrics: { refresh: () => {}, waited: () => {}, takeover: () => {} },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const at = Math.ceil(now + ms);
        const wake = () => {
          sleepers.get(at)?.delete(wake);
          resolve();
        };
        const others = sleepers.get(at) ?? new Set();
        sleepers.set(at, others.add(wake));
        signal?.addEventListener("abort", wake, { once: true });
      }),
    async until(work) {
      let isDone = false;
      const done = () => void (isDone = true);
      work.then(done, done);
      for (;;) {
        // All that is ready happens before the next task of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        if (isDone) return await work;
        const next = Math.min(...sleepers.keys());
        if (next === Infinity) throw new Error("Everybody waits, and nobody sleeps");
        now = Math.max(now, next);
        for (const wake of sleepers.get(next)!) wake();
        sleepers.delete(next);
      }
    },
  };
  return world;
}
