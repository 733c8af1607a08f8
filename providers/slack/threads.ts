/**
 * Threads. Every reply carries its own `ts`, and a thread is known by that of its first message
 * alone: Slack gives the one reply for another, and posts beside the thread.
 *
 * https://docs.slack.dev/reference/methods/conversations.replies
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { call, Paged, readable } from "./api.ts";
import { NO_MESSAGE } from "./fault_table.ts";
import { placeOf } from "./links.ts";
import { Message, threadOf } from "./message.ts";

const MessagePage = z.object({
  messages: z.array(z.unknown()),
  has_more: z.boolean().nullish(),
  /** The workspace's plan hides older ones. */
  is_limited: z.boolean().nullish(),
  ...Paged.shape,
});

/** Messages, as Slack gives them. */
export interface Page {
  messages: Message[];
  /** How many could not be read. */
  odd: number;
  isLimited: boolean;
  hasMore: boolean;
  next: string | undefined;
}

/** @throws {ApiError} as {@linkcode call}. */
export async function messagesPage(
  api: ApiClient,
  method: "conversations.history" | "conversations.replies",
  query: Record<string, string | number | boolean | undefined>,
  isOptional = false,
): Promise<Page> {
  const page = await call(api, method, MessagePage, { query, isOptional });
  const { items, odd } = readable(page.messages, Message);
  return {
    messages: items,
    odd,
    isLimited: page.is_limited ?? false,
    hasMore: page.has_more ?? false,
    next: page.response_metadata?.next_cursor || undefined,
  };
}

/** A message's `ts`, or a link to one. */
export const timestamp = z.string().max(300).refine(
  (text) => /^\d{1,12}\.\d{1,8}$/.test(text) || placeOf(text)?.ts !== undefined,
  { error: "must be a message's ts, such as 1700000000.000100, or a link to it" },
);

/** A message that an argument names, and its thread's first one where a link says it. */
export interface NamedMessage {
  ts: string;
  thread?: string | undefined;
}

/**
 * The message of a conversation that an argument names.
 *
 * @throws {ApiError} where a link leads elsewhere.
 */
export function messageOf(argument: string, channel: string): NamedMessage {
  const place = placeOf(argument);
  if (place?.ts === undefined) return { ts: argument };
  if (place.channel === channel) return { ts: place.ts, thread: place.thread };
  throw invalid("Slack's link leads to a message of another conversation than the one named.");
}

/**
 * The first message of the thread that a message is in; of its own, where it is in none. Slack
 * lets some apps ask once a minute, for each of its two methods.
 *
 * @throws {ApiError} `not_found` where there is no such message; `missing_scope` where messages may
 * not be read.
 */
export async function firstOfThread(api: ApiClient, channel: string, ts: string): Promise<string> {
  try {
    const query = { channel, ts, limit: 1, inclusive: true };
    const { messages } = await messagesPage(api, "conversations.replies", query, true);
    const found = messages.find((message) => message.ts === ts || threadOf(message) === ts);
    if (found !== undefined) return threadOf(found);
    const [first] = messages;
    // Asked for a reply, it may begin with the thread's first message.
    if (first !== undefined && threadOf(first) === first.ts && first.ts < ts) return first.ts;
    throw new ApiError(NO_MESSAGE);
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind !== "rate_limited") throw error;
    const query = { channel, oldest: ts, latest: ts, inclusive: true, limit: 1 };
    const { messages } = await messagesPage(api, "conversations.history", query, true);
    const found = messages.find((message) => message.ts === ts);
    if (found === undefined) throw error;
    return threadOf(found);
  }
}
