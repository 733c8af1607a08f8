/**
 * Asana workspaces and projects.
 *
 * https://developers.asana.com/reference/workspaces
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../api_errors.ts";
import { type ApiClient, tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten } from "../text.ts";
import { pageAfter, pageOf, paging, pagingOutput, speakMore } from "./paging.ts";
import { Gid } from "./task.ts";

const SPOKEN_NAME = 60;

const Workspace = z.object({
  gid: z.string(),
  name: z.string().nullish(),
  is_organization: z.boolean().nullish(),
});
const WorkspacePage = pageOf(Workspace);

const Project = z.object({
  gid: z.string(),
  name: z.string().nullish(),
  archived: z.boolean().nullish(),
  due_on: z.string().nullish(),
  owner: z.object({ name: z.string().nullish() }).nullish(),
  permalink_url: z.string().nullish(),
});

/** Which workspace is meant, in every tool that needs one. */
export const workspace = Gid.optional().describe(
  "The workspace's id, from asana_list_workspaces. Left out, the only one the person has.",
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
  if (wanted !== undefined) return wanted;
  const { data } = await api.json("/workspaces", WorkspacePage, {
    query: { limit: 100, opt_fields: "name" },
  });
  const [only, ...others] = data;
  if (only === undefined) {
    throw notFound("This Asana account has no workspace.");
  }
  if (others.length === 0) return only.gid;
  const names = data.map((one) => `${spoken(one.name)}, with the id ${one.gid}`);
  throw invalid(`There are several Asana workspaces: ${enumerate(names)}. Say which one is meant.`);
}

/** https://developers.asana.com/reference/getworkspaces */
export const listWorkspaces = tool({
  name: "asana_list_workspaces",
  service: "asana",
  title: "List Asana workspaces",
  description: "List the Asana workspaces that the person belongs to. Use it to find the id that " +
    "the other Asana tools want when there is more than one workspace.",
  input: z.strictObject(paging),
  output: z.object({
    workspaces: z.array(z.object({
      workspace: z.string().describe("The workspace's id."),
      name: z.string(),
      is_organization: z.boolean(),
    })),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["workspaces:read"]],
  async run({ limit, offset }, { api }) {
    const page = await api.json("/workspaces", WorkspacePage, {
      query: { limit, offset, opt_fields: "name,is_organization" },
    });
    const next = pageAfter(page);
    return {
      text: found(page.data, "workspace") + speakMore(next),
      data: {
        workspaces: fitting(page.data, (one, length) => ({
          workspace: one.gid,
          name: shorten(one.name ?? "", length),
          is_organization: one.is_organization ?? false,
        })),
        ...next,
      },
    };
  },
});

/** https://developers.asana.com/reference/getprojects */
export const listProjects = tool({
  name: "asana_list_projects",
  service: "asana",
  title: "List Asana projects",
  description: "List the projects of an Asana workspace. Use it when the person asks which " +
    "projects there are, or to find the id of the project that a task should go to.",
  input: z.strictObject({
    workspace,
    archived: z.boolean().default(false).describe("True for archived projects instead."),
    ...paging,
  }),
  output: z.object({
    workspace: z.string(),
    projects: z.array(z.object({
      project: z.string().describe("The project's id."),
      name: z.string(),
      archived: z.boolean(),
      owner: z.string().optional(),
      due_on: z.string().optional(),
      url: z.string().optional(),
    })),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["projects:read", "workspaces:read"]],
  async run({ workspace: wanted, archived, limit, offset }, { api }) {
    const workspace = await resolveWorkspace(api, wanted);
    const page = await api.json("/projects", pageOf(Project), {
      query: {
        workspace,
        archived,
        limit,
        offset,
        opt_fields: "name,archived,due_on,owner.name,permalink_url",
      },
    });
    const next = pageAfter(page);
    return {
      text: found(page.data, archived ? "archived project" : "project") + speakMore(next),
      data: { workspace, projects: fitting(page.data, summarizeProject), ...next },
    };
  },
});

function summarizeProject(project: z.output<typeof Project>, length: number) {
  return {
    project: project.gid,
    name: shorten(project.name ?? "", length),
    archived: project.archived ?? false,
    owner: project.owner?.name ? shorten(project.owner.name, length) : undefined,
    due_on: project.due_on || undefined,
    url: project.permalink_url || undefined,
  };
}

function found(items: { name?: string | null | undefined }[], noun: string): string {
  const names = items.map(({ name }) => spoken(name));
  const list = names.length === 0 ? "" : `: ${enumerate(names)}`;
  return `Found ${count(items.length, noun)}${list}.`;
}

function spoken(name: string | null | undefined): string {
  return shorten(oneLine(name ?? "") || "without a name", SPOKEN_NAME);
}
