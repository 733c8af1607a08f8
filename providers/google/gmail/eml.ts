/**
 * A mail in a file (RFC 5322, RFC 2045), as the parts that Gmail makes of one.
 * Files are strangers': depth and number of parts are bounded.
 *
 * @module
 */

import { bytesOfBinary } from "../../../broker/core/random_secret.ts";
import { type Part, partHeader } from "./message.ts";
import { readStructured } from "./mime_header.ts";

const MAX_DEPTH = 20;
const MAX_PARTS = 200;
const MAX_HEADERS = 500;

/** The parts of a mail; what is too deep or too much is left out, which `isCut` says. */
export function parseMail(bytes: Uint8Array): { payload: Part; isCut: boolean } {
  const source = new TextDecoder("x-user-defined").decode(bytes)
    // One character a byte, those beyond ASCII moved out of the way.
    .replace(/[\uF780-\uF7FF]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xF700));
  const reader = { left: MAX_PARTS, isCut: false };
  const payload = readPart(source, "", 0, reader);
  return { payload, isCut: reader.isCut };
}

interface Reader {
  left: number;
  isCut: boolean;
}

function readPart(source: string, partId: string, depth: number, reader: Reader): Part {
  const [, gap] = /^(\r?\n)/.exec(source) ?? [];
  const split = gap === undefined ? /\r?\n\r?\n/.exec(source) : null;
  const head = gap !== undefined ? "" : source.slice(0, split?.index ?? source.length);
  const start = gap?.length ?? (split === null ? source.length : split.index + split[0].length);
  const body = source.slice(start);
  const headers = readHeaders(head);
  const type = readStructured(partHeader({ headers }, "content-type"));
  const mimeType = /^[\w.+-]+\/[\w.+-]+$/.test(type.value) ? type.value : "text/plain";
  const bare: Part = { partId, mimeType, filename: "", headers };
  const boundary = type.parameters.get("boundary") ?? "";
  const inner = mimeType.startsWith("multipart/") && boundary !== ""
    ? piecesOf(body, boundary)
    : mimeType === "message/rfc822"
    ? [textOfTransfer(body, headers)]
    : undefined;
  if (inner === undefined) {
    const data = dataOf(body, headers);
    return { ...bare, body: { size: Math.floor(data.length * 3 / 4), data } };
  }
  const parts: Part[] = [];
  for (const piece of inner) {
    if (reader.left-- <= 0 || depth >= MAX_DEPTH) {
      reader.isCut = true;
      break;
    }
    const id = partId === "" ? String(parts.length) : `${partId}.${parts.length}`;
    parts.push(readPart(piece, id, depth + 1, reader));
  }
  return { ...bare, body: { size: body.length }, parts };
}

function readHeaders(head: string): NonNullable<Part["headers"]> {
  return head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/).slice(0, MAX_HEADERS).flatMap((line) => {
    const colon = line.indexOf(":");
    if (colon <= 0) return [];
    const value = line.slice(colon + 1).trim();
    return [{ name: line.slice(0, colon).trim(), value: isLatin(value) ? value : wide(value) }];
  });
}

function isLatin(text: string): boolean {
  return !/[\x80-\xFF]/.test(text);
}

/** RFC 6532: headers may be in UTF-8. */
function wide(text: string): string {
  return new TextDecoder().decode(bytesOfBinary(text));
}

/** RFC 2046 §5.1.1: what stands between the lines of a boundary. */
function piecesOf(body: string, boundary: string): string[] {
  const mark = `--${boundary}`;
  const pieces: string[] = [];
  let start = -1;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== "\n") continue;
    const rest = body.slice(at + mark.length, at + mark.length + 4);
    // A longer boundary begins with this one.
    if (!/^(--|[ \t]*(\r?\n|$))/.test(rest)) continue;
    if (start >= 0) pieces.push(body.slice(start, at).replace(/\r?\n$/, ""));
    if (rest.startsWith("--")) return pieces;
    const line = body.indexOf("\n", at);
    start = line < 0 ? body.length : line + 1;
    if (pieces.length > MAX_PARTS) return pieces;
  }
  if (start >= 0) pieces.push(body.slice(start));
  return pieces;
}

function transferOf(headers: Part["headers"]): string {
  return partHeader({ headers }, "content-transfer-encoding").trim().toLowerCase();
}

/** base64, whatever it was sent in. */
function dataOf(body: string, headers: Part["headers"]): string {
  const transfer = transferOf(headers);
  if (transfer === "base64") return body.replace(/[^A-Za-z0-9+/]/g, "");
  return btoa(transfer === "quoted-printable" ? unquote(body) : body);
}

function textOfTransfer(body: string, headers: Part["headers"]): string {
  const transfer = transferOf(headers);
  if (transfer === "quoted-printable") return unquote(body);
  if (transfer !== "base64") return body;
  try {
    return atob(body.replace(/[^A-Za-z0-9+/]/g, ""));
  } catch {
    return body;
  }
}

function unquote(body: string): string {
  return body.split(/\r?\n/).map((line) => line.trimEnd()).join("\n").replace(/=\n/g, "")
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
