/**
 * Who an answer says it is from.
 *
 * @module
 */

import { parseUrl } from "../core/addresses.ts";
import type { AuthorizationServer, OAuthFlow } from "../core/authorization_server.ts";
import { Refusal } from "../core/refusal.ts";
import type { Servers } from "../core/scopes.ts";

/**
 * RFC 9207 §2.4: against mix-up, beside a redirect URI of each provider's own.
 * An `iss` whose issuer nobody named cannot be compared, and a provider that
 * sends one unasked must go on working; but it is never taken where it is known
 * to be another provider's.
 */
export function requireIssuer(
  flow: OAuthFlow,
  { iss, code = "" }: { iss?: string | undefined; code?: string | undefined },
  others: OAuthFlow[],
): void {
  const { issuer, sendsIssuer } = flow;
  const isRight = iss === undefined
    // Some that send it leave it out of errors. Without a code nothing can go to the wrong place.
    ? sendsIssuer !== true || code === ""
    : issuer === undefined
    ? !others.some((other) => isAnothers(iss, flow, other))
    : iss === issuer;
  if (!isRight) throw new Refusal({ code: "issuer_mismatch" });
}

/** By its issuer, or, unless both are at one place, by where it sends people. */
function isAnothers(iss: string, own: OAuthFlow, other: OAuthFlow): boolean {
  if (iss === other.issuer) return true;
  const origin = parseUrl(iss)?.origin;
  if (origin === undefined || origin === own.origin) return false;
  return origin === other.origin || origin === parseUrl(other.issuer ?? "")?.origin;
}

/** The flows of all other providers. */
export function othersThan(server: AuthorizationServer, servers: Servers): OAuthFlow[] {
  return [...servers.values()].flatMap(({ name, credential }) =>
    name !== server.name && credential.kind === "oauth" ? [credential] : []
  );
}
