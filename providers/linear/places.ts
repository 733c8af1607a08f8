/**
 * Where issues are in Linear: teams, projects, cycles and labels, by what they are called.
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../api_errors.ts";
import { choose } from "../choose.ts";
import { words } from "../inputs.ts";
import type { ApiClient } from "../provider.ts";
import { enumerate, oneLine, shorten, shortLine } from "../text.ts";
import { ask, listOf } from "./api.ts";
import { State, STATES } from "./states.ts";

/** Linear's largest page; a workspace has a few dozen teams. */
const PAGE = 250;
const SPOKEN_NAME = 40;

/** A name in a tool's input. */
export const placeName = words(200);

const Team = z.object({ id: z.string(), key: z.string(), name: z.string() });
type Team = z.output<typeof Team>;
const TEAMS = `query Teams {
  teams(first: ${PAGE}) { nodes { id key name } pageInfo { hasNextPage endCursor } }
}`;

/** All teams, but for those beyond Linear's largest page. */
export async function teams(api: ApiClient) {
  return (await ask(api, TEAMS, z.object({ teams: listOf(Team) }))).teams;
}

/** A team by its key or name; without one, the only one there is. */
export async function teamNamed(api: ApiClient, wanted: string | undefined): Promise<Team> {
  const { items, hasMore: more } = await teams(api);
  const label = ({ key, name }: Team) => `${oneLine(name)}, with the key ${key}`;
  const all = enumerate(items.map((team) => shorten(label(team), SPOKEN_NAME)));
  if (wanted === undefined) {
    const [only, ...others] = items;
    if (only === undefined) throw notFound("This Linear account is in no team.");
    if (others.length === 0) return only;
    throw invalid(`There are several Linear teams: ${all}. Say which one is meant.`);
  }
  const byKey = items.find(({ key }) => key.toLowerCase() === wanted.trim().toLowerCase());
  if (byKey !== undefined) return byKey;
  const names = ({ key, name }: Team) => [key, name];
  const [noun, plural] = ["team in Linear", "teams in Linear"];
  const known = items.map(label);
  return choose({ wanted, items, names, label, noun, plural, known, more });
}

const TeamStates = z.object({ team: z.object({ states: z.object({ nodes: z.array(State) }) }) });

/** The states of a team's workflow. */
export async function statesOf(api: ApiClient, team: string): Promise<State[]> {
  const query = `query TeamStates($id: String!) { team(id: $id) { ${STATES} } }`;
  return (await ask(api, query, TeamStates, { id: team })).team.states.nodes;
}

/** A project, as the API sends it. */
const Project = z.object({
  id: z.string(),
  name: z.string(),
  status: z.object({ name: z.string().nullish() }).nullish(),
  targetDate: z.string().nullish(),
  lead: z.object({ name: z.string().nullish() }).nullish(),
  url: z.string().nullish(),
});
type Project = z.output<typeof Project>;
const PROJECTS = `query Projects($first: Int!, $after: String, $filter: ProjectFilter) {
  projects(first: $first, after: $after, filter: $filter) {
    nodes { id name status { name } targetDate lead { name } url }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Projects whose name has these words; all of them without. Page by page. */
export async function projectsCalled(
  api: ApiClient,
  words: string | undefined,
  page: { first: number; after?: string | undefined },
) {
  const filter = words && { name: { containsIgnoreCaseAndAccent: words.trim() } };
  const schema = z.object({ projects: listOf(Project) });
  return (await ask(api, PROJECTS, schema, { ...page, filter })).projects;
}

/** The one project that is meant. */
export async function projectNamed(api: ApiClient, wanted: string): Promise<Project> {
  const { items, hasMore: more } = await projectsCalled(api, wanted, { first: 100 });
  const label = ({ name, lead }: Project) => lead?.name ? `${name}, led by ${lead.name}` : name;
  const [noun, plural] = ["project in Linear", "projects in Linear"];
  return choose({ wanted, items, more, label, noun, plural, names: ({ name }) => [name] });
}

/** A cycle, as the API sends it. */
const Cycle = z.object({
  id: z.string(),
  number: z.number(),
  name: z.string().nullish(),
  startsAt: z.string().nullish(),
  endsAt: z.string().nullish(),
  isActive: z.boolean().nullish(),
  team: z.object({ key: z.string().nullish() }).nullish(),
});
export type Cycle = z.output<typeof Cycle>;
const CYCLES = `query Cycles($first: Int!, $after: String, $filter: CycleFilter) {
  cycles(first: $first, after: $after, filter: $filter) {
    nodes { id number name startsAt endsAt isActive team { key } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Which cycles are meant, in Linear's words: `current`, `next`, `previous`, a number or a name. */
export function cycleFilter(wanted: string): Record<string, unknown> {
  const word = wanted.trim().toLowerCase().replace(/^cycle\s+/, "");
  if (["current", "active", "this"].includes(word)) return { isActive: { eq: true } };
  if (["next", "upcoming"].includes(word)) return { isNext: { eq: true } };
  if (["previous", "last"].includes(word)) return { isPrevious: { eq: true } };
  if (/^\d{1,6}$/.test(word)) return { number: { eq: Number(word) } };
  return { name: { containsIgnoreCase: wanted.trim() } };
}

/** Cycles by what they are called, of one team or of all: each team has its own. Page by page. */
export async function cyclesCalled(
  api: ApiClient,
  words: string | undefined,
  team: string | undefined,
  page: { first: number; after?: string | undefined },
) {
  const filter = {
    ...(words === undefined ? {} : cycleFilter(words)),
    ...(team === undefined ? {} : { team: { id: { eq: team } } }),
  };
  return (await ask(api, CYCLES, z.object({ cycles: listOf(Cycle) }), { ...page, filter })).cycles;
}

/**
 * The cycles that are meant, of which there is at least one.
 *
 * @throws {ApiError} where there is none.
 */
export async function cyclesNamed(api: ApiClient, wanted: string, team: string | undefined) {
  const { items } = await cyclesCalled(api, wanted, team, { first: 100 });
  if (items.length > 0) return items;
  throw notFound(`Linear has no cycle "${shortLine(wanted, SPOKEN_NAME)}" here.`);
}
