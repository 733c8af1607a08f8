/**
 * Signing keys for gateway tokens, derived from the key ring: one secret for
 * the operator to keep, and no key that is used for two things.
 *
 * @module
 */

const INFO = "switchboard/gateway-token/HS256";

/** The HS256 key that belongs to a key of the ring, which was imported for HKDF (RFC 5869). */
export function deriveSigningKey(base: CryptoKey): Promise<CryptoKey> {
  const hkdf = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(32),
    info: new TextEncoder().encode(INFO),
  };
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  return crypto.subtle.deriveKey(hkdf, base, hmac, false, ["sign", "verify"]);
}
