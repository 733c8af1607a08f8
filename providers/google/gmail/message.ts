/**
 * A message as Gmail sends it: its headers, when it came, in which places it is.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages
 *
 * @module
 */

import { z } from "zod";
import { oneLine, shorten, shortLine } from "../../text.ts";
import { decodeWords } from "./mime_header.ts";
import { visible } from "../text/visible_text.ts";

export const USER = "/gmail/v1/users/me";
export const MESSAGES = `${USER}/messages`;

const HEADER_LENGTH = 300;
/** The year 9999. */
const LAST_MOMENT = 253_402_300_799_999;

/** A message's id as tools take it; it becomes a part of a path. */
export const MessageId = z.string().regex(
  /^[\w-]{1,128}$/,
  "must be the id of a message, from gmail_search_messages",
);

/** A part of a message: its body, or more parts. */
export const Part = z.object({
  partId: z.string().nullish(),
  mimeType: z.string().nullish(),
  /** Empty where the part is no attachment. */
  filename: z.string().nullish(),
  headers: z.array(z.object({ name: z.string().nullish(), value: z.string().nullish() })).nullish(),
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
  threadId: z.string().nullish(),
  labelIds: z.array(z.string()).nullish(),
  snippet: z.string().nullish(),
  // Epoch ms as text: when Gmail took the message in. The Date header is the sender's claim.
  internalDate: z.string().nullish(),
  payload: Part.nullish(),
});
export type Message = z.output<typeof Message>;

/** A header of a part as it was sent, or nothing. */
export function partHeader({ headers }: Pick<Part, "headers">, name: string): string {
  return headers?.find((header) => header.name?.toLowerCase() === name)?.value ?? "";
}

/** A header as it was sent, or nothing. */
export function rawHeader({ payload }: Message, name: string): string {
  return payload ? partHeader(payload, name) : "";
}

/** A stranger's text on one line, as it is seen, not too long. */
export function tidy(text: string, length = HEADER_LENGTH): string {
  return shortLine(visible(text), length);
}

/** A header as a person reads it: one line, not too long. */
export function headerOf(message: Message, name: string, length = HEADER_LENGTH): string {
  return tidy(decodeWords(rawHeader(message, name)), Math.min(length, HEADER_LENGTH));
}

/** Who sent it: of a name that is too long the end is cut off, and not the address. */
export function senderOf(message: Message, length = HEADER_LENGTH): string {
  const limit = Math.min(length, HEADER_LENGTH);
  const whole = oneLine(visible(decodeWords(rawHeader(message, "from"))));
  const open = whole.lastIndexOf("<");
  if (whole.length <= limit || open < 0) return shorten(whole, limit);
  const address = shorten(whole.slice(open), limit);
  const room = limit - address.length - 1;
  return room < 2
    ? address
    : `${shorten(whole.slice(0, open).trim().replace(/^"|"$/g, ""), room)} ${address}`;
}

/** When Gmail took it in, RFC 3339 in UTC. */
export function dateOf({ internalDate }: Message): string | undefined {
  const isNumber = /^\d{1,15}$/.test(internalDate ?? "");
  const at = Number(internalDate);
  return isNumber && at <= LAST_MOMENT ? new Date(at).toISOString() : undefined;
}

/** A message in one of these is not where a person looks for it. */
export function placeOf({ labelIds }: Message): "trash" | "spam" | "drafts" | undefined {
  if (labelIds?.includes("TRASH")) return "trash";
  if (labelIds?.includes("SPAM")) return "spam";
  return labelIds?.includes("DRAFT") ? "drafts" : undefined;
}
