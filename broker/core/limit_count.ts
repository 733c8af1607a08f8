/**
 * What one process knows of one key of a limit.
 *
 * @module
 */

import type { BudgetSize } from "./budget.ts";
import type { KnownWindow } from "./limit_draw.ts";
import type { SeenLimit } from "./limits.ts";

/** What is known here of one key. */
export class Count {
  size: BudgetSize;
  /** When the window is over, by the clock here. */
  until = 0;
  /** Changes with each window. */
  window = 0;
  /** Counted in this window. */
  used = 0;
  /** Given, and not used yet. */
  held = 0;
  /** Counted and not given. */
  unreported = 0;
  /** The next part is asked for below this. */
  low = 0;
  /** The last part, and when it came. */
  last = 0;
  lastAt = 0;
  /** What was handed out of the whole limit, as far as is known. */
  handedOut = 0;
  hasAsked = false;
  isSpent = false;
  /** Until then nobody is asked. */
  aloneUntil = 0;
  /** Units that are waited for, and who waits. */
  waiting = 0;
  queue: { units: number; resolve: (wait: number) => void }[] = [];
  seen: SeenLimit | null | undefined;
  known: KnownWindow | undefined;
  asking: Promise<void> | undefined;

  constructor(size: BudgetSize) {
    this.size = size;
  }

  begin(now: number): void {
    this.until = now + this.size.windowMs;
    this.window += 1;
    this.used =
      this.held =
      this.unreported =
      this.low =
      this.last =
      this.handedOut =
        0;
    this.hasAsked = this.isSpent = false;
  }

  /** A clock that was set back has begun no longer window. */
  isOver(now: number): boolean {
    return this.until <= now || this.until - now > this.size.windowMs;
  }
}
