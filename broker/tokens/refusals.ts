/**
 * Refusals of a refresh that do not say that the grant is over. A provider may
 * have words of its own for that, which no dialect knows: then "try again" would
 * be said for ever. So what is refused for a day, while others of the same
 * provider are refreshed, is told to the person as what it most likely is. It is
 * a guess, and not the terminal status: it is tried once a day, and heals by
 * itself. Pure: `now` is an argument.
 *
 * @module
 */

import { isAhead, MAX_CLOCK_SKEW_MS } from "../core/clock.ts";
import type { Connection } from "../core/connection.ts";
import { GIVEN_UP_MS } from "./freshness.ts";

/** So long is refused before the person is asked. */
export const REFUSED_MS = 24 * 60 * 60 * 1000;

/** So long a connection that was given up is tried once a day, though nobody asks for it. */
export const TRIED_AGAIN_MS = 30 * 24 * 60 * 60 * 1000;

/** Whether one that was given up is worth a try that nobody waits for. */
export function isTriedAgain(connection: Connection, now: number): boolean {
  return now - refusedSince(connection, now) < TRIED_AGAIN_MS;
}

/** Since when a connection is refused, if not since now: a clock that ran ahead has noted nothing. */
function refusedSince({ refusedSince: since }: Connection, now: number): number {
  return since === undefined || isAhead(since, now) ? now : Math.min(since, now);
}

/** Whether it matters what becomes of others: it has been refused for long enough. */
export function isRefusedForLong(connection: Connection, now: number): boolean {
  return now - refusedSince(connection, now) >= REFUSED_MS;
}

/**
 * What a further refusal notes on a connection. `othersAt`: when a refresh of
 * the provider last succeeded. One that succeeded since the refusals began was
 * another connection's: this one's own success ends them.
 */
export function afterRefusal(
  connection: Connection,
  now: number,
  othersAt: number | undefined,
): Pick<Connection, "refusedSince" | "givenUpUntil"> {
  const since = refusedSince(connection, now);
  const othersAreWell = othersAt !== undefined && !isAhead(othersAt, now) &&
    othersAt - since > MAX_CLOCK_SKEW_MS && now - othersAt < REFUSED_MS;
  return isRefusedForLong(connection, now) && othersAreWell
    ? { refusedSince: since, givenUpUntil: now + GIVEN_UP_MS }
    : { refusedSince: since };
}
