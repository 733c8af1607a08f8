/**
 * Message authentication codes: HMAC-SHA-256 (RFC 2104), by the platform.
 *
 * @module
 */

import { base64url } from "./random_secret.ts";

const encoder = new TextEncoder();

/** The code of a text, as base64url. `secret` has as many random bits as the code. */
export async function macOf(secret: string, text: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  return base64url(new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text))));
}
