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
  return base64url(passingDigest(secret));
}

/** SHA-256 of a text as 64 hexadecimal digits: for what a person reads or compares. */
export function digestHex(text: string): string {
  return hexOfBytes(passingDigest(text));
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
const passing = new Uint8Array(used.outputLen);

/**
 * SHA-256 of a text, as bytes, for whoever looks at them at once: the next digest is written into the
 * same. Bytes of their own, and a view of them, take longer to come and go than the digest takes.
 */
export function passingDigest(text: string): Uint8Array<ArrayBuffer> {
  if (text.length <= SHORT_TEXT) {
    const length = shortUtf8(text);
    unused._cloneInto(used).update(short.subarray(0, length)).digestInto(passing);
    return passing;
  }
  const node = nodeCrypto();
  if (node === undefined) {
    passing.set(sha256(encoder.encode(text)));
    return passing;
  }
  // As text: bytes would come in a buffer outside of the heap, whose end costs more than the digest.
  const hex = node.hash("sha256", text, "hex");
  for (let at = 0; at < passing.length; at++) {
    passing[at] = 16 * digitAt(hex, 2 * at) + digitAt(hex, 2 * at + 1);
  }
  return passing;
}

/** Puts a short text into {@linkcode short}, as UTF-8; returns how long it is. */
function shortUtf8(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127) return encoder.encodeInto(text, short).written;
    short[at] = code;
  }
  return text.length;
}

/** The value of a hexadecimal digit in lower case, without a branch on it. */
function digitAt(hex: string, at: number): number {
  const code = hex.charCodeAt(at);
  return (code & 15) + 9 * (code >> 6);
}
