/**
 * From the words of a tool's arguments to Linear's ids: of teams, states and people.
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import { z } from "zod";
import { invalid, notFound } from "../api_errors.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { enumerate, oneLine } from "../text.ts";
import { ask, NOT_FOUND } from "./api.ts";

/** Linear's largest page; a workspace has a few dozen teams, a team about ten states. */
const PAGE = 250;

/** A person in a tool's input. */
export const assignee = z.union([z.literal("me"), z.email().max(254)], {
  error: "must be me or an e-mail address",
});

const Teams = z.object({
  teams: z.object({
    nodes: z.array(z.object({ id: z.string(), key: z.string(), name: z.string() })),
  }),
});
const TEAMS = `query Teams { teams(first: ${PAGE}) { nodes { id key name } } }`;

/** A team's id by its key or name; without one, the only one there is. */
export async function teamId(api: ApiClient, wanted: string | undefined): Promise<string> {
  const { teams: { nodes } } = await ask(api, TEAMS, Teams);
  const names = enumerate(nodes.map(({ key, name }) => `${oneLine(name)}, with the key ${key}`));
  if (wanted === undefined) {
    const [only, ...others] = nodes;
    if (only === undefined) throw notFound("This Linear account is in no team.");
    if (others.length === 0) return only.id;
    throw invalid(`There are several Linear teams: ${names}. Say which one is meant.`);
  }
  const word = wanted.trim().toLowerCase();
  const team = nodes.find(({ key }) => key.toLowerCase() === word) ??
    nodes.find(({ name }) => name.toLowerCase() === word);
  if (team === undefined) throw notFound(`Linear has no such team. There are: ${names}.`);
  return team.id;
}

const IssueStates = z.object({
  issue: z.object({
    team: z.object({
      states: z.object({
        nodes: z.array(z.object({
          id: z.string(),
          name: z.string(),
          type: z.string(),
          position: z.number(),
        })),
      }),
    }),
  }).nullish(),
});
const STATES = `query IssueStates($id: String!) {
  issue(id: $id) { team { states(first: ${PAGE}) { nodes { id name type position } } } }
}`;

/** What people call a state, whatever their team calls it → Linear's types of states. */
const STATE_WORDS: Record<string, string> = {
  cancelled: "canceled",
  closed: "completed",
  done: "completed",
  "in progress": "started",
  todo: "unstarted",
};

/** A state's id by its name in the issue's team, or else by its type. */
export async function stateId(api: ApiClient, issue: string, wanted: string): Promise<string> {
  const answer = await ask(api, STATES, IssueStates, { id: issue });
  if (!answer.issue) throw new ApiError(NOT_FOUND);
  const states = answer.issue.team.states.nodes.toSorted((a, b) => a.position - b.position);
  const word = wanted.trim().toLowerCase();
  const type = lookUp(STATE_WORDS, word) ?? word;
  const state = states.find(({ name }) => name.toLowerCase() === word) ??
    states.find((state) => state.type === type);
  if (state !== undefined) return state.id;
  const names = states.map(({ name }) => oneLine(name)).join(", ");
  throw invalid(`The issue's team has no such state. There are: ${names}.`);
}

const Viewer = z.object({ viewer: z.object({ id: z.string() }) });
const Users = z.object({ users: z.object({ nodes: z.array(z.object({ id: z.string() })) }) });
const USERS = `query UserByEmail($email: String!) {
  users(first: 1, filter: { email: { eq: $email } }) { nodes { id } }
}`;

/** A person's id; `null`, which unassigns an issue, stays `null`. */
export async function assigneeId(
  api: ApiClient,
  wanted: string | null | undefined,
): Promise<{ assigneeId?: string | null }> {
  if (wanted === undefined) return {};
  if (wanted === null) return { assigneeId: null };
  if (wanted === "me") {
    const { viewer } = await ask(api, "query Me { viewer { id } }", Viewer);
    return { assigneeId: viewer.id };
  }
  const { users: { nodes: [user] } } = await ask(api, USERS, Users, { email: wanted });
  if (user === undefined) throw notFound(`Nobody in Linear has the address ${wanted}.`);
  return { assigneeId: user.id };
}
