/**
 * A pull request as GitHub sends it, and as the tools give it back.
 *
 * https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
 *
 * @module
 */

import { z } from "zod";
import { shorten } from "../text.ts";
import { Issue, IssueSummary, loginsOf, People, Person, some, summarizeIssue } from "./issue.ts";

/**
 * One of the two branches. Where its fork was deleted, GitHub sends no repository, and no label:
 * only the branch's name is left.
 */
const Side = z.object({
  ref: z.string(),
  label: z.string().nullish(),
  sha: z.string().nullish(),
  repo: z.object({ full_name: z.string().nullish() }).nullish(),
});

/** A pull request as the API lists it. */
export const PullRequest = z.object({
  ...Issue.shape,
  draft: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  requested_reviewers: People,
  requested_teams: z.array(
    z.object({ name: z.string().nullish(), slug: z.string().nullish() }).nullish(),
  ).nullish(),
  head: Side,
  base: Side,
});
export type PullRequest = z.output<typeof PullRequest>;

/** A pull request that is read by itself. `mergeable` is null while GitHub works it out. */
export const WholePullRequest = z.object({
  ...PullRequest.shape,
  merged: z.boolean().nullish(),
  merged_by: Person,
  mergeable: z.boolean().nullish(),
  mergeable_state: z.string().nullish(),
  review_comments: z.number().nullish(),
  commits: z.number().nullish(),
  additions: z.number().nullish(),
  deletions: z.number().nullish(),
  changed_files: z.number().nullish(),
});
export type WholePullRequest = z.output<typeof WholePullRequest>;

const { comments: _comments, reason: _reason, ...issueShape } = IssueSummary.shape;

/** A pull request in a tool's answer, without its text. */
export const PullRequestSummary = z.object({
  ...issueShape,
  draft: z.boolean(),
  merged: z.boolean(),
  from: z.string().describe("owner:branch where it is in a fork."),
  into: z.string(),
  reviewers: z.array(z.string()).describe("Who has been asked for a review and has not given it."),
  reviewer_teams: z.array(z.string()).optional(),
});

/** Shortens a pull request as an issue is shortened. */
export function summarizePull(
  pull: PullRequest,
  length = Infinity,
): z.output<typeof PullRequestSummary> {
  const { comments: _comments, reason: _reason, left_out = 0, ...issue } = summarizeIssue(
    pull,
    length,
  );
  const here = ownerOf(pull.base.label);
  const from = pull.head.label;
  const [people, teams] = [loginsOf(pull.requested_reviewers), teamsOf(pull)];
  const shown = { reviewers: some(people, length), teams: some(teams, length) };
  const leftOut = left_out + people.length + teams.length - shown.reviewers.length -
    shown.teams.length;
  return {
    ...issue,
    left_out: leftOut === 0 ? undefined : leftOut,
    draft: pull.draft ?? false,
    merged: isMerged(pull),
    from: shorten(from && ownerOf(from) !== here ? from : pull.head.ref, length),
    into: shorten(pull.base.ref, length),
    reviewers: shown.reviewers,
    reviewer_teams: teams.length === 0 ? undefined : shown.teams,
  };
}

/** Whether it has been merged. */
export function isMerged(pull: PullRequest & { merged?: boolean | null | undefined }): boolean {
  return Boolean(pull.merged_at) || pull.merged === true;
}

function teamsOf({ requested_teams }: PullRequest): string[] {
  return (requested_teams ?? []).map((team) => team?.name || team?.slug || "")
    .filter((name) => name !== "");
}

/** `octocat` of `octocat:main` */
function ownerOf(label: string | null | undefined): string | undefined {
  return label?.split(":")[0];
}

/** How it stands: `open as a draft`, `merged`. */
export function speakState(
  { state, merged, draft, mergeable }: {
    state: string;
    merged: boolean;
    draft: boolean;
    mergeable?: boolean | null | undefined;
  },
): string {
  if (merged) return "merged";
  const conflict = state === "open" && mergeable === false ? " with conflicts" : "";
  return `${state}${draft ? " as a draft" : ""}${conflict}`;
}

/**
 * What `mergeable_state` means; nothing where it says no more than the rest, or is new.
 * https://docs.github.com/en/graphql/reference/enums#mergestatestatus
 */
export function speakMergeState(state: string | null | undefined): string | undefined {
  switch (state) {
    case "behind":
      return "Its branch is behind and must be brought up to date first.";
    case "blocked":
      return "A rule of the repository keeps it from being merged, such as a missing review or a " +
        "check.";
    case "unstable":
      return "Not all of its checks have passed.";
    case "dirty":
      return "It conflicts with the branch that it goes into.";
    case "draft":
      return "It is a draft.";
    default:
      return undefined;
  }
}
