/**
 * Calls of Linear's tools.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Cases, KnownFault } from "./case.ts";

const issue = "ENG-12";

/** Of several a tool asks which one is meant; and it is called what was asked for. */
const only = (list: string, named: Json) => (body: Json) => ({
  ...body,
  data: {
    ...body.data,
    [list]: {
      ...body.data[list],
      nodes: (body.data[list]?.nodes ?? []).slice(0, 1).map((node: Json) => ({
        ...node,
        ...named,
      })),
    },
  },
});
const ONE_TEAM = { "query teams": only("teams", {}) };
/** Who and what there is, by the names that the calls have. */
const NAMED = {
  "query users": only("users", { name: "Ana Lima" }),
  "query projects": only("projects", { name: "Spring" }),
  "query cycles": only("cycles", { number: 7 }),
  "query issueLabels": only("issueLabels", { name: "Bug", isGroup: false, team: null }),
  "query workflowStates": only("workflowStates", { name: "In Review" }),
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
        assignee: "Ana Lima",
        labels: ["Bug"],
        project: "Spring",
        cycle: "current",
        parent: issue,
        estimate: 3,
        state: "todo",
        due_on: "2026-11-25",
      },
      answers: { ...NAMED, ...stateNamed("query team", (data) => data.team) },
    },
    { args: { title: "The door", team: "ENG", assignee: "me" } },
  ],
  linear_update_issue: [
    { args: { issue, title: "New", description: "d", priority: "low" } },
    {
      args: { issue, state: "in review", assignee: "Ana Lima", add_labels: ["Bug"] },
      answers: { ...NAMED, ...stateNamed("query issue", (data) => data.issue?.team) },
    },
    { args: { issue, assignee: null, due_on: null, project: null, cycle: null, parent: null } },
    { args: { issue: "ana/eng-12-the-door", remove_labels: ["Bug"], estimate: 1 }, answers: NAMED },
    { args: { issue }, refuses: /what to change/ },
  ],
  linear_comment_on_issue: [{ args: { issue, body: "Done." } }],
  linear_find_issues: [
    { args: {} },
    { args: { team: "ENG", assigned_to_me: true, state: "all", limit: 50, cursor: "c" } },
    {
      args: {
        text: "door",
        assignee: "Ana Lima",
        project: "Spring",
        cycle: "Cycle 7",
        label: "Bug",
        state: "In Review",
        priority: "high",
        limit: 50,
      },
      answers: NAMED,
    },
    { args: { assignee: "nobody", state: "completed" } },
  ],
  linear_read_issue: [
    { args: { issue } },
    { args: { issue: "https://linear.app/acme/issue/ENG-12/the-door", comments: 100 } },
    { args: { issue: "ana/eng-12-the-door", comments: 0 } },
  ],
  linear_look_up: [
    { args: { kinds: ["people", "teams", "projects", "cycles", "labels"] } },
    { args: { kinds: ["states", "cycles"], team: "ENG", name: "a", limit: 100 } },
  ],
};

/** A state by the names that the calls have, wherever a team is. */
function stateNamed(operation: string, teamOf: (data: Json) => Json) {
  return {
    [operation]: (body: Json) => {
      for (const state of teamOf(body.data)?.states?.nodes ?? []) {
        Object.assign(state, { name: "In Review", type: "unstarted" });
      }
      return body;
    },
  };
}

export const linearFaults: KnownFault[] = [
  // A day of a cycle without a beginning, and an address after a name that is too long.
  { tool: "linear_look_up", check: "mixed", fault: "The data of linear_look_up does not say" },
];
