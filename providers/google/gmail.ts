/**
 * Tools for Gmail.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, type Tool, tool } from "../provider.ts";
import { count, fitting, shorten } from "../text.ts";
import { archiveMessages, labelMessages } from "./gmail_labels.ts";
import { dateOf, headerOf, Message, MESSAGES } from "./gmail_message.ts";
import { readMessage } from "./gmail_read.ts";
import { reply } from "./gmail_reply.ts";
import { createDraft, sendMessage } from "./gmail_write.ts";
import { decodeEntities } from "./html_text.ts";
import { speakMailbox } from "./mime.ts";

/** So many messages are read at once: Gmail answers 429 to a larger burst for one person. */
const CONCURRENCY = 5;

const SNIPPET_LENGTH = 300;
const SPOKEN_MESSAGES = 5;

const MessagePage = z.object({
  messages: z.array(z.object({ id: z.string() })).nullish(),
  nextPageToken: z.string().nullish(),
});

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
  scopes: [["https://www.googleapis.com/auth/gmail.readonly"]],
  async run({ query, limit, page_token }, { api }) {
    const { messages, nextPageToken } = await api.json(MESSAGES, MessagePage, {
      query: { q: query, maxResults: limit, pageToken: page_token },
    });
    const found = await mapSome(messages ?? [], ({ id }) => readHeaders(api, id));
    const list = found.filter((message) => message !== undefined);
    return {
      text: speakMessages(list) + (nextPageToken ? " There are more." : ""),
      data: {
        messages: fitting(list, summarize),
        has_more: Boolean(nextPageToken),
        next_page_token: nextPageToken || undefined,
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
async function readHeaders(api: ApiClient, id: string): Promise<Message | undefined> {
  try {
    return await api.json(`${MESSAGES}/${encodeURIComponent(id)}`, Message, {
      query: { format: "metadata", metadataHeaders: ["From", "Subject"] },
    });
  } catch (error) {
    // It was deleted between the search and this request.
    if (error instanceof ApiError && error.fault.kind === "not_found") return undefined;
    throw error;
  }
}

/** Shortens a message, each text to at most `length`. */
function summarize(message: Message, length = SNIPPET_LENGTH): MessageSummary {
  const date = dateOf(message);
  return {
    id: message.id,
    thread_id: message.threadId,
    from: headerOf(message, "from", length),
    subject: headerOf(message, "subject", length),
    date,
    // Of all that Gmail sends, only the snippet is escaped as HTML.
    snippet: shorten(decodeEntities(message.snippet ?? ""), Math.min(SNIPPET_LENGTH, length)),
    unread: message.labelIds?.includes("UNREAD") ?? false,
  };
}

function speakMessages(messages: Message[]): string {
  const rest = messages.length - SPOKEN_MESSAGES;
  return [
    `Found ${count(messages.length, "message")}.`,
    ...messages.slice(0, SPOKEN_MESSAGES).map((message, index) => {
      const from = speakMailbox(headerOf(message, "from")) || "somebody";
      return `${index + 1}: "${headerOf(message, "subject") || "(No subject)"}" from ${from}.`;
    }),
    ...(rest > 0 ? [`And ${rest} more.`] : []),
  ].join(" ");
}

/** Every tool of the `gmail` service. */
export const gmailTools: Tool[] = [
  searchMessages,
  readMessage,
  sendMessage,
  reply,
  createDraft,
  labelMessages,
  archiveMessages,
];
