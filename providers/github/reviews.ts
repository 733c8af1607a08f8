/**
 * Reviews of a pull request, and comments on lines of its diff.
 *
 * https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request
 * https://docs.github.com/en/rest/pulls/comments#list-review-comments-on-a-pull-request
 *
 * @module
 */

import { z } from "zod";
import type { ApiClient } from "../provider.ts";
import { enumerate, fitting, shorten } from "../text.ts";
import { Comment, COMMENTS, there } from "./comments.ts";
import { Person } from "./issue.ts";
import { pageAfter } from "./paging.ts";
import { repoPath } from "./repo.ts";
import type { Named } from "./whereabouts.ts";

const REVIEWS = 100;
const TEXT_LENGTH = 1_000;

const SentReview = z.object({
  user: Person,
  state: z.string().nullish(),
  body: z.string().nullish(),
  submitted_at: z.string().nullish(),
});
type SentReview = z.output<typeof SentReview>;

/** A review in a tool's answer. */
export const Review = z.object({
  author: z.string().optional(),
  state: z.string(),
  body: z.string().optional(),
  submitted_at: z.string().optional(),
});

const SentLineComment = z.object({
  ...Comment.shape,
  path: z.string().nullish(),
  line: z.number().nullish(),
  original_line: z.number().nullish(),
});

/** A comment on a line in a tool's answer. */
export const LineComment = z.object({
  author: z.string().optional(),
  created_at: z.string().optional(),
  path: z.string().optional(),
  line: z.number().optional(),
  body: z.string(),
  url: z.string().optional(),
});

/** Who has reviewed it, and how. */
export async function readReviews(
  api: ApiClient,
  { repo, number }: Named,
  { page }: { page: number },
) {
  const path = `${repoPath(repo)}/pulls/${number}/reviews`;
  const { value, headers } = await api.page(path, z.array(SentReview.nullish()), {
    query: { per_page: REVIEWS, page },
    isOptional: true,
  });
  const reviews = there(value);
  const { has_more, next_page } = pageAfter(page, headers);
  const written = fitting(reviews, (review, length) => ({
    author: review.user?.login,
    state: (review.state ?? "unknown").toLowerCase(),
    body: review.body ? shorten(review.body, Math.min(TEXT_LENGTH, length * 2)) : undefined,
    submitted_at: review.submitted_at || undefined,
  }));
  const isCut = written.some(({ body = "" }, at) => body.length < (reviews[at]!.body ?? "").length);
  const isPart = page > 1 || has_more;
  const words = speakReviews(reviews);
  return {
    data: { reviews: written, next_page },
    said: isPart
      // The earliest come first: what one page says may be taken back on the next.
      ? words.length === 0 ? [] : [`Of the reviews on page ${page}:`, ...words]
      : words.length === 0
      ? ["Nobody has reviewed it."]
      : words,
    notes: isCut ? ["Long reviews are shortened."] : [],
  };
}

/** How each reviewer's latest word is: a comment takes no approval back. */
function speakReviews(reviews: SentReview[]): string[] {
  const latest = new Map<string, string>();
  for (const { user, state } of reviews) {
    const [name, is] = [user?.login ?? "somebody", (state ?? "").toUpperCase()];
    if (is === "PENDING" || (is === "COMMENTED" && latest.has(name))) continue;
    latest.set(name, is);
  }
  const by = (wanted: string) =>
    [...latest].filter(([, is]) => is === wanted).map(([name]) => name);
  const [approved, refused, others] = [by("APPROVED"), by("CHANGES_REQUESTED"), by("COMMENTED")];
  const dismissed = by("DISMISSED");
  return [
    ...(approved.length === 0 ? [] : [`Approved by ${enumerate(approved)}.`]),
    ...(refused.length === 0 ? [] : [`Changes are asked for by ${enumerate(refused)}.`]),
    ...(others.length === 0 ? [] : [`Commented on by ${enumerate(others)}.`]),
    ...(dismissed.length === 0
      ? []
      : [`No longer counted is the review of ${enumerate(dismissed)}.`]),
  ];
}

/** Comments on lines, the latest first. */
export async function readLineComments(api: ApiClient, { repo, number }: Named, page: number) {
  const path = `${repoPath(repo)}/pulls/${number}/comments`;
  const { value, headers } = await api.page(path, z.array(SentLineComment.nullish()), {
    query: { sort: "created", direction: "desc", per_page: COMMENTS, page },
    isOptional: true,
  });
  const sent = there(value);
  const comments = fitting(sent, (comment, length) => ({
    author: comment.user?.login,
    created_at: comment.created_at || undefined,
    path: comment.path ? shorten(comment.path, length) : undefined,
    line: comment.line ?? undefined,
    body: shorten(comment.body ?? "", Math.min(TEXT_LENGTH, length * 2)),
    url: comment.html_url || undefined,
  }));
  const isCut = comments.some(({ body }, at) => body.length < (sent[at]!.body ?? "").length);
  const { next_page } = pageAfter(page, headers);
  return { comments, next_page, notes: isCut ? ["Long comments are shortened."] : [] };
}
