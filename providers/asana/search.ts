/**
 * Asana's search, which paid plans have; and what stands in for it elsewhere.
 *
 * https://developers.asana.com/reference/searchtasksforworkspace
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { type Page, pageAt } from "./paging.ts";
import { PAID } from "./faults.ts";
import { personId } from "./places.ts";
import { Task, TASK_FIELDS } from "./task.ts";

/** Without a plan the tasks are fetched one by one. */
const MOST_WITHOUT = 20;

/** What is looked for. */
export interface Search {
  text: string;
  completed: boolean | undefined;
  assignee: string | undefined;
  project: string | undefined;
  section: string | undefined;
  limit: number;
}

/** Tasks that have the words; `notes` say where they are not all. */
export async function searchTasks(
  api: ApiClient,
  workspace: string,
  search: Search,
): Promise<Page<Task> & { notes: string[] }> {
  const { text, completed, assignee, project, section, limit } = search;
  const path = `/workspaces/${workspace}/tasks/search`;
  try {
    const page = await pageAt(api, path, Task, {
      text,
      completed,
      "assignee.any": assignee,
      "projects.any": project,
      "sections.any": section,
      sort_by: "modified_at",
      limit,
      opt_fields: TASK_FIELDS,
    });
    // A search has no next page.
    const has_more = page.items.length + page.unread >= limit;
    return { ...page, has_more, next_offset: undefined, notes: [] };
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault !== PAID) throw error;
    return await suggested(api, workspace, search);
  }
}

const Suggestion = z.object({ gid: z.string().regex(/^\d{1,30}$/) });
const Whole = Task.extend({
  memberships: z.array(z.object({
    project: z.object({ gid: z.string().nullish() }).nullish(),
    section: z.object({ gid: z.string().nullish() }).nullish(),
  })).nullish(),
});
const Answer = z.object({ data: Whole });

/** What Asana suggests while somebody types, which every plan has: by names, and not all. */
async function suggested(api: ApiClient, workspace: string, search: Search) {
  const { text, limit, completed, assignee, project, section } = search;
  const path = `/workspaces/${workspace}/typeahead`;
  const count = Math.min(limit, MOST_WITHOUT);
  const query = { resource_type: "task", query: text, count, opt_fields: "name" };
  const page = await pageAt(api, path, Suggestion, query);
  const whose = assignee === undefined ? undefined : await personId(api, assignee);
  const opt_fields = `${TASK_FIELDS},memberships.project,memberships.section`;
  const tasks = await Promise.allSettled(
    page.items.slice(0, count).map(async ({ gid }) =>
      (await api.json(`/tasks/${gid}`, Answer, { query: { opt_fields } })).data
    ),
  );
  const items = tasks.flatMap((task) => task.status === "fulfilled" ? [task.value] : [])
    .filter((task) => completed === undefined || task.completed === completed)
    .filter((task) => whose === undefined || task.assignee?.gid === whose)
    .filter(({ memberships }) =>
      (project === undefined || memberships?.some((one) => one.project?.gid === project)) &&
      (section === undefined || memberships?.some((one) => one.section?.gid === section))
    );
  const unread = page.unread + tasks.filter(({ status }) => status === "rejected").length;
  return {
    items,
    unread,
    has_more: page.items.length >= count,
    next_offset: undefined,
    notes: [
      "This workspace has no paid plan, and so Asana does not search it: these are the tasks " +
      "that it suggests by their names. There may be others.",
    ],
  };
}
