/**
 * Comments and reviews on GitHub.
 *
 * https://docs.github.com/en/rest/issues/comments#create-an-issue-comment
 * https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { type ApiClient, ApiError, tool } from "../provider.ts";
import { count } from "../text.ts";
import { CommentText, issueNumber } from "./issue.ts";
import { pageOf, repo, repoPath } from "./repo.ts";
import { REPO_SCOPES } from "./scopes.ts";
import { checkChanged, type Named, orWhere } from "./whereabouts.ts";

const EVENTS = { approve: "APPROVE", request_changes: "REQUEST_CHANGES", comment: "COMMENT" };
/** What GitHub calls a review that was sent. */
const SENT: Record<keyof typeof EVENTS, string> = {
  approve: "APPROVED",
  request_changes: "CHANGES_REQUESTED",
  comment: "COMMENTED",
};
const SPOKEN = {
  approve: "Approved",
  request_changes: "Asked for changes to",
  comment: "Reviewed",
};

const LineComment = z.strictObject({
  path: z.string().min(1).max(1_024),
  line: z.int().min(1).describe("Its line after the change; with side LEFT, before it."),
  start_line: z.int().min(1).optional(),
  side: z.enum(["LEFT", "RIGHT"]).optional(),
  body: CommentText,
});

const Written = z.object({ id: z.number(), html_url: z.string(), state: z.string().nullish() });

export const comment = tool({
  name: "github_comment",
  formerly: {
    github_comment_on_issue: { only: ["repo", "number", "body"], needs: ["body"] },
    comment_on_issue: { only: ["repo", "number", "body"], needs: ["body"] },
    github_review_pull_request: { args: { review: "comment" } },
  },
  service: "github",
  title: "Comment on GitHub, or review",
  description:
    "Comment on an issue or pull request, or review a pull request: approve it, ask for " +
    "changes, comment on lines. Everybody who watches it is notified.",
  input: z.strictObject({
    repo,
    number: issueNumber,
    body: CommentText.optional().describe("In Markdown. Only an approval may do without."),
    review: z.enum(["approve", "request_changes", "comment"]).optional().describe(
      "Makes it a review of a pull request.",
    ),
    comments: z.array(LineComment).min(1).max(50).optional().describe(
      "In a review: on lines of its diff.",
    ),
    commit: z.string().regex(/^[0-9a-f]{40}$/i, "must be a whole commit id").optional().describe(
      "In a review: full sha of the commit that was looked at.",
    ),
  }),
  output: z.object({
    id: z.number(),
    number: z.number(),
    repo: z.string(),
    url: z.string(),
    is_pull_request: z.boolean(),
    review: z.string().optional(),
    line_comments: z.number().optional(),
  }),
  hints: { readOnly: false },
  scopes: REPO_SCOPES,
  async run({ repo, number, body, comments, commit, ...rest }, { api }) {
    const named = { repo, number };
    const review = rest.review ?? (comments === undefined ? undefined : "comment");
    if (review === undefined) {
      if (commit !== undefined) throw invalid("commit goes with review only.");
      if (body === undefined) throw invalid("Say what to comment: body is missing.");
      return await sayIn(api, named, body);
    }
    if (body === undefined && (review === "request_changes" || !(comments || isApproval(review)))) {
      throw invalid("GitHub wants words with this review: body is missing.");
    }
    return await reviewIn(api, named, review, { body, comments, commit });
  },
});

function isApproval(review: keyof typeof EVENTS): boolean {
  return review === "approve";
}

async function sayIn(api: ApiClient, named: Named, body: string) {
  const { repo, number } = named;
  const path = `${repoPath(repo)}/issues/${number}/comments`;
  const request = { method: "POST", body: { body } } as const;
  const { id, html_url } = await orWhere(api, named, api.json(path, Written, request));
  checkPlace(named, html_url);
  const isPull = isOnPull(html_url);
  return {
    text: `Commented on ${isPull ? "pull request" : "issue"} #${number}: ${html_url}`,
    data: { id, number, repo, url: html_url, is_pull_request: isPull },
  };
}

async function reviewIn(
  api: ApiClient,
  named: Named,
  review: keyof typeof EVENTS,
  { body, comments, commit }: {
    body: string | undefined;
    comments: z.output<typeof LineComment>[] | undefined;
    commit: string | undefined;
  },
) {
  const { repo, number } = named;
  const write = api.json(`${repoPath(repo)}/pulls/${number}/reviews`, Written, {
    method: "POST",
    body: {
      body,
      event: EVENTS[review],
      commit_id: commit,
      comments: comments?.map(({ side = "RIGHT", start_line, ...one }) => ({
        ...one,
        side,
        start_line,
        start_side: start_line === undefined ? undefined : side,
      })),
    },
  });
  const { id, html_url, state } = await orWhere(api, named, write, "pull request");
  checkPlace(named, html_url);
  if (state && state.toUpperCase() !== SENT[review]) throw notSent(named, state);
  const lines = comments === undefined ? "" : `, with ${count(comments.length, "line comment")}`;
  return {
    text: `${SPOKEN[review]} pull request #${number} in ${repo}${lines}.`,
    data: {
      id,
      number,
      repo,
      url: html_url,
      is_pull_request: true,
      review: SENT[review].toLowerCase(),
      line_comments: comments?.length,
    },
  };
}

/** It was written, and is not what was asked for: a draft that nobody sees, say. */
function notSent({ repo, number }: Named, state: string): ApiError {
  const is = state.toUpperCase() === "PENDING"
    ? "a draft that was not sent"
    : `"${state.slice(0, 40).toLowerCase().replaceAll("_", " ")}"`;
  const message = `The review of #${number} in ${repo} is now ${is}, and not what was asked for. ` +
    "Look at it on GitHub.";
  return new ApiError({ kind: "conflict", message });
}

/** A comment's page is that of what it stands on: `…/issues/1#issuecomment-2`. */
function checkPlace(named: Named, url: string): void {
  const page = pageOf(url);
  if (page?.number === undefined) return;
  checkChanged(named, { repo: page.repo, number: page.number, html_url: url });
}

function isOnPull(url: string): boolean {
  return pageOf(url)?.kind === "pull";
}
