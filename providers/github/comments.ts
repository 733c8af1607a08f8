/**
 * Comments of issues and pull requests. GitHub lists them from the oldest on,
 * while who asks wants to know the latest: they are read from the end.
 *
 * https://docs.github.com/en/rest/issues/comments#list-issue-comments
 *
 * @module
 */

import { z } from "zod";
import type { ApiClient } from "../provider.ts";
import { fitting, shorten, shortLine } from "../text.ts";
import { onDay } from "./days.ts";
import { Person } from "./issue.ts";
import { repoPath } from "./repo.ts";
import type { Named } from "./whereabouts.ts";

/** How many are read at a time. */
export const COMMENTS = 20;
/** Of each, this much is shown, as long as all of them fit. */
const COMMENT_LENGTH = 2_000;
const SPOKEN_COMMENT = 200;

/** What the tools use of a comment, as the API sends it. */
export const Comment = z.object({
  user: Person,
  body: z.string().nullish(),
  created_at: z.string().nullish(),
  html_url: z.string().nullish(),
});
export type Comment = z.output<typeof Comment>;

/** A comment in a tool's answer. */
export const CommentSummary = z.object({
  author: z.string().optional(),
  created_at: z.string().optional(),
  body: z.string(),
  url: z.string().optional(),
});

/** Comments, and which part of all of them. */
export interface CommentPage {
  comments: Comment[];
  /** `next_page`, where there are older ones. */
  next_page: number | undefined;
}

/**
 * One page from the end, in the order in which they were written. The pages that GitHub has, from
 * the beginning, lie across it: at most two of them are read.
 */
export async function readComments(
  api: ApiClient,
  { repo, number }: Named,
  { total, page }: { total: number; page: number },
): Promise<CommentPage> {
  const end = total - (page - 1) * COMMENTS;
  if (end <= 0) return { comments: [], next_page: undefined };
  const start = Math.max(0, end - COMMENTS);
  const [first, last] = [start, end - 1].map((at) => Math.floor(at / COMMENTS) + 1) as [
    number,
    number,
  ];
  const path = `${repoPath(repo)}/issues/${number}/comments`;
  const read = (page: number) =>
    api.json(path, z.array(Comment.nullish()), { query: { per_page: COMMENTS, page } });
  const pages = await Promise.all(first === last ? [read(first)] : [read(first), read(last)]);
  const from = start - (first - 1) * COMMENTS;
  const comments = pages.flat().slice(from, from + end - start);
  return { comments: there(comments), next_page: start > 0 ? page + 1 : undefined };
}

/** Without what GitHub sends as null. */
export function there<T>(list: (T | null | undefined)[]): T[] {
  return list.filter((one) => one !== null && one !== undefined);
}

/** Comments as they are given back, as long as they fit; and that some are cut, if so. */
export function summarizeComments(comments: Comment[]): {
  comments: z.output<typeof CommentSummary>[];
  notes: string[];
} {
  const written = fitting(comments, ({ user, body, created_at, html_url }, length) => ({
    author: user?.login,
    created_at: created_at || undefined,
    body: shorten(body ?? "", Math.min(COMMENT_LENGTH, length * 4)),
    url: html_url || undefined,
  }));
  const cut = written.filter(({ body }, at) => body.length < (comments[at]!.body ?? "").length);
  const notes = cut.length === 0 ? [] : ["Long comments are shortened."];
  return { comments: written, notes };
}

/** `The last comment, by ana on November 3, says: …` */
export function speakLast(comments: Comment[], now: number): string[] {
  const last = comments.at(-1);
  if (last === undefined || !last.body?.trim()) return [];
  const by = last.user ? `, by ${last.user.login}${onDay(last.created_at, now)},` : "";
  return [`The last comment${by} says: ${shortLine(last.body, SPOKEN_COMMENT)}`];
}
