/**
 * A connection on its way to another server: one line, sealed to the receiver's
 * public key as a compact JWE (RFC 7516). In it stands what
 * `POST /connections/import` takes.
 *
 * @module
 */

import { calculateJwkThumbprint, compactDecrypt, CompactEncrypt, importJWK, type JWK } from "jose";
import type { Connection } from "../broker/core/connection.ts";
import { partsOf } from "../broker/core/subject.ts";

/** A key file cannot be used. The message is for the operator, and quotes nothing of it. */
export class KeyFault extends Error {
  override name = "KeyFault";
}

/** A key that something is sealed to. */
export interface Receiver {
  /** RFC 7638; what a connection notes of where it went. */
  thumbprint: string;
  seal(connection: Connection): Promise<string>;
}

/** Which way of sealing a key is for; `undefined`: none that is used here. */
function algorithmOf({ kty }: JWK): string | undefined {
  return kty === "RSA" ? "RSA-OAEP-256" : kty === "EC" || kty === "OKP" ? "ECDH-ES" : undefined;
}

/** What a key file may hold. @throws {KeyFault} whose message quotes nothing. */
function jwkOf(text: string): { jwk: JWK; alg: string } {
  let jwk: JWK;
  try {
    jwk = JSON.parse(text);
  } catch {
    throw new KeyFault("The key file holds no JSON.");
  }
  const alg = typeof jwk === "object" && jwk !== null ? algorithmOf(jwk) : undefined;
  if (alg === undefined) {
    throw new KeyFault("The key file must hold one JWK: an RSA, EC or X25519 key.");
  }
  return { jwk, alg };
}

/**
 * Whom lines are for. It is tried out before anything is moved.
 *
 * @throws {KeyFault} where the key cannot be used, in words of its own.
 */
export async function receiverOf(text: string): Promise<Receiver> {
  const { jwk, alg } = jwkOf(text);
  if (jwk.d !== undefined) {
    throw new KeyFault(
      "This is a private key. The receiver keeps that, and gives you the public one.",
    );
  }
  try {
    const key = await importJWK(jwk, alg);
    const thumbprint = await calculateJwkThumbprint(jwk);
    const sealed = (plain: object) =>
      new CompactEncrypt(new TextEncoder().encode(JSON.stringify(plain)))
        .setProtectedHeader({ alg, enc: "A256GCM", kid: thumbprint })
        .encrypt(key);
    await sealed({});
    return { thumbprint, seal: (connection) => sealed(itemOf(connection)) };
  } catch {
    throw new KeyFault("Nothing can be sealed to this key: RSA needs 2048 bits, EC a known curve.");
  }
}

/** Opens lines with the receiver's own key. @throws {KeyFault} as {@linkcode receiverOf}. */
export async function openerOf(text: string): Promise<(line: string) => Promise<string>> {
  const { jwk, alg } = jwkOf(text);
  if (jwk.d === undefined) {
    throw new KeyFault("This is a public key: lines are opened by the private one.");
  }
  const key = await importJWK(jwk, alg);
  const allowed = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: ["A256GCM"] };
  return async (line) => {
    const { plaintext } = await compactDecrypt(line, key, allowed);
    return new TextDecoder().decode(plaintext);
  };
}

/** As an import takes it. */
function itemOf({ subject, provider, account, label, tokens }: Connection): object {
  const { accessToken, refreshToken, tokenType, expiresAt, scopes, extra } = tokens;
  return {
    provider,
    user_id: partsOf(subject).userId,
    account: { id: account, label },
    // None was ever issued to this server, where only a refresh token was imported.
    access_token: accessToken === "" ? undefined : accessToken,
    refresh_token: refreshToken,
    token_type: tokenType,
    expires_at: accessToken === "" ? undefined : expiresAt,
    scopes,
    extra,
  };
}
