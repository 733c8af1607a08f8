/**
 * Changing Linear issues.
 *
 * https://linear.app/developers/graphql
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { tool } from "../provider.ts";
import { ask } from "./api.ts";
import {
  Issue,
  ISSUE_FIELDS,
  issueId,
  IssueSummary,
  priority,
  priorityNumber,
  speakIssue,
  summarizeIssue,
} from "./issue.ts";
import { assignee, assigneeId, stateId, teamId } from "./resolve.ts";

const MAX_TITLE = 256;
const MAX_TEXT = 65_536;

const title = z.string().max(MAX_TITLE).regex(/\S/, "must not be blank");
const markdown = z.string().max(MAX_TEXT);

const Created = z.object({ issueCreate: z.object({ issue: Issue }) });
const CREATE = `mutation CreateIssue($input: IssueCreateInput!) {
  issueCreate(input: $input) { success issue { ${ISSUE_FIELDS} } }
}`;

/** https://linear.app/developers/graphql#creating-and-editing-issues */
export const createIssue = tool({
  name: "linear_create_issue",
  service: "linear",
  title: "Create a Linear issue",
  description:
    "Create an issue in Linear. Use it when the person wants to report a bug or note a " +
    "task there. Everybody in the team sees it.",
  input: z.strictObject({
    title: title.describe("One line that says what it is about."),
    description: markdown.optional().describe("The description, in Markdown."),
    team: z.string().min(1).max(100).optional().describe(
      "The team it goes to: its key such as ENG, or its name. Left out, the only one there is.",
    ),
    priority: priority.optional().describe("How urgent it is."),
    assignee: assignee.optional()
      .describe("Who should do it: me or an e-mail address. Left out, nobody yet."),
    due_on: z.iso.date().optional().describe("The day it is due, such as 2026-11-25."),
  }),
  output: IssueSummary,
  hints: { readOnly: false },
  content: ["description", "priority", "due_on"],
  scopes: [["read", "issues:create"]],
  async run({ title, description, team, priority, assignee, due_on }, { api }) {
    const [inTeam, person] = await Promise.all([teamId(api, team), assigneeId(api, assignee)]);
    const { issueCreate: { issue } } = await ask(api, CREATE, Created, {
      input: {
        teamId: inTeam,
        title,
        description,
        dueDate: due_on,
        ...person,
        ...priorityNumber(priority),
      },
    });
    const who = issue.assignee ? `, for ${issue.assignee.name}` : "";
    return { text: `Created the issue ${speakIssue(issue)}${who}.`, data: summarizeIssue(issue) };
  },
});

const Updated = z.object({ issueUpdate: z.object({ issue: Issue }) });
const UPDATE = `mutation UpdateIssue($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success issue { ${ISSUE_FIELDS} } }
}`;

/** https://linear.app/developers/graphql#creating-and-editing-issues */
export const updateIssue = tool({
  name: "linear_update_issue",
  service: "linear",
  title: "Change a Linear issue",
  description: "Change an issue in Linear: close it or move it to another state, give it to " +
    "somebody, change its title, description, priority or due date. What is left out stays.",
  input: z.strictObject({
    issue: issueId,
    state: z.string().min(1).max(100).optional().describe(
      "The new state by the name that the team uses, such as In Review, or by its kind: " +
        "backlog, todo, in progress, done, canceled.",
    ),
    title: title.optional().describe("The new title."),
    description: markdown.optional()
      .describe("The new description in Markdown; it takes the place of the old one."),
    priority: priority.optional().describe("How urgent it is."),
    assignee: assignee.nullable().optional()
      .describe("Who should do it: me or an e-mail address; null for nobody."),
    due_on: z.iso.date().nullable().optional()
      .describe("The new due day, such as 2026-11-25; null for none."),
  }),
  output: IssueSummary,
  hints: { readOnly: false, destructive: true, idempotent: true },
  content: ["state", "title"],
  scopes: [["read", "write"]],
  async run({ issue: id, state, assignee, priority, due_on, ...fields }, { api }) {
    const said = [state, assignee, priority, due_on, ...Object.values(fields)];
    if (said.every((value) => value === undefined)) {
      throw invalid("Say what to change: state, title, description, priority, assignee or due_on.");
    }
    const [toState, person] = await Promise.all([
      state === undefined ? undefined : stateId(api, id, state),
      assigneeId(api, assignee),
    ]);
    const { issueUpdate: { issue } } = await ask(api, UPDATE, Updated, {
      id,
      input: {
        ...fields,
        ...person,
        ...priorityNumber(priority),
        stateId: toState,
        dueDate: due_on,
      },
    });
    const who = assignee === undefined ? "" : `, for ${issue.assignee?.name ?? "nobody"}`;
    return {
      text: `Changed ${speakIssue(issue)}. It is ${issue.state.name}${who}.`,
      data: summarizeIssue(issue),
    };
  },
});

const Commented = z.object({
  commentCreate: z.object({ comment: z.object({ id: z.string() }) }),
});
const COMMENT = `mutation CreateComment($input: CommentCreateInput!) {
  commentCreate(input: $input) { success comment { id } }
}`;

/** https://studio.apollographql.com/public/Linear-API/variant/current/schema/reference */
export const commentOnIssue = tool({
  name: "linear_comment_on_issue",
  service: "linear",
  title: "Comment on a Linear issue",
  description:
    "Add a comment to an issue in Linear. Use it when the person wants to answer or add " +
    "something there. Everybody who follows the issue is notified.",
  input: z.strictObject({
    issue: issueId,
    body: markdown.regex(/\S/, "must not be blank").describe("The comment, in Markdown."),
  }),
  output: z.object({ comment: z.string(), issue: z.string() }),
  hints: { readOnly: false },
  scopes: [["comments:create"]],
  async run({ issue, body }, { api }) {
    const { commentCreate: { comment } } = await ask(api, COMMENT, Commented, {
      input: { issueId: issue, body },
    });
    return { text: `Commented on ${issue}.`, data: { comment: comment.id, issue } };
  },
});
