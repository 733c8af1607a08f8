/**
 * The token set in an answer (RFC 6749 §5.1), as servers write it: ends as a
 * number, a text or a date, scopes as a text or a list. What is read leniently
 * is what would be lost otherwise: where refresh tokens rotate, an answer that
 * is thrown away is a connection that is thrown away.
 *
 * @module
 */

import type { IssuedTokens } from "../broker/core/authorization_server.ts";
import { epochMs, SCOPE, SENDABLE } from "../broker/core/token_text.ts";
import { extraOf, type Members } from "./extra.ts";
import type { Wire } from "./token_wire.ts";

/** By what they are called in any case; an API that wants another type is not called from here. */
const TOKEN_TYPES = ["Bearer", "DPoP", "MAC"];

/** Whether an answer holds an access token, usable or not. */
export function hasToken({ access_token }: Wire): boolean {
  return typeof access_token === "string" && access_token !== "";
}

/**
 * What was issued; `undefined` where the access token cannot be sent to any API.
 * Of the members beside the standard's, those that are named are kept.
 */
export function issuedTokens(wire: Wire, members?: Members): IssuedTokens | undefined {
  const { access_token: accessToken, refresh_token: refreshToken } = wire;
  if (typeof accessToken !== "string" || !SENDABLE.test(accessToken)) return undefined;
  return {
    accessToken,
    tokenType: tokenType(wire.token_type),
    refreshToken: textOf(refreshToken),
    scopes: scopesOf(wire.scope),
    extra: extraOf(wire, members),
    ...endOf(wire),
    ...refreshEndOf(wire),
  };
}

/** GitHub says "bearer"; some APIs want the case of RFC 6750. No word of a server's own is passed on. */
function tokenType(said: unknown): string {
  const word = typeof said === "string" ? said.toLowerCase() : "";
  return TOKEN_TYPES.find((type) => type.toLowerCase() === word) ?? "Bearer";
}

/** An empty one could not be sent: it counts as none. A number says the same as a text, if exactly. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Separated by spaces or commas, or a list (Twitch). An empty one says that nothing was granted. */
function scopesOf(scope: unknown): string[] | undefined {
  const texts = typeof scope === "string" ? [scope] : Array.isArray(scope) ? scope : undefined;
  return texts?.filter((text) => typeof text === "string")
    .flatMap((text) => text.split(/[\s,]+/)).filter((word) => SCOPE.test(word));
}

/**
 * When it ends. A length that is 0 or less is over at once, which is not the
 * same as none said. What is no number and no date says nothing. A number that
 * is too small for a moment is a length in seconds.
 */
function endOf(wire: Wire): Pick<IssuedTokens, "expiresIn" | "expiresAt"> {
  const expiresIn = numberOf(wire.expires_in);
  if (expiresIn !== undefined) return { expiresIn: Math.max(0, expiresIn) };
  // Squarespace's is named after its token.
  for (const said of [wire.expires_at, wire.access_token_expires_at, wire.expires]) {
    const number = numberOf(said);
    const expiresAt = number === undefined ? dateOf(said) : epochMs(number);
    if (expiresAt !== undefined) return { expiresAt };
    // Facebook's `expires` was a length; an `expires_at` so small says nothing.
    if (number !== undefined && said === wire.expires) return { expiresIn: Math.max(0, number) };
  }
  return { expiresIn: undefined };
}

/**
 * No standard names it. GitHub, Google, LinkedIn and Shopify call it the first, TikTok, Airtable and
 * Keycloak the second (0 there: it does not end), Intuit the third.
 */
const REFRESH_LIFETIMES = [
  "refresh_token_expires_in",
  "refresh_expires_in",
  "x_refresh_token_expires_in",
];

/** How long its refresh token lives. Nothing that an access token's life depends on. */
function refreshEndOf(wire: Wire): Pick<IssuedTokens, "refreshExpiresIn"> {
  for (const name of REFRESH_LIFETIMES) {
    const seconds = numberOf(wire[name]);
    if (seconds !== undefined && seconds > 0) return { refreshExpiresIn: seconds };
  }
  return {};
}

function numberOf(value: unknown): number | undefined {
  const isText = typeof value === "string" && /^\s*-?\d{1,20}(\.\d{1,20})?\s*$/.test(value);
  const number = isText ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** ISO 8601; without a zone it is taken for UTC, not for wherever this machine stands. */
function dateOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)\s?(Z|[+-]\d\d:?\d\d)?$/i
    .exec(value.trim());
  if (found === null) return undefined;
  const [, day, time, zone = "Z"] = found;
  const at = Date.parse(`${day}T${time}${zone.replace(/(\d\d)(\d\d)$/, "$1:$2").toUpperCase()}`);
  return Number.isNaN(at) ? undefined : at;
}
