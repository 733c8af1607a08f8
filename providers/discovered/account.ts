/**
 * Whose account it is at an MCP server that was discovered, where its
 * authorization server says so: by an `id_token` (OpenID Connect Core §2), or
 * at its userinfo endpoint (§5.3).
 *
 * @module
 */

import { discard, readJson } from "../../broker/core/bodies.ts";
import type { Discovered, Registration } from "../../broker/core/discovered.ts";
import { parseJson } from "../../broker/core/json.ts";
import { bytesOfBase64 } from "../../broker/core/random_secret.ts";
import { shownName } from "../../broker/core/shown_name.ts";
import { isSameIssuer } from "./address.ts";
import { askUserinfo } from "../userinfo.ts";

/** An account: its id is stable and unique at the server, its label is for people. */
export interface FoundAccount {
  id: string;
  label: string;
}

/** What the token endpoint answered. */
export interface IdentifyingAnswer {
  accessToken: string;
  idToken?: string | undefined;
}

export interface AccountDeps {
  fetch: typeof fetch;
  /** Epoch ms. */
  now: number;
  signal: AbortSignal;
}

type Server = Pick<Discovered, "issuer" | "userinfoEndpoint" | "tokenEndpoint">;

/** In decoded bytes. */
const MAX_BYTES = 64 * 1024;
/** Longer ids are none. */
const LONGEST_ID = 200;
const LONGEST_ID_TOKEN = 64 * 1024;
/** An end that was just now may be another clock's, in ms. */
const SKEW_MS = 5 * 60_000;

/** Whose it is; `undefined` where nobody says. Does not throw. */
export async function accountOf(
  server: Server,
  { clientId }: Pick<Registration, "clientId">,
  { accessToken, idToken }: IdentifyingAnswer,
  deps: AccountDeps,
): Promise<FoundAccount | undefined> {
  const claims = idToken === undefined ? undefined : claimsOf(idToken);
  if (claims !== undefined && isMeant(claims, server.issuer, clientId, deps.now)) {
    const account = accountIn(claims);
    if (account !== undefined) return account;
  }
  const user = await userAt(server, accessToken, deps);
  return user && accountIn(user);
}

type Claims = Record<string, unknown>;

/**
 * The claims, without their signature: the token came from the token endpoint
 * itself, over TLS (OpenID Connect Core §3.1.3.7, 6).
 */
function claimsOf(idToken: string): Claims | undefined {
  const [, payload = "", signature] = idToken.split(".");
  if (signature === undefined || idToken.length > LONGEST_ID_TOKEN) return undefined;
  try {
    const bytes = bytesOfBase64(payload);
    return asClaims(parseJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

function asClaims(value: unknown): Claims | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value as Claims : undefined;
}

/** Whether the token is of this server, for this client, and not over (§3.1.3.7, 2, 3, 9). */
function isMeant({ iss, aud, exp }: Claims, issuer: string, clientId: string, now: number) {
  const audience = Array.isArray(aud) ? aud : [aud];
  return typeof iss === "string" && isSameIssuer(iss, issuer) && audience.includes(clientId) &&
    typeof exp === "number" && exp * 1000 > now - SKEW_MS;
}

/** A number says the same as a text. */
function accountIn(claims: Claims): FoundAccount | undefined {
  const { sub } = claims;
  const id = typeof sub === "number" && Number.isSafeInteger(sub) ? String(sub) : sub;
  if (typeof id !== "string" || id === "" || id.length > LONGEST_ID) return undefined;
  return { id, label: labelOf(claims) ?? shownName(id, "account") };
}

/**
 * What people are shown. An address that the server has not verified may be
 * anybody's: whoever reads it should not take the account for that person's.
 */
function labelOf(claims: Claims): string | undefined {
  const { email, email_verified: verified } = claims;
  const isVerified = verified === true || verified === "true";
  const names = [isVerified && email, claims.preferred_username, claims.name, claims.nickname];
  for (const name of names) {
    const shown = typeof name === "string" ? shownName(name, "") : "";
    if (shown !== "") return shown;
  }
  return undefined;
}

/**
 * Asks the userinfo endpoint. The access token is for the MCP server; besides
 * it only the host that issued it may see it.
 */
async function userAt(
  { issuer, tokenEndpoint, userinfoEndpoint }: Server,
  accessToken: string,
  { fetch, signal }: AccountDeps,
): Promise<Claims | undefined> {
  if (userinfoEndpoint === undefined) return undefined;
  const { origin } = new URL(userinfoEndpoint);
  const own = [issuer, tokenEndpoint].map((each) => new URL(each).origin);
  if (!own.includes(origin)) return undefined;
  try {
    const response = await askUserinfo(userinfoEndpoint, accessToken, { fetch, signal });
    if (!response.ok) {
      await discard(response);
      return undefined;
    }
    return asClaims(await readJson(response, { limit: MAX_BYTES, signal }));
  } catch {
    // Many know no userinfo for a token of this kind: the connection is good without.
    return undefined;
  }
}
