/**
 * What can be listed of an Asana account, kind by kind.
 *
 * https://developers.asana.com/reference/getprojects
 *
 * @module
 */

import type { z } from "zod";
import { invalid } from "../api_errors.ts";
import { fold } from "../choose.ts";
import type { ApiClient } from "../provider.ts";
import { shorten } from "../text.ts";
import { type Page, pageAt, pagesOf } from "./paging.ts";
import { Named, Person, Project, PROJECT_FIELDS, projectNamed, Workspace } from "./places.ts";

/** The kinds. */
export const KINDS = ["workspaces", "projects", "people", "sections", "tags"] as const;
export type Kind = typeof KINDS[number];
/** How many pages of 100 are looked through for a name. */
const PAGES = 5;

/** The scope that each kind needs. */
export const SCOPES: Record<Kind, string[]> = {
  workspaces: ["workspaces:read"],
  projects: ["projects:read"],
  people: ["users:read"],
  sections: ["projects:read"],
  tags: ["tags:read"],
};

/** Something to list: its name, and what the answer says of it. */
export interface Entry {
  name: string | null | undefined;
  also?: string | null | undefined;
  data(length: number): Record<string, unknown>;
}
/** What is listed, and where. */
interface Asked {
  api: ApiClient;
  args: {
    name?: string | undefined;
    project?: string | undefined;
    archived: boolean;
    limit: number;
    offset?: string | undefined;
  };
  workspace(): Promise<string>;
}

/** A page of a list, or all that is called so among its first pages. */
async function list<T extends { name?: string | null | undefined }>(
  { api, args: { name, limit, offset } }: Asked,
  path: string,
  item: z.ZodType<T>,
  { query, entry }: {
    query: Record<string, string | boolean>;
    entry(item: T): Omit<Entry, "name">;
  },
): Promise<Page<Entry>> {
  const page = name === undefined
    ? await pageAt(api, path, item, { limit, offset, ...query })
    : await pagesOf(api, path, item, query, PAGES);
  const all = page.items.map((one) => ({ name: one.name, ...entry(one) }));
  if (name === undefined) return { ...page, items: all };
  const said = fold(name);
  const called = all.filter((one) => fold(`${one.name ?? ""} ${one.also ?? ""}`).includes(said));
  const has_more = page.has_more || called.length > limit;
  return { ...page, items: called.slice(0, limit), has_more, next_offset: undefined };
}

/** A page of each kind. */
export const LISTS: Record<Kind, (asked: Asked) => Promise<Page<Entry>>> = {
  workspaces: (asked) =>
    list(asked, "/workspaces", Workspace, {
      query: { opt_fields: "name,is_organization" },
      entry: ({ gid, name, is_organization }) => ({
        data: (length) => ({
          workspace: gid,
          name: shorten(name ?? "", length),
          is_organization: is_organization ?? false,
        }),
      }),
    }),
  projects: async (asked) =>
    await list(asked, "/projects", Project, {
      query: {
        workspace: await asked.workspace(),
        archived: asked.args.archived,
        opt_fields: PROJECT_FIELDS,
      },
      entry: (project) => ({
        data: (length) => ({
          project: project.gid,
          name: shorten(project.name ?? "", length),
          archived: project.archived ?? asked.args.archived,
          owner: project.owner?.name ? shorten(project.owner.name, length) : undefined,
          due_on: project.due_on || undefined,
          url: project.permalink_url || undefined,
        }),
      }),
    }),
  people: async (asked) =>
    await list(asked, "/users", Person, {
      query: { workspace: await asked.workspace(), opt_fields: "name,email" },
      entry: ({ gid, name, email }) => ({
        also: email,
        data: (length) => ({
          person: gid,
          name: shorten(name ?? "", length),
          email: email ? shorten(email, length) : undefined,
        }),
      }),
    }),
  async sections(asked) {
    const { api, args: { project }, workspace } = asked;
    if (project === undefined) throw invalid("Say which project's sections are meant.");
    const { gid } = await projectNamed(api, project, workspace);
    return await list(asked, `/projects/${gid}/sections`, Named, {
      query: { opt_fields: "name" },
      entry: ({ gid, name }) => ({
        data: (length) => ({ section: gid, name: shorten(name ?? "", length) }),
      }),
    });
  },
  tags: async (asked) =>
    await list(asked, "/tags", Named, {
      query: { workspace: await asked.workspace(), opt_fields: "name" },
      entry: ({ gid, name }) => ({
        data: (length) => ({ tag: gid, name: shorten(name ?? "", length) }),
      }),
    }),
};
