/**
 * Tools for GitHub pull requests.
 *
 * https://docs.github.com/en/rest/pulls/pulls
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten } from "../text.ts";
import { Issue, IssueSummary, summarizeIssue } from "./issue.ts";
import { pageAfter, paging, pagingOutput, RepoName, repoPath } from "./repositories.ts";

/** Enough to answer questions about it; a model's context is dear. */
const BODY_LENGTH = 4_000;
const SPOKEN_BODY = 300;

const repo = RepoName.describe("The repository as owner/name, such as octocat/hello-world.");
const branch = z.string().min(1).max(255);

/** One of the two branches. Where its fork was deleted, GitHub sends no label, only the name. */
const Side = z.object({ ref: z.string(), label: z.string().nullish() });

/** A pull request as the API lists it. */
const PullRequest = z.object({
  ...Issue.shape,
  draft: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  requested_reviewers: z.array(z.object({ login: z.string() })).nullish(),
  head: Side,
  base: Side,
});
type PullRequest = z.output<typeof PullRequest>;

/** A pull request that is read by itself. `mergeable` is null while GitHub works it out. */
const WholePullRequest = z.object({
  ...PullRequest.shape,
  mergeable: z.boolean().nullish(),
  commits: z.number().nullish(),
  additions: z.number().nullish(),
  deletions: z.number().nullish(),
  changed_files: z.number().nullish(),
});

const { comments: _comments, ...issueShape } = IssueSummary.shape;

const PullRequestSummary = z.object({
  ...issueShape,
  draft: z.boolean(),
  merged: z.boolean(),
  from: z.string().describe("The branch with the changes; owner:branch where it is in a fork."),
  into: z.string().describe("The branch that gets them."),
  reviewers: z.array(z.string()).describe("Who has been asked for a review and has not given it."),
});

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
export const listPullRequests = tool({
  name: "github_list_pull_requests",
  aliases: ["list_pull_requests"],
  service: "github",
  title: "List GitHub pull requests",
  description: "List a repository's pull requests, newest first. Use it when the person asks " +
    "which changes are open, merged or closed there, or to find the number of a pull request.",
  input: z.strictObject({
    repo,
    state: z.enum(["open", "closed", "all"]).default("open")
      .describe("Which to list; those that were merged are closed."),
    base: branch.optional().describe("Only those into this branch, such as main."),
    sort: z.enum(["created", "updated"]).default("created")
      .describe("Order: latest creation or latest change first."),
    ...paging,
  }),
  output: z.object({
    repo: z.string(),
    pull_requests: z.array(PullRequestSummary),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["repo"]],
  async run({ repo, state, base, sort, limit, page }, { api }) {
    const path = `${repoPath(repo)}/pulls`;
    const { value, headers } = await api.page(path, z.array(PullRequest), {
      query: { state, base, sort, direction: "desc", per_page: limit, page },
    });
    const next = pageAfter(page, headers);
    const noun = state === "all" ? "pull request" : `${state} pull request`;
    const titles = value.map(({ number, title }) => `#${number} ${oneLine(title)}`);
    const list = titles.length === 0 ? "" : `: ${enumerate(titles)}`;
    const more = next.has_more ? ` There are more on page ${page + 1}.` : "";
    return {
      text: `Found ${count(value.length, noun)} in ${repo}${list}.${more}`,
      data: { repo, pull_requests: fitting(value, summarize), ...next },
    };
  },
});

/** https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
export const getPullRequest = tool({
  name: "github_get_pull_request",
  aliases: ["get_pull_request"],
  service: "github",
  title: "Read a GitHub pull request",
  description: "Read one pull request: its text, branches, size, whether it is merged or can be, " +
    "and who has yet to review it. Use it when the person asks about a certain pull request.",
  input: z.strictObject({
    repo,
    number: z.int().min(1).describe("The pull request's number, as in #12."),
  }),
  output: z.object({
    ...PullRequestSummary.shape,
    repo: z.string(),
    body: z.string(),
    truncated: z.boolean().describe(`Whether the body was cut at ${BODY_LENGTH} characters.`),
    mergeable: z.boolean().optional()
      .describe("Whether it merges without conflicts; absent while GitHub works that out."),
    commits: z.number(),
    additions: z.number().describe("Lines added."),
    deletions: z.number().describe("Lines taken away."),
    changed_files: z.number(),
    comments: z.number(),
  }),
  hints: { readOnly: true },
  scopes: [["repo"]],
  async run({ repo, number }, { api }) {
    const pull = await api.json(`${repoPath(repo)}/pulls/${number}`, WholePullRequest);
    const body = pull.body ?? "";
    const data = {
      ...summarize(pull),
      repo,
      body: shorten(body, BODY_LENGTH),
      truncated: body.length > BODY_LENGTH,
      mergeable: pull.mergeable ?? undefined,
      commits: pull.commits ?? 0,
      additions: pull.additions ?? 0,
      deletions: pull.deletions ?? 0,
      changed_files: pull.changed_files ?? 0,
      comments: pull.comments ?? 0,
    };
    const by = data.author === undefined ? "" : `, opened by ${data.author}`;
    const says = body.trim() === "" ? "" : ` It says: ${shorten(oneLine(body), SPOKEN_BODY)}`;
    return {
      text: `Pull request #${number} in ${repo}, "${oneLine(pull.title)}", is ` +
        `${speakState(data)}${by}, from ${data.from} into ${data.into}. ` +
        `It changes ${count(data.changed_files, "file")} in ${count(data.commits, "commit")}, ` +
        `${data.additions} lines added and ${data.deletions} taken away.${says}`,
      data,
    };
  },
});

function summarize(pull: PullRequest, length = Infinity): z.output<typeof PullRequestSummary> {
  const { comments: _comments, ...issue } = summarizeIssue(pull, length);
  const here = ownerOf(pull.base.label);
  const from = pull.head.label;
  return {
    ...issue,
    draft: pull.draft ?? false,
    merged: Boolean(pull.merged_at),
    from: shorten(from && ownerOf(from) !== here ? from : pull.head.ref, length),
    into: shorten(pull.base.ref, length),
    reviewers: (pull.requested_reviewers ?? []).map(({ login }) => login).slice(0, length / 10),
  };
}

/** `octocat` of `octocat:main` */
function ownerOf(label: string | null | undefined): string | undefined {
  return label?.split(":")[0];
}

function speakState(
  { state, merged, draft, mergeable }: {
    state: string;
    merged: boolean;
    draft: boolean;
    mergeable?: boolean | undefined;
  },
): string {
  if (merged) return "merged";
  const conflict = state === "open" && mergeable === false ? " with conflicts" : "";
  return `${state}${draft ? " as a draft" : ""}${conflict}`;
}
