/**
 * The keys of MCP clients that prove who they are by assertions
 * (`private_key_jwt`): what a client says of them, and which of a key set
 * (RFC 7517) can be used. Pure.
 *
 * @module
 */

import type { ClientKeys, PublicKey } from "../../broker/core/client.ts";
import { isRecord } from "../../broker/core/json.ts";
import { bytesOfBase64 } from "../../broker/core/random_secret.ts";
import { Refusal } from "../../broker/core/refusal.ts";

/** What assertions may be signed with: never `none`, and no secret that both sides know. */
export const ASSERTION_ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA", "Ed25519"];
/** What DPoP proofs may be signed with: the same. */
export const DPOP_ALGORITHMS = ASSERTION_ALGORITHMS;
/** Keys of one client. */
export const MAX_CLIENT_KEYS = 50;
/** Shorter ones can be broken, longer ones cost everybody's time. */
export const RSA_BITS = { least: 2048, most: 8192 };

/** Members that only the holder of a key may know (RFC 7518 §6; `priv` of newer kinds). */
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
const TEXTS = ["kid", "alg", "use", "crv", "x", "y", "n", "e"] as const;
const COORDINATE = /^[A-Za-z0-9_-]{43}$/;

/** What a client's description says of how it proves who it is (RFC 7591 §2). */
export interface SaidOfKeys {
  token_endpoint_auth_method?: string | undefined;
  token_endpoint_auth_signing_alg?: string | undefined;
  jwks_uri?: string | undefined;
  jwks?: unknown;
}

/**
 * The keys of a client id metadata document; `undefined`: it is public. One
 * that names keys and no method proves itself by them: without a secret that
 * both sides know there is no other use for them at the token endpoint.
 *
 * @throws {Refusal} `client_document`.
 */
export function keysOfDocument(said: SaidOfKeys): ClientKeys | undefined {
  const namesKeys = said.jwks_uri !== undefined || said.jwks !== undefined;
  const { token_endpoint_auth_method: method = namesKeys ? "private_key_jwt" : "none" } = said;
  if (method === "none") return undefined;
  // The draft's §4.1: no secrets, since both sides would have to know them.
  if (method !== "private_key_jwt") {
    return refuse("its token_endpoint_auth_method is neither none nor private_key_jwt");
  }
  const { jwks_uri: uri, jwks } = said;
  // RFC 7591 §2: never both. Two readers could take different ones.
  if (uri !== undefined && jwks !== undefined) return refuse("it has both jwks and jwks_uri");
  if (uri === undefined && jwks === undefined) return refuse("it has neither jwks nor jwks_uri");
  const algorithm = algorithmOf(said);
  if (uri === undefined) return { list: readKeySet(jwks), algorithm };
  return { uri: keysUrl(uri).href, algorithm };
}

/**
 * The keys of a registration; `undefined`: it is told that it is public. Keys
 * at an address are for documents, whose host vouches for it: anybody registers.
 *
 * @throws {Refusal} `client_document`.
 */
export function keysOfRegistration(said: SaidOfKeys): ClientKeys | undefined {
  const { token_endpoint_auth_method: method, jwks_uri: uri, jwks } = said;
  if (method !== "private_key_jwt" || (jwks === undefined && uri !== undefined)) return undefined;
  return keysOfDocument(said);
}

/** The keys of a set that can verify something. @throws {Refusal} `client_document`. */
export function readKeySet(set: unknown): PublicKey[] {
  const keys = isRecord(set) ? set.keys : undefined;
  if (!Array.isArray(keys) || !keys.every(isRecord)) return refuse("its jwks is not a key set");
  if (keys.length > MAX_CLIENT_KEYS) return refuse("its jwks has too many keys");
  // Whoever publishes one is not its only holder any more.
  if (keys.some(isPrivate)) return refuse("its jwks has a key that is not public");
  const usable = keys.map(publicKeyOf).filter((key) => key !== undefined);
  return usable.length === 0 ? refuse("its jwks has no key that can be used here") : usable;
}

/** A key that comes alone; `undefined` where it is not public, or not one that is allowed. */
export function readPublicKey(jwk: Record<string, unknown>): PublicKey | undefined {
  return isPrivate(jwk) ? undefined : publicKeyOf(jwk);
}

function isPrivate(jwk: Record<string, unknown>): boolean {
  return PRIVATE.some((member) => Object.hasOwn(jwk, member));
}

/** Of a key what is needed; `undefined` where it is for something else, or too weak. */
function publicKeyOf(jwk: Record<string, unknown>): PublicKey | undefined {
  const { kty, use, key_ops: operations } = jwk;
  if (use !== undefined && use !== "sig") return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    return undefined;
  }
  const key: PublicKey = { kty: String(kty) };
  for (const name of TEXTS) {
    const text = jwk[name];
    if (text === undefined) continue;
    if (typeof text !== "string") return undefined;
    key[name] = text;
  }
  return isSane(key) ? key : undefined;
}

/** Kinds and sizes that {@linkcode ASSERTION_ALGORITHMS} have. */
export function isSane({ kty, crv, x = "", y = "", n = "", e }: PublicKey): boolean {
  switch (kty) {
    case "EC":
      return crv === "P-256" && COORDINATE.test(x) && COORDINATE.test(y);
    case "OKP":
      return crv === "Ed25519" && COORDINATE.test(x);
    case "RSA": {
      const bits = bitsOf(n);
      // 65537, as everybody has it: with an exponent of 1 anything is a signature.
      return e === "AQAB" && bits >= RSA_BITS.least && bits <= RSA_BITS.most;
    }
    default:
      return false;
  }
}

/** How long a number in base64url is, without the zeros in front of it. */
function bitsOf(text: string): number {
  // A last letter alone is no byte's.
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return 0;
  const bytes = bytesOfBase64(text);
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (bytes.length - first) * 8 - (Math.clz32(bytes[first]!) - 24);
}

function algorithmOf({ token_endpoint_auth_signing_alg: said }: SaidOfKeys): string | undefined {
  if (said === undefined || ASSERTION_ALGORITHMS.includes(said)) return said;
  return refuse("its token_endpoint_auth_signing_alg is not allowed here");
}

function keysUrl(text: string): URL {
  const url = URL.parse(text);
  const isPlain = url !== null && url.protocol === "https:" && url.username === "" &&
    url.password === "" && !text.includes("#");
  return isPlain ? url : refuse("its jwks_uri is not a plain https URL");
}

function refuse(detail: string): never {
  throw new Refusal({ code: "client_document", detail, about: "metadata" });
}
