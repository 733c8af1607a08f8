/**
 * An issue as GitHub sends it, and as the tools give it back.
 *
 * https://docs.github.com/en/rest/issues/issues#get-an-issue
 *
 * @module
 */

import { z } from "zod";

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
  comments: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
  url: z.string(),
});

/** Shortens an issue. */
export function summarizeIssue(issue: Issue): z.output<typeof IssueSummary> {
  return {
    number: issue.number,
    title: issue.title,
    state: issue.state,
    ...(issue.user ? { author: issue.user.login } : {}),
    labels: labelsOf(issue),
    assignees: assigneesOf(issue),
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
