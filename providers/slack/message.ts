/**
 * A Slack message, in words.
 *
 * https://docs.slack.dev/reference/events/message
 *
 * @module
 */

import { z } from "zod";
import type { ApiClient } from "../provider.ts";
import { count, oneLine, shorten, shortLine } from "../text.ts";
import { ifGiven } from "./api.ts";
import { blockWords } from "./blocks.ts";
import { attachmentWords, fileWords, mentionsInParts, reactionWords } from "./content.ts";
import { mentionsIn, namelessChannelsIn, type Names, plainText } from "./mrkdwn.ts";
import { namesOf } from "./people.ts";

const SPOKEN_TEXT = 120;
/** So many people are looked up by name for one answer: each costs a request. */
export const MAX_NAMES = 20;
const MAX_CHANNEL_NAMES = 5;

const text = z.string().nullish();
const Profile = z.object({ real_name: text, display_name: text, name: text });

/** Only what a message cannot be without is asked for. */
export const Message = z.object({
  ts: z.string().min(1).max(64),
  user: text,
  username: text,
  bot_id: text,
  bot_profile: Profile.nullish().catch(undefined),
  user_profile: Profile.nullish().catch(undefined),
  subtype: text,
  text,
  thread_ts: text,
  reply_count: z.number().nullish(),
  edited: z.looseObject({}).nullish().catch(undefined),
  is_ephemeral: z.boolean().nullish().catch(undefined),
  reactions: z.array(z.object({ name: z.string(), count: z.number().catch(1) })).nullish()
    .catch(undefined),
  room: z.object({
    date_start: z.number().nullish(),
    date_end: z.number().nullish(),
    has_ended: z.boolean().nullish(),
    participant_history: z.array(z.unknown()).nullish(),
  }).nullish().catch(undefined),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  files: z.unknown().optional(),
});
export type Message = z.output<typeof Message>;

/** A message in a tool's answer. */
export const MessageOutput = z.object({
  ts: z.string(),
  thread: z.string().optional(),
  sent_at: z.string().optional(),
  from: z.string().optional(),
  text: z.string(),
  truncated: z.boolean().describe("Cut off. Alone, with limit 1, it is longer."),
  replies: z.number(),
  kind: z.string().optional(),
  edited: z.boolean().optional(),
  only_for_you: z.boolean().optional(),
  reactions: z.array(z.object({ emoji: z.string(), count: z.number() })).optional(),
});
/** A message as it is written into an answer. */
export type WrittenMessage = z.input<typeof MessageOutput>;

/** What messages say nothing of: the names of people and channels. As many as there is time for. */
export async function namesIn(
  api: ApiClient,
  messages: Message[],
): Promise<{ names: Names; notes: string[] }> {
  const authors = messages.flatMap(({ user }) => user && isPersonId(user) ? [user] : []);
  const mentioned = messages.flatMap((message) => [
    ...mentionsIn(message.text ?? ""),
    ...mentionsInParts(message),
  ]);
  const ids = [...new Set([...authors, ...mentioned.filter(isPersonId)])];
  const channelIds = [...new Set(messages.flatMap((one) => namelessChannelsIn(one.text ?? "")))];
  const [{ names: people, isDenied }, channels] = await Promise.all([
    namesOf(api, ids.slice(0, MAX_NAMES)),
    channelNames(api, channelIds.slice(0, MAX_CHANNEL_NAMES)),
  ]);
  for (const { user, user_profile } of messages) {
    const own = user_profile?.real_name || user_profile?.display_name;
    // People of other workspaces bring their names along.
    if (user && own && !people.has(user)) people.set(user, shortLine(own, 80));
  }
  const notes = [
    ...(isDenied ? ["The names of people have not been granted."] : []),
    ...(ids.length > MAX_NAMES
      ? [`Only ${MAX_NAMES} of ${ids.length} people were looked up by name.`]
      : []),
  ];
  return { names: { people, channels }, notes };
}

function isPersonId(id: string): boolean {
  return /^[UW][A-Z0-9]{2,20}$/.test(id);
}

const Info = z.object({ channel: z.object({ name: z.string() }) });

async function channelNames(api: ApiClient, ids: string[]): Promise<Map<string, string>> {
  const found = await Promise.all(ids.map(async (channel): Promise<[string, string][]> => {
    const info = await ifGiven(api, "conversations.info", Info, { channel });
    return info === undefined ? [] : [[channel, oneLine(info.channel.name)]];
  }));
  return new Map(found.flat());
}

/** The message that a thread begins with: replies carry their own `ts`, and the thread's beside it. */
export function threadOf({ ts, thread_ts }: Pick<Message, "ts" | "thread_ts">): string {
  return thread_ts || ts;
}

/** A message as it is written into an answer. */
export function write(message: Message, names: Names, length: number): WrittenMessage {
  const words = wordsOf(message, names);
  const from = authorOf(message, names);
  const sentAt = new Date(Number(message.ts) * 1_000);
  const reactions = (message.reactions ?? []).filter(({ count }) => count > 0).slice(0, 50);
  return {
    ts: message.ts,
    thread: threadOf(message),
    sent_at: Number.isNaN(sentAt.getTime()) ? undefined : sentAt.toISOString(),
    from: from ? shortLine(from, 100) : undefined,
    text: shorten(words, length),
    truncated: words.length > length,
    replies: message.reply_count ?? 0,
    kind: message.subtype ? shortLine(message.subtype, 60) : undefined,
    edited: message.edited ? true : undefined,
    only_for_you: message.is_ephemeral === true ? true : undefined,
    reactions: reactions.length === 0
      ? undefined
      : reactions.map(({ name, count }) => ({ emoji: shortLine(name, 60), count })),
  };
}

function authorOf(message: Message, names: Names): string | undefined {
  const { user, username, bot_profile, bot_id } = message;
  // An app can post under a name of the moment.
  if (message.subtype === "bot_message" || (bot_id && !user)) {
    return username || bot_profile?.name || bot_id || undefined;
  }
  return (user ? names.people.get(user) : undefined) || bot_profile?.name || username || user ||
    undefined;
}

function wordsOf(message: Message, names: Names): string {
  if (message.subtype === "tombstone") return "This message was deleted.";
  const plain = plainText(message.text ?? "", names).trim();
  const blocks = blockWords(message, names);
  // Where there are blocks, the text is for notifications only; rich text repeats it.
  const useText = blocks.text === "" || (blocks.isRichTextOnly && plain !== "");
  const own = useText ? plain : blocks.text;
  return [
    ...(message.room ? [huddleWords(message.room, own)] : [own]),
    ...attachmentWords(message, names),
    ...fileWords(message),
    ...(blocks.unread ? [UNREAD] : []),
  ].filter(Boolean).join("\n");
}

const UNREAD = "A part of it cannot be read here.";

function huddleWords(room: NonNullable<Message["room"]>, text: string): string {
  const { date_start, date_end, has_ended, participant_history } = room;
  const people = participant_history?.length ?? 0;
  const minutes = date_start && date_end ? Math.round((date_end - date_start) / 60) : 0;
  const about = [
    ...(has_ended === false && !date_end ? ["it goes on"] : []),
    ...(minutes > 0 ? [count(minutes, "minute")] : []),
    ...(people > 0 ? [count(people, "person", "people")] : []),
  ];
  return [text || "A huddle", about.join(", ")].filter(Boolean).join(": ");
}

/** A message as it is read out, of what is written into the answer. */
export function speak({ ts, ...message }: WrittenMessage): string {
  const { from, text, kind, edited, replies, reactions = [], thread, only_for_you } = message;
  const about = [
    ...(only_for_you ? ["only for this person"] : []),
    ...(edited ? ["edited"] : []),
    ...(kind === "thread_broadcast" ? ["from a thread"] : []),
    ...(replies > 0 && thread === ts ? [count(replies, "reply", "replies")] : []),
    ...(reactions.length > 0 ? [reactionWords(reactions)] : []),
  ];
  return about.length === 0
    ? said(from, text, kind)
    : `${said(from, text, kind)} (${about.join(", ")})`;
}

/** An id holds a digit; a name in capitals need not. */
function isId(from: string): boolean {
  return /^[UWB](?=[A-Z]*\d)[A-Z0-9]{2,20}$/.test(from);
}

/** Who wrote is in the words of what Slack writes about somebody. */
const PLAIN_KINDS = ["bot_message", "file_share", "thread_broadcast", "me_message"];

function said(from: string | undefined, text: string, kind: string | undefined): string {
  const who = from === undefined || isId(from) ? "somebody" : from;
  if (kind === "tombstone") return "a message that was deleted";
  const words = shortLine(text, SPOKEN_TEXT);
  if (words === "") return `${who} posted a message without words`;
  if (kind === "me_message") return `${who} ${words}`;
  if (kind !== undefined && !PLAIN_KINDS.includes(kind)) return words;
  return `${who} wrote "${words}"`;
}
