/**
 * How often something may be done: so many times in a window of time, per key
 * (an address, a host, an API key). Counted in this process and nowhere else,
 * so that a refusal costs no write; several processes admit as many times more.
 *
 * @module
 */

import { isToCome } from "./clock.ts";

/** So many times in so long. */
export interface BudgetSize {
  limit: number;
  windowMs: number;
}

/** Keys that are counted at the same time; the memory is bounded by it. */
export const MAX_KEYS = 10_000;
/** What is over is looked for this often within a window, where the memory is full. */
const SWEEPS = 4;

interface Count {
  count: number;
  until: number;
}

/**
 * One budget per key. A flood of other keys does not clear a key's count: where
 * the memory is full the key with the fewest hits gives way, so whoever wants
 * one count forgotten must bring thousands of keys that have hit as often.
 */
export class Budget {
  readonly #size: BudgetSize;
  readonly #keys: number;
  readonly #counts = new Map<string, Count>();
  /** By hits, from 0: the keys that have as many, the longest known first. */
  readonly #levels: Set<string>[] = [];
  #sweepAt = 0;

  constructor(size: BudgetSize, keys = MAX_KEYS) {
    this.#size = size;
    this.#keys = keys;
  }

  /** Keys in memory. */
  get size(): number {
    return this.#counts.size;
  }

  /** Counts one; returns 0, or for how long (ms) no more is admitted. */
  hit(key: string, now: number): number {
    const { windowMs } = this.#size;
    const wait = this.wait(key, now);
    if (wait > 0) return wait;
    const known = this.#counts.get(key);
    const living = known !== undefined && this.#isLiving(known, now) ? known : undefined;
    if (known === undefined && this.#counts.size >= this.#keys) this.#makeRoom(now);
    this.#forget(key);
    const count = (living?.count ?? 0) + 1;
    this.#counts.set(key, { count, until: living?.until ?? now + windowMs });
    (this.#levels[count] ??= new Set()).add(key);
    return 0;
  }

  /** For how long (ms) a key has to wait; 0: it does not. */
  wait(key: string, now: number): number {
    const found = this.#counts.get(key);
    const isOver = found !== undefined && found.count >= this.#size.limit;
    return isOver && this.#isLiving(found, now) ? found.until - now : 0;
  }

  /** Whether a key was counted in the window that runs. */
  isCounted(key: string, now: number): boolean {
    const found = this.#counts.get(key);
    return found !== undefined && this.#isLiving(found, now);
  }

  #isLiving({ until }: Count, now: number): boolean {
    return isToCome(until, now, this.#size.windowMs);
  }

  #forget(key: string): void {
    const { count } = this.#counts.get(key) ?? {};
    if (count === undefined) return;
    this.#levels[count]!.delete(key);
    this.#counts.delete(key);
  }

  #makeRoom(now: number): void {
    if (!isToCome(this.#sweepAt, now, this.#size.windowMs / SWEEPS)) {
      this.#sweepAt = now + this.#size.windowMs / SWEEPS;
      for (const [key, count] of this.#counts) if (!this.#isLiving(count, now)) this.#forget(key);
      if (this.#counts.size < this.#keys) return;
    }
    const lightest = this.#levels.find((level) => level !== undefined && level.size > 0);
    for (const key of lightest ?? []) return this.#forget(key);
  }
}
