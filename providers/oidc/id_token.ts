/**
 * Who signed in: by the ID token, whose signature and claims are checked as
 * OpenID Connect Core §3.1.3.7 has it, and by userinfo (§5.3) where the token
 * says no e-mail address.
 *
 * @module
 */

import * as errors from "jose/errors";
import { jwtVerify } from "jose/jwt/verify";
import { discard, readJson } from "../../broker/core/bodies.ts";
import type { Account } from "../../broker/core/connection.ts";
import { isRecord } from "../../broker/core/json.ts";
import type { OidcSettings } from "../../broker/core/oidc.ts";
import { digest } from "../../broker/core/secrets.ts";
import { shownName } from "../../broker/core/shown_name.ts";
import type { Keys } from "../remote_keys.ts";
import { askUserinfo } from "../userinfo.ts";
import { OIDC_MAX_BYTES, OIDC_TIMEOUT_MS, type OidcDeps, type OidcMetadata } from "./metadata.ts";

/** Clocks differ. */
const SKEW_SECONDS = 60;
/** It was issued for this very sign-in, a moment ago. */
export const OLDEST_ID_TOKEN_SECONDS = 10 * 60;
const LONGEST_ID_TOKEN = 64 * 1024;
/** OpenID Connect Core §2. */
const LONGEST_SUB = 255;

/** Why nobody is signed in; a code that says nothing of anybody. */
export class IdTokenFault extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = "IdTokenFault";
  }
}

/** What the token endpoint gave, and what it must be about. */
export interface Given {
  idToken: unknown;
  accessToken: string;
  nonce: string;
}

/** What it is checked by. */
export interface Checking {
  settings: OidcSettings;
  metadata: OidcMetadata;
  keys: Keys;
}

/**
 * The account of who signed in.
 *
 * @throws {IdTokenFault} where it cannot be believed.
 * @throws what `fetch` throws, where keys or userinfo cannot be had.
 */
export async function accountOf(
  deps: OidcDeps,
  checking: Checking,
  given: Given,
): Promise<Account> {
  const claims = await claimsOf(deps, checking, given);
  const { issuer, trustsEmail } = checking.settings;
  const { sub } = claims;
  if (typeof sub !== "string" || sub === "" || sub.length > LONGEST_SUB) {
    throw new IdTokenFault("id_token_sub");
  }
  const told = claims.email === undefined
    ? await userinfoOf(deps, checking, given.accessToken, sub) ?? claims
    : claims;
  const { email, email_verified: verified } = told;
  const isVerified = verified === true || (trustsEmail && verified === undefined);
  const verifiedEmail = typeof email === "string" && isVerified ? email : undefined;
  const names = [verifiedEmail, told.preferred_username, claims.preferred_username, claims.name];
  const name = names.find((each) => typeof each === "string" && shownName(each, "") !== "");
  return {
    // Another issuer's `sub` is another person, whatever it is. And a subject's id has no such
    // characters as a `sub` may have.
    id: digest(JSON.stringify([issuer, sub])),
    label: typeof name === "string" ? name : sub,
    verifiedEmail,
  };
}

type Claims = Record<string, unknown>;

async function claimsOf(
  { world }: OidcDeps,
  { settings: { issuer, clientId }, metadata: { algorithms }, keys }: Checking,
  { idToken, nonce }: Given,
): Promise<Claims> {
  if (typeof idToken !== "string" || idToken.length > LONGEST_ID_TOKEN) {
    throw new IdTokenFault("id_token_missing");
  }
  let payload: Claims;
  try {
    ({ payload } = await jwtVerify(idToken, keys, {
      issuer,
      audience: clientId,
      algorithms,
      currentDate: new Date(world.now()),
      clockTolerance: SKEW_SECONDS,
      maxTokenAge: OLDEST_ID_TOKEN_SECONDS,
      requiredClaims: ["iss", "sub", "aud", "exp", "iat", "nonce"],
    }));
  } catch (error) {
    throw faultOf(error);
  }
  if (payload.nonce !== nonce) throw new IdTokenFault("id_token_nonce");
  const { aud, azp } = payload;
  // §3.1.3.7, 3 to 5: one for several is for the one that it names.
  const isForOthers = Array.isArray(aud) && aud.length > 1;
  if (azp === undefined ? isForOthers : azp !== clientId) throw new IdTokenFault("id_token_azp");
  return payload;
}

/** Which check it was; what is no fault of the token goes on as it is. */
function faultOf(error: unknown): unknown {
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new IdTokenFault(`id_token_${/^[a-z]+$/.test(error.claim) ? error.claim : "claims"}`);
  }
  if (error instanceof errors.JWTExpired) return new IdTokenFault("id_token_exp");
  if (error instanceof errors.JOSEAlgNotAllowed) return new IdTokenFault("id_token_alg");
  const isOfToken = error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported || error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid;
  return isOfToken ? new IdTokenFault("id_token_signature") : error;
}

/** `undefined` where there is none. Its `sub` must be the token's, else it is of somebody else (§5.3.2). */
async function userinfoOf(
  { fetch }: OidcDeps,
  { metadata: { userinfoEndpoint } }: Checking,
  accessToken: string,
  sub: string,
): Promise<Claims | undefined> {
  if (userinfoEndpoint === undefined) return undefined;
  const signal = AbortSignal.timeout(OIDC_TIMEOUT_MS);
  const response = await askUserinfo(userinfoEndpoint, accessToken, { fetch, signal });
  if (response.status !== 200) {
    await discard(response);
    throw new IdTokenFault("userinfo_refused");
  }
  const said = await readJson(response, { limit: OIDC_MAX_BYTES, signal });
  if (!isRecord(said) || said.sub !== sub) throw new IdTokenFault("userinfo_sub");
  return said;
}
