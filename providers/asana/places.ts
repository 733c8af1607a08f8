/**
 * Where tasks are in Asana, and whose they are: workspaces, projects, sections and people, by id or
 * by what they are called.
 *
 * https://developers.asana.com/reference/workspaces
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../api_errors.ts";
import { choose } from "../choose.ts";
import { words } from "../inputs.ts";
import type { ApiClient } from "../provider.ts";
import { enumerate, oneLine, shorten } from "../text.ts";
import { pagesOf } from "./paging.ts";
import { Gid } from "./task.ts";

const SPOKEN_NAME = 60;
/** How many pages of 100 are looked through for a name. */
const PAGES = 5;

const IsEmail = z.email();
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,'’-]*$/u;

const isGid = (text: string) => Gid.safeParse(text).success;

/** Whether it has to be looked up, which takes a scope of its own. */
export function isPlaceName(text: string | null | undefined): boolean {
  return typeof text === "string" && !isGid(text);
}

/** The same of a person: `me` and addresses are taken as they are. */
export function isPersonName(text: string | null | undefined): boolean {
  return isPlaceName(text) && text!.trim().toLowerCase() !== "me" && !text!.includes("@");
}

/** A workspace, as the API sends it. */
export const Workspace = z.object({
  gid: z.string(),
  name: z.string().nullish(),
  is_organization: z.boolean().nullish(),
});
type Workspace = z.output<typeof Workspace>;

/** A project, as the API sends it. */
export const Project = z.object({
  gid: z.string(),
  name: z.string().nullish(),
  archived: z.boolean().nullish(),
  due_on: z.string().nullish(),
  owner: z.object({ name: z.string().nullish() }).nullish(),
  permalink_url: z.string().nullish(),
});
type Project = z.output<typeof Project>;
export const PROJECT_FIELDS = "name,archived,due_on,owner.name,permalink_url";

/** A person, as the API sends them. */
export const Person = z.object({
  gid: z.string(),
  name: z.string().nullish(),
  email: z.string().nullish(),
});
type Person = z.output<typeof Person>;

/** What has a name and nothing more. */
export const Named = z.object({ gid: z.string(), name: z.string().nullish() });
type Named = z.output<typeof Named>;

/** Which workspace is meant, in every tool that needs one. */
export const workspace = z.string().max(200)
  .refine((text) => /\S/.test(text) && !/[/?#\\]/.test(text), { error: "must be a name or an id" })
  .optional().describe("Name or id; left out, the only one.");

/** A project or section in a tool's input. */
export const placeName = words(500);

/** A person in a tool's input. */
export const person = z.string().max(254).refine(
  (text) => IsEmail.safeParse(text).success || NAME.test(text),
  {
    error: "must be me, a name, an e-mail address or a person's id",
  },
);

/**
 * The id of the workspace that a tool's argument means; where the person is in
 * one workspace only, it need not be said.
 *
 * @throws {ApiError} where none was said and the person is in several, or in none.
 */
export async function resolveWorkspace(
  api: ApiClient,
  wanted: string | undefined,
): Promise<string> {
  if (wanted !== undefined && isGid(wanted)) return wanted;
  const query = { opt_fields: "name" };
  const { items } = await pagesOf(api, "/workspaces", Workspace, query, 1);
  const isTwice = (name: string | null | undefined) =>
    items.filter((one) => spoken(one.name) === spoken(name)).length > 1;
  // Nobody wants to hear an id, but where nothing else tells them apart.
  const label = ({ name, gid }: Workspace) =>
    isTwice(name) ? `${spoken(name)}, with the id ${gid}` : spoken(name);
  if (wanted !== undefined) {
    const [noun, plural] = ["workspace in Asana", "workspaces in Asana"];
    const known = items.map(({ name }) => spoken(name));
    const names = ({ name }: Workspace) => [name];
    return choose({ wanted, items, names, label, noun, plural, known }).gid;
  }
  const [only, ...others] = items;
  if (only === undefined) throw notFound("This Asana account has no workspace.");
  if (others.length === 0) return only.gid;
  throw invalid(
    `There are several Asana workspaces: ${enumerate(items.map(label))}. Say which one is meant.`,
  );
}

/** A project by its id or name; archived ones only by their id. */
export async function projectNamed(
  api: ApiClient,
  wanted: string,
  workspace: () => Promise<string>,
): Promise<Named> {
  if (isGid(wanted)) return { gid: wanted };
  const query = { workspace: await workspace(), archived: false, opt_fields: "name,owner.name" };
  const { items, has_more: more } = await pagesOf(api, "/projects", Project, query, PAGES);
  const label = ({ name, owner }: Project) =>
    owner?.name ? `${spoken(name)}, of ${owner.name}` : spoken(name);
  const [noun, plural] = ["project in Asana", "projects in Asana"];
  return choose({ wanted, items, more, names: ({ name }) => [name], label, noun, plural });
}

/** A section by its id, or by its name in a project. */
export async function sectionNamed(
  api: ApiClient,
  wanted: string,
  project: string | undefined,
): Promise<Named> {
  if (isGid(wanted)) return { gid: wanted };
  if (project === undefined) throw invalid("Say which project the section is in.");
  const query = { opt_fields: "name" };
  const path = `/projects/${project}/sections`;
  const { items, has_more: more } = await pagesOf(api, path, Named, query, PAGES);
  const names = ({ name }: Named) => [name];
  const [noun, plural] = ["section in this project", "sections in this project"];
  const known = items.map(({ name }) => spoken(name));
  return choose({
    wanted,
    items,
    more,
    names,
    label: (one) => spoken(one.name),
    noun,
    plural,
    known,
  });
}

/**
 * Somebody as Asana's API takes them: `me`, an address or an id as they are, a name by its id.
 *
 * @throws {ApiError} where nobody has the name, or several have it.
 */
export async function personNamed(
  api: ApiClient,
  wanted: string,
  workspace: () => Promise<string>,
): Promise<string> {
  const said = wanted.trim();
  if (said.toLowerCase() === "me") return "me";
  if (isGid(said) || said.includes("@")) return said;
  const query = { workspace: await workspace(), opt_fields: "name,email" };
  const { items, has_more: more } = await pagesOf(api, "/users", Person, query, PAGES);
  const label = ({ name, email }: Person) => email ? `${spoken(name)}, ${email}` : spoken(name);
  const [noun, plural] = ["person in this Asana workspace", "people in Asana"];
  const names = ({ name }: Person) => [name];
  return choose({ wanted: said, items, more, names, label, noun, plural }).gid;
}

const Somebody = z.object({ data: z.object({ gid: z.string() }) });

/** The id of somebody whom {@linkcode personNamed} found: tasks know by it whose they are. */
export async function personId(api: ApiClient, person: string): Promise<string> {
  if (isGid(person)) return person;
  return (await api.json(`/users/${encodeURIComponent(person)}`, Somebody)).data.gid;
}

/** A name on one line. */
export function spoken(name: string | null | undefined): string {
  return shorten(oneLine(name ?? "") || "without a name", SPOKEN_NAME);
}
