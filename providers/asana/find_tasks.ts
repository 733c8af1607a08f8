/**
 * Finding Asana tasks.
 *
 * https://developers.asana.com/reference/tasks
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting } from "../text.ts";
import { limit, pageAfter, pageOf, paging, pagingOutput, speakMore } from "./paging.ts";
import { Gid, speakTask, summarizeTask, Task, TASK_FIELDS, TaskSummary } from "./task.ts";
import { resolveWorkspace, workspace } from "./workspaces.ts";

const TaskPage = pageOf(Task);

/** https://developers.asana.com/reference/searchtasksforworkspace */
export const searchTasks = tool({
  name: "asana_search_tasks",
  aliases: ["search_tasks"],
  service: "asana",
  title: "Search Asana tasks",
  description: "Find tasks in an Asana workspace by words in their name or description, the " +
    "latest change first. Use it when the person means a certain task, to get its id. Asana " +
    "offers it on paid plans only, and a new task is found after about a minute.",
  input: z.strictObject({
    text: z.string().min(1).max(500).regex(/\S/, "must not be blank")
      .describe("Words that the task's name or description holds."),
    workspace,
    completed: z.boolean().optional()
      .describe("True for completed tasks only, false for open ones only. Left out, both."),
    mine: z.boolean().default(false).describe("True for tasks that are assigned to the person."),
    project: Gid.optional().describe("Only tasks of the project with this id."),
    limit,
  }),
  output: z.object({
    workspace: z.string(),
    tasks: z.array(TaskSummary),
    has_more: z.boolean()
      .describe("Whether there may be more. A search has no next page: narrow it down."),
  }),
  hints: { readOnly: true },
  scopes: [["tasks:read", "workspaces:read"]],
  async run({ text, workspace: wanted, completed, mine, project, limit }, { api }) {
    const workspace = await resolveWorkspace(api, wanted);
    const { data } = await api.json(`/workspaces/${workspace}/tasks/search`, TaskPage, {
      query: {
        text,
        completed,
        "assignee.any": mine ? "me" : undefined,
        "projects.any": project,
        sort_by: "modified_at",
        limit,
        opt_fields: TASK_FIELDS,
      },
    });
    const has_more = data.length >= limit;
    const more = has_more ? " There may be more; narrow the search down to see them." : "";
    return {
      text: foundTasks(data, "task") + more,
      data: { workspace, tasks: fitting(data, summarizeTask), has_more },
    };
  },
});

/** https://developers.asana.com/reference/gettasks */
export const listMyTasks = tool({
  name: "asana_list_my_tasks",
  aliases: ["list_my_tasks"],
  service: "asana",
  title: "List my Asana tasks",
  description:
    "List the open tasks that are assigned to the person in an Asana workspace. Use it " +
    "when they ask what they have to do, or to find the id of one of their tasks.",
  input: z.strictObject({
    workspace,
    completed_since: z.iso.date().optional().describe(
      "Also list tasks that were completed on this day or later, such as 2026-11-20.",
    ),
    ...paging,
  }),
  output: z.object({
    workspace: z.string(),
    tasks: z.array(TaskSummary),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["tasks:read", "workspaces:read"]],
  async run({ workspace: wanted, completed_since, limit, offset }, { api, now }) {
    const workspace = await resolveWorkspace(api, wanted);
    const since = completed_since === undefined ? now : Date.parse(completed_since);
    const page = await api.json("/tasks", TaskPage, {
      query: {
        assignee: "me",
        workspace,
        completed_since: new Date(since).toISOString(),
        limit,
        offset,
        opt_fields: TASK_FIELDS,
      },
    });
    const next = pageAfter(page);
    return {
      text: foundTasks(page.data, completed_since === undefined ? "open task" : "task") +
        speakMore(next),
      data: { workspace, tasks: fitting(page.data, summarizeTask), ...next },
    };
  },
});

function foundTasks(tasks: Task[], noun: string): string {
  const list = tasks.length === 0 ? "" : `: ${enumerate(tasks.map(speakTask))}`;
  return `Found ${count(tasks.length, noun)}${list}.`;
}
