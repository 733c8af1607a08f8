/**
 * Headers of mails beyond ASCII: encoded words (RFC 2047) and parameters (RFC
 * 2231). They are strangers' texts: each reader goes through them once.
 *
 * @module
 */

import { bytesOfBase64, bytesOfBinary } from "../../../broker/core/random_secret.ts";
import { decodeWord } from "../text/charset.ts";

const MAX_HEADER = 50_000;
const MAX_PARAMETERS = 100;

const WORD = /=\?([\w-]+)(?:\*[\w-]*)?\?([BQ])\?([^?]*)\?=/gi;

/** RFC 2047. Gmail decodes headers itself; what stands in for it may not. */
export function decodeWords(header: string): string {
  let text = "";
  let at = 0;
  /** Words that follow each other: a character may begin in one and end in the next. */
  let run: { charset: string; bytes: number[]; source: string } | undefined;
  const flush = () => {
    if (run === undefined) return;
    text += decodeWord(Uint8Array.from(run.bytes), run.charset) ?? run.source;
    run = undefined;
  };
  for (const found of header.slice(0, MAX_HEADER).matchAll(WORD)) {
    const [source, charset = "", encoding = "", content = ""] = found;
    const between = header.slice(at, found.index);
    // §6.2: space between two encoded words is not part of the text.
    if (run === undefined || /\S/.test(between)) {
      flush();
      text += between;
    }
    at = found.index + source.length;
    const bytes = /b/i.test(encoding) ? fromBase64(content) : unquote(content);
    if (bytes === undefined) {
      flush();
      text += source;
    } else if (run !== undefined && run.charset.toLowerCase() === charset.toLowerCase()) {
      for (const byte of bytes) run.bytes.push(byte);
      run.source += source;
    } else {
      flush();
      run = { charset, bytes: [...bytes], source };
    }
  }
  flush();
  return text + header.slice(at);
}

/** `Content-Type`, `Content-Disposition`: what stands before the first `;`, and the rest by name. */
export interface Structured {
  value: string;
  parameters: Map<string, string>;
}

/** RFC 2045 §5.1 with RFC 2231: `filename*0*=utf-8''na%C3%AF; filename*1="ve.txt"`. */
export function readStructured(header: string): Structured {
  const source = header.slice(0, MAX_HEADER);
  const [value = ""] = source.split(";", 1);
  const pieces = new Map<string, { at: number; text: string; isCoded: boolean }[]>();
  const pattern =
    /;\s*([^\s=;*"]{1,60})(?:\*(\d{1,2}))?(\*)?\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;
  let count = 0;
  for (const [, name = "", at, coded, quoted, bare] of source.matchAll(pattern)) {
    if (++count > MAX_PARAMETERS) break;
    const text = quoted === undefined ? (bare ?? "").trim() : quoted.replace(/\\(.)/gs, "$1");
    const key = name.toLowerCase();
    const piece = { at: Number(at ?? (coded ? 0 : -1)), text, isCoded: coded === "*" };
    pieces.set(key, [...pieces.get(key) ?? [], piece]);
  }
  const parameters = new Map<string, string>();
  for (const [name, list] of pieces) parameters.set(name, joinPieces(list));
  return { value: value.trim().toLowerCase(), parameters };
}

/** A parameter in its own encoding counts more than the plain one for old readers. */
function joinPieces(list: { at: number; text: string; isCoded: boolean }[]): string {
  const parts = list.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at);
  if (parts.length === 0) return decodeWords(list[0]?.text ?? "");
  const first = parts[0]!;
  const [, charset = "", start] = (first.isCoded && /^([\w.:-]*)'[\w-]*'(.*)$/s.exec(first.text)) ||
    [];
  const bytes = parts.flatMap(({ text, isCoded }, index) => {
    const part = index === 0 ? start ?? text : text;
    return [
      ...(isCoded ? unquote(part.replaceAll("=", "=3D").replaceAll("%", "="), "_") : utf8(part)),
    ];
  });
  const whole = Uint8Array.from(bytes);
  return decodeWord(whole, charset || "utf-8") ?? new TextDecoder().decode(whole);
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Of base64 in either alphabet; `undefined` where it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return bytesOfBase64(text.replace(/[\s=]+/g, ""));
  } catch {
    return undefined;
  }
}

/** The `Q` encoding, where `_` is a space. */
function unquote(text: string, space = " "): Uint8Array {
  const plain = text.replaceAll("_", space)
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  // A character beyond a byte stands as it was sent.
  const isBytes = /^[\0-\xFF]*$/.test(plain);
  return isBytes ? bytesOfBinary(plain) : utf8(plain);
}
