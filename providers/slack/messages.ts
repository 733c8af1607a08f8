/**
 * Slack messages.
 *
 * https://docs.slack.dev/reference/methods/conversations.history
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten } from "../text.ts";
import { call, cursor, cursorOf, pageAfter, Paged, pagingOutput, send } from "./api.ts";
import { channel, resolveChannel } from "./channels.ts";
import { mentionsIn, plainText } from "./mrkdwn.ts";
import { namesOf } from "./people.ts";

/** The length that Slack advises; only at ten times as much does it cut. */
const MAX_TEXT = 4_000;
const SPOKEN_TEXT = 120;
/** So many people are looked up by name for one answer: each costs a request. */
const MAX_NAMES = 20;

const Message = z.object({
  ts: z.string(),
  user: z.string().nullish(),
  username: z.string().nullish(),
  text: z.string().nullish(),
  thread_ts: z.string().nullish(),
  reply_count: z.number().nullish(),
});
type Message = z.output<typeof Message>;
const MessagePage = z.object({
  messages: z.array(Message),
  has_more: z.boolean().nullish(),
  ...Paged.shape,
});
const Posted = z.object({ channel: z.string(), ts: z.string() });

const timestamp = z.string().regex(/^\d{1,12}\.\d{1,8}$/, {
  error: "must be a message's ts, such as 1700000000.000100",
});
const text = z.string().max(MAX_TEXT).regex(/\S/, "must not be blank")
  .describe("The message. *bold*, _italic_ and <@person's id> are Slack's own marks.");

/** https://docs.slack.dev/reference/methods/conversations.history */
export const readMessages = tool({
  name: "slack_read_messages",
  service: "slack",
  title: "Read Slack messages",
  description: "Read a Slack channel's messages, the newest first, or one thread from its start. " +
    "Use it when the person asks what is new or what was said there.",
  input: z.strictObject({
    channel,
    thread: timestamp.optional().describe(
      "The ts of the message that a thread starts with: reads its replies instead.",
    ),
    limit: z.int().min(1).max(100).default(15)
      .describe("How many to return at most, 1 to 100. Slack gives some apps no more than 15."),
    cursor,
  }),
  output: z.object({
    channel: z.string(),
    channel_name: z.string().optional(),
    messages: z.array(z.object({
      ts: z.string().describe("Names the message; pass it as `thread` to reply to it."),
      sent_at: z.string().optional(),
      from: z.string().optional().describe("A name, or an id where Slack gives no name."),
      text: z.string(),
      truncated: z.boolean().describe("Whether the text was cut off."),
      replies: z.number(),
    })),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["channels:history", "groups:history", "channels:read", "groups:read", "users:read"]],
  async run({ channel: wanted, thread, limit, cursor }, { api }) {
    const channel = await resolveChannel(api, wanted);
    const method = thread === undefined ? "conversations.history" : "conversations.replies";
    const page = await call(api, method, MessagePage, {
      query: { channel: channel.id, ts: thread, limit, cursor },
    });
    const names = await namesOf(api, peopleIn(page.messages));
    const messages = fitting(
      page.messages.slice(0, limit),
      (message, length) => summarize(message, names, length),
    );
    const next = pageAfter(cursorOf(page));
    const spoken = messages.map(({ from, text }) =>
      `${from ?? "somebody"} wrote "${shorten(oneLine(text), SPOKEN_TEXT)}"`
    );
    const list = spoken.length === 0 ? "" : `: ${enumerate(spoken)}`;
    const more = next.has_more
      ? ` There are ${thread === undefined ? "older" : "later"} ones.`
      : "";
    const kind = thread === undefined ? count(messages.length, "message") : "the thread";
    return {
      text: `Read ${kind} in ${channel.label}${list}.${more}`,
      data: { channel: channel.id, channel_name: channel.name, messages, ...next },
    };
  },
});

/** Who wrote, and who is mentioned. */
function peopleIn(messages: Message[]): string[] {
  const ids = messages.flatMap(({ user, text }) => [
    ...(user && /^[UW][A-Z0-9]{2,20}$/.test(user) ? [user] : []),
    ...mentionsIn(text ?? ""),
  ]);
  return [...new Set(ids)].slice(0, MAX_NAMES);
}

function summarize(message: Message, names: Map<string, string>, length: number) {
  const { ts, user, username } = message;
  const text = plainText(message.text ?? "", names);
  const from = (user ? names.get(user) ?? user : undefined) ?? username;
  const sentAt = new Date(Number(ts) * 1000);
  return {
    ts,
    sent_at: Number.isNaN(sentAt.getTime()) ? undefined : sentAt.toISOString(),
    from: from ? shorten(oneLine(from), 80) : undefined,
    text: shorten(text, length),
    truncated: text.length > length,
    replies: message.reply_count ?? 0,
  };
}

const PostedOutput = z.object({
  channel: z.string(),
  channel_name: z.string().optional(),
  ts: z.string().describe("Names the message; slack_reply_in_thread takes it as `thread`."),
});

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const postMessage = tool({
  name: "slack_post_message",
  service: "slack",
  title: "Post a Slack message",
  description:
    "Post a message to a Slack channel in the person's own name. Use it when they want " +
    "to tell a channel something. Everybody there can read it, so be sure of channel and words.",
  input: z.strictObject({ channel, text }),
  output: PostedOutput,
  hints: { readOnly: false },
  scopes: [["chat:write", "channels:read", "groups:read"]],
  async run({ channel: wanted, text }, { api }) {
    const channel = await resolveChannel(api, wanted);
    const posted = await send(api, "chat.postMessage", Posted, { channel: channel.id, text });
    const data = { ...posted, channel_name: channel.name };
    return { text: `Posted the message to ${channel.label}.`, data };
  },
});

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const replyInThread = tool({
  name: "slack_reply_in_thread",
  service: "slack",
  title: "Reply in a Slack thread",
  description: "Reply to a Slack message, in its thread, in the person's own name. Use it after " +
    "slack_read_messages, which gives the message's ts.",
  input: z.strictObject({
    channel,
    thread: timestamp.describe("The ts of the message to reply to."),
    text,
    also_to_channel: z.boolean().default(false)
      .describe("True to show the reply in the channel as well."),
  }),
  output: PostedOutput,
  hints: { readOnly: false },
  scopes: [["chat:write", "channels:read", "groups:read"]],
  async run({ channel: wanted, thread, text, also_to_channel }, { api }) {
    const channel = await resolveChannel(api, wanted);
    const posted = await send(api, "chat.postMessage", Posted, {
      channel: channel.id,
      thread_ts: thread,
      text,
      reply_broadcast: also_to_channel,
    });
    const data = { ...posted, channel_name: channel.name };
    return { text: `Replied in the thread in ${channel.label}.`, data };
  },
});
