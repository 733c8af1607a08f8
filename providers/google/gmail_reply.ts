/**
 * Answering an e-mail in its conversation.
 *
 * https://developers.google.com/workspace/gmail/api/guides/threads
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { type ApiClient, tool } from "../provider.ts";
import { oneLine } from "../text.ts";
import { Message, MessageId, MESSAGES, rawHeader } from "./gmail_message.ts";
import { MailText, SentMessage, speakRecipients } from "./gmail_write.ts";
import { composeMail, decodeWords, type Mailbox, readAddresses, recipientOf } from "./mime.ts";

const MAX_RECIPIENTS = 100;
const MAX_SUBJECT = 500;

/**
 * A conversation's list of ids grows with every message (RFC 5322 §3.6.4). Mail
 * clients sort by its first and its last ones: the middle is dropped.
 */
const MAX_REFERENCES = 20;

const HEADERS = [
  "From",
  "To",
  "Cc",
  "Reply-To",
  "Subject",
  "Message-ID",
  "References",
  "In-Reply-To",
];

const SendAs = z.object({ sendAs: z.array(z.object({ sendAsEmail: z.string() })).nullish() });

export const reply = tool({
  name: "gmail_reply",
  aliases: ["reply_to_message"],
  service: "gmail",
  title: "Reply to an e-mail",
  description:
    "Answer a message from the person's own Gmail address, in its conversation, at once " +
    "and for good. Use it only when they asked to answer and agree to the text. It goes to the " +
    "sender, or with reply_all to everybody who got the message.",
  input: z.strictObject({
    message_id: MessageId.describe("The id of the message to answer, from gmail_search_messages."),
    body: MailText,
    reply_all: z.boolean().default(false)
      .describe("Whether the other recipients of the message get the answer too."),
  }),
  output: z.object({
    id: z.string(),
    thread_id: z.string(),
    to: z.array(z.string()),
    cc: z.array(z.string()),
    subject: z.string(),
  }),
  hints: { readOnly: false },
  scopes: [[
    "https://www.googleapis.com/auth/gmail.readonly",
    "https://www.googleapis.com/auth/gmail.send",
  ]],
  async run({ message_id, body, reply_all }, { api }) {
    const message = await api.json(`${MESSAGES}/${message_id}`, Message, {
      query: { format: "metadata", metadataHeaders: HEADERS },
    });
    const { to, cc } = await recipientsOf(api, message, reply_all);
    const subject = replySubject(rawHeader(message, "subject"));
    const raw = await composeMail({ to, cc, bcc: [], subject, body, ...placeOf(message) });
    const { id, threadId } = await api.json(`${MESSAGES}/send`, SentMessage, {
      method: "POST",
      body: { raw, threadId: message.threadId },
    });
    return {
      text: `Replied to ${speakRecipients([...to, ...cc])}: "${subject}".`,
      data: { id, thread_id: threadId, to, cc, subject },
    };
  },
});

/** To whom an answer goes: RFC 5322 §3.6.3. */
async function recipientsOf(
  api: ApiClient,
  message: Message,
  all: boolean,
): Promise<{ to: string[]; cc: string[] }> {
  const read = (name: string) => readAddresses(rawHeader(message, name));
  const replyTo = await read("reply-to");
  const sender = replyTo.length > 0 ? replyTo : await read("from");
  // Whoever answers their own message means those that it went to, not themselves.
  const isOwn = message.labelIds?.includes("SENT") ?? false;
  const recipients = await read("to");
  const to = distinct(isOwn && recipients.length > 0 ? recipients : sender);
  if (to.length === 0) throw invalid("The message does not say whom to answer.");
  if (!all) return { to: writable(to), cc: [] };
  const others = [...recipients, ...await read("cc")];
  const own = await ownAddresses(api);
  const taken = new Set([...own, ...to.map(keyOf)]);
  const cc = distinct(others).filter((mailbox) => !taken.has(keyOf(mailbox)));
  return { to: writable(to), cc: writable(cc) };
}

/** All addresses that the person sends from; an answer to all is not for them. */
async function ownAddresses(api: ApiClient): Promise<string[]> {
  const { sendAs } = await api.json("/gmail/v1/users/me/settings/sendAs", SendAs);
  return (sendAs ?? []).map(({ sendAsEmail }) => sendAsEmail.toLowerCase());
}

/** The first of those with the same address. */
function distinct(mailboxes: Mailbox[]): Mailbox[] {
  const first = new Map<string, Mailbox>();
  for (const mailbox of mailboxes) {
    if (!first.has(keyOf(mailbox))) first.set(keyOf(mailbox), mailbox);
  }
  return [...first.values()];
}

function keyOf({ address }: Mailbox): string {
  return address.toLowerCase();
}

/**
 * Recipients as they are written into a header. One that cannot be written is an
 * error: left out in silence, the person would believe that it got the answer.
 */
function writable(mailboxes: Mailbox[]): string[] {
  if (mailboxes.length > MAX_RECIPIENTS) {
    throw invalid(`The message went to more than ${MAX_RECIPIENTS} people.`);
  }
  return mailboxes.map((mailbox) => {
    const recipient = recipientOf(mailbox);
    if (recipient === undefined) throw invalid("The message has an address that cannot be read.");
    return recipient;
  });
}

/** The subject with `Re:`, unless it begins with that already, in any language that clients use. */
function replySubject(header: string): string {
  const subject = oneLine(decodeWords(header)).slice(0, MAX_SUBJECT);
  return /^(re|aw|sv|vs|rv|ref)\s*:/i.test(subject) ? subject : `Re: ${subject}`.trim();
}

/** RFC 5322 §3.6.4. The headers are a stranger's: only what looks like an id is taken. */
function placeOf(
  message: Message,
): { inReplyTo?: string | undefined; references?: string[] | undefined } {
  const ids = (name: string) => rawHeader(message, name).match(/<[^<>\s]{1,500}>/g) ?? [];
  const [own] = ids("message-id");
  if (own === undefined) return {};
  const before = ids("references");
  const chain = before.length > 0 ? before : ids("in-reply-to").slice(0, 1);
  const kept = chain.length < MAX_REFERENCES
    ? chain
    : [...chain.slice(0, 1), ...chain.slice(-(MAX_REFERENCES - 2))];
  return { inReplyTo: own, references: [...kept, own] };
}
