/**
 * Finding Linear issues.
 *
 * https://linear.app/developers/filtering, https://linear.app/developers/pagination
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting } from "../text.ts";
import { ask } from "./api.ts";
import { Issue, ISSUE_FIELDS, IssueSummary, speakIssue, summarizeIssue } from "./issue.ts";

/** Teams name the states of their workflow themselves; each is of one of Linear's own types. */
const STATE_TYPES = {
  open: ["triage", "backlog", "unstarted", "started"],
  started: ["started"],
  closed: ["completed", "canceled", "duplicate"],
} as const;

const IssuePage = z.object({
  nodes: z.array(Issue),
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
});
type IssuePage = z.output<typeof IssuePage>;

const paging = {
  limit: z.int().min(1).max(50).default(20).describe("How many to return at most, 1 to 50."),
  cursor: z.string().min(1).max(500).optional()
    .describe("Where to go on: `next_cursor` of an earlier answer. Left out, at the start."),
};
const foundOutput = z.object({
  issues: z.array(IssueSummary),
  has_more: z.boolean().describe("Whether there are more than these."),
  next_cursor: z.string().optional().describe("Pass it as `cursor` to go on."),
});

const LIST = `query ListIssues($first: Int!, $after: String, $filter: IssueFilter) {
  issues(first: $first, after: $after, filter: $filter) {
    nodes { ${ISSUE_FIELDS} }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** https://linear.app/developers/filtering */
export const listIssues = tool({
  name: "linear_list_issues",
  service: "linear",
  title: "List Linear issues",
  description: "List issues in Linear, of a team or assigned to the person. Use it when they ask " +
    "what they have to do, what is open or what is being worked on.",
  input: z.strictObject({
    team: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,9}$/, "must be a team's key such as ENG")
      .optional().describe("Only issues of this team: its key, such as ENG."),
    assigned_to_me: z.boolean().default(false)
      .describe("True for issues that are assigned to the person."),
    state: z.enum(["open", "started", "closed", "all"]).default("open")
      .describe("Which issues: open ones, those being worked on, closed ones, or all."),
    ...paging,
  }),
  output: foundOutput.extend({ team: z.string().optional() }),
  hints: { readOnly: true },
  scopes: [["read"]],
  async run({ team, assigned_to_me, state, limit, cursor }, { api }) {
    const filter = {
      team: team === undefined ? undefined : { key: { eq: team.toUpperCase() } },
      assignee: assigned_to_me ? { isMe: { eq: true } } : undefined,
      state: state === "all" ? undefined : { type: { in: STATE_TYPES[state] } },
    };
    const { issues } = await ask(api, LIST, z.object({ issues: IssuePage }), {
      first: limit,
      after: cursor,
      filter,
    });
    const key = team?.toUpperCase();
    const where = key === undefined ? "" : ` of ${key}`;
    const whose = assigned_to_me ? " that you are assigned to" : "";
    const which = state === "all" ? "issue" : `${state} issue`;
    const { text, data } = found(issues, which, where + whose);
    return { text, data: { ...data, team: key } };
  },
});

const SEARCH = `query SearchIssues($term: String!, $first: Int!, $after: String) {
  searchIssues(term: $term, first: $first, after: $after) {
    nodes { ${ISSUE_FIELDS} }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** https://studio.apollographql.com/public/Linear-API/variant/current/schema/reference */
export const searchIssues = tool({
  name: "linear_search_issues",
  service: "linear",
  title: "Search Linear issues",
  description: "Find issues in Linear by words in their title or description, the best match " +
    "first. Use it when the person means a certain issue and does not say its number.",
  input: z.strictObject({
    text: z.string().min(1).max(500).regex(/\S/, "must not be blank")
      .describe("Words that the issue is about."),
    ...paging,
  }),
  output: foundOutput,
  hints: { readOnly: true },
  scopes: [["read"]],
  async run({ text, limit, cursor }, { api }) {
    const schema = z.object({ searchIssues: IssuePage });
    const answer = await ask(api, SEARCH, schema, { term: text, first: limit, after: cursor });
    return found(answer.searchIssues, "issue", "");
  },
});

function found({ nodes, pageInfo }: IssuePage, noun: string, which: string) {
  const next = pageInfo.hasNextPage && pageInfo.endCursor
    ? { has_more: true, next_cursor: pageInfo.endCursor }
    : { has_more: false };
  const list = nodes.length === 0 ? "" : `: ${enumerate(nodes.map(speakIssue))}`;
  const more = next.has_more ? " There are more." : "";
  return {
    text: `Found ${count(nodes.length, noun)}${which}${list}.${more}`,
    data: { issues: fitting(nodes, summarizeIssue), ...next },
  };
}
