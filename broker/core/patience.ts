/**
 * Trying again, for what must not fail because the store was out for a moment.
 *
 * @module
 */

import type { World } from "./world.ts";

/** Before the second try. */
export const FIRST_PAUSE_MS = 100;

/** How long is tried, and when another try is worth it. */
export interface Patience {
  /** After this the last error is thrown. */
  forMs: number;
  /** Pauses double up to this. */
  longestPauseMs: number;
  /** Whether to go on after an error; it is not asked where the time is over. */
  again(error: unknown): boolean;
}

/** Does it until it works. @throws what the last try threw. */
export async function insist<T>(
  world: Pick<World, "now" | "sleep">,
  work: () => Promise<T>,
  { forMs, longestPauseMs, again }: Patience,
): Promise<T> {
  const start = world.now();
  for (let pause = FIRST_PAUSE_MS;; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await work();
    } catch (error) {
      if (world.now() - start >= forMs || !again(error)) throw error;
    }
    await world.sleep(pause);
  }
}
