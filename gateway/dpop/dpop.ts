/**
 * DPoP proofs (RFC 9449 §4.3): what one has to say, and whether the key that it
 * brings signed it. Nothing is kept here; whether a proof was used before is
 * for `proofs.ts`.
 *
 * When it was made is told by its `iat`, or by a nonce of ours: a client whose
 * clock is wrong is handed one. With a nonce `iat` says nothing more.
 *
 * @module
 */

import { calculateJwkThumbprint } from "jose/jwk/thumbprint";
import { compactVerify } from "jose/jws/compact/verify";
import { decodeJwt } from "jose/jwt/decode";
import { decodeProtectedHeader } from "jose/decode/protected_header";
import { importJWK } from "jose/key/import";
import type { PublicKey } from "../../broker/core/client.ts";
import { isRecord } from "../../broker/core/json.ts";
import { digest } from "../../broker/core/secrets.ts";
import { isJti, isTime } from "../clients/client_assertion.ts";
import { DPOP_ALGORITHMS, readPublicKey } from "../clients/client_keys.ts";

/** How old a proof may be, and how far ahead its clock, where it has no nonce. */
export const PROOF_MS = 60_000;
/** The longest proof, in characters: room for an RSA key and a signature of it. */
export const MAX_PROOF = 8_192;

const TYPE = "dpop+jwt";
/** Exactly one: two headers of that name come as one, with a comma in between. */
const ONE_JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** The request that a proof is for. */
export interface ProvedRequest {
  method: string;
  /** As it is known outside, without query. */
  url: string;
  /** The access token beside it, at a resource. */
  token?: string | undefined;
}

/** What stands in a proof that its own key signed. */
export interface ProofClaims {
  /** RFC 7638 thumbprint of the key. */
  jkt: string;
  jti: string;
  htm: unknown;
  htu: unknown;
  /** Seconds. */
  iat: number;
  nonce: unknown;
  ath: unknown;
}

/** Reads a proof, and verifies its signature; a text where something is wrong with it. */
export async function openProof(text: string): Promise<ProofClaims | string> {
  if (text.length > MAX_PROOF || !ONE_JWT.test(text)) return "it is not one JWT";
  const read = headerAndClaims(text);
  if (read === undefined) return "it is not one JWT";
  const { header: { alg, typ, jwk }, claims } = read;
  if (typ !== TYPE) return "typ is not dpop+jwt";
  if (typeof alg !== "string" || !DPOP_ALGORITHMS.includes(alg)) return "alg is not allowed";
  const key = isRecord(jwk) ? readPublicKey(jwk) : undefined;
  if (key === undefined) return "jwk is no public key that is allowed";
  if (!await isSignedBy(key, text, alg)) return "jwk did not sign it";
  const { jti, htm, htu, iat, nonce, ath } = claims;
  if (!isJti(jti)) return "jti is missing or too long";
  if (!isTime(iat)) return "iat is missing";
  return { jkt: await calculateJwkThumbprint({ ...key }), jti, htm, htu, iat, nonce, ath };
}

/** Whether a proof is for this request and for no other; what is wrong where it is not. */
export function requestFault(
  { htm, htu, ath }: ProofClaims,
  { method, url, token }: ProvedRequest,
): string | undefined {
  if (htm !== method) return "htm is another method";
  if (targetOf(htu) !== targetOf(url)) return "htu is another address";
  if (token !== undefined && ath !== digest(token)) return "ath is not that of the token";
  return undefined;
}

/** Whether a proof without a nonce is of now; what is wrong where it is not. */
export function timeFault({ iat }: Pick<ProofClaims, "iat">, now: number): string | undefined {
  return Math.abs(iat * 1000 - now) > PROOF_MS ? "iat is not now" : undefined;
}

/** The first moment when a proof without a nonce is not taken any more. Of one without a fault. */
export function endOfProof({ iat }: Pick<ProofClaims, "iat">): number {
  return iat * 1000 + PROOF_MS + 1;
}

/** RFC 9449 §4.3: without query and fragment, and as URLs are normalised. */
function targetOf(text: unknown): string | undefined {
  const url = typeof text === "string" ? URL.parse(text) : null;
  if (url === null || url.username !== "" || url.password !== "") return undefined;
  return url.origin + url.pathname;
}

function headerAndClaims(text: string) {
  try {
    return { header: decodeProtectedHeader(text), claims: decodeJwt(text) };
  } catch {
    return undefined;
  }
}

async function isSignedBy(key: PublicKey, text: string, alg: string): Promise<boolean> {
  try {
    await compactVerify(text, await importJWK({ ...key }, alg), { algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
}
