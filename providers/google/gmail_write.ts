/**
 * Sending and drafting e-mail.
 *
 * https://developers.google.com/workspace/gmail/api/guides/sending
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count } from "../text.ts";
import { MESSAGES } from "./gmail_message.ts";
import { composeMail, isOneLine, Recipient, speakMailbox } from "./mime.ts";

const MAX_RECIPIENTS = 50;

/** What Gmail answers to a message that was sent. */
export const SentMessage = z.object({ id: z.string(), threadId: z.string() });

const Draft = z.object({ id: z.string(), message: SentMessage });

/** The text of a message. */
export const MailText = z.string().min(1).max(65_536).describe("The message, as plain text.");

/** Some recipients; may be none. */
export function recipients(who: string) {
  return z.array(Recipient).max(MAX_RECIPIENTS)
    .describe(`${who}, each as ana@example.com or Ana <ana@example.com>.`);
}

const subject = z.string().max(256).refine(isOneLine, { message: "must be one line" })
  .describe("The subject line.");

const copies = {
  cc: recipients("Recipients of a copy").optional(),
  bcc: recipients("Recipients of a copy whom the others do not see").optional(),
};

const sent = {
  thread_id: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()).optional(),
  bcc: z.array(z.string()).optional(),
  subject: z.string(),
};

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send */
export const sendMessage = tool({
  name: "gmail_send_message",
  aliases: ["send_message"],
  service: "gmail",
  title: "Send an e-mail",
  description: "Send an e-mail from the person's own Gmail address, at once and for good. Use it " +
    "only when they asked to send it and agree to recipients, subject and text. To answer a " +
    "message, use gmail_reply.",
  input: z.strictObject({
    to: recipients("Recipients").min(1),
    ...copies,
    subject,
    body: MailText,
  }),
  output: z.object({ id: z.string(), ...sent }),
  hints: { readOnly: false },
  scopes: [["https://www.googleapis.com/auth/gmail.send"]],
  async run({ to, cc = [], bcc = [], subject, body }, { api }) {
    const raw = await composeMail({ to, cc, bcc, subject, body });
    const { id, threadId } = await api.json(`${MESSAGES}/send`, SentMessage, {
      method: "POST",
      body: { raw },
    });
    return {
      text: `Sent "${subject}" to ${speakRecipients([...to, ...cc, ...bcc])}.`,
      data: { id, thread_id: threadId, to, ...copiesOf(cc, bcc), subject },
    };
  },
});

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.drafts/create */
export const createDraft = tool({
  name: "gmail_create_draft",
  aliases: ["create_draft"],
  service: "gmail",
  title: "Draft an e-mail",
  description:
    "Write an e-mail into the drafts of the person's Gmail, without sending it. Use it " +
    "when they want to look it over first, or have not said that it is to be sent.",
  input: z.strictObject({
    to: recipients("Recipients; may be left out").default([]),
    ...copies,
    subject: subject.default(""),
    body: MailText,
  }),
  output: z.object({ draft_id: z.string(), message_id: z.string(), ...sent }),
  hints: { readOnly: false },
  content: ["subject"],
  scopes: [["https://www.googleapis.com/auth/gmail.compose"]],
  async run({ to, cc = [], bcc = [], subject, body }, { api }) {
    const raw = await composeMail({ to, cc, bcc, subject, body });
    const draft = await api.json("/gmail/v1/users/me/drafts", Draft, {
      method: "POST",
      body: { message: { raw } },
    });
    const all = [...to, ...cc, ...bcc];
    return {
      text: `Drafted "${subject || "(No subject)"}"` +
        `${all.length === 0 ? "" : ` to ${speakRecipients(all)}`}. It is not sent.`,
      data: {
        draft_id: draft.id,
        message_id: draft.message.id,
        thread_id: draft.message.threadId,
        to,
        ...copiesOf(cc, bcc),
        subject,
      },
    };
  },
});

function copiesOf(cc: string[], bcc: string[]) {
  return {
    cc: cc.length > 0 ? cc : undefined,
    bcc: bcc.length > 0 ? bcc : undefined,
  };
}

/** `Ana and 2 others` */
export function speakRecipients([first = "", ...others]: string[]): string {
  return speakMailbox(first) + (others.length === 0 ? "" : ` and ${count(others.length, "other")}`);
}
