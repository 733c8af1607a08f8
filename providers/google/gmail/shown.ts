/**
 * A message as the tools show it: who wrote to whom, which files are attached,
 * and what has to be known about it beside its text.
 *
 * @module
 */

import { z } from "zod";
import { count, shorten } from "../../text.ts";
import { loaderOf } from "./attachment.ts";
import {
  dateOf,
  headerOf,
  type Message,
  partHeader,
  placeOf,
  rawHeader,
  senderOf,
} from "./message.ts";
import { Invitation, readInvitation } from "./invitation.ts";
import { type File, fileNameOf, partsOf, sealsOf, typeOf } from "./mail_parts.ts";
import { readMailText } from "./mail_text.ts";
import { readAddresses, writeMailbox } from "./mime.ts";
import { type ApiClient, ApiError } from "../../provider.ts";

const MAX_PEOPLE = 20;
const MAX_BCC = 10;
const MAX_ATTACHMENTS = 20;
const NAME_LENGTH = 100;

export const ShownFile = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  size: z.number(),
  subject: z.string().optional(),
  from: z.string().optional(),
  within: z.string().optional().describe("The attached message that has it."),
  message_id: z.string().optional(),
});

export const ShownHeaders = {
  id: z.string(),
  thread_id: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  bcc: z.array(z.string()).optional(),
  recipients_left_out: z.number().optional(),
  reply_to: z.string().optional(),
  subject: z.string(),
  date: z.string().optional(),
  labels: z.array(z.string()),
  unread: z.boolean(),
};

export const ShownFiles = {
  attachments: z.array(ShownFile),
  attachments_left_out: z.number().optional(),
  invitation: Invitation.optional(),
};

export async function headersOf(message: Message) {
  const [to = [], cc = [], bcc = []] = await Promise.all(
    ["to", "cc", "bcc"].map(async (name) => {
      const people = await readAddresses(rawHeader(message, name));
      return people.map((person) => shorten(writeMailbox(person), NAME_LENGTH));
    }),
  );
  const shown = {
    to: to.slice(0, MAX_PEOPLE),
    cc: cc.slice(0, MAX_PEOPLE),
    bcc: bcc.length > 0 ? bcc.slice(0, MAX_BCC) : undefined,
  };
  const leftOut = to.length + cc.length + bcc.length -
    (shown.to.length + shown.cc.length + (shown.bcc?.length ?? 0));
  const replyTo = headerOf(message, "reply-to");
  return {
    id: message.id,
    thread_id: message.threadId ?? message.id,
    from: senderOf(message),
    ...shown,
    recipients_left_out: leftOut > 0 ? leftOut : undefined,
    reply_to: replyTo === "" ? undefined : replyTo,
    subject: headerOf(message, "subject"),
    date: dateOf(message),
    labels: (message.labelIds ?? []).slice(0, 50).map((id) => shorten(id, 50)),
    unread: message.labelIds?.includes("UNREAD") ?? false,
  };
}

export function showFiles(files: File[]) {
  const leftOut = files.length - MAX_ATTACHMENTS;
  return {
    attachments: files.slice(0, MAX_ATTACHMENTS).map(showFile),
    attachments_left_out: leftOut > 0 ? leftOut : undefined,
  };
}

export function showFile({ id, name, type, size, subject, from, within, messageId }: File) {
  return { id, name, type, size, subject, from, within, message_id: messageId };
}

/** What a listener has to know about a message beside what it says. */
export function remarksOn(message: Message, leftOut: number | undefined): string[] {
  const place = placeOf(message);
  const { isSigned, isEncrypted, isWrapped, isOutlooks } = sealsOf(message.payload ?? {});
  const answersGo = otherAnswers(message);
  return [
    ...(place === "trash" ? ["It is in the trash."] : []),
    ...(place === "spam" ? ["It is in spam."] : []),
    ...(place === "drafts" ? ["It is a draft, which was not sent."] : []),
    ...(isEncrypted ? ["It is encrypted, and can be read only where its key is."] : []),
    ...(isWrapped ? ["Its text is within a signature, and cannot be read here."] : []),
    ...(isOutlooks ? ["A part of it is in Outlook's own format, which cannot be read here."] : []),
    ...(answersGo === undefined ? [] : [`Answers to it go to ${answersGo}.`]),
    ...(isSigned ? ["It bears a signature, which was not checked."] : []),
    ...(leftOut === undefined ? [] : [`${count(leftOut, "more recipient")} not listed.`]),
  ];
}

/** Whom answers go to, where that is nobody at the sender's own domain. */
function otherAnswers(message: Message): string | undefined {
  const addressIn = (mailbox: string) =>
    /([^\s<>,"]+@[^\s<>,"]+)>?\s*$/.exec(mailbox)?.[1]?.toLowerCase();
  const [from, to] = [senderOf(message), headerOf(message, "reply-to")].map(addressIn);
  if (from === undefined || to === undefined) return undefined;
  const domainOf = (address: string) => address.split(/[.@]/).slice(-2).join(".");
  return domainOf(from) === domainOf(to) ? undefined : shorten(to, NAME_LENGTH);
}

/** What the first calendar file of a message says. */
export async function invitationOf(
  api: ApiClient,
  { id, payload }: Message,
): Promise<{ invitation?: Invitation | undefined; isUnread: boolean }> {
  const isCalendar = (part: Parameters<typeof typeOf>[0]) =>
    /^(text\/calendar|application\/ics)$/.test(typeOf(part)) || /\.ics$/i.test(fileNameOf(part));
  const part = payload ? partsOf(payload).find(isCalendar) : undefined;
  if (part === undefined) return { isUnread: false };
  try {
    const data = await loaderOf(api, id)(part);
    if (!data) return { isUnread: Boolean(part.body?.attachmentId) };
    const { text } = readMailText(data, "text/calendar", partHeader(part, "content-type"));
    return { invitation: readInvitation(text), isUnread: false };
  } catch (error) {
    // The message is there all the same.
    if (error instanceof ApiError && error.fault.kind !== "unauthorized") return { isUnread: true };
    throw error;
  }
}
