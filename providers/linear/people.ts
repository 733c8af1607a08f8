/**
 * People of a Linear workspace, by what they are called.
 *
 * @module
 */

import { z } from "zod";
import { choose } from "../choose.ts";
import { words as text } from "../inputs.ts";
import type { ApiClient } from "../provider.ts";
import { ask, listOf } from "./api.ts";

/** A person in a tool's input. */
export const person = text(254);

/** A person, as the API sends them. */
export const Person = z.object({
  id: z.string(),
  name: z.string().nullish(),
  /** Their handle. */
  displayName: z.string().nullish(),
  email: z.string().nullish(),
  guest: z.boolean().nullish(),
});
export type Person = z.output<typeof Person>;

const PERSON_FIELDS = "id name displayName email guest";
const ME = `query Me { viewer { ${PERSON_FIELDS} } }`;
const PEOPLE = `query People($first: Int!, $after: String, $filter: UserFilter) {
  users(first: $first, after: $after, filter: $filter) {
    nodes { ${PERSON_FIELDS} }
    pageInfo { hasNextPage endCursor }
  }
}`;
const People = z.object({ users: listOf(Person) });

/** The person whose account it is. */
export async function me(api: ApiClient): Promise<Person> {
  return (await ask(api, ME, z.object({ viewer: Person }))).viewer;
}

/** People whose name, handle or address has these words; all of them without. Page by page. */
export async function peopleCalled(
  api: ApiClient,
  words: string | undefined,
  page: { first: number; after?: string | undefined },
) {
  const said = words?.trim().replace(/^@/, "");
  const filter = said === undefined ? undefined : {
    or: [
      { email: { eqIgnoreCase: said } },
      { displayName: { containsIgnoreCase: said } },
      { name: { containsIgnoreCaseAndAccent: said } },
    ],
  };
  return (await ask(api, PEOPLE, People, { ...page, filter })).users;
}

/**
 * The one person who is meant: `me`, a name, a handle or an e-mail address.
 *
 * @throws {ApiError} where it is nobody, or several.
 */
export async function personCalled(api: ApiClient, wanted: string): Promise<Person> {
  if (wanted.trim().toLowerCase() === "me") return await me(api);
  const { items, hasMore } = await peopleCalled(api, wanted, { first: 100 });
  const isHandle = wanted.trim().startsWith("@");
  return choose({
    wanted: wanted.trim().replace(/^@/, ""),
    items,
    more: hasMore,
    names: ({ name, email, displayName }) => isHandle ? [displayName] : [name, email],
    handles: ({ displayName }) => [displayName],
    label: (person) => [nameOf(person), person.email].filter(Boolean).join(", "),
    noun: "active person in Linear",
    plural: "people in Linear",
  });
}

/** What somebody is called. */
export function nameOf({ name, displayName }: Person): string {
  return name || displayName || "somebody without a name";
}

/** A person's id for an issue; `null`, which unassigns it, stays `null`. */
export async function assigneeId(
  api: ApiClient,
  wanted: string | null | undefined,
): Promise<{ assigneeId?: string | null }> {
  if (wanted === undefined) return {};
  return { assigneeId: wanted === null ? null : (await personCalled(api, wanted)).id };
}
