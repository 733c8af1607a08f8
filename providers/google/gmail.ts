/**
 * Tools for Gmail.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, type Tool, tool } from "../provider.ts";
import { count, oneLine, shorten } from "../text.ts";
import { composeMail, decodeWords, isOneLine, Recipient, speakMailbox } from "./mime.ts";

const MESSAGES = "/gmail/v1/users/me/messages";

/** Gmail answers 429 to a burst of requests for one person. */
const CONCURRENCY = 5;

const HEADER_LENGTH = 300;
const MAX_RECIPIENTS = 50;
const SPOKEN_MESSAGES = 5;

const MessagePage = z.object({
  messages: z.array(z.object({ id: z.string() })).nullish(),
  nextPageToken: z.string().nullish(),
});

const Message = z.object({
  id: z.string(),
  threadId: z.string(),
  labelIds: z.array(z.string()).nullish(),
  snippet: z.string().nullish(),
  // Epoch ms as text: when Gmail took the message in. The Date header is the sender's claim.
  internalDate: z.string().regex(/^\d{1,14}$/).nullish(),
  payload: z.object({
    headers: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  }).nullish(),
});

const SentMessage = z.object({ id: z.string(), threadId: z.string() });

const MessageSummary = z.object({
  id: z.string(),
  thread_id: z.string(),
  from: z.string(),
  subject: z.string(),
  date: z.string().optional().describe("When it arrived, RFC 3339 in UTC."),
  snippet: z.string().describe("How the text begins."),
  unread: z.boolean(),
});
type MessageSummary = z.output<typeof MessageSummary>;

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/list */
const searchMessages = tool({
  name: "gmail_search_messages",
  aliases: ["search_messages"],
  service: "gmail",
  title: "Search e-mail",
  description:
    "Find messages in the person's Gmail, newest first, with sender, subject, date and " +
    "the beginning of the text. Use it when they ask what came in, whether somebody wrote, or " +
    "to find a certain message.",
  input: z.strictObject({
    query: z.string().min(1).max(500).describe(
      "Gmail search, such as: in:inbox; is:unread newer_than:2d; from:ana subject:invoice; " +
        "has:attachment before:2026/11/01.",
    ),
    limit: z.int().min(1).max(50).default(10).describe("How many to return at most, 1 to 50."),
    page_token: z.string().min(1).max(2_048).optional()
      .describe("`next_page_token` of an earlier answer to the same query."),
  }),
  output: z.object({
    messages: z.array(MessageSummary),
    has_more: z.boolean().describe("Whether more messages match than are listed."),
    next_page_token: z.string().optional().describe("Pass it as page_token to go on."),
  }),
  hints: { readOnly: true },
  scopes: ["https://www.googleapis.com/auth/gmail.readonly"],
  async run({ query, limit, page_token }, { api }) {
    const { messages, nextPageToken } = await api.json(MESSAGES, MessagePage, {
      query: { q: query, maxResults: limit, pageToken: page_token },
    });
    const found = await mapSome(messages ?? [], ({ id }) => readSummary(api, id));
    const list = found.filter((message) => message !== undefined);
    return {
      text: speakMessages(list) + (nextPageToken ? " There are more." : ""),
      data: {
        messages: list,
        has_more: Boolean(nextPageToken),
        ...(nextPageToken ? { next_page_token: nextPageToken } : {}),
      },
    };
  },
});

/** Runs a few at a time and keeps the order. */
async function mapSome<T, R>(items: T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/get */
async function readSummary(api: ApiClient, id: string): Promise<MessageSummary | undefined> {
  const headers = "metadataHeaders=From&metadataHeaders=Subject";
  const path = `${MESSAGES}/${encodeURIComponent(id)}?format=metadata&${headers}`;
  try {
    return summarize(await api.json(path, Message));
  } catch (error) {
    // Deleted since the search.
    if (error instanceof ApiError && error.fault.kind === "not_found") return undefined;
    throw error;
  }
}

function summarize(message: z.output<typeof Message>): MessageSummary {
  return {
    id: message.id,
    thread_id: message.threadId,
    from: headerOf(message, "from"),
    subject: headerOf(message, "subject"),
    ...(message.internalDate ? { date: new Date(Number(message.internalDate)).toISOString() } : {}),
    snippet: unescapeHtml(message.snippet ?? ""),
    unread: message.labelIds?.includes("UNREAD") ?? false,
  };
}

function headerOf({ payload }: z.output<typeof Message>, name: string): string {
  const header = payload?.headers?.find((header) => header.name.toLowerCase() === name);
  return shorten(oneLine(decodeWords(header?.value ?? "")), HEADER_LENGTH);
}

/** Gmail escapes the snippet, and nothing else, for HTML. */
function unescapeHtml(text: string): string {
  const characters = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  return text.replace(
    /&(lt|gt|quot|#39|amp);/g,
    (_, name: keyof typeof characters) => characters[name],
  );
}

function speakMessages(messages: MessageSummary[]): string {
  const rest = messages.length - SPOKEN_MESSAGES;
  return [
    `Found ${count(messages.length, "message")}.`,
    ...messages.slice(0, SPOKEN_MESSAGES).map(({ subject, from }, index) =>
      `${index + 1}: "${subject || "(No subject)"}" from ${speakMailbox(from) || "somebody"}.`
    ),
    ...(rest > 0 ? [`And ${rest} more.`] : []),
  ].join(" ");
}

/** https://developers.google.com/workspace/gmail/api/guides/sending */
const sendMessage = tool({
  name: "gmail_send_message",
  aliases: ["send_message"],
  service: "gmail",
  title: "Send an e-mail",
  description: "Send an e-mail from the person's own Gmail address, at once and for good. Use it " +
    "only when they asked to send it and agree to recipients, subject and text.",
  input: z.strictObject({
    to: recipients("Recipients").min(1),
    cc: recipients("Recipients of a copy").optional(),
    bcc: recipients("Recipients of a copy whom the others do not see").optional(),
    subject: z.string().max(256).refine(isOneLine, { message: "must be one line" })
      .describe("The subject line."),
    body: z.string().min(1).max(65_536).describe("The message, as plain text."),
  }),
  output: z.object({
    id: z.string(),
    thread_id: z.string(),
    to: z.array(z.string()),
    subject: z.string(),
  }),
  hints: { readOnly: false },
  scopes: ["https://www.googleapis.com/auth/gmail.send"],
  async run({ to, cc = [], bcc = [], subject, body }, { api }) {
    const raw = await composeMail({ to, cc, bcc, subject, body });
    const { id, threadId } = await api.json(`${MESSAGES}/send`, SentMessage, {
      method: "POST",
      body: { raw },
    });
    const others = to.length + cc.length + bcc.length - 1;
    const more = others === 0 ? "" : ` and ${count(others, "other")}`;
    return {
      text: `Sent "${subject}" to ${speakMailbox(to[0] ?? "")}${more}.`,
      data: { id, thread_id: threadId, to, subject },
    };
  },
});

function recipients(who: string) {
  return z.array(Recipient).max(MAX_RECIPIENTS)
    .describe(`${who}, each as ana@example.com or Ana <ana@example.com>.`);
}

/** Every tool of the `gmail` service. */
export const gmailTools: Tool[] = [searchMessages, sendMessage];
