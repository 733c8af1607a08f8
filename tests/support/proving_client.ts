/**
 * MCP clients that prove who they are, and the internet in which their
 * documents and keys stand.
 *
 * @module
 */

import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { Refusal } from "../../broker/core/refusal.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import { ASSERTION_TYPE } from "../../gateway/clients/client_assertion.ts";
import type { Gateway } from "./gateway.ts";
import { pkce, REDIRECT_URI, type TestClient } from "./mcp_client.ts";

export const DOCUMENT = "https://app.example/client.json";
export const JWKS = "https://app.example/jwks.json";

/** A key pair of a client. */
export interface TestKey {
  alg: string;
  privateKey: CryptoKey;
  privateJwk: JWK;
  publicJwk: JWK;
}

export async function newKey(alg = "ES256", kid = "one"): Promise<TestKey> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const publicJwk = { ...await exportJWK(pair.publicKey), kid, alg };
  const privateJwk = { ...await exportJWK(pair.privateKey), kid, alg };
  return { alg, privateKey: pair.privateKey, publicJwk, privateJwk };
}

/** What stands where. A value that is missing, or `"out"`, cannot be fetched. */
export class Web {
  readonly sites = new Map<string, unknown>();
  readonly fetched: string[] = [];

  readonly fetchDocument = ({ href }: URL): Promise<unknown> => {
    this.fetched.push(href);
    const found = this.sites.get(href) ?? "out";
    const detail = "its host cannot be reached";
    return found === "out"
      ? Promise.reject(new Refusal({ code: "client_document", detail, about: "metadata" }))
      : Promise.resolve(found);
  };

  /** How often something was fetched. */
  times(href: string): number {
    return this.fetched.filter((each) => each === href).length;
  }
}

/** A document of a client that proves who it is; `undefined` takes a member out. */
export function documentOf(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    client_id: DOCUMENT,
    client_name: "App",
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: "private_key_jwt",
    jwks_uri: JWKS,
    ...more,
  };
}

/** A web with the document and the keys of one client. */
export function webOf(key: TestKey, more: Record<string, unknown> = {}): Web {
  const web = new Web();
  web.sites.set(DOCUMENT, documentOf(more));
  web.sites.set(JWKS, { keys: [key.publicJwk] });
  return web;
}

export function documentClient(id = DOCUMENT): TestClient {
  return { id, redirectUri: REDIRECT_URI, ...pkce() };
}

/** How an assertion differs from a right one. */
export interface Bent {
  id?: string;
  claims?: JWTPayload;
  /** These claims are left out. */
  without?: string[];
  header?: Record<string, unknown>;
}

/** An assertion that is right where nothing is bent. */
export async function assertion(
  { url, world }: Pick<Gateway, "url" | "world">,
  { privateKey, alg, publicJwk: { kid } }: TestKey,
  { id = DOCUMENT, claims = {}, without = [], header = {} }: Bent = {},
): Promise<string> {
  const now = Math.floor(world.now() / 1000);
  const all = { iss: id, sub: id, aud: url, iat: now, exp: now + 60, jti: randomSecret() };
  const said = Object.entries({ ...all, ...claims }).filter(([name]) => !without.includes(name));
  return await new SignJWT(Object.fromEntries(said))
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }), ...header })
    .sign(privateKey);
}

/** The two members of a form. */
export function asserting(text: string): Record<string, string> {
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: text };
}
