/**
 * Posting Slack messages, in the person's own name.
 *
 * https://docs.slack.dev/reference/methods/chat.postMessage
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { type ApiClient, ApiError, tool } from "../provider.ts";
import { maybeDone, send } from "./api.ts";
import { conversationOf, placeData, placeInput, placeOutput } from "./conversation.ts";
import type { Conversation } from "./found_conversation.ts";
import { Directory } from "./people.ts";
import { isByName, kindsOf, peopleScopes, type Place, withLinked } from "./place.ts";
import { firstOfThread, messageOf, timestamp } from "./threads.ts";
import { type Mention, SLACK_CUTS_AT, toMrkdwn, unsentMentions } from "./writing.ts";

/** Slack advises 4,000, and takes ten times as much with every mark written out. */
const MAX_TEXT = 12_000;

const text = z.string().nullish();
const Posted = z.object({
  channel: z.string(),
  ts: z.string(),
  message: z.object({ thread_ts: text }).nullish().catch(undefined),
  warning: text.catch(undefined),
});

interface Wanted extends Place {
  thread?: string | undefined;
  mention?: string[] | undefined;
}

function scopesFor({ mention = [], thread, ...where }: Wanted): string[][] {
  const place = withLinked(where, thread);
  const named = peopleScopes({ people: mention });
  const people = peopleScopes(place);
  if (people.length > 0) {
    const opens = kindsOf(place).map((kind) => `${kind}:write`);
    return [[...new Set(["chat:write", ...opens, ...people, ...named])]];
  }
  if (!isByName(place)) return [["chat:write", ...named]];
  return kindsOf(place).map((kind) => ["chat:write", `${kind}:read`, ...named]);
}

/** https://docs.slack.dev/reference/methods/chat.postMessage */
export const postMessage = tool({
  name: "slack_post_message",
  formerly: {
    slack_reply_in_thread: {
      args: { only_in_thread: true },
      only: ["channel", "thread", "text", "also_to_channel"],
      needs: ["thread"],
    },
  },
  service: "slack",
  title: "Post a Slack message",
  description:
    "Post a message in the person's own name: to a Slack channel, to people directly, or into " +
    "a thread. Be sure of the place and the words.",
  input: z.strictObject({
    ...placeInput,
    text: z.string().max(MAX_TEXT).regex(/\S/, "must not be blank")
      .describe("Markdown. It notifies nobody by itself, whatever it says."),
    thread: timestamp.optional()
      .describe("To reply: the ts of, or a link to, any message of the thread."),
    also_to_channel: z.boolean().default(false).describe("Shows a reply in the channel as well."),
    mention: z.array(z.string().max(200).regex(/\S/, "must not be blank")).max(10).optional()
      .describe("People to notify, by name, e-mail or id; @name in the text is where."),
    only_in_thread: z.boolean().default(false).describe("Refuses to post outside a thread."),
  }),
  output: z.object({
    ...placeOutput,
    ts: z.string(),
    thread: z.string().optional(),
  }),
  hints: { readOnly: false },
  scopes: [["chat:write", "channels:read"], ["chat:write", "groups:read"]],
  scopesFor,
  async run({ channel, people, text, thread, also_to_channel, mention, only_in_thread }, { api }) {
    const directory = new Directory(api);
    if (only_in_thread && thread === undefined) {
      throw invalid("A reply needs the thread it is for.");
    }
    if (also_to_channel && thread === undefined) {
      throw invalid("Only a reply in a thread can be shown in the channel as well.");
    }
    const mentions = await mentionsOf(directory, mention ?? []);
    const written = toMrkdwn(text, mentions);
    if (written.length > SLACK_CUTS_AT) throw invalid("The text is too long for Slack.");
    const place = withLinked({ channel, people }, thread);
    const conversation = await conversationOf(api, place, { opens: true, directory });
    const { first, notes } = await threadFor(api, conversation, thread);
    const posted = await send(api, "chat.postMessage", Posted, {
      channel: conversation.id,
      text: written,
      // Nothing in the text is looked up or opened.
      ...{ parse: "none", link_names: false, unfurl_links: false, unfurl_media: false },
      ...(first !== undefined && { thread_ts: first, reply_broadcast: also_to_channel }),
    });
    const said = [
      ...notes,
      ...(isCut(posted) ? ["Slack cut the end of it off."] : []),
      ...(unsentMentions(text, mentions)
        ? ["What looks like a mention in it notified nobody."]
        : []),
    ];
    const where = placeIn(posted, conversation, first);
    return {
      text: [where, ...said].join(" "),
      notes: said,
      data: {
        ...placeData(conversation),
        ts: posted.ts,
        thread: first,
      },
    };
  },
});

async function mentionsOf(directory: Directory, wanted: string[]): Promise<Mention[]> {
  const mentions: Mention[] = [];
  for (const name of wanted) mentions.push({ wanted: name, user: await directory.find(name) });
  return mentions;
}

/** The first message of the thread that is meant, and what could not be made sure of. */
async function threadFor(
  api: ApiClient,
  { id, ts, thread: linked }: Conversation,
  thread: string | undefined,
): Promise<{ first?: string; notes: string[] }> {
  // A link to a message, given as the channel, is no place for a message of its own.
  const message = thread === undefined
    ? ts === undefined ? undefined : { ts, thread: linked }
    : messageOf(thread, id);
  if (message === undefined) return { notes: [] };
  if (message.thread !== undefined) return { first: message.thread, notes: [] };
  try {
    return { first: await firstOfThread(api, id, message.ts), notes: [] };
  } catch (error) {
    // Who may only send names the thread themselves.
    if (!(error instanceof ApiError) || error.fault.kind !== "missing_scope") throw error;
    const note = "It could not be made sure that the thread begins there: that takes reading it.";
    return { first: message.ts, notes: [note] };
  }
}

type Posted = z.output<typeof Posted>;

/** Where it was posted, read from Slack's answer. */
function placeIn(
  posted: Posted,
  { id, label, people }: Conversation,
  first: string | undefined,
): string {
  if (posted.channel !== id) {
    throw maybeDone(`Slack says that it posted this in another conversation than ${label}.`);
  }
  const { message } = posted;
  if (first === undefined) {
    return people === undefined
      ? `Posted the message to ${label}.`
      : `Sent the message to ${new Intl.ListFormat("en").format(people)}.`;
  }
  if (message && message.thread_ts !== first) {
    throw maybeDone(`Slack did not post this in that thread in ${label}.`);
  }
  return `Replied in the thread in ${label}.`;
}

function isCut({ warning }: Posted): boolean {
  return warning?.includes("message_truncated") ?? false;
}
