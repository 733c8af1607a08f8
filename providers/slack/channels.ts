/**
 * Slack channels.
 *
 * https://docs.slack.dev/reference/methods/conversations.list
 *
 * @module
 */

import { z } from "zod";
import { notFound } from "../api_errors.ts";
import { type ApiClient, tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten } from "../text.ts";
import { call, cursor, cursorOf, pageAfter, Paged, pagingOutput } from "./api.ts";

const TYPES = "public_channel,private_channel";
/** Slack's largest page, and how many of them are looked through for a name. */
const PAGE = 999;
const MAX_PAGES = 5;

/** An id holds a digit. Without one it is taken for a name in capitals, such as GENERAL. */
const CHANNEL_ID = /^[CGD](?=[A-Z]*\d)[A-Z0-9]{7,20}$/;

const Channel = z.object({
  id: z.string(),
  name: z.string(),
  is_private: z.boolean().nullish(),
  is_member: z.boolean().nullish(),
  num_members: z.number().nullish(),
  topic: z.object({ value: z.string().nullish() }).nullish(),
  purpose: z.object({ value: z.string().nullish() }).nullish(),
});
const ChannelPage = z.object({ channels: z.array(Channel), ...Paged.shape });

/** A channel in a tool's input. */
export const channel = z.string().max(81)
  .regex(/^#?[\p{L}\p{M}\p{N}_-]{1,80}$/u, {
    error: "must be a channel's name such as general, or its id",
  })
  .describe("The channel: its name such as general, or its id.");

/** A channel that was found. */
export interface FoundChannel {
  id: string;
  /** Absent where the id was given. */
  name?: string | undefined;
  /** How it is spoken of: `#general`, or the id where that was given. */
  label: string;
}

/**
 * The channel that an argument means, by its id or its name.
 *
 * @throws {ApiError} where there is none of this name.
 */
export async function resolveChannel(api: ApiClient, wanted: string): Promise<FoundChannel> {
  if (CHANNEL_ID.test(wanted)) return { id: wanted, label: wanted };
  const name = wanted.replace(/^#/, "").toLowerCase();
  let next: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await call(api, "conversations.list", ChannelPage, {
      query: { types: TYPES, exclude_archived: true, limit: PAGE, cursor: next },
    });
    const found = page.channels.find((channel) => channel.name === name);
    if (found !== undefined) return { id: found.id, name: found.name, label: `#${found.name}` };
    next = cursorOf(page);
    if (next === undefined) break;
  }
  throw notFound(`Slack has no channel called ${name} that this account can see.`);
}

/** https://docs.slack.dev/reference/methods/conversations.list */
export const listChannels = tool({
  name: "slack_list_channels",
  service: "slack",
  title: "List Slack channels",
  description: "List the channels of the person's Slack workspace that are not archived: all " +
    "public ones, and the private ones they are in. Use it when they ask which channels there are.",
  input: z.strictObject({
    limit: z.int().min(1).max(200).default(50)
      .describe("How many to return at most, 1 to 200."),
    cursor,
  }),
  output: z.object({
    channels: z.array(z.object({
      channel: z.string().describe("The channel's id."),
      name: z.string(),
      is_private: z.boolean(),
      is_member: z.boolean().describe("Whether the person is in it."),
      members: z.number().optional(),
      topic: z.string().optional(),
    })),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["channels:read", "groups:read"]],
  async run({ limit, cursor }, { api }) {
    const page = await call(api, "conversations.list", ChannelPage, {
      query: { types: TYPES, exclude_archived: true, limit, cursor },
    });
    const next = pageAfter(cursorOf(page));
    const names = page.channels.map(({ name }) => `#${name}`);
    const list = names.length === 0 ? "" : `: ${enumerate(names)}`;
    const more = next.has_more ? " There are more." : "";
    return {
      text: `Found ${count(names.length, "channel")}${list}.${more}`,
      data: { channels: fitting(page.channels, summarizeChannel), ...next },
    };
  },
});

function summarizeChannel(channel: z.output<typeof Channel>, length: number) {
  const topic = oneLine(channel.topic?.value || channel.purpose?.value || "");
  return {
    channel: channel.id,
    name: channel.name,
    is_private: channel.is_private ?? false,
    is_member: channel.is_member ?? false,
    members: channel.num_members ?? undefined,
    topic: topic === "" ? undefined : shorten(topic, length),
  };
}
