/**
 * When a connection ends by itself: as the provider says it in a token answer,
 * and else as its documentation or the operator says it. Pure.
 *
 * An end that a refresh may move on is no end as long as somebody refreshes. A
 * connection that nobody uses is refreshed for that alone, once before such an
 * end: whoever connected it has not ended it. What nobody has used for
 * {@linkcode KEPT_ALIVE_MS} is left to end, and its app is told before.
 *
 * @module
 */

import type { KnownEnds } from "../core/authorization_server.ts";
import type { Connection } from "../core/connection.ts";
import { isRenewable } from "../core/credential.ts";
import type { EndReason } from "../core/events.ts";

const DAY_MS = 24 * 60 * 60_000;
/** A connection that nobody uses is kept alive for so long: two years. */
export const KEPT_ALIVE_MS = 2 * 365 * DAY_MS;
/** A refresh that comes later than this after an end was said has not moved it. */
const AT_ONCE_MS = 60_000;

/** One end. */
export interface End {
  at: number;
  /** Since when it is known. */
  since: number;
  reason: EndReason;
  /** Whether a refresh may put it off, as far as anybody knows. */
  mayMove: boolean;
}

/** What of a connection says it. */
export type Ending = Pick<Connection, "tokens" | "connectedAt" | "signedInAt" | "usedAt">;

/** The first of its ends; `undefined`: none is known. */
export function endOf(connection: Ending, known: KnownEnds | undefined): End | undefined {
  return first(endsOf(connection, known));
}

/** The first that comes though the connection is kept alive: what people and apps are shown. */
export function shownEnd(
  connection: Ending,
  known: KnownEnds | undefined,
  now: number,
): number | undefined {
  const ends = endsOf(connection, known);
  const isKept = isKeptAlive(connection, now);
  return first(ends.filter(({ reason }) => reason !== "unused" || !isKept))?.at;
}

/** Whether it is refreshed though nobody uses it. */
export function isKeptAlive({ usedAt, connectedAt }: Ending, now: number): boolean {
  return now - (usedAt ?? connectedAt) <= KEPT_ALIVE_MS;
}

function first(ends: End[]): End | undefined {
  return ends.reduce<End | undefined>(
    (found, end) => found === undefined || end.at < found.at ? end : found,
    undefined,
  );
}

function endsOf(connection: Ending, known: KnownEnds = {}): End[] {
  const { tokens, connectedAt, signedInAt } = connection;
  const { issuedAt, expiresAt, refreshExpiresAt, refreshEndSince, clientEndsAt } = tokens;
  if (!isRenewable(tokens)) {
    if (expiresAt === undefined) return [];
    return [{ at: expiresAt, since: issuedAt, reason: "access_token_expires", mayMove: false }];
  }
  if (tokens.refreshToken === undefined) return [];
  const ends: End[] = [];
  if (clientEndsAt !== undefined) {
    const since = signedInAt ?? connectedAt;
    ends.push({ at: clientEndsAt, since, reason: "client_secret_expires", mayMove: false });
  }
  if (refreshExpiresAt !== undefined && refreshEndSince !== undefined) {
    // One that a refresh has left where it was is left there by the next one, too.
    const mayMove = issuedAt - refreshEndSince < AT_ONCE_MS;
    const [at, since] = [refreshExpiresAt, refreshEndSince];
    return [...ends, { at, since, reason: "refresh_token_expires", mayMove }];
  }
  // Of an import that was never refreshed here nobody knows when it last was.
  if (known.idleMs !== undefined && issuedAt > 0) {
    ends.push({ at: issuedAt + known.idleMs, since: issuedAt, reason: "unused", mayMove: true });
  }
  const max = maxEnd(connection, known);
  return max === undefined ? ends : [...ends, max];
}

/** Counted from the sign-in that its refresh token is from; of an import nobody knows it. */
function maxEnd({ tokens, signedInAt }: Ending, { max }: KnownEnds): End | undefined {
  if (max === undefined || signedInAt === undefined) return undefined;
  const { ms, reason, spares } = max;
  if (spares !== undefined && tokens.scopes.every((scope) => spares.includes(scope))) {
    return undefined;
  }
  const { refreshIssuedAt = signedInAt } = tokens;
  // 0 is that of an import, which the person has connected again without a new refresh token.
  const since = refreshIssuedAt > 0 ? Math.min(signedInAt, refreshIssuedAt) : signedInAt;
  return { at: since + ms, since, reason, mayMove: false };
}
