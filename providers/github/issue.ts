/**
 * An issue as GitHub sends it, and as the tools give it back.
 *
 * https://docs.github.com/en/rest/issues/issues#get-an-issue
 *
 * @module
 */

import { z } from "zod";
import { shorten } from "../text.ts";

/** The limits of GitHub's own API. */
const MAX_TITLE = 256;
const MAX_BODY = 65_536;

const NOT_BLANK = /\S/;

/** Input fields that several tools share; each describes them for its own use. */
export const IssueTitle = z.string().max(MAX_TITLE).regex(NOT_BLANK, "must not be blank");
export const IssueText = z.string().max(MAX_BODY);
export const CommentText = IssueText.regex(NOT_BLANK, "must not be blank");
export const LoginName = z.string().min(1).max(100);
export const issueNumber = z.int().min(1).describe("The issue's number, as in #12.");

const Person = z.object({ login: z.string() });

/** What the tools use of an issue, as the API sends it. */
export const Issue = z.object({
  number: z.number(),
  title: z.string(),
  state: z.string(),
  html_url: z.string(),
  body: z.string().nullish(),
  // The author is null when the account was deleted.
  user: Person.nullish(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).nullish(),
  assignees: z.array(Person).nullish(),
  comments: z.number().nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  // The API's lists hold pull requests too; this key tells them apart.
  pull_request: z.unknown().optional(),
});
export type Issue = z.output<typeof Issue>;

/** An issue in a tool's answer, without its text. */
export const IssueSummary = z.object({
  number: z.number(),
  title: z.string(),
  state: z.string(),
  author: z.string().optional(),
  labels: z.array(z.string()),
  assignees: z.array(z.string()),
  left_out: z.number().optional().describe("How many labels and assignees are not listed here."),
  comments: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  url: z.string(),
});

/** Shortens an issue: each text to at most `length`, each list to a tenth of that in names. */
export function summarizeIssue(issue: Issue, length = Infinity): z.output<typeof IssueSummary> {
  const [labels, assignees] = [labelsOf(issue), assigneesOf(issue)];
  const some = (names: string[]) =>
    names.slice(0, length / 10).map((name) => shorten(name, length));
  const shown = { labels: some(labels), assignees: some(assignees) };
  const leftOut = labels.length + assignees.length - shown.labels.length - shown.assignees.length;
  return {
    number: issue.number,
    title: shorten(issue.title, length),
    state: issue.state,
    author: issue.user?.login,
    ...shown,
    left_out: leftOut === 0 ? undefined : leftOut,
    comments: issue.comments ?? 0,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    url: issue.html_url,
  };
}

/** The names of its labels. */
export function labelsOf({ labels }: Issue): string[] {
  return (labels ?? []).map((label) => typeof label === "string" ? label : label.name ?? "")
    .filter((name) => name !== "");
}

/** The logins of those it is assigned to. */
export function assigneesOf({ assignees }: Issue): string[] {
  return (assignees ?? []).map(({ login }) => login);
}
