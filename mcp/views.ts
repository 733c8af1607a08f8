/**
 * A text without what stands between the characters of an encoding: how a
 * secret is looked for that was written in base64, in hexadecimal, or with gaps.
 *
 * One pass with a table each. Patterns take ten times as long, and the
 * engine's stack ends with the longest of texts that are answered here.
 *
 * @module
 */

/** What becomes of an ASCII character: another, or nothing (0). */
type Table = Uint8Array;

/** What is neither a gap nor a character of the encoding ends what was before it. */
const OTHER = 0x00;
const LETTERS = /[A-Za-z0-9]/;
/** In the order in which base64 counts them. */
export const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const BARE = tableOf((character) => LETTERS.test(character) ? character : undefined);
/** Base64url in the letters of base64. */
const BASE64 = tableOf((character) =>
  character === "-"
    ? "+"
    : character === "_"
    ? "/"
    : /[A-Za-z0-9+/]/.test(character)
    ? character
    : undefined
);
const HEX = tableOf((character) =>
  /[0-9A-Fa-f]/.test(character) ? character.toLowerCase() : undefined
);

/** What a character of base64 or base64url stands for; 64: it is none. */
export const VALUE_OF_BASE64 = valuesOfBase64();

function valuesOfBase64(): Uint8Array {
  const values = new Uint8Array(128).fill(64);
  for (const [value, letter] of Array.from(`${LETTERS_AND_DIGITS}+/`).entries()) {
    values[letter.charCodeAt(0)] = value;
  }
  [values[0x2d], values[0x5f]] = [62, 63];
  return values;
}

function tableOf(kept: (character: string) => string | undefined): Table {
  return Uint8Array.from(
    { length: 128 },
    (_, code) => kept(String.fromCharCode(code))?.charCodeAt(0) ?? 0,
  );
}

/** The letters and digits. */
export function bareOf(text: string): string {
  return keptBy(text, BARE);
}

/** The characters of base64, whatever stands between them. */
export function looseBase64Of(text: string): string {
  return keptBy(text, BASE64);
}

/** The text without white space, its base64url in the letters of base64. */
export function base64Of(text: string): string {
  const out = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) continue;
    const kept = code < 128 ? BASE64[code]! : 0;
    out[length++] = kept === 0 ? OTHER : kept;
  }
  return latin1.decode(out.subarray(0, length));
}

/** The hexadecimal digits in lower case, without the `0x` before them. */
export function hexOf(text: string): string {
  const out = new Uint8Array(text.length);
  let length = 0;
  let last = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kept = code < 128 ? HEX[code]! : 0;
    if (kept !== 0) out[length++] = kept;
    // `x` after a zero, which was taken for a digit.
    else if ((code === 0x78 || code === 0x58) && last === 0x30) length--;
    last = code;
  }
  return latin1.decode(out.subarray(0, length));
}

/** What a text that is base64 as a whole stands for: an image, a file. */
export function wholeBase64(text: string, least: number): string | undefined {
  if (text.length < least) return undefined;
  // Most texts are none, and are told so before anything is made of them.
  let length = 0;
  let padding = 0;
  let isSpaced = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      isSpaced = true;
      continue;
    }
    if (code === 0x3d && padding < 2) {
      padding++;
      continue;
    }
    const kept = code < 128 ? BASE64[code]! : 0;
    if (kept === 0 || padding > 0) return undefined;
    length++;
  }
  if (length % 4 === 1) return undefined;
  if (isSpaced) return atob(looseBase64Of(text));
  // Hardly more than names, mostly: by these methods it takes a third of the time.
  return atob(text.slice(0, length).replaceAll("-", "+").replaceAll("_", "/"));
}

const latin1 = new TextDecoder("latin1");

/** Of ASCII characters what a table keeps; of others nothing. */
function keptBy(text: string, table: Table): string {
  const out = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 128) continue;
    const kept = table[code]!;
    if (kept !== 0) out[length++] = kept;
  }
  return latin1.decode(out.subarray(0, length));
}

/** As `\s` has it. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 || code === 0x2029 || code === 0x202f || code === 0x205f ||
    code === 0x3000 || code === 0xfeff;
}
