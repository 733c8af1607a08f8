/**
 * An issue as GitHub sends it, and as the tools give it back. To its API each
 * pull request is an issue, too.
 *
 * https://docs.github.com/en/rest/issues/issues#get-an-issue
 *
 * @module
 */

import { z } from "zod";
import { shorten } from "../text.ts";
import { pageOf } from "./repo.ts";

/** The limits of GitHub's own API. */
const MAX_TITLE = 256;
const MAX_BODY = 65_536;

const NOT_BLANK = /\S/;

/** Input fields that several tools share; each describes them for its own use. */
export const IssueTitle = z.string().max(MAX_TITLE).regex(NOT_BLANK, "must not be blank");
export const IssueText = z.string().max(MAX_BODY);
export const CommentText = IssueText.regex(NOT_BLANK, "must not be blank");
export const LoginName = z.string().min(1).max(100);
export const issueNumber = z.int().min(1);

/** Somebody with an account; null where that was deleted. */
export const Person = z.object({ login: z.string() }).nullish();
/** People in a list. */
export const People = z.array(Person).nullish();

/** What the tools use of an issue, as the API sends it. */
export const Issue = z.object({
  number: z.number(),
  title: z.string(),
  state: z.string(),
  state_reason: z.string().nullish(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: Person,
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() }).nullish()]))
    .nullish(),
  assignees: People,
  milestone: z.object({ title: z.string().nullish() }).nullish(),
  comments: z.number().nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  draft: z.boolean().nullish(),
  // The API's lists hold pull requests too; this key tells them apart.
  pull_request: z.object({ merged_at: z.string().nullish() }).nullish(),
});
export type Issue = z.output<typeof Issue>;

/** An issue in a tool's answer, without its text. */
export const IssueSummary = z.object({
  number: z.number(),
  title: z.string(),
  state: z.string(),
  reason: z.string().optional(),
  author: z.string().optional(),
  labels: z.array(z.string()),
  assignees: z.array(z.string()),
  left_out: z.number().optional().describe("Labels and people."),
  milestone: z.string().optional(),
  comments: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  url: z.string(),
});

/** Shortens an issue: each text to at most `length`, each list to a tenth of that in names. */
export function summarizeIssue(issue: Issue, length = Infinity): z.output<typeof IssueSummary> {
  const [labels, assignees] = [labelsOf(issue), assigneesOf(issue)];
  const shown = { labels: some(labels, length), assignees: some(assignees, length) };
  const leftOut = labels.length + assignees.length - shown.labels.length - shown.assignees.length;
  const { milestone } = issue;
  return {
    number: issue.number,
    title: shorten(issue.title, length),
    state: issue.state,
    reason: issue.state === "closed" ? issue.state_reason || undefined : undefined,
    author: issue.user?.login,
    ...shown,
    left_out: leftOut === 0 ? undefined : leftOut,
    milestone: milestone?.title ? shorten(milestone.title, length) : undefined,
    comments: issue.comments ?? 0,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    url: issue.html_url,
  };
}

/** As many names as a text of that length holds. */
export function some(names: string[], length: number): string[] {
  return names.slice(0, length / 10).map((name) => shorten(name, length));
}

/** The names of its labels. */
export function labelsOf({ labels }: Issue): string[] {
  return (labels ?? []).map((label) => typeof label === "string" ? label : label?.name ?? "")
    .filter((name) => name !== "");
}

/** The logins of those it is assigned to. */
export function assigneesOf({ assignees }: Issue): string[] {
  return loginsOf(assignees);
}

/** The logins in a list of people. */
export function loginsOf(people: z.output<typeof People>): string[] {
  return (people ?? []).flatMap((person) => person === null || !person ? [] : [person.login]);
}

/** Whether it is a pull request, as its page says where its fields do not. */
export function isPullRequest({ html_url, pull_request }: Issue): boolean {
  return (pull_request !== undefined && pull_request !== null) ||
    pageOf(html_url)?.kind === "pull";
}

/** `issue`, or `pull request`. */
export function kindOf(issue: Issue): string {
  return isPullRequest(issue) ? "pull request" : "issue";
}
