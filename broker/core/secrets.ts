/**
 * Random secrets and their digests. What has 256 random bits needs no salt and
 * no slow hash.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits as base64url. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether a text can be a {@linkcode randomSecret}; anything else need not be looked up. */
export function isSecret(text: unknown): text is string {
  return typeof text === "string" && SECRET.test(text);
}

/** SHA-256 as base64url: what is stored in place of a secret. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** SHA-256 of a text as 64 hexadecimal digits: for what a person reads or compares. */
export function digestHex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The bytes of hexadecimal digits, two each. */
export function bytesOfHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

/** SHA-256 of a text, as bytes. */
export function digestBytes(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
