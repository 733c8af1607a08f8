/**
 * Who and what there is in a Linear workspace.
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, tool } from "../provider.ts";
import { speakDay, within } from "../reading.ts";
import { count, enumerate, oneLine, shorten, shortLine } from "../text.ts";
import { labelsCalled, speakLabel } from "./labels.ts";
import { nameOf, peopleCalled } from "./people.ts";
import { cyclesCalled, placeName, projectsCalled, statesOf, teamNamed, teams } from "./places.ts";

const KINDS = ["people", "teams", "projects", "cycles", "labels", "states"] as const;
type Kind = typeof KINDS[number];
/** What one kind may cost a model. */
const TOKENS = 3_000;
const SPOKEN_NAME = 60;

const Entry = z.object({
  name: z.string(),
  /** What tells it from others. */
  detail: z.string().optional(),
  id: z.string(),
});
type Entry = z.output<typeof Entry>;
/** An entry, and what a voice says of it beside its name. */
interface Said extends Entry {
  also?: string | undefined;
}

/** https://linear.app/developers/graphql */
export const lookUp = tool({
  name: "linear_look_up",
  service: "linear",
  title: "Look up people and places in Linear",
  description:
    "List people, teams, projects, cycles, labels or states in Linear, whichever are asked " +
    "for.",
  input: z.strictObject({
    kinds: z.array(z.enum(KINDS)).min(1).max(KINDS.length),
    name: placeName.optional(),
    team: placeName.optional().describe("Whose cycles and states: key or name."),
    limit: z.int().min(1).max(100).default(50),
  }),
  output: z.object({
    ...Object.fromEntries(KINDS.map((kind) => [kind, z.array(Entry).optional()])) as Record<
      Kind,
      z.ZodOptional<z.ZodArray<typeof Entry>>
    >,
    has_more: z.array(z.enum(KINDS)).describe("Of which there are more than these."),
  }),
  hints: { readOnly: true },
  scopes: [["read"]],
  async run({ kinds, name, team: wanted, limit }, { api, now }) {
    const asked = [...new Set(kinds)];
    const team = wanted === undefined && !asked.includes("states")
      ? undefined
      : await teamNamed(api, wanted);
    const lists = await Promise.all(asked.map(async (kind) => {
      const list = await LISTS[kind]({ api, name, team: team?.id, limit, now });
      return { kind, items: list.items.slice(0, limit), ...leftOut(list, limit) };
    }));
    const has_more = lists.filter(({ hasMore }) => hasMore).map(({ kind }) => kind);
    const unread = lists.reduce((sum, { unread }) => sum + unread, 0);
    const notes = unread > 0 ? [`${count(unread, "entry", "entries")} could not be read.`] : [];
    const cut = ({ id, name, detail }: Said, length: number) => ({
      id,
      name: shorten(name, Math.min(length, 200)),
      detail: detail && shorten(detail, Math.min(length, 200)),
    });
    return {
      text: [...lists.map(speak), ...notes].join(" "),
      data: {
        ...Object.fromEntries(lists.map(({ kind, items }) => [kind, within(TOKENS, items, cut)])),
        has_more,
      },
      notes,
    };
  },
});

interface Asked {
  api: ApiClient;
  name: string | undefined;
  team: string | undefined;
  limit: number;
  now: number;
}
interface List {
  items: Said[];
  hasMore: boolean;
  unread: number;
}

function leftOut({ items, hasMore, unread }: List, limit: number) {
  return { hasMore: hasMore || items.length > limit, unread };
}

const LISTS: Record<Kind, (asked: Asked) => Promise<List>> = {
  async people({ api, name, limit }) {
    const list = await peopleCalled(api, name, { first: limit });
    return {
      ...list,
      items: list.items.map((person) => ({
        id: person.id,
        name: nameOf(person),
        detail: [person.displayName, person.email, person.guest ? "guest" : ""]
          .filter((part) => part && part !== person.name).join(", ") || undefined,
        // An address is spelled only where nothing else tells them apart.
        also: list.items.filter((one) => nameOf(one) === nameOf(person)).length > 1
          ? person.email ?? undefined
          : undefined,
      })),
    };
  },
  async teams({ api, name }) {
    const list = await teams(api);
    const items = list.items.map(({ id, key, name }) => ({ id, name, detail: key, also: key }));
    return { ...list, items: items.filter(called(name)) };
  },
  async projects({ api, name, limit }) {
    const list = await projectsCalled(api, name, { first: limit });
    return {
      ...list,
      items: list.items.map(({ id, name, status, lead, targetDate }) => ({
        id,
        name,
        also: status?.name ?? undefined,
        detail: [
          status?.name,
          lead?.name && `led by ${lead.name}`,
          targetDate && `due ${targetDate}`,
        ].filter(Boolean).join(", ") || undefined,
      })),
    };
  },
  async cycles({ api, name, team, limit, now }) {
    const list = await cyclesCalled(api, name, team, { first: limit });
    return {
      ...list,
      items: list.items.map(({ id, number, name, team, isActive, startsAt, endsAt }) => ({
        id,
        name: name || `Cycle ${number}`,
        also: [
          team?.key ? `of ${team.key}` : "",
          isActive ? "current" : "",
          endsAt ? `until ${speakDay(endsAt, now)}` : "",
        ].filter(Boolean).join(", "),
        detail: [
          name ? `cycle ${number}` : "",
          team?.key ? `of ${team.key}` : "",
          isActive ? "current" : "",
          startsAt && endsAt ? `${startsAt.slice(0, 10)} to ${endsAt.slice(0, 10)}` : "",
        ].filter(Boolean).join(", ") || undefined,
      })),
    };
  },
  async labels({ api, name, limit }) {
    const list = await labelsCalled(api, name, { first: limit });
    return {
      ...list,
      items: list.items.map((label) => ({
        id: label.id,
        name: label.name,
        detail: [speakLabel(label).slice(label.name.length + 2), label.isGroup ? "a group" : ""]
          .filter(Boolean).join(", ") || undefined,
        also: label.parent?.name ? `of the group ${label.parent.name}` : undefined,
      })),
    };
  },
  async states({ api, name, team }) {
    const states = team === undefined ? [] : await statesOf(api, team);
    const items = states.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
      .map(({ id, name, type }) => ({ id, name, detail: type }));
    return { items: items.filter(called(name)), hasMore: false, unread: 0 };
  },
};

function called(words: string | undefined) {
  const said = words?.trim().toLowerCase() ?? "";
  return ({ name, detail }: Entry) =>
    name.toLowerCase().includes(said) || detail?.toLowerCase() === said;
}

const NOUNS: Record<Kind, [one: string, more: string]> = {
  people: ["person", "people"],
  teams: ["team", "teams"],
  projects: ["project", "projects"],
  cycles: ["cycle", "cycles"],
  labels: ["label", "labels"],
  states: ["state", "states"],
};

/** `Found 2 teams: Website, WEB; Operations, OPS.` */
function speak({ kind, items, hasMore }: { kind: Kind; items: Said[]; hasMore: boolean }): string {
  const names = items.map(({ name, also }) => {
    const called = shortLine(name, SPOKEN_NAME) || "without a name";
    return also ? `${called}, ${oneLine(also)}` : called;
  });
  const list = names.length === 0 ? "" : `: ${enumerate(names)}`;
  return `Found ${count(items.length, ...NOUNS[kind])}${list}.${hasMore ? " There are more." : ""}`;
}
