/**
 * Slack's two searches: `search.messages` with the one scope for everything, and
 * `assistant.search.context` with those for each kind of conversation. Slack does not take the
 * scope of the one for the other.
 *
 * https://docs.slack.dev/reference/methods/search.messages
 * https://docs.slack.dev/reference/methods/assistant.search.context
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { call, Paged, readable } from "./api.ts";
import { placeOf } from "./links.ts";
import { Message } from "./message.ts";
import { eachTeam } from "./teams.ts";

/** Slack counts no further. */
const MAX_PAGE = 100;
/** The most that `assistant.search.context` gives at once. */
const MAX_PARTS = 20;

/** A search in Slack's words. */
export interface Asked {
  query: string;
  sort: "newest" | "best";
  limit: number;
  cursor: string | undefined;
}

/** A message that was found, and where. */
export interface Match {
  message: Message;
  channel?: string | undefined;
  channelName?: string | undefined;
  /** Whom the direct messages are with. */
  person?: string | undefined;
  link?: string | undefined;
}

/** What was found. */
export interface Matches {
  matches: Match[];
  odd: number;
  total?: number | undefined;
  next: string | undefined;
  notes: string[];
}

/** By what was granted. */
export async function search(api: ApiClient, asked: Asked): Promise<Matches> {
  const [way, rest] = asked.cursor?.match(/^(page|part):(.+)$/s)?.slice(1) ?? [];
  if (asked.cursor !== undefined && (way === undefined || rest === undefined)) {
    throw invalid("This cursor is none of a Slack search.");
  }
  if (way === "part") return await searchParts(api, asked, rest);
  const whole = async (isOptional: boolean) => await searchAll(api, asked, rest, isOptional);
  return await whole(true).catch((error) => {
    if (!isMissingScope(error)) throw error;
    return searchParts(api, asked, undefined).catch((refused) => {
      if (!isWithoutWay(refused)) throw refused;
      // It leads to the link.
      return whole(false);
    });
  });
}

function isMissingScope(error: unknown): boolean {
  return error instanceof ApiError && error.fault.kind === "missing_scope";
}

/** Whether the other search is of no use here: not granted, not of this workspace, out of order. */
function isWithoutWay(error: unknown): boolean {
  return error instanceof ApiError &&
    ["missing_scope", "forbidden", "unavailable", "not_found"].includes(error.fault.kind);
}

const text = z.string().nullish().catch(undefined);
const number = z.number().nullish().catch(undefined);
const Found = Message.extend({
  channel: z.object({ id: z.string(), name: text, is_im: z.boolean().nullish(), user: text })
    .nullish().catch(undefined),
  permalink: text,
});
const SearchPage = z.object({
  messages: z.object({
    matches: z.array(z.unknown()).nullish(),
    total: number,
    paging: z.object({ pages: number, page: number }).nullish().catch(undefined),
    pagination: z.object({ page_count: number, page: number }).nullish().catch(undefined),
    all_stop_words: z.boolean().nullish().catch(undefined),
  }),
});

/** Of an organisation's workspaces the first page of each: they have no order together. */
async function searchAll(
  api: ApiClient,
  asked: Asked,
  rest: string | undefined,
  isOptional: boolean,
): Promise<Matches> {
  const { answers, isAll } = await eachTeam(
    api,
    (team) => searchTeam(api, asked, rest, { isOptional, team }),
  );
  const [first, ...others] = answers;
  if (first !== undefined && others.length === 0) return first;
  const matches = answers.flatMap((answer) => answer.matches);
  const totals = answers.reduce((sum, { total = 0 }) => sum + total, 0);
  const isPart = !isAll || matches.length > asked.limit || answers.some(({ next }) => next);
  return {
    matches,
    odd: answers.reduce((sum, { odd }) => sum + odd, 0),
    total: totals,
    next: undefined,
    notes: isPart ? ["Of each workspace only the first ones were looked at."] : [],
  };
}

async function searchTeam(
  api: ApiClient,
  { query, sort, limit }: Asked,
  rest: string | undefined,
  { isOptional, team }: { isOptional: boolean; team: string | undefined },
): Promise<Matches> {
  const page = Number(rest ?? "1");
  if (!Number.isInteger(page) || page < 1 || page > MAX_PAGE) {
    throw invalid("This cursor is none of a Slack search.");
  }
  const { messages } = await call(api, "search.messages", SearchPage, {
    query: {
      query,
      sort: sort === "newest" ? "timestamp" : "score",
      sort_dir: "desc",
      count: limit,
      page,
      team_id: team,
    },
    isOptional,
  });
  const { paging, pagination, total, all_stop_words } = messages;
  const { items, odd } = readable(messages.matches ?? [], Found);
  const pages = paging?.pages ?? pagination?.page_count ?? page;
  return {
    matches: items.map(({ channel, permalink, ...message }) => ({
      // A link says the thread that a found reply is in.
      message: { ...message, thread_ts: message.thread_ts ?? placeOf(permalink ?? "")?.thread },
      channel: channel?.id,
      // Of direct messages it is whom they are with, by id.
      ...(channel?.is_im || channel?.id.startsWith("D")
        ? { person: channel.user ?? channel.name ?? undefined }
        : { channelName: channel?.name ?? undefined }),
      link: permalink ?? undefined,
    })),
    odd,
    total: total ?? undefined,
    next: pages > page && page < MAX_PAGE ? `page:${page + 1}` : undefined,
    notes: [
      ...(all_stop_words ? ["Slack does not search for words that are in every message."] : []),
      ...(pages > page && page >= MAX_PAGE ? ["Slack gives no further ones."] : []),
    ],
  };
}

const Part = z.object({
  message_ts: z.string(),
  content: text,
  author_name: text,
  author_user_id: text,
  channel_id: text,
  channel_name: text,
  permalink: text,
  reply_count: number,
});
const PartPage = z.object({
  results: z.object({ messages: z.array(z.unknown()).nullish() }),
  ...Paged.shape,
});
const ALL_KINDS = ["public_channel", "private_channel", "mpim", "im"];

async function searchParts(
  api: ApiClient,
  asked: Asked,
  rest: string | undefined,
): Promise<Matches> {
  // All kinds, or public channels alone: Slack refuses the search for one that was not granted.
  const [, kind, cursor] = /^(all|public):(.*)$/s.exec(rest ?? "") ?? [];
  if (kind !== "public") {
    try {
      return await searchKinds(api, asked, "all", ALL_KINDS, cursor);
    } catch (error) {
      if (!isMissingScope(error) || kind === "all") throw error;
    }
  }
  return await searchKinds(api, asked, "public", ["public_channel"], cursor);
}

async function searchKinds(
  api: ApiClient,
  { query, sort, limit }: Asked,
  kind: "all" | "public",
  channelTypes: string[],
  cursor: string | undefined,
): Promise<Matches> {
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  const page = await call(api, "assistant.search.context", PartPage, {
    method: "POST",
    reads: true,
    isOptional: true,
    headers,
    body: {
      query,
      channel_types: channelTypes,
      content_types: ["messages"],
      include_bots: true,
      sort: sort === "newest" ? "timestamp" : "score",
      sort_dir: "desc",
      limit: Math.min(limit, MAX_PARTS),
      // What was asked for, not what is like it.
      disable_semantic_search: true,
      ...(cursor && { cursor }),
    },
  });
  const { items, odd } = readable(page.results.messages ?? [], Part);
  const next = page.response_metadata?.next_cursor || undefined;
  return {
    matches: items.map((part) => ({
      message: Message.parse({
        ts: part.message_ts,
        user: part.author_user_id,
        user_profile: { real_name: part.author_name },
        text: part.content,
        thread_ts: placeOf(part.permalink ?? "")?.thread,
        reply_count: part.reply_count,
      }),
      channel: part.channel_id ?? undefined,
      channelName: part.channel_name ?? undefined,
      link: part.permalink ?? undefined,
    })),
    odd,
    next: next && `part:${kind}:${next}`,
    notes: kind === "public" ? ["Only public channels were searched."] : [],
  };
}
