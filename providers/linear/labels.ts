/**
 * Labels of issues, by what they are called. They belong to the workspace or to one team, and may
 * stand in a group; a group itself cannot be put on an issue.
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../api_errors.ts";
import { choose, fold } from "../choose.ts";
import type { ApiClient } from "../provider.ts";
import { enumerate, oneLine, shortLine } from "../text.ts";
import { ask, listOf } from "./api.ts";

const SPOKEN_NAME = 40;

/** A label, as the API sends it. */
export const Label = z.object({
  id: z.string(),
  name: z.string(),
  isGroup: z.boolean().nullish(),
  parent: z.object({ name: z.string().nullish() }).nullish(),
  team: z.object({ id: z.string().nullish(), key: z.string().nullish() }).nullish(),
});
export type Label = z.output<typeof Label>;

const LABELS = `query Labels($first: Int!, $after: String, $filter: IssueLabelFilter) {
  issueLabels(first: $first, after: $after, filter: $filter) {
    nodes { id name isGroup parent { name } team { id key } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Labels whose name, or whose group's name, has these words. Page by page. */
export async function labelsCalled(
  api: ApiClient,
  words: string | undefined,
  page: { first: number; after?: string | undefined },
) {
  const name = words && { containsIgnoreCase: lastPart(words) };
  const filter = name && { or: [{ name }, { parent: { name } }] };
  const schema = z.object({ issueLabels: listOf(Label) });
  return (await ask(api, LABELS, schema, { ...page, filter })).issueLabels;
}

/** `Area / Frontend` → `Frontend` */
function lastPart(words: string): string {
  return words.split(/[/:]/).at(-1)?.trim() || words.trim();
}

/** A label is known by its name, and by its group's with it. */
function namesOf({ name, parent }: Label): string[] {
  const group = parent?.name;
  return group ? [name, `${group}/${name}`, `${group} / ${name}`, `${group}: ${name}`] : [name];
}

/** `Frontend, of the group Area` */
export function speakLabel({ name, parent, team }: Label): string {
  const group = parent?.name ? `, of the group ${parent.name}` : "";
  return `${name}${group}${team?.key ? `, of ${team.key}` : ""}`;
}

/**
 * All labels that a filter means: one of the name in each team, and those of a group.
 *
 * @throws {ApiError} where there is none.
 */
export async function labelsNamed(api: ApiClient, wanted: string): Promise<Label[]> {
  const { items } = await labelsCalled(api, wanted, { first: 250 });
  const word = fold(wanted);
  const found = items.filter((label) =>
    [...namesOf(label), label.parent?.name ?? ""].some((name) => fold(name) === word)
  );
  if (found.length > 0) return found;
  const names = items.map(({ name }) => shortLine(name, SPOKEN_NAME));
  const near = names.length === 0 ? "" : ` There is: ${enumerate(names)}.`;
  throw notFound(`Linear has no label "${shortLine(wanted, SPOKEN_NAME)}".${near}`);
}

/**
 * The ids of labels that an issue of a team can have.
 *
 * @throws {ApiError} where one is not there, is a group, or may be several.
 */
export async function labelIds(
  api: ApiClient,
  wanted: string[] | undefined,
  team: string,
): Promise<string[] | undefined> {
  if (wanted === undefined) return undefined;
  return await Promise.all(wanted.map(async (words) => (await labelFor(api, words, team)).id));
}

async function labelFor(api: ApiClient, wanted: string, team: string): Promise<Label> {
  const { items, hasMore: more } = await labelsCalled(api, wanted, { first: 250 });
  const usable = items.filter((label) => !label.team?.id || label.team.id === team);
  const [noun, plural] = ["label for this team in Linear", "labels in Linear"];
  const group = usable.find(({ isGroup, name }) => isGroup && fold(name) === fold(wanted));
  if (group !== undefined) {
    const inIt = usable.filter(({ parent }) => fold(parent?.name ?? "") === fold(group.name));
    const names = enumerate(inIt.map(({ name }) => shortLine(name, SPOKEN_NAME)));
    throw invalid(`${oneLine(group.name)} is a group of labels. Say one of: ${names || "none"}.`);
  }
  const names = namesOf;
  const labels = usable.filter(({ isGroup }) => !isGroup);
  return choose({ wanted, items: labels, names, label: speakLabel, noun, plural, more });
}
