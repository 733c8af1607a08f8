/**
 * `OIDC_…`: people sign in at an OpenID Connect provider of the operator's.
 *
 * @module
 */

import { isSecure, parseUrl } from "../core/addresses.ts";
import { OIDC, type OidcSettings } from "../core/oidc.ts";
import { type Env, faultOf } from "./env.ts";
import type { KnownProvider } from "./names.ts";
import { type Context, fault } from "./readers.ts";

/** What is asked for where nothing is said. */
const SCOPES = ["openid", "email"];
const LONGEST_TITLE = 60;

/** To the letter: what is compared is no address, but a name (OpenID Connect Discovery §4.3). */
export function oidcIssuer(text: string, context: Context): string {
  const url = parseUrl(text);
  if (url === undefined) return fault(context, "is not a URL");
  if (!isSecure(url)) return fault(context, "must be https (http for localhost only)");
  if (url.search || url.hash || url.username || url.password || text !== text.trim()) {
    return fault(context, "must have no query, fragment or user");
  }
  if (text.endsWith("/.well-known/openid-configuration")) {
    return fault(context, "is the issuer, without /.well-known/openid-configuration");
  }
  return text;
}

/** Scopes with spaces between them. */
export function oidcScopes(text: string, context: Context): string[] {
  const scopes = text.split(/[\s,]+/).filter(Boolean);
  if (!scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(scope))) {
    return fault(context, "has an entry that is no scope");
  }
  return scopes.includes("openid") ? scopes : fault(context, "must have openid among them");
}

/** As a button says it. */
export function oidcTitle(text: string, context: Context): string {
  const isPlain = text.length <= LONGEST_TITLE && /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(text);
  return isPlain
    ? text
    : fault(context, `must be plain text of at most ${LONGEST_TITLE} characters`);
}

/** The variables, as far as they are without fault. */
export interface OidcVariables {
  OIDC_ISSUER?: string | undefined;
  OIDC_CLIENT_ID?: string | undefined;
  OIDC_CLIENT_SECRET?: string | undefined;
  OIDC_CLIENT_SECRET_EXPIRES?: number | undefined;
  OIDC_NAME?: string | undefined;
  OIDC_SCOPES?: string[] | undefined;
  OIDC_TRUST_EMAIL: boolean;
}

/** What is set of it; `undefined`: nothing. */
export function oidcOf(given: OidcVariables): OidcSettings | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = given;
  if (issuer === undefined || clientId === undefined) return undefined;
  return {
    issuer,
    clientId,
    clientSecret: given.OIDC_CLIENT_SECRET,
    secretEndsAt: given.OIDC_CLIENT_SECRET_EXPIRES,
    title: given.OIDC_NAME ?? new URL(issuer).host,
    scopes: given.OIDC_SCOPES ?? SCOPES,
    trustsEmail: given.OIDC_TRUST_EMAIL,
  };
}

/** Half of it is nothing that anybody could sign in by. */
export function oidcFaults(given: Env): string[] {
  const others = ["CLIENT_SECRET", "CLIENT_SECRET_EXPIRES", "NAME", "SCOPES", "TRUST_EMAIL"].map((
    each,
  ) => `OIDC_${each}`);
  const set = ["OIDC_ISSUER", "OIDC_CLIENT_ID", ...others].filter((name) => given[name]);
  if (set.length === 0) return [];
  return ["OIDC_ISSUER", "OIDC_CLIENT_ID"].filter((name) => !given[name])
    .map((name) => faultOf(name, `is not set, but ${set[0]} is`));
}

/** The providers with this one, where it is set: nothing else has its name then. */
export function withOidc(known: KnownProvider[], given: Env): KnownProvider[] {
  if (!given.OIDC_ISSUER || known.some(({ name }) => name === OIDC)) return known;
  return [...known, { name: OIDC, services: [], needs: "issuer", signsIn: true }];
}
