/**
 * Bytes of a mail as characters.
 *
 * https://encoding.spec.whatwg.org/#names-and-labels
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";

/** What mails call charsets, and decoders do not. */
const NAMES: Record<string, string> = {
  cp932: "shift_jis",
  cp936: "gbk",
  cp949: "euc-kr",
  cp950: "big5",
  utf8mb4: "utf-8",
  "ansi": "windows-1252",
  "iso-8859-8-e": "iso-8859-8",
  "x-mac-roman": "macintosh",
  "x-windows-1252": "windows-1252",
};

/** These write other characters in bytes that look like ASCII. */
const DISGUISED = /^(iso-2022-jp|csiso2022jp)/;

/**
 * A text's characters. Gmail turns most texts into UTF-8 and leaves the name of
 * the old charset in the header, so the header is believed only where the bytes
 * are not UTF-8.
 */
export function decodeBytes(bytes: Uint8Array, charset: string): string {
  const label = labelOf(charset);
  const first = DISGUISED.test(label) && bytes.includes(0x1b) ||
      label.startsWith("utf-16") && looksWide(bytes)
    ? label
    : "utf-8";
  return tryDecode(bytes, first) ?? tryDecode(bytes, label) ??
    // Cut within a character, or with a few bytes that are wrong: still more of a text than another.
    (isMostlyUtf8(bytes)
      ? new TextDecoder().decode(bytes)
      : lenient(bytes, label) ?? new TextDecoder("windows-1252").decode(bytes));
}

/** As in a header, where each word has its charset; `undefined` for one that nobody knows. */
export function decodeWord(bytes: Uint8Array, charset: string): string | undefined {
  return lenient(bytes, labelOf(charset));
}

function labelOf(charset: string): string {
  const label = charset.trim().toLowerCase().replace(/^["']|["']$/g, "");
  return lookUp(NAMES, label) ?? label.replace(/^cp-?(\d{4})$/, "windows-$1");
}

function tryDecode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    // The bytes are not of this charset, or nobody knows one of that name.
    return undefined;
  }
}

function lenient(bytes: Uint8Array, label: string): string | undefined {
  try {
    const decoder = new TextDecoder(label);
    // Some names stand for charsets that decoders refuse for safety: they give one sign for all.
    return decoder.encoding === "replacement" ? undefined : decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Every second byte of Latin text in UTF-16 is zero; in UTF-8 none is. */
function looksWide(bytes: Uint8Array): boolean {
  return bytes.includes(0) || (bytes[0] ?? 0) >= 0xFE;
}

function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes);
  const wrong = text.match(/\uFFFD/g)?.length ?? 0;
  const right = text.match(/[^\0-\x7F\uFFFD]/g)?.length ?? 0;
  return right > 4 * wrong;
}
