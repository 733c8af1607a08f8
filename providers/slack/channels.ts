/**
 * Slack's conversations: channels, and direct messages of two and of more.
 *
 * https://docs.slack.dev/reference/methods/conversations.list
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { call, cursorOf, Paged, readable } from "./api.ts";
import { eachTeam, joined } from "./teams.ts";

/** Slack's largest page, and how many of them are looked through. */
const PAGE = 999;
const MAX_PAGES = 5;

const flag = z.boolean().nullish();
export const Channel = z.object({
  id: z.string().min(1).max(64),
  /** Direct messages have none. */
  name: z.string().nullish(),
  /** Whom a direct message is with. */
  user: z.string().nullish(),
  is_private: flag,
  is_member: flag,
  is_archived: flag,
  is_im: flag,
  is_mpim: flag,
  is_ext_shared: flag,
  num_members: z.number().nullish(),
  topic: z.object({ value: z.string().nullish() }).nullish().catch(undefined),
  purpose: z.object({ value: z.string().nullish() }).nullish().catch(undefined),
});
/** A conversation, as Slack lists it. */
export type Channel = z.output<typeof Channel>;
const ChannelPage = z.object({ channels: z.array(z.unknown()), ...Paged.shape });

/** Slack's words for the kinds of conversations. */
export const TYPES = {
  public: "public_channel",
  private: "private_channel",
  direct: "im",
  group: "mpim",
} as const;
export type Kind = keyof typeof TYPES;

/** One page of conversations. */
export interface ChannelsPage {
  channels: Channel[];
  /** How many could not be read. */
  odd: number;
  next: string | undefined;
}

/** @throws {ApiError} `missing_scope`, where one of the kinds has not been granted. */
export async function channelsPage(
  api: ApiClient,
  kinds: Kind[],
  { limit, cursor, archived = false, isOptional = false, team }: {
    limit: number;
    cursor?: string | undefined;
    archived?: boolean | undefined;
    isOptional?: boolean | undefined;
    team?: string | undefined;
  },
): Promise<ChannelsPage> {
  const page = await call(api, "conversations.list", ChannelPage, {
    isOptional,
    query: {
      types: kinds.map((kind) => TYPES[kind]).join(","),
      exclude_archived: !archived,
      limit,
      cursor,
      team_id: team,
    },
  });
  const { items, odd } = readable(page.channels, Channel);
  return { channels: items, odd, next: cursorOf(page) };
}

/** All conversations of some kinds, as far as they were looked through. */
export interface AllChannels {
  channels: Channel[];
  isAll: boolean;
}

export async function allChannels(
  api: ApiClient,
  kinds: Kind[],
  options: { archived?: boolean; isOptional?: boolean } = {},
): Promise<AllChannels> {
  const { answers, isAll } = await eachTeam(
    api,
    (team) => allOfTeam(api, kinds, { ...options, team }),
  );
  return {
    channels: joined(answers.map(({ channels }) => channels)),
    isAll: isAll && answers.every((answer) => answer.isAll),
  };
}

async function allOfTeam(
  api: ApiClient,
  kinds: Kind[],
  options: { archived?: boolean; isOptional?: boolean; team: string | undefined },
): Promise<AllChannels> {
  const channels: Channel[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await channelsPage(api, kinds, { ...options, limit: PAGE, cursor });
    channels.push(...page.channels);
    cursor = page.next;
    if (cursor === undefined) return { channels, isAll: true };
  }
  return { channels, isAll: false };
}

/**
 * Asks for channels of both kinds, and for those alone that were granted where one was not: Slack
 * refuses the whole list for one kind.
 *
 * @throws what leads to a link for the public ones, where neither was granted.
 */
export async function asGranted<T>(
  ask: (kinds: Kind[], isOptional: boolean) => Promise<T>,
): Promise<{ given: T; kinds: Kind[] }> {
  for (const kinds of [["public", "private"], ["public"], ["private"]] satisfies Kind[][]) {
    try {
      return { given: await ask(kinds, true), kinds };
    } catch (error) {
      if (!(error instanceof ApiError) || error.fault.kind !== "missing_scope") throw error;
    }
  }
  return { given: await ask(["public"], false), kinds: ["public"] };
}
