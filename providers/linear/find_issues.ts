/**
 * Finding Linear issues, by words and by what they are like.
 *
 * https://linear.app/developers/filtering, https://linear.app/developers/pagination
 *
 * @module
 */

import { z } from "zod";
import { words } from "../inputs.ts";
import { tool } from "../provider.ts";
import { count, enumerate, fitting } from "../text.ts";
import { askPartly, listOf, speakMissing } from "./api.ts";
import { issueFilter, type Said } from "./issue_filter.ts";
import {
  Issue,
  ISSUE_FIELDS,
  IssueSummary,
  priority,
  speakIssue,
  summarizeIssue,
} from "./issue.ts";
import { person } from "./people.ts";
import { placeName } from "./places.ts";

/** Fields of lists that go on. */
export const paging = {
  limit: z.int().min(1).max(50).default(20),
  cursor: z.string().min(1).max(500).optional().describe("An answer's next_cursor."),
};

const FIELDS = `nodes { ${ISSUE_FIELDS} } pageInfo { hasNextPage endCursor }`;
const LIST = `query ListIssues($first: Int!, $after: String, $filter: IssueFilter) {
  issues(first: $first, after: $after, filter: $filter) { ${FIELDS} }
}`;
const SEARCH = `query SearchIssues(
  $term: String!, $first: Int!, $after: String, $filter: IssueFilter
) {
  searchIssues(term: $term, first: $first, after: $after, filter: $filter) {
    totalCount ${FIELDS}
  }
}`;
const Issues = listOf(Issue);
const Listed = z.object({ issues: Issues });
const Searched = z.object({ searchIssues: Issues }).transform(({ searchIssues }) => ({
  issues: searchIssues,
}));

/** https://linear.app/developers/filtering */
export const findIssues = tool({
  name: "linear_find_issues",
  formerly: {
    linear_list_issues: { only: ["team", "assigned_to_me", "state", "limit", "cursor"] },
    linear_search_issues: {
      args: { state: "all" },
      only: ["text", "limit", "cursor"],
      needs: ["text"],
    },
  },
  service: "linear",
  title: "Find Linear issues",
  description:
    "Find issues in Linear by words, or list those of a person, team, project, cycle or " +
    "label. Archived ones are left out.",
  input: z.strictObject({
    text: words(500).optional(),
    assignee: person.optional().describe("me, nobody, a name or e-mail address."),
    assigned_to_me: z.boolean().optional(),
    team: placeName.optional().describe("Key, such as ENG, or name."),
    state: words(100).optional().describe(
      "open, closed, all, a kind such as started, or a name. Left out, open; with text, all.",
    ),
    project: placeName.optional(),
    cycle: placeName.optional().describe("current, next, previous, a number or a name."),
    label: placeName.optional().describe("Name, or its group's."),
    priority: priority.optional(),
    ...paging,
  }),
  output: z.object({
    issues: z.array(IssueSummary),
    has_more: z.boolean(),
    next_cursor: z.string().optional(),
    total: z.int().optional(),
    unread: z.int().optional().describe("Could not be read."),
    team: z.string().optional(),
    which: z.string().optional().describe("Whose and which these are, as it was understood."),
  }),
  hints: { readOnly: true },
  scopes: [["read"]],
  async run({ text, limit, cursor, ...wanted }, { api }) {
    const { filter, noun, which, team } = await issueFilter(api, wanted, text !== undefined);
    const variables = { first: limit, after: cursor, filter, ...(text && { term: text }) };
    const { value, missing } = text === undefined
      ? await askPartly(api, LIST, Listed, variables)
      : await askPartly(api, SEARCH, Searched, variables);
    return found(value.issues, { noun, which, team }, speakMissing(missing));
  },
});

function found(
  { items, unread, hasMore, next, total }: z.output<typeof Issues>,
  { noun, which, team }: Pick<Said, "noun" | "which" | "team">,
  missing: string[],
) {
  const list = items.length === 0 ? "" : `: ${enumerate(items.map(speakIssue))}`;
  const notes = [
    ...(hasMore ? ["There are more."] : []),
    ...(unread > 0 ? [`${count(unread, "issue")} could not be read.`] : []),
    ...missing,
  ];
  return {
    text: [`Found ${count(items.length, noun)}${which}${list}.`, ...notes].join(" "),
    data: {
      issues: fitting(items, summarizeIssue),
      has_more: hasMore,
      next_cursor: hasMore ? next : undefined,
      total: total === undefined ? undefined : Math.trunc(total),
      unread: unread > 0 ? unread : undefined,
      team,
      which: which.trim() || undefined,
    },
    notes: missing,
  };
}
