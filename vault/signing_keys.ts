/**
 * Keys that are derived from the key ring: one secret for the operator to keep,
 * and no key that is used for two things.
 *
 * @module
 */

/** The HS256 key that signs gateway tokens, and belongs to a key of the ring. */
export function deriveSigningKey(base: CryptoKey): Promise<CryptoKey> {
  return derive(base, "switchboard/gateway-token/HS256", ["sign", "verify"]);
}

/** The key that makes pseudonyms: without it nobody finds out whose one is, by trying all ids. */
export function derivePseudonymKey(base: CryptoKey): Promise<CryptoKey> {
  return derive(base, "switchboard/pseudonym/HS256", ["sign"]);
}

/** RFC 5869. `base` was imported for HKDF. */
function derive(base: CryptoKey, info: string, usages: KeyUsage[]): Promise<CryptoKey> {
  const hkdf = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(32),
    info: new TextEncoder().encode(info),
  };
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  return crypto.subtle.deriveKey(hkdf, base, hmac, false, usages);
}
