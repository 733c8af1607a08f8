/**
 * Ends that a connection has however often it is refreshed: providers say in
 * their answers how long a refresh token lives. Its app is warned once, ahead.
 *
 * The time of the warning stands on the list of what is due (`sweep.ts`), as a
 * place to look at and no more: where a refresh moves the end on, the entry
 * stays, and whoever comes by it files another one. So a refresh that moves the
 * end each time writes nothing more than one that does not.
 *
 * @module
 */

import type { Connection, TokenSet } from "../core/connection.ts";

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A warning comes so long before the end. */
export const WARNED_AHEAD_MS = 7 * DAY_MS;
/** Or so long, where all of its life is shorter than this. */
export const SHORT_LIFE = { ms: 8 * DAY_MS, aheadMs: DAY_MS };
/** Of what lives shorter than this nobody is warned: it would be at every connect. */
export const TOO_SHORT_MS = 2 * DAY_MS;
/** Ends that differ by less are one: providers say them as a number of seconds from now. */
const SAME_MS = HOUR_MS;

/** When its app is warned; `undefined`: it has no end that is known, or one too near. */
export function warningTime({ refreshToken, ...tokens }: TokenSet): number | undefined {
  const { refreshExpiresAt: end, refreshEndSince: since } = tokens;
  if (refreshToken === undefined || end === undefined || since === undefined) return undefined;
  const life = end - since;
  if (life < TOO_SHORT_MS) return undefined;
  return end - (life < SHORT_LIFE.ms ? SHORT_LIFE.aheadMs : WARNED_AHEAD_MS);
}

/** A connection that is about to be written, and when it is to be looked at, where that is new. */
export interface Planned {
  connection: Connection;
  warnAt?: number | undefined;
}

/** Sees to it that it is looked at in time. `filed`: what stands on the list already. */
export function planWarning(
  connection: Connection,
  filed: Pick<Connection, "warnAt" | "warnedOf"> | undefined,
): Planned {
  const { warnAt: listed, warnedOf } = filed ?? {};
  const next = {
    ...connection,
    ...(listed === undefined ? {} : { warnAt: listed }),
    ...(warnedOf === undefined ? {} : { warnedOf }),
  };
  const wanted = warningTime(connection.tokens);
  if (wanted === undefined || connection.status !== "active") return { connection: next };
  if (isTold(connection, warnedOf)) return { connection: next };
  if (listed !== undefined && listed <= wanted + SAME_MS) return { connection: next };
  return { connection: { ...next, warnAt: wanted }, warnAt: wanted };
}

/** What is to be done with one whose time on the list has come. */
export type Looked =
  | { kind: "nothing" }
  /** Its app is told of this end. */
  | { kind: "warn"; connection: Connection; endsAt: number }
  /** The end has moved on: it is looked at then. */
  | { kind: "later"; connection: Connection; warnAt: number };

/** Looks at it again. */
export function lookAtEnd(connection: Connection, now: number): Looked {
  const { warnAt: listed, warnedOf, tokens } = connection;
  if (listed === undefined || listed > now) return { kind: "nothing" };
  const wanted = warningTime(tokens);
  const endsAt = tokens.refreshExpiresAt;
  const isOver = wanted === undefined || endsAt === undefined || endsAt <= now ||
    connection.status !== "active" || connection.endedAt !== undefined ||
    isTold(connection, warnedOf);
  // The entry goes; the next end is filed by whoever writes it.
  if (isOver) return { kind: "nothing" };
  if (wanted > now) {
    return { kind: "later", connection: { ...connection, warnAt: wanted }, warnAt: wanted };
  }
  const told = { ...connection, warnAt: undefined, warnedOf: endsAt };
  return { kind: "warn", connection: told, endsAt };
}

function isTold({ tokens: { refreshExpiresAt = 0 } }: Connection, warnedOf = -Infinity): boolean {
  return refreshExpiresAt <= warnedOf + SAME_MS;
}
