/**
 * Keys that are derived from the key ring: one secret for the operator to keep,
 * and no key that is used for two things.
 *
 * @module
 */

import { hmacOf } from "../broker/core/mac.ts";

const KEY_BITS = 256;

/** The HS256 key that signs gateway tokens, and belongs to a key of the ring. */
export function deriveSigningKey(base: CryptoKey): Promise<CryptoKey> {
  const hkdf = derived("switchboard/gateway-token/HS256");
  const hmac = { name: "HMAC", hash: "SHA-256", length: KEY_BITS };
  return crypto.subtle.deriveKey(hkdf, base, hmac, false, ["sign", "verify"]);
}

/** What a text is called. */
export type Naming = (text: string) => Promise<string>;

/**
 * Makes pseudonyms: without the key nobody finds out whose one is, by trying all ids. Its bytes stay
 * in here.
 */
export async function createNaming(base: CryptoKey): Promise<Naming> {
  const hkdf = derived("switchboard/pseudonym/HS256");
  const key = new Uint8Array(await crypto.subtle.deriveBits(hkdf, base, KEY_BITS));
  return (text) => hmacOf(key, text);
}

/** RFC 5869; its base was imported for HKDF. */
function derived(info: string): HkdfParams {
  const encoded = new TextEncoder().encode(info);
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: encoded };
}
