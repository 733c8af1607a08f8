/**
 * The states of a team's workflow. Teams name them themselves; each is of one of Linear's types.
 *
 * @module
 */

import { z } from "zod";
import { lookUp } from "../../broker/core/lists.ts";
import { invalid } from "../api_errors.ts";
import { fold } from "../choose.ts";
import { oneLine } from "../text.ts";

/** Linear's largest page; a team has about ten states. */
const PAGE = 250;

/** A state, as the API sends it. */
export const State = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  position: z.number().nullish(),
});
export type State = z.output<typeof State>;

/** Inside `team { … }`. */
export const STATES = `states(first: ${PAGE}) { nodes { id name type position } }`;

/** What people ask for → Linear's types of states. */
export const STATE_GROUPS: Record<string, readonly string[]> = {
  open: ["triage", "backlog", "unstarted", "started"],
  closed: ["completed", "canceled", "duplicate"],
  triage: ["triage"],
  backlog: ["backlog"],
  unstarted: ["unstarted"],
  started: ["started"],
  completed: ["completed"],
  canceled: ["canceled"],
  duplicate: ["duplicate"],
};

/** What people call a state, whatever their team calls it → Linear's types of states. */
const STATE_WORDS: Record<string, string> = {
  cancelled: "canceled",
  closed: "completed",
  done: "completed",
  "in progress": "started",
  todo: "unstarted",
  "to do": "unstarted",
};

/** Linear's type for what people call a state. */
export function stateType(wanted: string): string | undefined {
  const word = fold(wanted);
  const type = lookUp(STATE_WORDS, word) ?? word;
  return lookUp(STATE_GROUPS, type)?.length === 1 ? type : undefined;
}

/**
 * A team's state by its name, or else by its type.
 *
 * @throws {ApiError} where the team has no such state.
 */
export function stateNamed(all: State[], wanted: string): State {
  const states = all.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
  const word = fold(wanted);
  const type = stateType(wanted);
  const state = states.find(({ name }) => fold(name) === word) ??
    states.find((state) => state.type === type);
  if (state !== undefined) return state;
  const names = states.map(({ name }) => oneLine(name)).slice(0, 12).join(", ");
  throw invalid(`The issue's team has no such state. There are: ${names || "none"}.`);
}
