/**
 * When a grant ends by itself: some time after its last use, and some time
 * after it was given. Both by today's configuration. Pure: `now` is an argument.
 *
 * @module
 */

import { isAhead } from "../../broker/core/clock.ts";
import type { Grant, GrantLifetimes } from "../../broker/core/grant.ts";

type Times = Pick<Grant, "createdAt" | "usedAt">;

/** When it ends if nobody uses it any more. Exact to the hour, as its last use is. */
export function endOf({ createdAt, usedAt }: Times, { idleMs, maxMs }: GrantLifetimes): number {
  return Math.min((usedAt ?? createdAt) + idleMs, createdAt + maxMs);
}

/** Whether it has ended. How old one is that was made by a wrong clock is not known: it counts as ended. */
export function hasEnded(grant: Times, lifetimes: GrantLifetimes, now: number): boolean {
  return endOf(grant, lifetimes) <= now || isAhead(grant.createdAt, now);
}
