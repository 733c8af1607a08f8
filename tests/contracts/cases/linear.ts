/**
 * Calls of Linear's tools.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Cases, KnownFault } from "./case.ts";

const issue = "ENG-12";
/** Of several a tool asks which one is meant. */
const ONE_TEAM = {
  "query teams": (body: Json) => ({
    ...body,
    data: { ...body.data, teams: { nodes: body.data.teams.nodes.slice(0, 1) } },
  }),
};

export const linearCases: Cases = {
  linear_create_issue: [
    { args: { title: "The door" }, answers: ONE_TEAM },
    {
      args: {
        title: "The door",
        description: "d",
        team: "eng",
        priority: "urgent",
        assignee: "a@example.com",
        due_on: "2026-11-25",
      },
    },
    { args: { title: "The door", team: "ENG", assignee: "me" } },
  ],
  linear_update_issue: [
    { args: { issue, title: "New", description: "d", priority: "low" } },
    { args: { issue, state: "some name" } },
    { args: { issue, assignee: null, due_on: null } },
    { args: { issue }, refuses: /what to change/ },
  ],
  linear_comment_on_issue: [{ args: { issue, body: "Done." } }],
  linear_list_issues: [
    { args: {} },
    { args: { team: "ENG", assigned_to_me: true, state: "all", limit: 50, cursor: "c" } },
  ],
  linear_search_issues: [
    { args: { text: "door" } },
    { args: { text: "door", limit: 50, cursor: "c" } },
  ],
};

export const linearFaults: KnownFault[] = [
  {
    tool: /^linear_(create_issue|update_issue|comment_on_issue)$/,
    check: "refusals",
    fault: "takes a change that was not made for one",
  },
  {
    tool: /^linear_(create|update|list|search)_/,
    check: "unreadable",
    fault: "says that query",
  },
];
