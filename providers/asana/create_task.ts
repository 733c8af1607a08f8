/**
 * Creating Asana tasks.
 *
 * https://developers.asana.com/reference/createtask
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { day, moment } from "../inputs.ts";
import { tool } from "../provider.ts";
import { speakDay } from "../reading.ts";
import { changed } from "./changed.ts";
import {
  isPersonName,
  isPlaceName,
  person,
  personNamed,
  placeName,
  projectNamed,
  resolveWorkspace,
  sectionNamed,
  workspace,
} from "./places.ts";
import { dueDay, quoted, summarizeTask, Task, TASK_FIELDS, taskId, TaskSummary } from "./task.ts";
import { name, notes, putInto, refuseTwoDueDates } from "./task_change.ts";

/** https://developers.asana.com/reference/createtask */
export const createTask = tool({
  name: "asana_create_task",
  aliases: ["create_task"],
  service: "asana",
  title: "Create an Asana task",
  description:
    "Create a task in Asana, for the person or somebody else. Everybody in its project sees " +
    "it.",
  input: z.strictObject({
    name: name,
    notes: notes.optional(),
    due_on: day.optional(),
    due_at: moment.optional().describe("In its place, with the time."),
    start_on: day.optional(),
    assignee: person.optional().describe(
      "me, a name, e-mail address or id. Left out, me; in a project nobody.",
    ),
    project: placeName.optional().describe("Name or id."),
    section: placeName.optional().describe("Of the project: name or id."),
    parent: taskId.optional().describe("The task it is a part of."),
    workspace,
  }),
  output: TaskSummary.extend({ section: z.string().optional() }),
  hints: { readOnly: false },
  content: ["notes", "due_on", "due_at", "start_on"],
  scopes: [["tasks:write", "workspaces:read"]],
  scopesFor: ({ workspace, project, section, parent, assignee }) => {
    const isPlaced = (project ?? parent) !== undefined;
    const isAsked = workspace !== undefined
      ? !/^\d+$/.test(workspace)
      : !isPlaced || isPlaceName(project) || isPersonName(assignee);
    return [[
      "tasks:write",
      ...(isAsked ? ["workspaces:read"] : []),
      ...(isPlaceName(project) || isPlaceName(section) ? ["projects:read"] : []),
      ...(isPersonName(assignee) ? ["users:read"] : []),
    ]];
  },
  async run({ project, section, parent, workspace, assignee, ...fields }, { api, now }) {
    refuseTwoDueDates(fields);
    if (section !== undefined && project === undefined && isPlaceName(section)) {
      throw invalid("Say which project the section is in.");
    }
    let known: Promise<string> | undefined;
    const where = () => known ??= resolveWorkspace(api, workspace);
    const inProject = project === undefined ? undefined : await projectNamed(api, project, where);
    const [inSection, who] = await Promise.all([
      section === undefined ? undefined : sectionNamed(api, section, inProject?.gid),
      assignee === undefined ? undefined : personNamed(api, assignee, where),
    ]);
    const place = inProject
      ? { projects: [inProject.gid], assignee: who, parent }
      : parent
      ? { parent, assignee: who }
      // Without a project and an assignee nobody would find the task again.
      : { workspace: await where(), assignee: who ?? "me" };
    const task = await changed(api, "/tasks", Task, {
      method: "POST",
      query: { opt_fields: TASK_FIELDS },
      body: { data: { ...place, ...fields } },
      what: "created the task",
    });
    const day = dueDay(task);
    const due = day ? `, due ${speakDay(day, now)}` : "";
    const for_ = task.assignee?.name ? `, for ${task.assignee.name}` : "";
    const created = `Created the task ${quoted(task)}${for_}${due}`;
    const moved = inSection && await putInto(api, task.gid, inSection, `${created}.`);
    const in_ = moved?.section ? `, in the section ${moved.section}` : "";
    const said = moved?.notes ?? [];
    return {
      text: [`${created}${in_}.`, ...said].join(" "),
      data: { ...summarizeTask(task), section: moved?.section },
      notes: said,
    };
  },
});
