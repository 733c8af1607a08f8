/**
 * Sending and drafting e-mail.
 *
 * https://developers.google.com/workspace/gmail/api/guides/sending
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../../api_errors.ts";
import { type ApiClient, tool } from "../../provider.ts";
import { count } from "../../text.ts";
import { DraftId, DRAFTS, sendDraft } from "./draft.ts";
import { readForwarded } from "./forward.ts";
import { MessageId } from "./message.ts";
import { TO_DRAFT, TO_READ_AND_SEND, TO_SEND } from "./scopes.ts";
import {
  type Addressed,
  readBack,
  sendMail,
  SentMessage,
  speakRecipients,
  unsentNote,
} from "./send.ts";
import { composeBytes, composeMail, isOneLine, Recipient } from "./mime.ts";

const MAX_RECIPIENTS = 50;

/** The draft is there, whatever else is said of the message in it. */
const WrittenDraft = z.object({
  id: z.string(),
  message: z.object({ id: z.string().nullish(), threadId: z.string().nullish() }).nullish(),
});

/** The text of a message. */
export const MailText = z.string().min(1).max(65_536);

const recipients = z.array(Recipient).max(MAX_RECIPIENTS);

const subject = z.string().max(256).refine(isOneLine, { message: "must be one line" });

const copies = { cc: recipients.optional(), bcc: recipients.optional() };

const sent = {
  thread_id: z.string().optional(),
  to: z.array(z.string()),
  cc: z.array(z.string()).optional(),
  bcc: z.array(z.string()).optional(),
  subject: z.string(),
};

interface Mail extends Addressed {
  subject?: string | undefined;
  body?: string | undefined;
}

/** What was sent, and what is to be said of it. */
interface Sent extends Addressed {
  sent: SentMessage;
  subject: string;
  verb: "Sent" | "Forwarded";
  files: string[];
  notes: string[];
}

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send */
export const sendMessage = tool({
  name: "gmail_send_message",
  aliases: ["send_message"],
  service: "gmail",
  title: "Send an e-mail",
  description: "Send an e-mail from Gmail, at once and for good: a new one, a draft that is " +
    "there, or a message passed on. Use it only when the person agreed to recipients, subject and " +
    "text. To answer, use gmail_reply.",
  input: z.strictObject({
    to: recipients.min(1).optional().describe("E-mail addresses."),
    ...copies,
    subject: subject.optional(),
    body: MailText.optional(),
    draft_id: DraftId.optional()
      .describe("Send this draft as it is; other fields must say what it holds, or be left out."),
    forward: MessageId.optional()
      .describe("Id of a message to pass on; body is what stands before it."),
  }),
  output: z.object({ id: z.string(), ...sent, attachments: z.array(z.string()).optional() }),
  hints: { readOnly: false },
  scopes: TO_SEND,
  scopesFor: ({ draft_id, forward }) =>
    draft_id !== undefined ? TO_DRAFT : forward !== undefined ? TO_READ_AND_SEND : TO_SEND,
  async run({ draft_id, forward, to, cc, bcc, subject, body }, { api }) {
    if (draft_id !== undefined && forward !== undefined) {
      throw invalid("Send either a draft or a forwarded message.");
    }
    const mail = { to: to ?? [], cc: cc ?? [], bcc: bcc ?? [], subject, body };
    const done = draft_id !== undefined
      ? await sentDraft(api, draft_id, { to, cc, bcc, subject, body })
      : forward !== undefined
      ? await sentOn(api, forward, mail)
      : await sentNew(api, mail);
    const all = [...done.to, ...done.cc, ...done.bcc];
    const along = done.files.length === 0 ? "" : ` with ${count(done.files.length, "attachment")}`;
    const what = `"${done.subject || "(No subject)"}"`;
    return {
      text: [`${done.verb} ${what} to ${speakRecipients(all)}${along}.`, ...done.notes].join(" "),
      notes: done.notes,
      data: {
        id: done.sent.id,
        thread_id: done.sent.threadId ?? undefined,
        to: done.to,
        ...copiesOf(done.cc, done.bcc),
        subject: done.subject,
        attachments: done.files.length > 0 ? done.files : undefined,
      },
    };
  },
});

async function sentNew(api: ApiClient, mail: Mail): Promise<Sent> {
  const { subject, body } = mail;
  if (mail.to.length === 0) throw invalid("Say to whom it goes: to.");
  if (subject === undefined || body === undefined) {
    throw invalid(subject === undefined ? "Say what it is about: subject." : "Say its text: body.");
  }
  const sent = await sendMail(api, await composeBytes({ ...mail, subject, body }));
  return { ...mail, subject, sent, verb: "Sent", files: [], notes: unsentNote(sent) };
}

async function sentOn(api: ApiClient, id: string, mail: Mail): Promise<Sent> {
  if (mail.to.length === 0) throw invalid("Say to whom it goes: to.");
  const { text, html, files, subject } = await readForwarded(api, id, mail.body ?? "");
  const whole = { ...mail, subject: mail.subject ?? subject, body: text, html, files };
  const sent = await sendMail(api, await composeBytes(whole));
  return {
    ...mail,
    subject: whole.subject,
    sent,
    verb: "Forwarded",
    files: files.map(({ name }) => name),
    notes: await readBack(api, sent, mail),
  };
}

async function sentDraft(
  api: ApiClient,
  id: string,
  believed: Parameters<typeof sendDraft>[2],
): Promise<Sent> {
  const done = await sendDraft(api, id, believed);
  return { ...done, verb: "Sent", files: [], notes: unsentNote(done.sent) };
}

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.drafts/create */
export const createDraft = tool({
  name: "gmail_create_draft",
  aliases: ["create_draft"],
  service: "gmail",
  title: "Draft an e-mail",
  description: "Write an e-mail into the Gmail drafts, to be looked over before it is sent. To " +
    "draft an answer, use gmail_reply.",
  input: z.strictObject({
    to: recipients.default([]).describe("E-mail addresses."),
    ...copies,
    subject: subject.default(""),
    body: MailText,
  }),
  output: z.object({
    draft_id: z.string().describe("For gmail_send_message."),
    message_id: z.string().optional(),
    ...sent,
  }),
  hints: { readOnly: false },
  content: ["subject"],
  scopes: TO_DRAFT,
  async run({ to, cc = [], bcc = [], subject, body }, { api }) {
    const raw = await composeMail({ to, cc, bcc, subject, body });
    const draft = await writeDraft(api, { raw });
    const all = [...to, ...cc, ...bcc];
    return {
      text: `Drafted "${subject || "(No subject)"}"` +
        `${all.length === 0 ? "" : ` to ${speakRecipients(all)}`}. It is not sent.`,
      data: {
        draft_id: draft.id,
        message_id: draft.message?.id ?? undefined,
        thread_id: draft.message?.threadId ?? undefined,
        to,
        ...copiesOf(cc, bcc),
        subject,
      },
    };
  },
});

/** Writes a draft, in the conversation that the message names. */
export async function writeDraft(
  api: ApiClient,
  message: { raw: string; threadId?: string | undefined },
): Promise<z.output<typeof WrittenDraft>> {
  return await api.json(DRAFTS, WrittenDraft, { method: "POST", body: { message } });
}

function copiesOf(cc: string[], bcc: string[]) {
  return {
    cc: cc.length > 0 ? cc : undefined,
    bcc: bcc.length > 0 ? bcc : undefined,
  };
}
