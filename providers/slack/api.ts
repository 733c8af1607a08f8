/**
 * Slack's Web API, which answers 200 when it refuses.
 *
 * https://docs.slack.dev/apis/web-api/#responses
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, type ApiRequest } from "../provider.ts";
import { BROKEN } from "./fault_table.ts";
import { isSame } from "./faults.ts";

/**
 * Calls a method that reads.
 *
 * @throws {ApiError} where Slack says no, with 200 too.
 */
export function call<T>(
  api: ApiClient,
  method: string,
  schema: z.ZodType<T>,
  request: ApiRequest = {},
): Promise<T> {
  return api.json(`/${method}`, schema, request);
}

/**
 * Calls a method that changes something. Slack warns where the JSON's type names no charset.
 *
 * @throws {ApiError} which says so where it may have been done: a fault of Slack's own can come
 * after it.
 */
export async function send<T>(
  api: ApiClient,
  method: string,
  schema: z.ZodType<T>,
  body: Record<string, unknown>,
  request: ApiRequest = {},
): Promise<T> {
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  try {
    return await call(api, method, schema, { method: "POST", body, headers, ...request });
  } catch (error) {
    if (!(error instanceof ApiError) || !isSame(error.fault, BROKEN) || request.reads) throw error;
    throw maybeDone("Slack had a fault of its own.");
  }
}

/** What was sent may have been done: nobody is to send it again unseen. */
export function maybeDone(message: string): ApiError {
  return new ApiError({ kind: "unavailable", message, mayBeDone: true });
}

/** What is only nice to know: `undefined` where Slack refuses it. A dead token is no such thing. */
export async function ifGiven<T>(
  api: ApiClient,
  method: string,
  schema: z.ZodType<T>,
  query: ApiRequest["query"],
): Promise<T | undefined> {
  try {
    return await call(api, method, schema, { query, isOptional: true });
  } catch (error) {
    if (error instanceof ApiError && error.fault.kind !== "unauthorized") return undefined;
    throw error;
  }
}

/** The items of a list that make sense, and how many do not: one odd item hides no other. */
export function readable<T>(items: unknown[], schema: z.ZodType<T>): { items: T[]; odd: number } {
  const parsed = items.map((item) => schema.safeParse(item));
  const good = parsed.flatMap((item) => item.success ? [item.data] : []);
  return { items: good, odd: items.length - good.length };
}

/** What an answer says about the next page; at the end Slack sends an empty cursor. */
export const Paged = z.object({
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

/** The cursor of the next page. */
export function cursorOf({ response_metadata }: z.output<typeof Paged>): string | undefined {
  return response_metadata?.next_cursor || undefined;
}

/** Input fields of every list. */
export const cursor = z.string().min(1).max(2_000).optional().describe(
  "An answer's next_cursor.",
);

/** Output fields of every list. */
export const pagingOutput = {
  has_more: z.boolean(),
  next_cursor: z.string().optional(),
};

/** Where a list goes on. */
export function pageAfter(
  next: string | undefined,
): { has_more: boolean; next_cursor: string | undefined } {
  return { has_more: next !== undefined, next_cursor: next };
}
