/**
 * Signing keys for gateway tokens, derived from the key ring: one secret for
 * the operator to keep, and no key that is used for two things.
 *
 * @module
 */

import type { KeySpec } from "./key_ring.ts";

const INFO = "switchboard/gateway-token/HS256";

/** A signing key for every key of the ring, under the same id; the first signs. */
export async function deriveSigningKeys(
  specs: KeySpec[],
): Promise<{ current: string; key(id: string): CryptoKey | undefined }> {
  const keys = new Map<string, CryptoKey>();
  for (const { id, bytes } of specs) {
    const secret = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
    const hkdf = {
      name: "HKDF",
      hash: "SHA-256",
      salt: new Uint8Array(32),
      info: new TextEncoder().encode(INFO),
    };
    const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
    keys.set(id, await crypto.subtle.deriveKey(hkdf, secret, hmac, false, ["sign", "verify"]));
  }
  return { current: specs[0]!.id, key: (id) => keys.get(id) };
}
