/**
 * Assertions of MCP clients (`private_key_jwt`; RFC 7523 §3, OpenID Connect
 * Core §9): what one has to say, and whether a client's key signed it. Nothing
 * is fetched or kept here.
 *
 * The audience is our issuer, or the token endpoint's address, alone: who takes
 * a list can be made to take an assertion that another server was sent (the
 * audience injection of January 2025).
 *
 * @module
 */

import * as errors from "jose/errors";
import { compactVerify } from "jose/jws/compact/verify";
import { createLocalJWKSet } from "jose/jwks/local";
import { decodeJwt } from "jose/jwt/decode";
import { decodeProtectedHeader } from "jose/decode/protected_header";
import type { ClientKeys, PublicKey } from "../../broker/core/client.ts";
import { ASSERTION_ALGORITHMS } from "./client_keys.ts";

/** RFC 7523 §2.2. */
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/** No assertion is good for longer; its `jti` is remembered for as long. */
export const ASSERTION_MS = 5 * 60_000;
/** A client's clock may differ from ours by this. */
export const PROOF_SKEW_MS = 60_000;
/** Its `jti` in characters, and that of a DPoP proof. */
export const MAX_JTI = 256;
/** What may stand in `typ`: another token of the client's is no assertion. */
const TYPES = ["jwt", "client-authentication+jwt"];

/** An assertion, taken apart; nothing in it is true yet. */
export interface Assertion {
  text: string;
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
}

/** What an assertion has to fit. */
export interface Expected {
  clientId: string;
  keys: ClientKeys;
  /** Each is one that it may be for. */
  audiences: string[];
  now: number;
}

/** Takes an assertion apart; `undefined`: it is none. */
export function readAssertion(text: string): Assertion | undefined {
  try {
    const [header, claims] = [decodeProtectedHeader(text), decodeJwt(text)];
    return { text, header: { ...header }, claims };
  } catch {
    return undefined;
  }
}

/** What is wrong with what it says, for the log; `undefined`: nothing. */
export function assertionFault(
  { header, claims }: Assertion,
  { clientId, keys, audiences, now }: Expected,
): string | undefined {
  const { alg, typ } = header;
  const { iss, sub, aud, exp, iat, nbf, jti } = claims;
  if (typeof alg !== "string" || !algorithmsOf(keys).includes(alg)) return "alg is not allowed";
  if (typ !== undefined && !(typeof typ === "string" && TYPES.includes(typ.toLowerCase()))) {
    return "typ is that of something else";
  }
  if (iss !== clientId || sub !== clientId) return "iss and sub are not the client";
  const [only, ...others] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(only) || others.length > 0) return "aud is not this server alone";
  if (!isTime(exp)) return "exp is missing";
  if (exp * 1000 <= now - PROOF_SKEW_MS) return "exp is past";
  if (exp * 1000 > now + ASSERTION_MS + PROOF_SKEW_MS) return "exp is too far ahead";
  for (const [name, time] of Object.entries({ iat, nbf })) {
    if (time === undefined) continue;
    if (!isTime(time) || time * 1000 > now + PROOF_SKEW_MS) return `${name} is ahead`;
  }
  return isJti(jti) ? undefined : "jti is missing or too long";
}

/** Until when the same assertion would be taken again. Of one without a fault. */
export function endOfAssertion({ claims }: Assertion): number {
  return Number(claims.exp) * 1000 + PROOF_SKEW_MS;
}

/** Whether one of these keys signed it. `unknown_key`: the one that it names is not among them. */
export async function signedBy(
  list: PublicKey[],
  { text }: Assertion,
  keys: ClientKeys,
): Promise<"right" | "wrong" | "unknown_key"> {
  try {
    // Without `kid` the set must have one key only that fits.
    await compactVerify(text, createLocalJWKSet({ keys: list }), {
      algorithms: algorithmsOf(keys),
    });
    return "right";
  } catch (error) {
    return error instanceof errors.JWKSNoMatchingKey ? "unknown_key" : "wrong";
  }
}

/** Whether a text can be remembered as a `jti`. */
export function isJti(jti: unknown): jti is string {
  return typeof jti === "string" && jti !== "" && jti.length <= MAX_JTI;
}

/** Seconds, as JWTs have them. */
export function isTime(value: unknown): value is number {
  return Number.isFinite(value);
}

function algorithmsOf({ algorithm }: ClientKeys): string[] {
  return algorithm === undefined ? ASSERTION_ALGORITHMS : [algorithm];
}
