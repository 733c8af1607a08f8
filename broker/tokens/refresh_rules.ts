/**
 * Decisions about refreshing: when a lease has lapsed, what an answer makes of
 * a connection, what a caller gets. Pure: `now` is an argument.
 *
 * @module
 */

import { MAX_CLOCK_SKEW_MS } from "../core/clock.ts";
import {
  decide,
  type Decision,
  heldOffFor,
  LONGEST_HOLD_OFF_MS,
  type Need,
  tokenSetOf,
} from "./freshness.ts";
import { afterRefusal, isTriedAgain } from "./refusals.ts";
import type { Connection, TokenSet } from "../core/connection.ts";
import type { Lease, Stored } from "../core/store.ts";
import { isClientFault, LOST_CLIENT, type TokenAnswer } from "../core/authorization_server.ts";
import { isRenewable } from "../core/credential.ts";

/** The longest time that a dead holder keeps the others waiting. */
export const LEASE_MS = 10_000;
/** A holder that lives renews its lease this often. */
export const LEASE_RENEWAL_MS = 2_500;
/** Two minutes: a provider that has not answered by then is taken to never answer. */
export const MAX_RENEWALS = 48;
/** After a failed refresh nobody asks the provider for this long. */
export const HOLD_OFF_MS = 30_000;
/**
 * A server that says it does not know this program may have a bad moment: the person is led to
 * connect again, and what was connected is tried again after this.
 */
export const LOST_CLIENT_MS = 60_000;
/** A new token set exists in memory only until it is stored: storing is tried for this long. */
export const STORE_PATIENCE_MS = 5 * 60_000;
/** A connection that nobody wanted for this long is left to expire. */
export const USED_LATELY_MS = 3 * 24 * 60 * 60_000;
/**
 * How long before its end a token set is refreshed ahead of need: a random time
 * between these two, so that a thousand connections of the same minute are not
 * all refreshed in the same minute.
 */
export const AHEAD_MS = { least: 7 * 60_000, most: 16 * 60_000 };

/** What a caller gets of a connection that needed a refresh, or did not. */
export type Refreshed =
  | { kind: "ready"; stored: Stored<Connection> }
  | { kind: "gone" }
  | { kind: "reauthorize"; stored: Stored<Connection> }
  /** Not now: the provider, or the process that was asking it, gave no answer. */
  | { kind: "unavailable"; stored: Stored<Connection>; retryAfterMs: number };

/** Whether a lease that has not changed since `firstSeen` may be taken over. */
export function isLapsed(lease: Lease, firstSeen: number, now: number): boolean {
  // `until` is by the holder's clock, which may be minutes off ours. What is certain is
  // how long we have seen the lease unchanged, by our own clock.
  return now - firstSeen >= LEASE_MS || now - lease.until >= MAX_CLOCK_SKEW_MS;
}

/**
 * Whether two records hold the same token set. Some providers hand out one access token until it
 * ends: by it alone a client's new secret would look like the one before.
 */
export function sameTokens({ tokens: a }: Connection, { tokens: b }: Connection): boolean {
  return a.accessToken === b.accessToken && a.refreshToken === b.refreshToken &&
    a.renewal?.id === b.renewal?.id && a.renewal?.secret === b.renewal?.secret;
}

/** The answer for a caller where no refresh is needed; `null` where one is. */
export function settle(
  stored: Stored<Connection>,
  decision: Decision,
  now: number,
): Refreshed | null {
  switch (decision) {
    case "use":
    case "use_until_retry":
    case "use_though_refused":
      return { kind: "ready", stored };
    case "wait_for_retry":
      return { kind: "unavailable", stored, retryAfterMs: heldOffFor(stored.value, now) };
    case "reauthorize":
      return { kind: "reauthorize", stored };
    case "refresh":
      return null;
  }
}

/** As {@linkcode settle}, for a caller that waited: what others stored meanwhile is good enough. */
export function settleAfterWait(
  seen: Stored<Connection>,
  current: Stored<Connection> | null,
  need: Need,
  now: number,
): Refreshed | null {
  if (current === null) return { kind: "gone" };
  const { accessToken } = current.value.tokens;
  const renewed = accessToken !== seen.value.tokens.accessToken && accessToken !== need.rejected;
  const decision = decide(current.value, now, renewed ? {} : need);
  return settle(current, decision, now);
}

/** Not all that a provider refused at once are tried again at once. */
const RETRY_SPREAD_MS = 60 * 60_000;

/** What is known at an answer, beside the answer. */
export interface AtAnswer extends Need {
  /** When a refresh of the provider last succeeded. */
  othersAt?: number | undefined;
}

/** The connection after the provider's answer. */
export function afterAnswer(
  connection: Connection,
  answer: TokenAnswer,
  now: number,
  { ahead, othersAt }: AtAnswer = {},
): Connection {
  const { holdOffUntil: _held, givenUpUntil: _given, clientRefused: _client, ...rest } = connection;
  const { refusedSince: _refused, ...settled } = rest;
  switch (answer.kind) {
    case "issued":
      return {
        ...settled,
        ...(ahead ? {} : { usedAt: now }),
        // Asked before it was moved, and answered after: what was issued is kept, and stays moved.
        status: connection.status === "moved" ? "moved" : "active",
        tokens: tokenSetOf(answer.tokens, now, connection.tokens),
        updatedAt: now,
      };
    case "rejected": {
      if (answer.code === "invalid_grant") {
        const status = connection.status === "moved" ? "moved" : "reauthorization_required";
        return { ...settled, status, updatedAt: now };
      }
      if (answer.code === LOST_CLIENT) {
        return { ...rest, givenUpUntil: now + LOST_CLIENT_MS, updatedAt: now };
      }
      const held = { ...rest, holdOffUntil: heldOff(answer, now), updatedAt: now };
      return isClientFault(answer.code)
        ? { ...held, clientRefused: true }
        : { ...held, ...afterRefusal(connection, now, othersAt) };
    }
    case "failed":
      return { ...rest, holdOffUntil: heldOff(answer, now), updatedAt: now };
  }
}

function heldOff({ retryAfter = 0 }: { retryAfter?: number | undefined }, now: number): number {
  return now + Math.max(HOLD_OFF_MS, Math.min(retryAfter * 1000, LONGEST_HOLD_OFF_MS));
}

/**
 * What is true of a refresh whose token set cannot be stored. Where the old
 * refresh token was used up for it the grant is over. Where it was not, it is as
 * if there had been no answer, and what was issued is left to expire: to revoke
 * it would end the refresh token that is still good.
 */
export function answerNotKept({ tokens }: Connection, issued: TokenSet): TokenAnswer {
  return issued.refreshToken === tokens.refreshToken
    ? { kind: "failed", reason: "the token set cannot be stored" }
    : { kind: "rejected", code: "invalid_grant" };
}

/** What the caller gets of a record that was just written. */
export function outcomeOf(stored: Stored<Connection>, now: number): Refreshed {
  return settle(stored, decide(stored.value, now), now) ?? { kind: "ready", stored };
}

/** When to refresh, though nobody asks; `undefined` where that is not worth it. */
export function dueTime(connection: Connection, now: number, random: number): number | undefined {
  const { tokens, status, usedAt = 0, givenUpUntil } = connection;
  if (status === "active" && givenUpUntil !== undefined && isTriedAgain(connection, now)) {
    return Math.round(givenUpUntil + random * RETRY_SPREAD_MS);
  }
  const { issuedAt, expiresAt } = tokens;
  if (status !== "active" || expiresAt === undefined || !isRenewable(tokens)) return undefined;
  const shortLived = expiresAt - issuedAt < 2 * AHEAD_MS.most;
  if (shortLived || now - usedAt > USED_LATELY_MS) return undefined;
  return Math.round(expiresAt - AHEAD_MS.least - random * (AHEAD_MS.most - AHEAD_MS.least));
}
