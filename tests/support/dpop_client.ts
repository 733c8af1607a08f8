/**
 * DPoP proofs of a test's own client, right or bent.
 *
 * @module
 */

import { calculateJwkThumbprint, type JWK, type JWTPayload, SignJWT } from "jose";
import { digest, randomSecret } from "../../broker/core/secrets.ts";
import { type ApiAnswer, call, type Gateway } from "./gateway.ts";
import { newKey, type TestKey } from "./proving_client.ts";

/** A key for proofs. */
export interface ProofKey extends TestKey {
  /** Without `kid` and `alg`: as it stands in a proof. */
  jwk: JWK;
  jkt: string;
}

export async function newProofKey(alg = "ES256"): Promise<ProofKey> {
  const key = await newKey(alg);
  const { kid: _, alg: __, ...jwk } = key.publicJwk;
  return { ...key, jwk, jkt: await calculateJwkThumbprint(jwk) };
}

/** How a proof differs from a right one. */
export interface BentProof {
  htm?: unknown;
  htu?: unknown;
  /** The access token that it goes with. */
  token?: string;
  claims?: JWTPayload;
  without?: string[];
  header?: Record<string, unknown>;
}

/** A proof for `POST` to a path of the gateway, where nothing is bent. */
export async function proofFor(
  { url, world }: Pick<Gateway, "url" | "world">,
  path: string,
  { privateKey, alg, jwk }: ProofKey,
  { token, claims = {}, without = [], header = {} }: BentProof = {},
): Promise<string> {
  const all: JWTPayload = {
    jti: randomSecret(),
    htm: "POST",
    htu: url + path,
    iat: Math.floor(world.now() / 1000),
    ...(token === undefined ? {} : { ath: digest(token) }),
    ...claims,
  };
  const said = Object.entries(all).filter(([name]) => !without.includes(name));
  return await new SignJWT(Object.fromEntries(said))
    .setProtectedHeader({ typ: "dpop+jwt", alg, jwk, ...header })
    .sign(privateKey);
}

/** Calls the MCP endpoint with a bound token. */
export async function callBound(
  gateway: Gateway,
  token: string,
  proof: string,
  body: unknown = { jsonrpc: "2.0", method: "tools/list", id: 1 },
  path = "/mcp",
): Promise<ApiAnswer> {
  const headers = { Authorization: `DPoP ${token}`, DPoP: proof };
  return await gateway.mcp(body, { path, key: null, userId: null, headers });
}

/** A call that changes something. */
export const WRITE = call("github_create_issue", {
  repo: "octocat/hello-world",
  title: "Bound",
});
