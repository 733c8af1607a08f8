/**
 * Decisions about token sets. Pure: `now` is an argument.
 *
 * @module
 */

import { isToCome } from "../core/clock.ts";
import type { Connection, TokenSet } from "../core/connection.ts";
import type { IssuedTokens } from "../core/authorization_server.ts";
import { isRenewable } from "../core/credential.ts";
import { withExtra } from "../core/extra.ts";

/** A token set with less than this left is refreshed before it is handed out. */
export const REFRESH_MARGIN_MS = 5 * 60 * 1000;

/**
 * What is assumed where a provider sends no `expires_in`, and a token set can be renewed:
 * otherwise the access token would be served for ever.
 */
export const ASSUMED_LIFETIME_MS = 60 * 60 * 1000;

/**
 * No access token is believed to live longer, whatever is said: 10 years. A
 * number beyond that is a mistake, and a time that no date can hold.
 */
export const LONGEST_LIFETIME_MS = 10 * 365 * 24 * 60 * 60 * 1000;

/** A `Retry-After` is honoured up to this. */
export const LONGEST_HOLD_OFF_MS = 10 * 60_000;

/**
 * The margin never takes more than this part of a lifetime, whatever a caller
 * asks: a provider of one-minute tokens is not asked at every call.
 */
const MARGIN_SHARE = { usual: 1 / 4, most: 3 / 4 };

/**
 * What is left of a token set, in ms. Nothing, where it was issued by a clock
 * that ran ahead: its end is as far off, and nobody knows when it is.
 */
function timeLeft({ issuedAt, expiresAt }: TokenSet, now: number): number {
  if (expiresAt === undefined) return Infinity;
  return issuedAt - now > REFRESH_MARGIN_MS ? 0 : expiresAt - now;
}

/**
 * An access token that is younger, and refused all the same, is not what the
 * API minds: it would refuse the next one as well. Some APIs answer so where a
 * scope or a licence is missing, and every refresh may cost a rotation.
 */
export const JUST_ISSUED_MS = 60 * 1000;

/** Whether a token set has too little time left. `minTtl` in ms. */
export function isStale(tokens: TokenSet, now: number, minTtl = 0): boolean {
  const { issuedAt, expiresAt } = tokens;
  if (expiresAt === undefined) return false;
  const lifetime = Math.max(0, expiresAt - issuedAt);
  const margin = Math.min(REFRESH_MARGIN_MS, lifetime * MARGIN_SHARE.usual);
  const wanted = Math.min(Math.max(margin, minTtl), lifetime * MARGIN_SHARE.most);
  return timeLeft(tokens, now) <= wanted;
}

/** Whether the provider still takes the access token, as far as we know. */
export function isAlive(tokens: TokenSet, now: number): boolean {
  return timeLeft(tokens, now) > 0;
}

/** A token set from what was issued; `requested` where the provider does not say (RFC 6749 §5.1). */
export function tokenSetOf(
  issued: IssuedTokens,
  now: number,
  previous: Pick<
    TokenSet,
    | "scopes"
    | "refreshToken"
    | "renewal"
    | "refreshIssuedAt"
    | "refreshExpiresAt"
    | "refreshEndSince"
    | "extra"
    | "tenants"
    | "via"
  >,
): TokenSet {
  const { accessToken, tokenType, expiresIn, expiresAt, scopes = previous.scopes } = issued;
  // Most providers send no new refresh token at a refresh: the old one stays good (§6).
  const refreshToken = issued.refreshToken ?? previous.refreshToken;
  const renewal = issued.renewal ?? previous.renewal;
  const lifetime = expiresIn !== undefined
    ? expiresIn * 1000
    : expiresAt !== undefined
    ? expiresAt - now
    : isRenewable({ refreshToken, renewal })
    ? ASSUMED_LIFETIME_MS
    : undefined;
  const isKept = refreshToken === previous.refreshToken && issued.renewal === undefined;
  return {
    accessToken,
    tokenType,
    scopes,
    issuedAt: now,
    refreshToken,
    renewal,
    refreshIssuedAt: isKept ? previous.refreshIssuedAt : now,
    ...refreshEnd(issued, now, isKept ? previous : {}),
    ...(issued.clientEndsAt === undefined ? {} : { clientEndsAt: issued.clientEndsAt }),
    extra: withExtra(previous.extra, issued.extra),
    tenants: previous.tenants,
    via: previous.via,
    expiresAt: lifetime === undefined
      ? undefined
      : now + Math.min(Math.max(0, lifetime), LONGEST_LIFETIME_MS),
  };
}

/** Ends that differ by less are one: providers say a number of seconds from now. */
const SAME_END_MS = 60_000;

/** When the refresh token ends: what is said of one that is kept may be the same end once more. */
function refreshEnd(
  { refreshExpiresIn }: IssuedTokens,
  now: number,
  { refreshExpiresAt: before, refreshEndSince: since }: RefreshEnd,
): RefreshEnd {
  if (refreshExpiresIn === undefined) {
    return before === undefined ? {} : { refreshExpiresAt: before, refreshEndSince: since };
  }
  const refreshExpiresAt = now + Math.min(refreshExpiresIn * 1000, LONGEST_LIFETIME_MS);
  const isSame = before !== undefined && Math.abs(refreshExpiresAt - before) < SAME_END_MS;
  return { refreshExpiresAt, refreshEndSince: isSame ? since : now };
}

type RefreshEnd = Pick<TokenSet, "refreshExpiresAt" | "refreshEndSince">;

/**
 * Since when the oldest secret of a connection is held: a token set that was refreshed today may
 * hold a refresh token of last year. Of one that nobody dated it is known that it is no older than
 * the connection.
 */
export function heldSince({ tokens, connectedAt }: Pick<Connection, "tokens" | "connectedAt">) {
  const { issuedAt, refreshIssuedAt = connectedAt } = tokens;
  return isRenewable(tokens) ? Math.min(issuedAt, refreshIssuedAt) : issuedAt;
}

/** What a caller needs of a token set. */
export interface Need {
  /** ms */
  minTtl?: number | undefined;
  /** The access token that the provider's API has just refused. */
  rejected?: string | undefined;
  /** It was not the API that refused it: the provider says that its grant may be over. */
  told?: boolean | undefined;
  /** Nobody waits for it: housekeeping refreshes it before somebody has to. */
  ahead?: boolean | undefined;
}

/** A connection that was given up is tried again this often: it may heal by itself. */
export const GIVEN_UP_MS = 24 * 60 * 60 * 1000;

/** Whether the person is to be asked, since the provider goes on refusing; see `refusals.ts`. */
export function isGivenUp({ givenUpUntil = 0 }: Connection, now: number): boolean {
  return isToCome(givenUpUntil, now, GIVEN_UP_MS);
}

/** What to do with a connection for a caller. */
export type Decision =
  | "use"
  | "refresh"
  /** Stale, and the provider must not be asked yet; the old access token lives and is handed out. */
  | "use_until_retry"
  /** Stale, and the provider must not be asked yet; the old access token is dead: the caller waits. */
  | "wait_for_retry"
  /** Fresh, and refused by the API: handed out as it is, since another one would fare no better. */
  | "use_though_refused"
  /** Nothing lives and nothing can be renewed, as far as is known: a person connects again. */
  | "reauthorize";

/** How much longer nobody asks the provider, in ms; a hold-off is never longer than the longest. */
export function heldOffFor({ holdOffUntil = 0 }: Connection, now: number): number {
  return isToCome(holdOffUntil, now, LONGEST_HOLD_OFF_MS) ? holdOffUntil - now : 0;
}

/** What a caller's need makes of a connection: hand it out, refresh it first, or send for the person. */
export function decide(connection: Connection, now: number, need: Need = {}): Decision {
  const { tokens, status } = connection;
  if (status !== "active") return "reauthorize";
  const refused = need.rejected === tokens.accessToken;
  const stale = isStale(tokens, now, need.minTtl);
  if (!refused && !stale) return "use";
  const usable = !refused && isAlive(tokens, now);
  if (!isRenewable(tokens)) return usable ? "use" : "reauthorize";
  // By whichever clock it was issued: a process whose clock is off refreshes, and then it is its own.
  const isJustIssued = Math.abs(now - tokens.issuedAt) < JUST_ISSUED_MS;
  if (refused && !stale && isJustIssued && need.told !== true) {
    return "use_though_refused";
  }
  if (isGivenUp(connection, now)) return usable ? "use_until_retry" : "reauthorize";
  if (heldOffFor(connection, now) > 0) return usable ? "use_until_retry" : "wait_for_retry";
  return "refresh";
}
