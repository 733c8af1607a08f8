/**
 * Which conversation an argument means: a channel by its name, id or link, or the direct messages
 * with people by their names.
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import type { ApiClient } from "../provider.ts";
import { ifGiven } from "./api.ts";
import { channelByName } from "./channel_by_name.ts";
import { Channel } from "./channels.ts";
import { withPeople } from "./direct_messages.ts";
import { type Conversation, named } from "./found_conversation.ts";
import { isConversationId, placeOf } from "./links.ts";
import { Directory, namesOf } from "./people.ts";
import { isPerson, type Place } from "./place.ts";

/** Where something is or was done. */
export const placeOutput = {
  channel: z.string(),
  channel_name: z.string().optional(),
  people: z.array(z.string()).optional(),
};

/** The same of a conversation. */
export function placeData({ id, name, people }: Conversation) {
  return { channel: id, channel_name: name, people };
}

/** Whom a message is with is in the place of a channel. */
export const placeInput = {
  channel: z.string().max(300).refine(isChannelArgument, {
    error: "must be a channel's name such as general, its id or a link to it",
  }).optional().describe("A channel's name, id or link."),
  people: z.array(z.string().max(200).regex(/\S/, "must not be blank")).min(1).max(8).optional()
    .describe("Instead of channel, for direct messages: names, e-mails or ids."),
};

function isChannelArgument(channel: string): boolean {
  return placeOf(channel) !== undefined || /^<#[CG][A-Z0-9]{2,20}(\|[^<>|]*)?>$/.test(channel) ||
    /^[#@]?[\p{L}\p{M}\p{N}_.-]+( [\p{L}\p{M}\p{N}_.-]+){0,9}$/u.test(channel);
}

/**
 * The conversation that is meant.
 *
 * @throws {ApiError} where there is none, or more than one.
 */
export async function conversationOf(
  api: ApiClient,
  { channel, people }: Place,
  { opens, directory = new Directory(api) }: {
    /** Whether direct messages are begun where there are none yet. */
    opens: boolean;
    directory?: Directory | undefined;
  },
): Promise<Conversation> {
  if ((channel === undefined) === (people === undefined)) {
    throw invalid("Slack needs either a channel or the people of a direct message, and not both.");
  }
  const names = channel !== undefined && isPerson(channel) ? [channel] : people;
  if (names !== undefined) return await withPeople(api, names, opens, directory);
  const wanted = (channel ?? "").trim().replace(/^<#([CG][A-Z0-9]+).*>$/, "$1");
  const link = placeOf(wanted);
  const id = link?.channel ?? wanted;
  if (isConversationId(id)) return { ...link, ...await byId(api, id) };
  return await channelByName(api, wanted);
}

const Info = z.object({ channel: Channel });

/** The id says which one is meant; what it is called is only nice to know. */
async function byId(api: ApiClient, id: string): Promise<Conversation> {
  const info = await ifGiven(api, "conversations.info", Info, { channel: id });
  const found = info?.channel;
  if (found?.name && !found.is_im && !found.is_mpim) return named({ ...found, id });
  if (id.startsWith("D") || found?.is_im) {
    const { names } = await namesOf(api, found?.user ? [found.user] : []);
    const [name] = names.values();
    return {
      id,
      people: name ? [name] : undefined,
      label: name ? `the direct messages with ${name}` : "that direct message",
    };
  }
  return { id, label: found?.is_mpim ? "that group conversation" : "that channel" };
}
