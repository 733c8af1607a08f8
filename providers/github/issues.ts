/**
 * Tools for GitHub issues.
 *
 * https://docs.github.com/en/rest/issues/issues
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten } from "../text.ts";
import {
  assigneesOf,
  CommentText,
  Issue,
  issueNumber as number,
  IssueSummary,
  IssueText,
  IssueTitle,
  labelsOf,
  LoginName,
  summarizeIssue,
} from "./issue.ts";
import { pageAfter, paging, pagingOutput, RepoName, repoPath } from "./repositories.ts";

/** The most that GitHub takes for one issue. */
const MAX_ASSIGNEES = 10;

/** Enough to answer questions about an issue; a model's context is dear. */
const BODY_LENGTH = 4_000;
const SPOKEN_BODY = 300;

const Comment = z.object({ id: z.number(), html_url: z.string() });

const repo = RepoName.describe("The repository as owner/name, such as octocat/hello-world.");
const label = z.string().min(1).max(100);

/** https://docs.github.com/en/rest/issues/issues#create-an-issue */
export const createIssue = tool({
  name: "github_create_issue",
  aliases: ["create_issue"],
  service: "github",
  title: "Create a GitHub issue",
  description:
    "Open a new issue in a GitHub repository. Use it when the person wants to report a " +
    "bug, ask for a feature or note a task there. It is visible to everybody who sees the " +
    "repository, so be sure of the repository and the title first.",
  input: z.strictObject({
    repo,
    title: IssueTitle.describe("One line that says what it is about."),
    body: IssueText.optional().describe("The description, in Markdown."),
    labels: z.array(label).max(100).optional().describe("Names of labels to set, such as bug."),
    assignees: z.array(LoginName).max(MAX_ASSIGNEES).optional()
      .describe("GitHub logins of the people to assign."),
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
  scopes: [["repo"]],
  async run({ repo, ...fields }, { api }) {
    const issue = await api.json(`${repoPath(repo)}/issues`, Issue, {
      method: "POST",
      body: fields,
    });
    const left = notSet(issue, fields.labels ?? [], fields.assignees ?? []);
    const note = left.length === 0 ? "" : ` GitHub did not set ${left.join(", ")}.`;
    return {
      text: `Created issue #${issue.number}: ${issue.html_url}${note}`,
      data: {
        number: issue.number,
        url: issue.html_url,
        title: issue.title,
        state: issue.state,
        repo,
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

/** https://docs.github.com/en/rest/issues/issues#list-repository-issues */
export const listIssues = tool({
  name: "github_list_issues",
  aliases: ["list_issues"],
  service: "github",
  title: "List GitHub issues",
  description: "List a repository's issues, newest first, without pull requests. Use it when the " +
    "person asks what is open or closed there, or to find the number of an issue.",
  input: z.strictObject({
    repo,
    state: z.enum(["open", "closed", "all"]).default("open").describe("Which issues to list."),
    labels: z.array(label.regex(/^[^,]*$/, "must not hold a comma")).min(1).max(20).optional()
      .describe("Only issues that have all of these labels."),
    ...paging,
  }),
  output: z.object({
    repo: z.string(),
    issues: z.array(IssueSummary),
    pull_requests_left_out: z.number().describe(
      "Pull requests on this page, which count towards `limit`.",
    ),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["repo"]],
  async run({ repo, state, labels, limit, page }, { api }) {
    const { value, headers } = await api.page(`${repoPath(repo)}/issues`, z.array(Issue), {
      query: { state, labels: labels?.join(","), per_page: limit, page },
    });
    const issues = value.filter((issue) => issue.pull_request === undefined);
    const leftOut = value.length - issues.length;
    const next = pageAfter(page, headers);
    return {
      text: [
        foundIssues(issues, repo, state),
        ...(leftOut === 0 ? [] : [`Left out: ${count(leftOut, "pull request")}.`]),
        ...(next.has_more ? [`There are more on page ${page + 1}.`] : []),
      ].join(" "),
      data: {
        repo,
        issues: fitting(issues, summarizeIssue),
        pull_requests_left_out: leftOut,
        ...next,
      },
    };
  },
});

function foundIssues(issues: Issue[], repo: string, state: string): string {
  const found = count(issues.length, state === "all" ? "issue" : `${state} issue`);
  const titles = issues.map(({ number, title }) => `#${number} ${oneLine(title)}`);
  return `Found ${found} in ${repo}${titles.length === 0 ? "" : `: ${enumerate(titles)}`}.`;
}

/** https://docs.github.com/en/rest/issues/issues#get-an-issue */
export const getIssue = tool({
  name: "github_get_issue",
  aliases: ["get_issue"],
  service: "github",
  title: "Read a GitHub issue",
  description:
    "Read one issue in full: its text, state, labels, assignees and number of comments. " +
    "Use it when the person asks about a certain issue, by number or after listing them.",
  input: z.strictObject({ repo, number }),
  output: z.object({
    ...IssueSummary.shape,
    repo: z.string(),
    body: z.string(),
    truncated: z.boolean().describe(`Whether the body was cut at ${BODY_LENGTH} characters.`),
    is_pull_request: z.boolean(),
  }),
  hints: { readOnly: true },
  scopes: [["repo"]],
  async run({ repo, number }, { api }) {
    const issue = await api.json(`${repoPath(repo)}/issues/${number}`, Issue);
    const body = issue.body ?? "";
    const data = {
      ...summarizeIssue(issue),
      repo,
      body: shorten(body, BODY_LENGTH),
      truncated: body.length > BODY_LENGTH,
      is_pull_request: issue.pull_request !== undefined,
    };
    const kind = data.is_pull_request ? "Pull request" : "Issue";
    const by = data.author === undefined ? "" : `, opened by ${data.author}`;
    const says = body.trim() === "" ? "" : ` It says: ${shorten(oneLine(body), SPOKEN_BODY)}`;
    return {
      text: `${kind} #${number} in ${repo}, "${oneLine(issue.title)}", is ${issue.state}${by}, ` +
        `with ${count(data.comments, "comment")}.${says}`,
      data,
    };
  },
});

/** https://docs.github.com/en/rest/issues/comments#create-an-issue-comment */
export const commentOnIssue = tool({
  name: "github_comment_on_issue",
  aliases: ["comment_on_issue"],
  service: "github",
  title: "Comment on a GitHub issue",
  description:
    "Add a comment to an issue or a pull request. Use it when the person wants to answer " +
    "or add something there. Everybody who watches it is notified.",
  input: z.strictObject({
    repo,
    number,
    body: CommentText.describe("The comment, in Markdown."),
  }),
  output: z.object({ id: z.number(), number: z.number(), repo: z.string(), url: z.string() }),
  hints: { readOnly: false },
  scopes: [["repo"]],
  async run({ repo, number, body }, { api }) {
    const path = `${repoPath(repo)}/issues/${number}/comments`;
    const { id, html_url } = await api.json(path, Comment, { method: "POST", body: { body } });
    return {
      text: `Commented on issue #${number}: ${html_url}`,
      data: { id, number, repo, url: html_url },
    };
  },
});
