/**
 * How fast a provider is asked for refreshes that nobody waits for: a few at a
 * time, a bounded number a second, and not at all while it asks for time or
 * fails. Of one process, by what the provider answered to it, to whomever. What
 * a person waits for is not held up here. Pure but for what it counts: `now` is
 * an argument.
 *
 * @module
 */

import { isClientFault, type TokenAnswer } from "../core/authorization_server.ts";
import { isToCome } from "../core/clock.ts";
import { LONGEST_HOLD_OFF_MS } from "./freshness.ts";
import { HOLD_OFF_MS } from "./refresh_rules.ts";

/** So many refreshes of one provider are under way at once, in one process. */
export const AT_ONCE = 25;
/** And so many begin in a second. */
export const PER_SECOND = 100;
/** So many failures in a row say that the provider has a bad moment, and not one connection. */
export const FAILURES_IN_A_ROW = 3;

const EACH_MS = 1_000 / PER_SECOND;
/** Those who wait for their turn wait less: a clock that was set back is noticed by it. */
const LONGEST_TURN_MS = 2 * AT_ONCE * EACH_MS;

interface Paced {
  failures: number;
  /** Epoch ms; 0: it is not. */
  pausedUntil: number;
  /** When the next turn is, in epoch ms, had all before been spread evenly. */
  turnAt: number;
}

/** The pace of each provider. There are as many as the configuration has. */
export class ProviderPace {
  readonly #paced = new Map<string, Paced>();

  /** What a provider said to a refresh. */
  answered(provider: string, answer: TokenAnswer, now: number): void {
    const paced = this.#of(provider);
    // A refusal is about one connection, unless it is about this program.
    const isWell = answer.kind === "issued" ||
      (answer.kind === "rejected" && !isClientFault(answer.code));
    if (isWell) return void Object.assign(paced, { failures: 0, pausedUntil: 0 });
    const { retryAfter } = answer;
    this.#failed(paced, now, retryAfter === undefined ? undefined : retryAfter * 1_000);
  }

  /** It has not answered for so long that nobody waits any more. */
  unanswered(provider: string, now: number): void {
    this.#failed(this.#of(provider), now);
  }

  /** Whether it is left alone for now. */
  isPaused(provider: string, now: number): boolean {
    return isToCome(this.#of(provider).pausedUntil, now, LONGEST_HOLD_OFF_MS);
  }

  /** Takes the next turn; returns how long it is until then, in ms. */
  turn(provider: string, now: number): number {
    const paced = this.#of(provider);
    const rested = now - AT_ONCE * EACH_MS;
    const isOff = paced.turnAt - now > LONGEST_TURN_MS;
    const turnAt = isOff ? now : Math.max(paced.turnAt, rested);
    paced.turnAt = turnAt + EACH_MS;
    return Math.max(0, turnAt - now);
  }

  /** One that says for how long is believed at once, up to the longest time; the others by and by. */
  #failed(paced: Paced, now: number, askedMs?: number): void {
    paced.failures += 1;
    const over = paced.failures - FAILURES_IN_A_ROW;
    if (askedMs === undefined && over < 0) return;
    // Twice as long for each that failed after a pause: some were under way when it began.
    const pauses = Math.max(0, Math.floor(over / AT_ONCE));
    const pauseMs = Math.max(askedMs ?? 0, HOLD_OFF_MS * 2 ** Math.min(pauses, 10));
    const until = now + Math.min(pauseMs, LONGEST_HOLD_OFF_MS);
    paced.pausedUntil = Math.max(this.#isOver(paced, now) ? 0 : paced.pausedUntil, until);
  }

  #isOver({ pausedUntil }: Paced, now: number): boolean {
    return !isToCome(pausedUntil, now, LONGEST_HOLD_OFF_MS);
  }

  #of(provider: string): Paced {
    const known = this.#paced.get(provider);
    if (known !== undefined) return known;
    const paced = { failures: 0, pausedUntil: 0, turnAt: 0 };
    this.#paced.set(provider, paced);
    return paced;
  }
}
