/**
 * Sending a draft that is there. Somebody may have it open: what is sent is what
 * the draft holds, and that is said, not what it held when it was written.
 *
 * https://developers.google.com/workspace/gmail/api/guides/drafts
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../../api_errors.ts";
import { type ApiClient, ApiError } from "../../provider.ts";
import { oneLine } from "../../text.ts";
import { headerOf, Message, rawHeader, USER } from "./message.ts";
import { type Addressed, addressSet, SentMessage, speakRecipients } from "./send.ts";
import { readBody } from "./mail_parts.ts";
import { readAddresses, writeMailbox } from "./mime.ts";

export const DRAFTS = `${USER}/drafts`;

export const Draft = z.object({
  id: z.string(),
  message: Message.extend({ id: z.string().nullish() }).nullish(),
});

/** A draft's id as tools take it; it becomes a part of a path. */
export const DraftId = z.string().regex(
  /^[\w-]{1,128}$/,
  "must be the id of a draft, from gmail_search_messages with drafts",
);

/** What a caller believes that the draft holds. */
export interface Believed {
  to?: string[] | undefined;
  cc?: string[] | undefined;
  bcc?: string[] | undefined;
  subject?: string | undefined;
  body?: string | undefined;
}

/** Sends it, if it holds what the caller believes. */
export async function sendDraft(
  api: ApiClient,
  id: string,
  believed: Believed,
): Promise<{ sent: SentMessage; subject: string } & Addressed> {
  const draft = await orGone(api.json(`${DRAFTS}/${id}`, Draft, {
    query: { format: believed.body === undefined ? "metadata" : "full" },
  }));
  const message = { ...draft.message, id: draft.message?.id ?? id };
  const [to = [], cc = [], bcc = []] = await Promise.all(
    ["to", "cc", "bcc"].map(async (name) =>
      (await readAddresses(rawHeader(message, name))).map(writeMailbox)
    ),
  );
  const subject = headerOf(message, "subject");
  if (to.length + cc.length + bcc.length === 0) {
    throw invalid("The draft does not say to whom it goes. Nothing was sent.");
  }
  const other = await difference(message, { to, cc, bcc, subject }, believed);
  if (other !== undefined) {
    throw new ApiError({
      kind: "conflict",
      message: `The draft holds ${other} than was said: it is "${subject || "(No subject)"}" to ` +
        `${speakRecipients([...to, ...cc, ...bcc])}. Nothing was sent.`,
    });
  }
  const sent = await orGone(api.json(`${DRAFTS}/send`, SentMessage, {
    method: "POST",
    body: { id },
  }));
  return { sent, subject, to, cc, bcc };
}

async function difference(
  message: Message,
  holds: Addressed & { subject: string },
  believed: Believed,
): Promise<string | undefined> {
  for (const name of ["to", "cc", "bcc"] as const) {
    const said = believed[name];
    if (said === undefined) continue;
    const [one, other] = [addressSet(said), addressSet(holds[name])];
    if (one.size !== other.size || [...one].some((address) => !other.has(address))) {
      return "other recipients";
    }
  }
  if (believed.subject !== undefined && oneLine(believed.subject) !== holds.subject) {
    return "another subject";
  }
  if (believed.body === undefined || !message.payload) return undefined;
  const { text } = await readBody(message.payload, () => Promise.resolve(undefined));
  return oneLine(text) === oneLine(believed.body) ? undefined : "another text";
}

/** A draft that is not there any more was sent, or deleted. */
async function orGone<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind !== "not_found") throw error;
    const message =
      "Google has no draft with this id any more: it was sent or deleted meanwhile. " +
      "Nothing was sent now.";
    throw new ApiError({ ...error.fault, message });
  }
}
