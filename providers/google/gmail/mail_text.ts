/**
 * The text of a part of a mail: its bytes as characters, its lines as they were
 * written, without what cannot be seen.
 *
 * @module
 */

import { decodeBytes } from "../text/charset.ts";
import { htmlToText, isTooLongHtml } from "../text/html_text.ts";
import { fromBase64, readStructured } from "./mime_header.ts";
import { isBlank, visible } from "../text/visible_text.ts";

/** A text, and in which form it was sent. */
export interface MailText {
  text: string;
  isPlain: boolean;
  /** As it was sent, of HTML. */
  html?: string | undefined;
  /** Whether it goes on. */
  isCut?: boolean | undefined;
}

/** What a text part says; `data` is base64 in either alphabet. */
export function readMailText(data: string, type: string, contentType: string): MailText {
  const { parameters } = readStructured(contentType);
  const bytes = bytesOf(data);
  const charset = parameters.get("charset") ??
    (type === "text/html" ? charsetIn(bytes) : undefined);
  const source = decodeBytes(bytes, charset ?? "utf-8").replace(/\r\n?/g, "\n");
  if (type === "text/html") {
    const isCut = isTooLongHtml(source) || undefined;
    return { text: htmlToText(source), isPlain: false, html: source, isCut };
  }
  // Some senders name a page a plain text.
  if (/^\s*<(!doctype html|html)\b/i.test(source.slice(0, 1_000))) {
    return { text: htmlToText(source), isPlain: true };
  }
  const isFlowed = parameters.get("format")?.toLowerCase() === "flowed";
  const lines = isFlowed
    ? unflow(source, parameters.get("delsp")?.toLowerCase() === "yes")
    : source;
  return {
    text: visible(lines).split("\n").map((line) => line.trimEnd()).join("\n").trim(),
    isPlain: true,
  };
}

/** Where the mail does not say it, the page itself may: `<meta charset="windows-1251">`. */
function charsetIn(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder("windows-1252").decode(bytes.subarray(0, 2_048));
  return /<meta\s[^>]{0,200}charset\s*=\s*["']?([\w.:-]+)/i.exec(start)?.[1];
}

/** What can be read of base64; a piece that was cut off is left out. */
export function bytesOf(data: string): Uint8Array<ArrayBuffer> {
  const plain = data.replaceAll("-", "+").replaceAll("_", "/").replace(/[^A-Za-z0-9+/]/g, "");
  const whole = plain.length % 4 === 1 ? plain.slice(0, -1) : plain;
  return fromBase64(whole) ?? new Uint8Array();
}

/** RFC 3676: a line that ends with a space goes on in the next one of the same quotation. */
function unflow(source: string, deletesSpace: boolean): string {
  const lines: string[] = [];
  let open: { depth: number; text: string } | undefined;
  const write = ({ depth, text }: { depth: number; text: string }) =>
    lines.push(depth === 0 ? text : `${">".repeat(depth)} ${text}`);
  for (const line of source.split("\n")) {
    const depth = /^>*/.exec(line)![0].length;
    const text = line.slice(depth).replace(/^ /, "");
    const isSignature = text === "-- ";
    const flows = text.endsWith(" ") && !isSignature;
    const kept = flows && deletesSpace ? text.slice(0, -1) : text;
    if (open !== undefined && open.depth === depth && !isSignature) open.text += kept;
    else {
      if (open !== undefined) write(open);
      open = { depth, text: kept };
    }
    if (flows) continue;
    write(open);
    open = undefined;
  }
  if (open !== undefined) write(open);
  return lines.join("\n");
}

/** What senders write where they have no plain text, in the words that programs put there. */
const STUBS = [
  /\b(html|rich[- ]?text)\b.{0,60}\b(message|e-?mail|mail|version|format|content|viewer|client|newsletter)/is,
  /\b(message|e-?mail|mail|version|format|content|newsletter)\b.{0,60}\bhtml\b/is,
  /\b(view|read|open|see|display)\b.{0,60}\b(online|browser|web ?page|web version)/is,
  /\b(client|program|reader|browser|viewer)\b.{0,60}\b(not|n't|unable|cannot)\b.{0,40}\b(support|display|show|view|html)/is,
  /\b(im browser|dans (votre|un) navigateur|en (tu|su|el) navegador|nel (tuo )?browser)/is,
  /\bhtml[- ]?(ansicht|format|nachricht|mail|f\u00e4hig)/i,
];
const STUB_LENGTH = 600;
const PREVIEW_LENGTH = 400;
/** So few words may be others by chance. */
const COMPARED_LENGTH = 40;

/**
 * RFC 2046 §5.1.4: one text in several forms. The plain one is taken, HTML has to
 * be guessed at; but not where it is no text: blank, a hint that there is HTML,
 * or only how it begins.
 */
export function chooseText(forms: MailText[]): MailText | undefined {
  const full = forms.filter(({ text }) => !isBlank(text));
  const plain = full.find(({ isPlain }) => isPlain);
  const other = full.findLast(({ isPlain }) => !isPlain);
  if (plain === undefined || other === undefined) return plain ?? full.at(-1);
  const chosen = isStandIn(plain.text, other.text) ? other : plain;
  return { ...chosen, html: other.html };
}

function isStandIn(plain: string, other: string): boolean {
  const [length, whole] = [plain.length, other.length];
  if (length < STUB_LENGTH && STUBS.some((stub) => stub.test(plain))) {
    // A text about HTML has these words itself.
    return whole > length || !overlaps(plain, other, 0.8);
  }
  const isSaying = (text: string) => /[\p{L}\p{N}]/u.test(text);
  if (!isSaying(plain) && isSaying(other)) return true;
  if (length < PREVIEW_LENGTH && whole > 2.5 * length + 80) return true;
  return length >= COMPARED_LENGTH && length < whole && !overlaps(plain, other, 0.3);
}

/** Whether so much of the words of one text are in the other. */
function overlaps(text: string, other: string, share: number): boolean {
  const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\d]+/gu));
  const known = wordsOf(other.slice(0, 200_000));
  const words = wordsOf(text.slice(0, 20_000));
  return [...words].filter((word) => known.has(word)).length >= share * words.size;
}
