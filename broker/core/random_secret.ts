/**
 * Random secrets. Apart from their digests, which a start does not need.
 *
 * @module
 */

const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits as base64url. */
export function randomSecret(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** 32 random bits. */
export function randomWord(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/** Whether a text can be a {@linkcode randomSecret}; anything else need not be looked up. */
export function isSecret(text: unknown): text is string {
  return typeof text === "string" && SECRET.test(text);
}

/** Bytes as base64url, without padding (RFC 4648 §5). */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The bytes of base64, in either of its alphabets, padded or not (RFC 4648 §4 and §5).
 *
 * @throws {DOMException} for a text that is none.
 */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return bytesOfBinary(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
}

/** The bytes of a text that has a character for each. */
export function bytesOfBinary(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Bytes as hexadecimal digits, two each. */
export function hexOfBytes(bytes: Uint8Array): string {
  return bytes.reduce((hex, byte) => hex + HEX[byte], "");
}

/** The bytes of hexadecimal digits, two each. */
export function bytesOfHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}
