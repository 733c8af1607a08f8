/**
 * The token set of an import, as whoever held it until now says it. Pure.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Extra, TokenSet } from "../core/connection.ts";
import { unique } from "../core/lists.ts";
import { requestedScopes, type Target } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import { SCOPE, SENDABLE } from "../core/token_text.ts";
import { tokenSetOf } from "../tokens/freshness.ts";
import { invalid } from "./import_item.ts";
import { paramsOf, requireParams, saidOnCallback } from "../connect/params.ts";

/** What was held elsewhere. */
export interface HeldElsewhere {
  accessToken?: string | undefined;
  refreshToken?: string | undefined;
  tokenType?: string | undefined;
  /** Seconds, from now. */
  expiresIn?: number | undefined;
  /** Epoch ms. */
  expiresAt?: number | undefined;
  scopes?: string[] | undefined;
  extra?: Extra | undefined;
}

/**
 * The token set. One whose end nobody says, and that can be refreshed, is taken to be over: it
 * is refreshed before it is used.
 *
 * @throws {Refusal} `invalid_request`, and repeats no value.
 */
export function tokensOf(target: Target, held: HeldElsewhere, now: number): TokenSet {
  const { accessToken, refreshToken, tokenType = "Bearer", expiresIn, expiresAt } = held;
  if (accessToken === undefined && refreshToken === undefined) {
    throw invalid("Neither access_token nor refresh_token is there.");
  }
  requireSendable("access_token", accessToken);
  requireSendable("refresh_token", refreshToken);
  if (tokenType.toLowerCase() !== "bearer") throw invalid("token_type must be Bearer.");
  const extra = keptExtra(target.server, held.extra);
  const scopes = scopesOf(target, held.scopes);
  // When it was issued nobody knows: it is taken to be older than any leak.
  const refreshIssuedAt = refreshToken === undefined ? undefined : 0;
  if (accessToken === undefined) {
    return { ...ENDED, refreshToken, refreshIssuedAt, scopes, extra };
  }
  const end = expiresIn ?? expiresAt;
  if (end !== undefined && !Number.isFinite(end)) throw invalid("The expiry is no number.");
  const isOver = end === undefined && refreshToken !== undefined;
  const tokens = tokenSetOf(
    {
      accessToken,
      tokenType: "Bearer",
      refreshToken,
      expiresIn: isOver ? 0 : expiresIn,
      expiresAt,
    },
    now,
    { scopes, extra },
  );
  return { ...tokens, refreshIssuedAt };
}

/** By any clock it is over, and never handed out. */
const ENDED = { accessToken: "", tokenType: "Bearer", issuedAt: 0, expiresAt: 0 };

/** The same token set, to be refreshed before anything else. */
export function toRefresh(tokens: TokenSet): TokenSet {
  return { ...tokens, issuedAt: 0, expiresAt: 0 };
}

/** What a token set is known by once it is refreshed: its refresh token, where it has one. */
export function markOf({ refreshToken, accessToken }: TokenSet): string {
  return digest(refreshToken ?? accessToken);
}

function requireSendable(name: string, token: string | undefined): void {
  if (token === undefined || SENDABLE.test(token)) return;
  throw invalid(`${name} has characters that no token has, or is empty.`);
}

function scopesOf(target: Target, said: string[] | undefined): string[] {
  if (said === undefined) return requestedScopes(target, undefined);
  if (!said.every((scope) => SCOPE.test(scope))) {
    throw invalid("A scope has characters of no scope.");
  }
  return unique(said);
}

/** Where at the provider, held against its entry; of the rest what a callback could have said. */
function keptExtra(server: AuthorizationServer, said: Extra = {}): Extra | undefined {
  const params = requireParams(server, paramsOf(server, said));
  const kept = { ...saidOnCallback(server, said), ...params };
  return Object.keys(kept).length === 0 ? undefined : kept;
}
