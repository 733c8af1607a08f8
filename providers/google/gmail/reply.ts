/**
 * Answering an e-mail in its conversation.
 *
 * https://developers.google.com/workspace/gmail/api/guides/threads
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../../api_errors.ts";
import { type ApiClient, tool } from "../../provider.ts";
import { oneLine } from "../../text.ts";
import { ownAddresses, samePerson } from "./addresses.ts";
import { patiently } from "./fetch.ts";
import { Message, MessageId, MESSAGES, placeOf, rawHeader } from "./message.ts";
import { TO_READ_AND_DRAFT, TO_READ_AND_SEND } from "./scopes.ts";
import { readBack, sendMail, speakRecipients } from "./send.ts";
import { MailText, writeDraft } from "./write.ts";
import { composeBytes, type Mailbox, readAddresses, recipientOf } from "./mime.ts";
import { decodeWords } from "./mime_header.ts";

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
  "List-Post",
];

export const reply = tool({
  name: "gmail_reply",
  aliases: ["reply_to_message"],
  service: "gmail",
  title: "Reply to an e-mail",
  description: "Answer a Gmail message, at once and for good, or as a draft. Use it " +
    "only when the person agreed to the text. It goes to the sender, or with reply_all to everybody " +
    "who got the message.",
  input: z.strictObject({
    message_id: MessageId,
    body: MailText,
    reply_all: z.boolean().default(false).describe("The other recipients get it too."),
    draft: z.boolean().default(false),
  }),
  output: z.object({
    id: z.string().optional(),
    draft_id: z.string().optional(),
    thread_id: z.string(),
    to: z.array(z.string()),
    cc: z.array(z.string()),
    subject: z.string(),
  }),
  hints: { readOnly: false },
  scopes: TO_READ_AND_SEND,
  scopesFor: ({ draft }) => draft ? TO_READ_AND_DRAFT : TO_READ_AND_SEND,
  async run({ message_id, body, reply_all, draft }, { api }) {
    const message = await patiently(() =>
      api.json(`${MESSAGES}/${message_id}`, Message, {
        query: { format: "metadata", metadataHeaders: HEADERS },
      })
    );
    if (placeOf(message) === "drafts") {
      throw invalid("That is a draft of the person's own: send it with its draft_id.");
    }
    const { to, cc } = await recipientsOf(api, message, reply_all);
    const subject = replySubject(rawHeader(message, "subject"));
    const mail = { to, cc, bcc: [], subject, body, ...placeInThread(message) };
    const raw = await composeBytes(mail);
    const threadId = message.threadId ?? message.id;
    const notes = remarks(message, to, cc);
    const about = `${speakRecipients([...to, ...cc])}: "${subject}".`;
    if (draft) {
      const written = await writeDraft(api, { raw: raw.toString("base64url"), threadId });
      const thread_id = written.message?.threadId ?? threadId;
      return {
        text: [`Drafted an answer to ${about} It is not sent.`, ...notes].join(" "),
        notes,
        data: {
          id: written.message?.id ?? undefined,
          draft_id: written.id,
          thread_id,
          to,
          cc,
          subject,
        },
      };
    }
    const sent = await sendMail(api, raw, threadId);
    notes.push(...await readBack(api, sent, mail));
    return {
      text: [`Replied to ${about}`, ...notes].join(" "),
      notes,
      data: { id: sent.id, thread_id: sent.threadId ?? threadId, to, cc, subject },
    };
  },
});

/** What the person may not expect of these recipients. */
function remarks(message: Message, to: string[], cc: string[]): string[] {
  const [, list] = /<mailto:([^>?]{1,254})/i.exec(rawHeader(message, "list-post")) ?? [];
  const addresses = [...to, ...cc].map((one) => one.toLowerCase());
  const isToList = list !== undefined && addresses.some((one) => one.includes(list.toLowerCase()));
  const isToNobody = to.length === 1 &&
    /(^|<)(no-?reply|do-?not-?reply|mailer-daemon)\b/i.test(to[0]!);
  return [
    ...(isToList ? ["One of these is a mailing list: everybody on it gets the answer."] : []),
    ...(isToNobody ? ["By its name, nobody reads what is sent to that address."] : []),
  ];
}

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
  const isOwnAddress = ({ address }: Mailbox) => own.some((one) => samePerson(one, address));
  // Whoever wrote to others and to themselves means the others.
  const rest = to.filter((mailbox) => !isOwnAddress(mailbox));
  const first = isOwn && rest.length > 0 ? rest : to;
  const taken = new Set(first.map(keyOf));
  const cc = distinct(others).filter((mailbox) =>
    !taken.has(keyOf(mailbox)) && !isOwnAddress(mailbox)
  );
  return { to: writable(first), cc: writable(cc) };
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
function placeInThread(
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
