/**
 * Secrets and their digests. What has 256 random bits needs no salt and no slow
 * hash.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { nodeCrypto } from "./node_crypto.ts";
import { base64url, hexOfBytes } from "./random_secret.ts";

export { bytesOfHex, isSecret, randomSecret } from "./random_secret.ts";

const encoder = new TextEncoder();

/** SHA-256 as base64url: what is stored in place of a secret. */
export function digest(secret: string): string {
  return base64url(digestBytes(secret));
}

/** SHA-256 of a text as 64 hexadecimal digits: for what a person reads or compares. */
export function digestHex(text: string): string {
  return hexOfBytes(digestBytes(text));
}

/**
 * Of so many characters, as secrets of ours have them, a digest is made faster here than `node:crypto`
 * makes the object that it makes it with (seen with Deno 2.9, November 2026).
 */
const SHORT_TEXT = 128;
/** Of a character UTF-8 has three bytes at most. */
const short = new Uint8Array(3 * SHORT_TEXT);
/** Making one takes as long as the digest itself: the second begins anew as the first each time. */
const [unused, used] = [sha256.create(), sha256.create()];

/** SHA-256 of a text, as bytes. */
export function digestBytes(text: string): Uint8Array<ArrayBuffer> {
  if (text.length <= SHORT_TEXT) {
    const { written } = encoder.encodeInto(text, short);
    const bytes = new Uint8Array(used.outputLen);
    unused._cloneInto(used).update(short.subarray(0, written)).digestInto(bytes);
    return bytes;
  }
  const node = nodeCrypto();
  if (node === undefined) return sha256(encoder.encode(text));
  // As text: bytes would come in a buffer outside of the heap, whose end costs more than the digest.
  const hex = node.hash("sha256", text, "hex");
  const bytes = new Uint8Array(32);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = 16 * digitAt(hex, 2 * at) + digitAt(hex, 2 * at + 1);
  }
  return bytes;
}

/** The value of a hexadecimal digit in lower case, without a branch on it. */
function digitAt(hex: string, at: number): number {
  const code = hex.charCodeAt(at);
  return (code & 15) + 9 * (code >> 6);
}
