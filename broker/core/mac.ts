/**
 * Message authentication codes: HMAC-SHA-256 (RFC 2104), by the platform.
 *
 * @module
 */

import { nodeCrypto } from "./node_crypto.ts";
import { base64url } from "./random_secret.ts";

const encoder = new TextEncoder();

/** The code of a text, as base64url. `secret` has as many random bits as the code. */
export function macOf(secret: string, text: string): Promise<string> {
  return hmacOf(encoder.encode(secret), text);
}

/** As {@linkcode macOf}, by the bytes of a key. */
export async function hmacOf(key: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const node = nodeCrypto();
  if (node !== undefined) return node.createHmac("sha256", key).update(text).digest("base64url");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return base64url(
    new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(text))),
  );
}
