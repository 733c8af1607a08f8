/**
 * Handing a message to Gmail, and what Gmail then says it sent.
 *
 * https://developers.google.com/workspace/gmail/api/guides/uploads
 *
 * @module
 */

import { z } from "zod";
import type { ApiClient } from "../../provider.ts";
import { count } from "../../text.ts";
import { Message, MESSAGES, rawHeader } from "./message.ts";
import { readAddresses, speakMailbox } from "./mime.ts";

/** Larger ones go to the address for uploads, which takes 35 MB. */
const MAX_JSON_MAIL = 3_000_000;

/** What Gmail answers to a message that was sent, or drafted. */
export const SentMessage = z.object({
  id: z.string(),
  threadId: z.string().nullish(),
  labelIds: z.array(z.string()).nullish(),
});
export type SentMessage = z.output<typeof SentMessage>;

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send */
export async function sendMail(
  api: ApiClient,
  mail: Uint8Array<ArrayBuffer> & { toString(encoding: "base64url"): string },
  threadId?: string,
): Promise<SentMessage> {
  const method = "POST";
  if (mail.length > MAX_JSON_MAIL && threadId === undefined) {
    return await api.json(`/upload${MESSAGES}/send`, SentMessage, {
      method,
      query: { uploadType: "media" },
      rawBody: { contentType: "message/rfc822", body: mail },
    });
  }
  const body = { raw: mail.toString("base64url"), threadId };
  return await api.json(`${MESSAGES}/send`, SentMessage, { method, body });
}

/** To whom a message goes, each address once. */
export interface Addressed {
  to: string[];
  cc: string[];
  bcc: string[];
}

/** Sentences about what Gmail sent, where that is not what it was asked for. */
export async function readBack(
  api: ApiClient,
  sent: SentMessage,
  asked: Addressed,
): Promise<string[]> {
  const metadataHeaders = ["From", "To", "Cc", "Bcc", "Subject", "Message-ID"];
  let message: Message;
  try {
    message = await api.json(`${MESSAGES}/${encodeURIComponent(sent.id)}`, Message, {
      query: { format: "metadata", metadataHeaders },
    });
  } catch {
    // It is sent; only that could not be looked at.
    return [];
  }
  if (message.id !== sent.id) return [];
  const went = await addressesOf(message);
  const wanted = went.size === 0 ? [] : [...addressSet([...asked.to, ...asked.cc])];
  const missing = wanted.filter((one) => !went.has(one));
  return [
    ...unsentNote(message),
    ...(missing.length === 0 ? [] : [
      `Gmail does not list ${count(missing.length, "recipient")} of it: ${missing.join(", ")}.`,
    ]),
  ];
}

/** Where Gmail's answer does not say that it was sent. */
export function unsentNote({ labelIds }: Pick<SentMessage, "labelIds">): string[] {
  return !labelIds || labelIds.includes("SENT") || labelIds.length === 0
    ? []
    : ["Gmail does not list it among the sent messages."];
}

async function addressesOf(message: Message): Promise<Set<string>> {
  const lists = await Promise.all(
    ["to", "cc", "bcc"].map((name) => readAddresses(rawHeader(message, name))),
  );
  return new Set(lists.flat().map(({ address }) => address.toLowerCase()));
}

export function addressSet(recipients: string[]): Set<string> {
  return new Set(recipients.map((one) => {
    const address = one.slice(one.lastIndexOf("<") + 1);
    return address.replace(">", "").trim().toLowerCase();
  }));
}

/** `Ana and 2 others` */
export function speakRecipients([first = "", ...others]: string[]): string {
  return speakMailbox(first) + (others.length === 0 ? "" : ` and ${count(others.length, "other")}`);
}
