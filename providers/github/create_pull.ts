/**
 * Opening a GitHub pull request.
 *
 * https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { oneLine } from "../text.ts";
import { IssueText, IssueTitle } from "./issue.ts";
import { PullRequest, summarizePull } from "./pull.ts";
import { isSameRepo, readIn, repo, repoOfPage, repoPath } from "./repo.ts";
import { REPO_SCOPES } from "./scopes.ts";
import { elsewhere, orRenamed, Repository } from "./whereabouts.ts";
import { notFound } from "../api_errors.ts";

const branch = z.string().max(255).regex(/^[^\s:]+$/, "must be a branch");

export const createPullRequest = tool({
  name: "github_create_pull_request",
  aliases: ["create_pull_request"],
  service: "github",
  title: "Open a GitHub pull request",
  description:
    "Open a pull request from a branch that is on GitHub. Those who watch the repository are " +
    "notified.",
  input: z.strictObject({
    repo,
    title: IssueTitle,
    head: z.string().max(300).regex(/^([A-Za-z0-9_-]+:)?[^\s:]+$/, "must be a branch").describe(
      "owner:branch where it is in a fork.",
    ),
    base: branch.optional().describe("Left out, the default branch."),
    body: IssueText.optional(),
    draft: z.boolean().default(false),
  }),
  output: z.object({
    repo: z.string(),
    number: z.number(),
    title: z.string(),
    state: z.string(),
    draft: z.boolean(),
    from: z.string(),
    into: z.string(),
    url: z.string(),
  }),
  hints: { readOnly: false },
  content: ["body"],
  scopes: REPO_SCOPES,
  async run({ repo, title, head, body, draft, ...rest }, { api }) {
    const base = rest.base ?? await defaultBranch(api, repo);
    const write = api.json(`${repoPath(repo)}/pulls`, PullRequest, {
      method: "POST",
      body: { title, head, base, body, draft },
    });
    const pull = await orRenamed(api, repo, write);
    const own = repoOfPage(pull.html_url);
    const where = own === undefined || isSameRepo(own, repo) ? repo : own;
    const { number, state, from, into, url, ...made } = summarizePull(pull);
    const notes = made.draft === draft
      ? []
      : [made.draft ? "It is a draft." : "It is not a draft, which was asked for."];
    return {
      text: [
        `Opened ${draft && made.draft ? "draft " : ""}pull request #${number} in ${where}, ` +
        `"${oneLine(pull.title)}", from ${from} into ${into}.`,
        ...notes,
      ].join(" "),
      notes,
      data: { repo: where, number, title: pull.title, state, draft: made.draft, from, into, url },
    };
  },
});

async function defaultBranch(
  api: Parameters<typeof readIn>[0],
  repo: string,
): Promise<string> {
  const { value, notes } = await readIn(api, repo, "", Repository);
  if (notes.length > 0) throw elsewhere(notes);
  if (!value.default_branch) throw notFound(`There is no branch in ${repo} yet.`);
  return value.default_branch;
}
