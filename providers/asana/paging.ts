/**
 * Lists page by page.
 *
 * https://developers.asana.com/docs/pagination
 *
 * @module
 */

import { z } from "zod";
import type { ApiClient, ApiRequest } from "../provider.ts";
import { count } from "../text.ts";

/** Asana's largest page. */
const PAGE = 100;

/** How many to return, for every list. */
export const limit = z.int().min(1).max(100).default(20);

/** Input fields of lists that go on. */
export const paging = {
  limit,
  offset: z.string().min(1).max(2_000).optional().describe("An answer's next_offset."),
};

/** Output fields of lists that go on. */
export const pagingOutput = {
  has_more: z.boolean(),
  next_offset: z.string().optional(),
};

/** A page, read item by item: one that makes no sense does not hide the others. */
export interface Page<T> {
  items: T[];
  /** How many could not be read. */
  unread: number;
  has_more: boolean;
  next_offset: string | undefined;
}

/** The envelope of a list. */
function pageOf<T>(item: z.ZodType<T>) {
  return z.object({
    data: z.array(item.nullable().catch(null)),
    next_page: z.object({ offset: z.string().nullish() }).nullish(),
  }).transform(({ data, next_page }): Page<T> => {
    const items = data.flatMap((one) => one === null ? [] : [one]);
    return {
      items,
      unread: data.length - items.length,
      has_more: Boolean(next_page?.offset),
      next_offset: next_page?.offset || undefined,
    };
  });
}

/** One page of a list. */
export async function pageAt<T>(
  api: ApiClient,
  path: string,
  item: z.ZodType<T>,
  query: ApiRequest["query"],
): Promise<Page<T>> {
  return await api.json(path, pageOf(item), { query });
}

/** The first pages of a list, at most so many. */
export async function pagesOf<T>(
  api: ApiClient,
  path: string,
  item: z.ZodType<T>,
  query: ApiRequest["query"],
  most: number,
): Promise<Page<T>> {
  const items: T[] = [];
  let unread = 0;
  let page: Page<T> | undefined;
  for (let number = 0; number < most; number++) {
    const offset = page?.next_offset;
    page = await pageAt(api, path, item, { ...query, limit: PAGE, offset });
    items.push(...page.items);
    unread += page.unread;
    if (!page.has_more) break;
  }
  return { items, unread, has_more: page?.has_more ?? false, next_offset: page?.next_offset };
}

/** Says that a list goes on, ready to be appended. */
export function speakMore({ has_more }: { has_more: boolean }): string {
  return has_more ? " There are more." : "";
}

/** Says what could not be read. */
export function speakUnread(unread: number, noun: string, plural?: string): string[] {
  return unread > 0 ? [`${count(unread, noun, plural)} could not be read.`] : [];
}
