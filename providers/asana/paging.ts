/**
 * Lists page by page.
 *
 * https://developers.asana.com/docs/pagination
 *
 * @module
 */

import { z } from "zod";

/** How many to return, for every list. */
export const limit = z.int().min(1).max(100).default(20)
  .describe("How many to return at most, 1 to 100.");

/** Input fields of lists that go on. */
export const paging = {
  limit,
  offset: z.string().min(1).max(2_000).optional()
    .describe("Where to go on: `next_offset` of an earlier answer. Left out, at the start."),
};

/** Output fields of lists that go on. */
export const pagingOutput = {
  has_more: z.boolean().describe("Whether there is more than this."),
  next_offset: z.string().optional().describe("Pass it as `offset` to go on."),
};

/** The envelope of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    next_page: z.object({ offset: z.string() }).nullish(),
  });
}

/** Where a list goes on. */
export function pageAfter(
  { next_page }: { next_page?: { offset: string } | null | undefined },
): { has_more: boolean; next_offset: string | undefined } {
  return { has_more: Boolean(next_page), next_offset: next_page?.offset };
}

/** Says that a list goes on, ready to be appended. */
export function speakMore({ has_more }: { has_more: boolean }): string {
  return has_more ? " There are more." : "";
}
