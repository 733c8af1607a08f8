/**
 * From what a person says of issues to Linear's filter, and back into words.
 *
 * https://linear.app/developers/filtering
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import { z } from "zod";
import { notFound } from "../api_errors.ts";
import { fold } from "../choose.ts";
import type { ApiClient } from "../provider.ts";
import { shortLine } from "../text.ts";
import { ask, listOf } from "./api.ts";
import { type priority, priorityNumber } from "./issue.ts";
import { labelsNamed } from "./labels.ts";
import { nameOf, personCalled } from "./people.ts";
import { type Cycle, cyclesNamed, projectNamed, teamNamed } from "./places.ts";
import { STATE_GROUPS, stateType } from "./states.ts";

const SPOKEN_NAME = 60;

/** What a tool was asked for. */
export interface Wanted {
  assignee?: string | undefined;
  assigned_to_me?: boolean | undefined;
  team?: string | undefined;
  state?: string | undefined;
  project?: string | undefined;
  cycle?: string | undefined;
  label?: string | undefined;
  priority?: z.output<typeof priority> | undefined;
}

/** The filter, and how to say it. */
export interface Said {
  /** As Linear takes it. */
  filter: Record<string, unknown> | undefined;
  /** `open issue` */
  noun: string;
  /** ` of WEB that you are assigned to` */
  which: string;
  /** The team's key. */
  team: string | undefined;
}

/**
 * Looks up who and what is meant.
 *
 * @throws {ApiError} where that is not there, or may be several.
 */
export async function issueFilter(
  api: ApiClient,
  wanted: Wanted,
  isSearch: boolean,
): Promise<Said> {
  const team = wanted.team === undefined ? undefined : await teamNamed(api, wanted.team);
  const [who, state, project, cycles, labels] = await Promise.all([
    assignee(api, wanted.assigned_to_me ? "me" : wanted.assignee),
    stateFilter(api, wanted.state ?? (isSearch ? "all" : "open"), team?.id),
    wanted.project === undefined ? undefined : projectNamed(api, wanted.project),
    wanted.cycle === undefined ? undefined : cyclesNamed(api, wanted.cycle, team?.id),
    wanted.label === undefined ? undefined : labelsNamed(api, wanted.label),
  ]);
  const filter = {
    ...(team && { team: { id: { eq: team.id } } }),
    ...(who && { assignee: who.filter }),
    ...(state.filter && { state: state.filter }),
    ...(project && { project: { id: { eq: project.id } } }),
    ...(cycles && { cycle: { id: { in: cycles.map(({ id }) => id) } } }),
    ...(labels && { labels: { some: { id: { in: labels.map(({ id }) => id) } } } }),
    ...(wanted.priority && { priority: { eq: priorityNumber(wanted.priority).priority } }),
  };
  const words = [
    wanted.priority === undefined ? "" : ` of the priority ${wanted.priority}`,
    team === undefined ? "" : ` of ${team.key}`,
    project === undefined ? "" : ` of the project ${spoken(project.name)}`,
    cycles === undefined ? "" : ` of ${speakCycles(cycles)}`,
    wanted.label === undefined ? "" : ` with the label ${spoken(wanted.label)}`,
    state.words,
    who?.words ?? "",
  ];
  return {
    filter: Object.keys(filter).length === 0 ? undefined : filter,
    noun: state.noun,
    which: words.join(""),
    team: team?.key,
  };
}

function spoken(name: string): string {
  return shortLine(name, SPOKEN_NAME);
}

/** `cycle 12`, `the cycle Polish`, `cycles 12 of ENG and 4 of OPS` */
function speakCycles(cycles: Cycle[]): string {
  const [only, ...others] = cycles;
  if (only !== undefined && others.length === 0) {
    return only.name ? `the cycle ${spoken(only.name)}` : `cycle ${only.number}`;
  }
  const each = cycles.slice(0, 5).map(({ number, team }) =>
    team?.key ? `${number} of ${team.key}` : String(number)
  );
  const left = cycles.length > each.length ? [`${cycles.length - each.length} others`] : [];
  return `the cycles ${[...each, ...left].join(", ")}`;
}

async function assignee(api: ApiClient, wanted: string | undefined) {
  if (wanted === undefined) return undefined;
  const word = wanted.trim().toLowerCase();
  if (word === "me") {
    return { filter: { isMe: { eq: true } }, words: " that you are assigned to" };
  }
  if (["nobody", "none", "no one", "unassigned"].includes(word)) {
    return { filter: { null: true }, words: " that nobody is assigned to" };
  }
  const person = await personCalled(api, wanted);
  return { filter: { id: { eq: person.id } }, words: ` for ${spoken(nameOf(person))}` };
}

const States = z.object({
  workflowStates: listOf(z.object({ id: z.string(), name: z.string() })),
});
const STATES = `query StatesNamed($filter: WorkflowStateFilter) {
  workflowStates(first: 250, filter: $filter) { nodes { id name } pageInfo { hasNextPage } }
}`;

/** Groups and kinds first where they are Linear's own words; else what teams call their states. */
async function stateFilter(api: ApiClient, wanted: string, team: string | undefined) {
  const word = fold(wanted);
  if (word === "all") return { filter: undefined, noun: "issue", words: "" };
  const group = lookUp(STATE_GROUPS, word);
  if (group !== undefined) {
    return { filter: { type: { in: [...group] } }, noun: `${word} issue`, words: "" };
  }
  const { workflowStates: { items } } = await ask(api, STATES, States, {
    filter: {
      name: { eqIgnoreCase: wanted.trim() },
      ...(team === undefined ? {} : { team: { id: { eq: team } } }),
    },
  });
  const [first] = items;
  if (first !== undefined) {
    const words = ` in the state ${spoken(first.name)}`;
    return { filter: { id: { in: items.map(({ id }) => id) } }, noun: "issue", words };
  }
  const type = stateType(wanted);
  if (type !== undefined) {
    return { filter: { type: { in: [type] } }, noun: `${type} issue`, words: "" };
  }
  const where = team === undefined ? "No team" : "This team";
  throw notFound(`${where} in Linear has a state called "${spoken(wanted)}".`);
}
