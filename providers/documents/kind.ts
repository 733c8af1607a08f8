/**
 * What a file is, judged by its bytes: names and types are what the sender says.
 *
 * @module
 */

import { looksBinary } from "../text.ts";
import type { DocumentKind, DocumentText } from "./document.ts";

/** Viewers accept a PDF that begins this late. */
const PDF_HEADER = 1_024;
const TEXT_SAMPLE = 4_096;

/** What a file is, or a sentence about why it cannot be read. */
export function kindOf(
  bytes: Uint8Array,
  mimeType: string,
  name: string,
): DocumentKind | { why: string } {
  if (bytes.length === 0) return { why: "It is empty." };
  const start = latin1(bytes.subarray(0, PDF_HEADER));
  if (start.includes("%PDF-")) return "pdf";
  if (start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06")) return "zip";
  if (start.startsWith("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) return { why: compound(bytes) };
  if (start.startsWith("{\\rtf")) {
    return { why: "It is in the Rich Text Format, which cannot be read here." };
  }
  if (/^(?:image|audio|video|font)\//i.test(mimeType) || isPicture(start)) {
    return { why: "It is no text but a picture, sound or film." };
  }
  if (!looksBinary(decodeText(bytes.subarray(0, TEXT_SAMPLE), true).text)) return "text";
  const suffix = /\.([a-z0-9]{1,5})$/i.exec(name.slice(-20))?.[1];
  return { why: suffix ? `It is no text: a ${suffix} file.` : "It is no text." };
}

function isPicture(start: string): boolean {
  return /^(?:\x89PNG|GIF8|\xFF\xD8\xFF|RIFF....WEBP|II\*\0|MM\0\*)/s.test(start);
}

/** The container of Office before 2007, in which files with a password come to this day. */
function compound(bytes: Uint8Array): string {
  const within = latin1(bytes.subarray(0, 1_000_000));
  return within.includes("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e")
    ? "It is protected with a password."
    : "It is in the format of Office before 2007. Saved in a newer format it can be read.";
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  // As arguments of one call they would be too many.
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return text;
}

/** Plain text needs no worker: it is decoded, and that is all. */
export function plainText(bytes: Uint8Array, maxText: number, cut: boolean): DocumentText {
  const enough = 4 * maxText + 4;
  const isCut = cut || bytes.length > enough;
  const { text, isGuess } = decodeText(bytes.subarray(0, enough), isCut);
  const kept = text.slice(0, maxText).replace(/[\uD800-\uDBFF]$/, "");
  const notes = isGuess ? ["It does not say how it is written: some letters may be others."] : [];
  return { kind: "text", text: kept, truncated: isCut || text.length > maxText, notes };
}

/** By its byte order mark, else as UTF-8, else as what Windows writes. `cut`: its end is missing. */
function decodeText(bytes: Uint8Array, cut: boolean): { text: string; isGuess: boolean } {
  const [first, second] = bytes;
  if (first === 0xFF && second === 0xFE) {
    return { text: new TextDecoder("utf-16le").decode(bytes), isGuess: false };
  }
  if (first === 0xFE && second === 0xFF) {
    return { text: new TextDecoder("utf-16be").decode(bytes), isGuess: false };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: cut });
    return { text, isGuess: false };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), isGuess: true };
  }
}
