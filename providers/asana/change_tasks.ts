/**
 * Changing Asana tasks.
 *
 * https://developers.asana.com/reference/tasks
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { tool } from "../provider.ts";
import {
  Gid,
  nameOf,
  speakDate,
  summarizeTask,
  TASK_FIELDS,
  TaskAnswer,
  TaskSummary,
} from "./task.ts";
import { resolveWorkspace, workspace } from "./workspaces.ts";

const MAX_NAME = 1_000;
/** The longest description that Asana takes. */
const MAX_NOTES = 65_535;

const task = Gid.describe("The task's id, from asana_search_tasks or asana_list_my_tasks.");
const name = z.string().max(MAX_NAME).regex(/\S/, "must not be blank");
const notes = z.string().max(MAX_NOTES);
const assignee = z.union([z.literal("me"), z.email().max(254), Gid], {
  error: "must be me, an e-mail address or a person's id",
});
const Story = z.object({ data: z.object({ gid: z.string() }) });

/** https://developers.asana.com/reference/createtask */
export const createTask = tool({
  name: "asana_create_task",
  aliases: ["create_task"],
  service: "asana",
  title: "Create an Asana task",
  description: "Create a task in Asana. Use it when the person wants to note down something to " +
    "do, for themselves or for somebody else. Everybody in its project sees it.",
  input: z.strictObject({
    name: name.describe("What is to be done, in one line."),
    notes: notes.optional().describe("The description, as plain text."),
    due_on: z.iso.date().optional().describe("The day it is due, such as 2026-11-25."),
    assignee: assignee.optional().describe(
      "Who should do it: me, an e-mail address or a person's id. Left out, the person " +
        "themselves, and in a project nobody.",
    ),
    project: Gid.optional().describe("The id of the project it goes to, from asana_list_projects."),
    workspace,
  }),
  output: TaskSummary,
  hints: { readOnly: false },
  content: ["notes", "due_on"],
  scopes: [["tasks:write", "workspaces:read"]],
  async run({ project, workspace, assignee, ...fields }, { api }) {
    const place = project === undefined
      // Without a project and an assignee nobody would find the task again.
      ? { workspace: await resolveWorkspace(api, workspace), assignee: assignee ?? "me" }
      : { projects: [project], assignee };
    const { data } = await api.json("/tasks", TaskAnswer, {
      method: "POST",
      query: { opt_fields: TASK_FIELDS },
      body: { data: { ...place, ...fields } },
    });
    const due = data.due_on ? `, due ${speakDate(data.due_on)}` : "";
    const who = data.assignee?.name ? `, for ${data.assignee.name}` : "";
    return { text: `Created the task "${nameOf(data)}"${who}${due}.`, data: summarizeTask(data) };
  },
});

/** https://developers.asana.com/reference/updatetask */
export const updateTask = tool({
  name: "asana_update_task",
  aliases: ["update_task"],
  service: "asana",
  title: "Change an Asana task",
  description: "Change a task in Asana: its name, description, due date or assignee. Use it when " +
    "the person wants to move a deadline or give a task to somebody. What is left out stays.",
  input: z.strictObject({
    task,
    name: name.optional().describe("The new name."),
    notes: notes.optional().describe("The new description; it takes the place of the old one."),
    due_on: z.iso.date().nullable().optional()
      .describe("The new due day, such as 2026-11-25; null for none."),
    assignee: assignee.nullable().optional()
      .describe("Who should do it: me, an e-mail address or a person's id; null for nobody."),
  }),
  output: TaskSummary,
  hints: { readOnly: false, destructive: true, idempotent: true },
  content: ["name"],
  scopes: [["tasks:write"]],
  async run({ task, ...fields }, { api }) {
    if (Object.values(fields).every((value) => value === undefined)) {
      throw invalid("Say what to change: name, notes, due_on or assignee.");
    }
    const { data } = await api.json(`/tasks/${task}`, TaskAnswer, {
      method: "PUT",
      query: { opt_fields: TASK_FIELDS },
      body: { data: fields },
    });
    const changes = [
      ...(fields.name === undefined ? [] : ["has a new name"]),
      ...(fields.notes === undefined ? [] : ["has a new description"]),
      ...(fields.due_on === undefined
        ? []
        : [data.due_on ? `is due ${speakDate(data.due_on)}` : "has no due date any more"]),
      ...(fields.assignee === undefined
        ? []
        : [`is for ${data.assignee?.name ?? "nobody in particular"}`]),
    ];
    return {
      text: `The task "${nameOf(data)}" now ${changes.join(" and ")}.`,
      data: summarizeTask(data),
    };
  },
});

/** https://developers.asana.com/reference/updatetask */
export const completeTask = tool({
  name: "asana_complete_task",
  aliases: ["complete_task"],
  service: "asana",
  title: "Complete an Asana task",
  description: "Mark a task in Asana as done, or open it again. Use it when the person says that " +
    "they finished something.",
  input: z.strictObject({
    task,
    completed: z.boolean().default(true).describe("False opens a completed task again."),
  }),
  output: TaskSummary,
  hints: { readOnly: false, idempotent: true },
  scopes: [["tasks:write"]],
  async run({ task, completed }, { api }) {
    const { data } = await api.json(`/tasks/${task}`, TaskAnswer, {
      method: "PUT",
      query: { opt_fields: TASK_FIELDS },
      body: { data: { completed } },
    });
    return {
      text: completed ? `Completed "${nameOf(data)}".` : `"${nameOf(data)}" is open again.`,
      data: summarizeTask(data),
    };
  },
});

/** https://developers.asana.com/reference/createstoryfortask */
export const commentOnTask = tool({
  name: "asana_comment_on_task",
  service: "asana",
  title: "Comment on an Asana task",
  description: "Add a comment to a task in Asana. Use it when the person wants to answer or add " +
    "something there. Everybody who follows the task is notified.",
  input: z.strictObject({
    task,
    text: z.string().max(MAX_NOTES).regex(/\S/, "must not be blank")
      .describe("The comment, as plain text."),
  }),
  output: z.object({ comment: z.string(), task: z.string() }),
  hints: { readOnly: false },
  scopes: [["stories:write"]],
  async run({ task, text }, { api }) {
    const { data } = await api.json(`/tasks/${task}/stories`, Story, {
      method: "POST",
      body: { data: { text } },
    });
    return { text: "Added the comment to the task.", data: { comment: data.gid, task } };
  },
});
