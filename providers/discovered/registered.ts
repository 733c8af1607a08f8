/**
 * What servers answer to a registration (RFC 7591 §3.2.1): without a method,
 * with a secret that nobody asked for, with ends of many kinds.
 *
 * @module
 */

import type { Registration } from "../../broker/core/discovered.ts";
import { epochMs } from "../../broker/core/token_text.ts";

/** How a client says who it is at the token endpoint. */
export type Method = Registration["method"];

/** In the order in which they are asked for: of the two with a secret, the one without an encoding. */
export const METHODS = ["none", "client_secret_post", "client_secret_basic"] as const;

/** How a secret is sent where the server does not say how this one should be. */
export function methodFor(authMethods: string[] | undefined): Method {
  const isBasicAlone = authMethods?.includes("client_secret_basic") &&
    !authMethods.includes("client_secret_post");
  return isBasicAlone ? "client_secret_basic" : "client_secret_post";
}

/** A client as it was registered. */
export interface RegisteredClient {
  clientId: string;
  clientSecret?: string | undefined;
  method: Method;
  secretEndsAt?: number | undefined;
}

/** What was asked for. */
interface Asked {
  redirectUri: string;
  now: number;
  authMethods: string[] | undefined;
  asked: Record<string, unknown>;
}

/** Letters that can stand in a form and in a header (RFC 6749 appendix A). */
const PRINTABLE = /^[\x20-\x7e]{1,2000}$/;

/** Reads an answer. */
export function registeredIn(
  members: Record<string, unknown>,
  { redirectUri, now, authMethods, asked }: Asked,
): { kind: "client"; client: RegisteredClient } | { kind: "refused"; reason: string } {
  const { client_id: clientId, client_secret: secret, redirect_uris: redirects } = members;
  if (typeof clientId !== "string" || !PRINTABLE.test(clientId)) {
    return refused("its answer names no client");
  }
  // People would be sent where nobody asked for, or nowhere.
  if (Array.isArray(redirects) && !redirects.includes(redirectUri)) {
    return refused("it registered another redirect URI");
  }
  const clientSecret = typeof secret === "string" && secret !== "" ? secret : undefined;
  if (clientSecret !== undefined && !PRINTABLE.test(clientSecret)) {
    return refused("its answer holds no usable secret");
  }
  const said = members.token_endpoint_auth_method ?? asked.token_endpoint_auth_method;
  if (!METHODS.includes(said as Method)) return refused("it registered a method that is not known");
  // Some say the standard's default of a client to which they give no secret.
  if (clientSecret === undefined) return { kind: "client", client: { clientId, method: "none" } };
  // Whoever is given a secret is asked for it, also where none was wanted.
  const method = said === "none" ? methodFor(authMethods) : said as Method;
  const secretEndsAt = endOf(members.client_secret_expires_at, now);
  return { kind: "client", client: { clientId, clientSecret, method, secretEndsAt } };
}

function refused(reason: string): { kind: "refused"; reason: string } {
  return { kind: "refused", reason };
}

/**
 * When a secret ends. 0 is never; a number that is too small for a moment is a
 * length. One that was over before it was given is a mistake: taken at its
 * word, a new client would be registered at every request.
 */
function endOf(value: unknown, now: number): number | undefined {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number <= 0) return undefined;
  const endsAt = epochMs(number) ?? now + number * 1000;
  return endsAt > now ? endsAt : undefined;
}
