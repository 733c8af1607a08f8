/**
 * An issue as Linear sends it, and as the tools give it back.
 *
 * https://studio.apollographql.com/public/Linear-API/variant/current/schema/reference/objects/Issue
 *
 * @module
 */

import { z } from "zod";
import { oneLine, shorten } from "../text.ts";

const SPOKEN_TITLE = 100;

/** The words for priorities, and Linear's number for each. */
const PRIORITIES = { none: 0, urgent: 1, high: 2, medium: 3, low: 4 } as const;

/** An issue's priority in a tool's input. */
export const priority = z.enum(["none", "urgent", "high", "medium", "low"]);

/** An issue in a tool's input: `ENG-123`, or its id. */
export const issueId = z.string()
  .regex(/^([A-Za-z][A-Za-z0-9]{0,9}-\d{1,9}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/, {
    error: "must be like ENG-123",
  })
  .transform((id) => id.length === 36 ? id : id.toUpperCase())
  .describe("The issue, such as ENG-123.");

/** A priority's number; `undefined` where none was said. */
export function priorityNumber(
  word: keyof typeof PRIORITIES | undefined,
): { priority?: number } {
  return word === undefined ? {} : { priority: PRIORITIES[word] };
}

/** What the tools ask for. The same names stand on `Issue` and on `IssueSearchResult`. */
export const ISSUE_FIELDS = `
  id identifier title url priorityLabel dueDate createdAt updatedAt
  state { name type }
  assignee { name }
  team { key }
`;

/** What the tools use of an issue, as the API sends it. */
export const Issue = z.object({
  identifier: z.string(),
  title: z.string(),
  url: z.string(),
  priorityLabel: z.string(),
  dueDate: z.string().nullish(),
  createdAt: z.string(),
  updatedAt: z.string(),
  state: z.object({ name: z.string(), type: z.string() }),
  assignee: z.object({ name: z.string() }).nullish(),
  team: z.object({ key: z.string() }),
});
export type Issue = z.output<typeof Issue>;

/** An issue in a tool's answer. */
export const IssueSummary = z.object({
  issue: z.string().describe("Such as ENG-123; the other Linear tools take it."),
  title: z.string(),
  state: z.string(),
  state_type: z.string()
    .describe("triage, backlog, unstarted, started, completed, canceled or duplicate"),
  priority: z.string(),
  team: z.string(),
  assignee: z.string().optional(),
  due_on: z.string().optional(),
  created_at: z.string(),
  updated_at: z.string(),
  url: z.string(),
});

/** Shortens an issue, and its texts to a length. */
export function summarizeIssue(issue: Issue, length = 500): z.output<typeof IssueSummary> {
  return {
    issue: issue.identifier,
    title: shorten(issue.title, length),
    state: issue.state.name,
    state_type: issue.state.type,
    priority: issue.priorityLabel,
    team: issue.team.key,
    assignee: issue.assignee ? shorten(issue.assignee.name, length) : undefined,
    due_on: issue.dueDate || undefined,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    url: issue.url,
  };
}

/** `ENG-123 Fix the door` */
export function speakIssue({ identifier, title }: Issue): string {
  return `${identifier} ${shorten(oneLine(title), SPOKEN_TITLE)}`;
}
