/**
 * Changing Linear issues.
 *
 * https://linear.app/developers/graphql
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { choose } from "../choose.ts";
import { day, words } from "../inputs.ts";
import { type ApiClient, tool } from "../provider.ts";
import { oneLine } from "../text.ts";
import { change } from "./api.ts";
import {
  Issue,
  ISSUE_FIELDS,
  IssueSummary,
  priority,
  priorityNumber,
  speakIssue,
  speakState,
  summarizeIssue,
} from "./issue.ts";
import { issueId, issueNamed, targetOf } from "./issue_ref.ts";
import { labelIds } from "./labels.ts";
import { assigneeId, person } from "./people.ts";
import {
  cycleFilter,
  cyclesNamed,
  placeName,
  projectNamed,
  statesOf,
  teamNamed,
} from "./places.ts";
import { type State, stateNamed } from "./states.ts";

const MAX_TITLE = 256;
const MAX_TEXT = 65_536;
const MAX_LABELS = 20;

const title = words(MAX_TITLE);
const markdown = z.string().max(MAX_TEXT);
const labels = z.array(placeName).min(1).max(MAX_LABELS);
const estimate = z.int().min(0).max(1_000);
const state = words(100);

const CREATE = `mutation CreateIssue($input: IssueCreateInput!) {
  issueCreate(input: $input) { success issue { ${ISSUE_FIELDS} } }
}`;

/** https://linear.app/developers/graphql#creating-and-editing-issues */
export const createIssue = tool({
  name: "linear_create_issue",
  service: "linear",
  title: "Create a Linear issue",
  description: "Create an issue in Linear. Everybody in the team sees it.",
  input: z.strictObject({
    title: title,
    description: markdown.optional().describe("Markdown."),
    team: placeName.optional().describe("Key, such as ENG, or name; left out, the only one."),
    state: state.optional().describe("Name or kind."),
    priority: priority.optional(),
    assignee: person.optional().describe("me, a name or e-mail address."),
    labels: labels.optional(),
    project: placeName.optional(),
    cycle: placeName.optional().describe("current, next, a number or a name."),
    parent: issueId.optional().describe("The issue it is a part of."),
    estimate: estimate.optional(),
    due_on: day.optional(),
  }),
  output: IssueSummary,
  hints: { readOnly: false },
  content: [
    "description",
    "state",
    "priority",
    "labels",
    "cycle",
    "parent",
    "estimate",
    "due_on",
  ],
  scopes: [["read", "issues:create"]],
  async run({ team: wanted, title, description, due_on, priority, ...more }, { api }) {
    const [team, person] = await Promise.all([
      teamNamed(api, wanted),
      assigneeId(api, more.assignee),
    ]);
    const [states, parent] = await Promise.all([
      more.state === undefined ? [] : statesOf(api, team.id),
      more.parent === undefined ? undefined : targetOf(api, more.parent),
    ]);
    const issue = await change(api, {
      mutation: CREATE,
      field: "issueCreate",
      entity: "issue",
      schema: Issue,
      what: "created the issue",
      variables: {
        input: {
          teamId: team.id,
          title,
          description,
          dueDate: due_on,
          estimate: more.estimate,
          parentId: parent?.id,
          labelIds: await labelIds(api, more.labels, team.id),
          ...person,
          ...priorityNumber(priority),
          ...await placed(api, more, { team: team.id, states }),
        },
      },
    });
    const who = issue.assignee?.name ? `, for ${oneLine(issue.assignee.name)}` : "";
    const notes = parent?.notes ?? [];
    return {
      text: [`Created the issue ${speakIssue(issue)}${who}.`, ...notes].join(" "),
      data: summarizeIssue(issue),
      notes,
    };
  },
});

/** State, project and cycle by their names; `null` takes an issue out of what it is in. */
async function placed(
  api: ApiClient,
  wanted: {
    state?: string | undefined;
    project?: string | null | undefined;
    cycle?: string | null | undefined;
  },
  { team, states }: { team: string; states: State[] },
): Promise<Record<string, string | null | undefined>> {
  const { state, project, cycle } = wanted;
  const [projectId, cycleId] = await Promise.all([
    project ? projectNamed(api, project).then(({ id }) => id) : project,
    cycle ? cycleNamed(api, cycle, team) : cycle,
  ]);
  return {
    stateId: state === undefined ? undefined : stateNamed(states, state).id,
    projectId,
    cycleId,
  };
}

async function cycleNamed(api: ApiClient, wanted: string, team: string): Promise<string> {
  const items = await cyclesNamed(api, wanted, team);
  const [only, ...others] = items;
  // By a part of its name it is only guessed.
  const isGuess = cycleFilter(wanted).name !== undefined;
  if (only !== undefined && others.length === 0 && !isGuess) return only.id;
  const label = ({ number, name }: typeof items[number]) => name || `cycle ${number}`;
  const [noun, plural] = ["cycle of this team", "cycles of this team"];
  return choose({ wanted, items, names: ({ name }) => [name], label, noun, plural }).id;
}

const UPDATE = `mutation UpdateIssue($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success issue { ${ISSUE_FIELDS} } }
}`;

/** https://linear.app/developers/graphql#creating-and-editing-issues */
export const updateIssue = tool({
  name: "linear_update_issue",
  service: "linear",
  title: "Change a Linear issue",
  description:
    "Change an issue in Linear: its state, assignee, text, labels, project or due date. What " +
    "is left out stays.",
  input: z.strictObject({
    issue: issueNamed,
    state: state.optional().describe(
      "Name, such as In Review, or kind: backlog, todo, in progress, done, canceled.",
    ),
    title: title.optional(),
    description: markdown.optional().describe("Markdown; replaces the old one."),
    priority: priority.optional(),
    assignee: person.nullable().optional().describe(
      "me, a name or e-mail address; null for nobody.",
    ),
    add_labels: labels.optional(),
    remove_labels: labels.optional(),
    project: placeName.nullable().optional().describe("Null for none."),
    cycle: placeName.nullable().optional().describe("current, next, a number or a name."),
    parent: issueId.nullable().optional().describe("The issue it is a part of."),
    estimate: estimate.nullable().optional(),
    due_on: day.nullable().optional(),
  }),
  output: IssueSummary,
  hints: { readOnly: false, destructive: true, idempotent: true },
  content: ["state", "title", "priority", "add_labels", "remove_labels"],
  scopes: [["read", "write"]],
  async run({ issue: wanted, assignee, priority, due_on, parent, ...fields }, { api }) {
    const said = [assignee, priority, due_on, parent, ...Object.values(fields)];
    if (said.every((value) => value === undefined)) {
      throw invalid("Say what to change: state, title, description, priority, assignee or due_on.");
    }
    const target = await targetOf(api, wanted);
    const { id, team } = target;
    const [person, under, place, addedLabelIds, removedLabelIds] = await Promise.all([
      assigneeId(api, assignee),
      parent ? targetOf(api, parent) : undefined,
      placed(api, fields, { team: team.id, states: team.states?.nodes ?? [] }),
      labelIds(api, fields.add_labels, team.id),
      labelIds(api, fields.remove_labels, team.id),
    ]);
    const issue = await change(api, {
      mutation: UPDATE,
      field: "issueUpdate",
      entity: "issue",
      // Another issue than the one that was to be changed says nothing of it.
      schema: Issue.refine((changed) =>
        changed.id ? changed.id === id : changed.identifier === target.identifier
      ),
      what: `changed ${oneLine(target.identifier)}`,
      variables: {
        id,
        input: {
          title: fields.title,
          description: fields.description,
          estimate: fields.estimate,
          dueDate: due_on,
          parentId: parent === null ? null : under?.id,
          addedLabelIds,
          removedLabelIds,
          ...person,
          ...priorityNumber(priority),
          ...place,
        },
      },
    });
    const nobody = assignee !== undefined && !issue.assignee ? ", for nobody" : "";
    const notes = [...target.notes, ...(under?.notes ?? [])];
    return {
      text: [`Changed ${speakIssue(issue)}. It is ${speakState(issue)}${nobody}.`, ...notes]
        .join(" "),
      data: summarizeIssue(issue),
      notes,
    };
  },
});
