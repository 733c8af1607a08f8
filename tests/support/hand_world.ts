/**
 * A world whose clock stands until a test moves it: no timer, so that nothing
 * happens because time went by outside.
 *
 * @module
 */

import type { LogEvent, World } from "../../broker/core/world.ts";

/** {@linkcode World} with handles for a test. */
export interface HandWorld extends World {
  /** Moves the clock, waking every sleeper at its own time, and lets each go as far as it gets. */
  pass(ms: number): Promise<void>;
  events: LogEvent[];
}

/** A task of the event loop after all that is ready now. */
function turn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** The clock begins at one million. It stands while `isBusy`: what is under way takes no time. */
export function handWorld(isBusy: () => boolean): HandWorld {
  let now = 1_000_000;
  let secrets = 0;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const events: LogEvent[] = [];
  const rest = async () => {
    // Between two things that take no time there is a promise or two.
    for (let quiet = 0; quiet < 5; quiet = isBusy() ? 0 : quiet + 1) await turn();
  };
  return {
    events,
    now: () => now,
    secret: () => `secret ${++secrets}`,
    random: () => 0.5,
    log: (event) => void events.push(event),
    metrics: { refresh: () => {}, waited: () => {}, takeover: () => {} },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = {
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", sleeper.wake);
      }),
    async pass(ms) {
      const end = now + ms;
      await rest();
      for (;;) {
        const [next] = [...sleepers].sort((a, b) => a.until - b.until);
        if (next === undefined || next.until > end) break;
        now = Math.max(now, next.until);
        next.wake();
        await rest();
      }
      now = end;
    },
  };
}
