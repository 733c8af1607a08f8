/**
 * Opening a GitHub issue.
 *
 * https://docs.github.com/en/rest/issues/issues#create-an-issue
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { assigneesOf, Issue, IssueText, IssueTitle, labelsOf, LoginName } from "./issue.ts";
import { isSameRepo, repo, repoOfPage, repoPath } from "./repo.ts";
import { REPO_SCOPES } from "./scopes.ts";
import { spokenList } from "./spoken.ts";
import { orRenamed } from "./whereabouts.ts";

/** The most that GitHub takes for one issue. */
const MAX_ASSIGNEES = 10;

const label = z.string().min(1).max(100);

export const createIssue = tool({
  name: "github_create_issue",
  aliases: ["create_issue"],
  service: "github",
  title: "Create a GitHub issue",
  description:
    "Open a new issue in a GitHub repository. All who see the repository see it: be sure of " +
    "repository and title first.",
  input: z.strictObject({
    repo,
    title: IssueTitle,
    body: IssueText.optional(),
    labels: z.array(label).max(100).optional(),
    assignees: z.array(LoginName).max(MAX_ASSIGNEES).optional(),
  }),
  output: z.object({
    number: z.number(),
    url: z.string(),
    title: z.string(),
    state: z.string(),
    repo: z.string(),
    not_set: z.array(z.string()).optional()
      .describe("Labels and assignees that GitHub left out, for want of write access."),
  }),
  hints: { readOnly: false },
  content: ["body", "labels"],
  scopes: REPO_SCOPES,
  async run({ repo, ...fields }, { api }) {
    const request = { method: "POST", body: fields } as const;
    const issue = await orRenamed(
      api,
      repo,
      api.json(`${repoPath(repo)}/issues`, Issue, request),
    );
    const own = repoOfPage(issue.html_url);
    const where = own === undefined || isSameRepo(own, repo) ? repo : own;
    const left = notSet(issue, fields.labels ?? [], fields.assignees ?? []);
    const note = left.length === 0 ? "" : ` GitHub did not set ${spokenList(left)}.`;
    return {
      text: `Created issue #${issue.number}: ${issue.html_url}${note}`,
      data: {
        number: issue.number,
        url: issue.html_url,
        title: issue.title,
        state: issue.state,
        repo: where,
        not_set: left.length === 0 ? undefined : left,
      },
    };
  },
});

/** Without write access GitHub drops labels and assignees and says nothing. */
function notSet(issue: Issue, labels: string[], assignees: string[]): string[] {
  const missing = (wanted: string[], actual: string[]) => {
    const there = new Set(actual.map((name) => name.toLowerCase()));
    return wanted.filter((name) => !there.has(name.toLowerCase()));
  };
  return [...missing(labels, labelsOf(issue)), ...missing(assignees, assigneesOf(issue))];
}
