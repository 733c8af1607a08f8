/**
 * A message as Gmail sends it: its headers, its text, what is attached.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages
 *
 * @module
 */

import { z } from "zod";
import { oneLine, shorten } from "../text.ts";
import { htmlToText } from "./html_text.ts";
import { decodeWords } from "./mime.ts";

export const MESSAGES = "/gmail/v1/users/me/messages";

const HEADER_LENGTH = 300;

/** A message's id as tools take it; it becomes a part of a path. */
export const MessageId = z.string().regex(
  /^[\w-]{1,128}$/,
  "must be the id of a message, from gmail_search_messages",
);

/** A part of a message: its body, or more parts. */
export const Part = z.object({
  mimeType: z.string().nullish(),
  /** Empty where the part is no attachment. */
  filename: z.string().nullish(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  body: z.object({
    size: z.number().nullish(),
    /** base64url, with the transfer encoding taken off. */
    data: z.string().nullish(),
    /** Set where the data must be fetched by itself. */
    attachmentId: z.string().nullish(),
  }).nullish(),
  get parts() {
    return z.array(Part).nullish();
  },
});
export type Part = z.output<typeof Part>;

/** What the tools use of a message. */
export const Message = z.object({
  id: z.string(),
  threadId: z.string(),
  labelIds: z.array(z.string()).nullish(),
  snippet: z.string().nullish(),
  // Epoch ms as text: when Gmail took the message in. The Date header is the sender's claim.
  internalDate: z.string().regex(/^\d{1,14}$/).nullish(),
  payload: Part.nullish(),
});
export type Message = z.output<typeof Message>;

/** A header as it was sent, or nothing. */
export function rawHeader({ payload }: Message, name: string): string {
  return payload?.headers?.find((header) => header.name.toLowerCase() === name)?.value ?? "";
}

/** A header as a person reads it: one line, not too long. */
export function headerOf(message: Message, name: string, length = HEADER_LENGTH): string {
  return shorten(oneLine(decodeWords(rawHeader(message, name))), Math.min(length, HEADER_LENGTH));
}

/** When Gmail took it in, RFC 3339 in UTC. */
export function dateOf({ internalDate }: Message): string | undefined {
  return internalDate ? new Date(Number(internalDate)).toISOString() : undefined;
}

/** The texts of a message that are meant to be read, in their order. */
export function textParts(part: Part): Part[] {
  const type = part.mimeType?.toLowerCase() ?? "";
  if (isAttachment(part)) return [];
  if (type === "text/plain" || type === "text/html") return [part];
  const children = (part.parts ?? []).map(textParts);
  if (type !== "multipart/alternative") return children.flat();
  // RFC 2046 §5.1.4: one text in several forms. The plain one is taken, HTML has to be guessed at.
  const full = children.filter((texts) => texts.some(hasBody));
  return full.find((texts) => texts.every(isPlain)) ?? full.at(-1) ?? [];
}

/** The parts that are files, or messages that were passed on. */
export function attachmentsOf(part: Part): Part[] {
  return isAttachment(part) ? [part] : (part.parts ?? []).flatMap(attachmentsOf);
}

function isAttachment({ filename, mimeType, headers, body, parts }: Part): boolean {
  const type = mimeType?.toLowerCase() ?? "";
  if (filename || type.startsWith("message/")) return true;
  if (/^\s*attachment\b/i.test(partHeader(headers, "content-disposition"))) return true;
  return Boolean(body?.attachmentId) && !type.startsWith("text/") && !parts?.length;
}

function hasBody({ body }: Part): boolean {
  return Boolean(body?.attachmentId) || Boolean(body?.data);
}

function isPlain({ mimeType }: Part): boolean {
  return mimeType?.toLowerCase() === "text/plain";
}

function partHeader(headers: Part["headers"], name: string): string {
  return headers?.find((header) => header.name.toLowerCase() === name)?.value ?? "";
}

/** What a text part says; `data` is base64url. */
export function readText(part: Part, data: string): string {
  const bytes = Uint8Array.from(
    atob(data.replaceAll("-", "+").replaceAll("_", "/").replace(/[^A-Za-z0-9+/]/g, "")),
    (char) => char.charCodeAt(0),
  );
  const contentType = partHeader(part.headers, "content-type");
  const charset = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? "utf-8";
  const text = decode(bytes, charset).replace(/\r\n?/g, "\n");
  return isPlain(part) ? text : htmlToText(text);
}

/**
 * A text's characters. Gmail turns most texts into UTF-8 and leaves the name of
 * the old charset in the header, so the header is believed only where the bytes
 * are not UTF-8.
 */
function decode(bytes: Uint8Array, charset: string): string {
  // These charsets write other characters in bytes that look like ASCII.
  const first = /^iso-2022/i.test(charset) && bytes.includes(0x1b) ? charset : "utf-8";
  for (const label of [first, charset]) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes);
    } catch {
      // The bytes are not of this charset, or the header names one that does not exist.
    }
  }
  return new TextDecoder("windows-1252").decode(bytes);
}
