/**
 * An issue as Linear sends it, and as the tools give it back.
 *
 * https://studio.apollographql.com/public/Linear-API/variant/current/schema/reference/objects/Issue
 *
 * @module
 */

import { z } from "zod";
import { oneLine, shorten, shortLine } from "../text.ts";

const SPOKEN_TITLE = 100;
const MAX_LABELS = 10;

/** The words for priorities, and Linear's number for each. */
const PRIORITIES = { none: 0, urgent: 1, high: 2, medium: 3, low: 4 } as const;
const PRIORITY_LABELS = ["No priority", "Urgent", "High", "Medium", "Low"];

/** An issue's priority in a tool's input. */
export const priority = z.enum(["none", "urgent", "high", "medium", "low"]);

/** A priority's number; `undefined` where none was said. */
export function priorityNumber(
  word: keyof typeof PRIORITIES | undefined,
): { priority?: number } {
  return word === undefined ? {} : { priority: PRIORITIES[word] };
}

/** What the tools ask for. The same names stand on `Issue` and on `IssueSearchResult`. */
export const ISSUE_FIELDS = `
  id identifier title url priority priorityLabel estimate dueDate createdAt updatedAt
  archivedAt trashed snoozedUntilAt
  state { name type }
  assignee { name }
  team { key }
  project { name }
  cycle { number name }
  parent { identifier }
  labels(first: ${MAX_LABELS}) { nodes { name } pageInfo { hasNextPage } }
`;

const Named = z.object({ name: z.string().nullish() });
const Labels = z.object({
  nodes: z.array(Named.nullable()).nullish(),
  pageInfo: z.object({ hasNextPage: z.boolean().nullish() }).nullish(),
});

/** What the tools use of an issue, as the API sends it. Only its name must be there. */
export const Issue = z.object({
  id: z.string().nullish(),
  identifier: z.string().min(1),
  title: z.string().nullish(),
  url: z.string().nullish(),
  priority: z.number().nullish(),
  priorityLabel: z.string().nullish(),
  estimate: z.number().nullish(),
  dueDate: z.string().nullish(),
  createdAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
  archivedAt: z.string().nullish(),
  trashed: z.boolean().nullish(),
  snoozedUntilAt: z.string().nullish(),
  state: z.object({ name: z.string().nullish(), type: z.string().nullish() }).nullish(),
  assignee: Named.nullish(),
  team: z.object({ key: z.string().nullish() }).nullish(),
  project: Named.nullish(),
  cycle: z.object({ number: z.number().nullish(), name: z.string().nullish() }).nullish(),
  parent: z.object({ identifier: z.string().nullish() }).nullish(),
  labels: Labels.nullish(),
});
export type Issue = z.output<typeof Issue>;

/** An issue in a tool's answer. */
export const IssueSummary = z.object({
  issue: z.string(),
  title: z.string(),
  state: z.string(),
  state_type: z.string(),
  priority: z.string(),
  team: z.string(),
  assignee: z.string().optional(),
  labels: z.array(z.string()).optional(),
  more_labels: z.literal(true).optional(),
  project: z.string().optional(),
  cycle: z.string().optional(),
  estimate: z.number().optional(),
  parent: z.string().optional(),
  due_on: z.string().optional(),
  snoozed_until: z.string().optional(),
  archived: z.literal(true).optional(),
  in_trash: z.literal(true).optional(),
  created_at: z.string(),
  updated_at: z.string(),
  url: z.string(),
});

/** Shortens an issue, and its texts to a length. */
export function summarizeIssue(issue: Issue, length = 500): z.output<typeof IssueSummary> {
  const short = (text: string | null | undefined) => text ? shorten(text, length) : undefined;
  const labels = (issue.labels?.nodes ?? []).flatMap((label) => label?.name ? [label.name] : []);
  return {
    issue: issue.identifier,
    title: shorten(issue.title ?? "", length),
    state: issue.state?.name ?? "",
    state_type: issue.state?.type ?? "",
    priority: issue.priorityLabel ?? PRIORITY_LABELS[issue.priority ?? 0] ?? "",
    team: issue.team?.key ?? issue.identifier.split("-")[0] ?? "",
    assignee: short(issue.assignee?.name),
    labels: labels.length > 0 ? labels.map((label) => shorten(label, length)) : undefined,
    more_labels: issue.labels?.pageInfo?.hasNextPage ? true : undefined,
    project: short(issue.project?.name),
    cycle: speakCycle(issue.cycle),
    estimate: issue.estimate ?? undefined,
    parent: issue.parent?.identifier ?? undefined,
    due_on: issue.dueDate || undefined,
    snoozed_until: issue.snoozedUntilAt ?? undefined,
    archived: issue.archivedAt ? true : undefined,
    in_trash: issue.trashed ? true : undefined,
    created_at: issue.createdAt ?? "",
    updated_at: issue.updatedAt ?? "",
    url: issue.url ?? "",
  };
}

/** `Cycle 12`, or the name that it was given. */
export function speakCycle(cycle: Issue["cycle"]): string | undefined {
  if (!cycle) return undefined;
  return cycle.name ||
    (cycle.number === null || cycle.number === undefined ? undefined : `Cycle ${cycle.number}`);
}

/** `ENG-123 Fix the door` */
export function speakIssue({ identifier, title }: Issue): string {
  return `${identifier} ${shortLine(title ?? "", SPOKEN_TITLE)}`.trim();
}

/** `Done, for Ana Lima`; what is not known is not said. */
export function speakState({ state, assignee, trashed, archivedAt }: Issue): string {
  const name = state?.name ? oneLine(state.name) : "in a state that Linear does not name";
  const who = assignee?.name ? `, for ${oneLine(assignee.name)}` : "";
  const gone = trashed ? ", and it is in the trash" : archivedAt ? ", and it is archived" : "";
  return `${name}${who}${gone}`;
}
