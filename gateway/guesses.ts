/**
 * Guesses at secrets that people may have chosen themselves: API keys, and
 * secrets of confidential clients. An address that was wrong too often is not
 * listened to for a while, even where it is right; but whoever was right from
 * there before is, so that a stranger behind the same address locks nobody out.
 *
 * @module
 */

import { Budget } from "../broker/core/budget.ts";
import { isToCome } from "../broker/core/clock.ts";
import { refuseWhileOver } from "../broker/core/refusal.ts";
import type { World } from "../broker/core/world.ts";

/** Wrong secrets of one address. */
export const GUESSES = { limit: 50, windowMs: 60_000 };
/** For so long an address is known for what it had right. */
export const KNOWN_MS = 24 * 60 * 60_000;
/** Only whoever has a secret can fill this memory. */
export const MAX_KNOWN = 10_000;

/** Who guessed, and who was right. */
export class Guesses {
  readonly #clock: Pick<World, "now">;
  readonly #wrong = new Budget(GUESSES);
  /** The one that was right the longest ago first. */
  readonly #known = new Map<string, number>();

  constructor(clock: Pick<World, "now">) {
    this.#clock = clock;
  }

  /**
   * `right`: whose secret it was, `undefined` where it was nobody's. Returns where
   * the caller may go on as that.
   *
   * @throws {Refusal} `rate_limited`.
   */
  judge(address: string | undefined, right: string | undefined): void {
    if (address === undefined) return;
    const now = this.#clock.now();
    if (right === undefined) return refuseWhileOver(this.#wrong.hit(address, now));
    const pair = `${address} ${right}`;
    const until = this.#known.get(pair) ?? 0;
    if (!isToCome(until, now, KNOWN_MS)) refuseWhileOver(this.#wrong.wait(address, now));
    // Noted anew from time to time only: this is on the way of every call.
    if (isToCome(until, now + KNOWN_MS / 2, KNOWN_MS)) return;
    this.#known.delete(pair);
    if (this.#known.size >= MAX_KNOWN) {
      for (const [oldest] of this.#known) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(pair, now + KNOWN_MS);
  }
}
