/**
 * What one process knows of one key of a limit.
 *
 * @module
 */

import type { BudgetSize } from "./budget.ts";
import { draw, type Drawn } from "./limit_draw.ts";
import type { LimitRecord, SeenLimit } from "./limits.ts";

/** Somebody who waits for the store. */
export interface Waiting {
  units: number;
  resolve(wait: number): void;
  /** Whether the store was asked for it. */
  isAsked: boolean;
  /** Whether it has its answer. */
  isDone: boolean;
}

/** What was taken from the store. */
export interface Taken {
  /** Given ahead, and not used yet; until then it may be. */
  held: number;
  leaseUntil: number;
  /** The next part is asked for below this, and from then on. */
  low: number;
  renewAt: number;
  /** The last part, and when it came. */
  last: number;
  lastAt: number;
  /** Of the whole limit, what is used or held, as far as is known. */
  all: number;
  /** Nobody is given any before then. */
  spentUntil: number;
  /** What stands there, by the clock here. */
  record: LimitRecord;
  /** The same as it was read or written; absent: somebody else may have written since. */
  seen: SeenLimit | undefined;
  /** When it stood there for certain. */
  seenAt: number;
}

/**
 * What is known here of one key. Most people's is a few numbers: the rest is there of whoever has come
 * often enough to be asked for.
 */
export class Count {
  size: BudgetSize;
  /** Since when `unreported` is counted. */
  begun = 0;
  /** Counted and not given: in this window of its own, and in the one before. */
  unreported = 0;
  before = 0;
  taken: Taken | undefined;
  /** Until then the store is not asked. */
  aloneUntil = 0;
  queue: Waiting[] | undefined;
  asking: Promise<void> | undefined;

  constructor(size: BudgetSize) {
    this.size = size;
  }

  /** Nothing of it counts any more, nor does anybody wait. A clock that was set back has counted nothing. */
  isOver(now: number): boolean {
    if (this.asking !== undefined || this.queue !== undefined) return false;
    const { windowMs } = this.size;
    if (this.begun > now) return true;
    if (this.begun + 2 * windowMs > now) return false;
    return this.taken === undefined ||
      Math.max(this.taken.leaseUntil, this.taken.lastAt, this.taken.spentUntil - windowMs) +
            windowMs <= now;
  }

  begin(now: number): void {
    this.begun = now;
    this.unreported = this.before = this.aloneUntil = 0;
    this.taken = undefined;
  }

  /** Counts some here; how many are counted here in all. */
  report(units: number, now: number): void {
    this.turn(now);
    this.unreported += units;
  }

  /** What is counted here, of the time before at most two windows. */
  here(now: number): number {
    this.turn(now);
    return this.unreported + this.before;
  }

  /** These are counted in the store now. */
  reported(units: number): void {
    const old = Math.min(units, this.before);
    this.before -= old;
    this.unreported -= units - old;
  }

  turn(now: number): void {
    const { windowMs } = this.size;
    const since = now - this.begun;
    if (since < windowMs) return;
    this.before = since < 2 * windowMs ? this.unreported : 0;
    this.unreported = 0;
    this.begun = since < 2 * windowMs ? this.begun + windowMs : now;
  }

  /** What would come of asking now. */
  draw(seen: LimitRecord | null, process: string, asked: Waiting[], now: number): Drawn {
    const { held, last, lastAt } = this.taken ?? { held: 0, last: 0, lastAt: now };
    const waiting = asked.map(({ units }) => units);
    const unreported = this.here(now);
    const lasted = now - lastAt;
    return draw(seen, { process, held, unreported, last, lasted, waiting }, this.size, now);
  }
}
