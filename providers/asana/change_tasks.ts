/**
 * Creating and changing Asana tasks.
 *
 * https://developers.asana.com/reference/tasks
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { day, moment, words } from "../inputs.ts";
import { type ApiClient, ApiError, tool } from "../provider.ts";
import { changed } from "./faults.ts";
import {
  isPersonName,
  isPlaceName,
  person,
  personNamed,
  placeName,
  projectNamed,
  resolveWorkspace,
  sectionNamed,
  spoken,
  workspace,
} from "./places.ts";
import {
  dueDay,
  quoted,
  speakDate,
  summarizeTask,
  Task,
  TASK_FIELDS,
  taskId,
  taskNamed,
  TaskSummary,
} from "./task.ts";

const MAX_NAME = 1_000;
/** The longest description that Asana takes. */
const MAX_NOTES = 65_535;

const name = words(MAX_NAME);
const notes = z.string().max(MAX_NOTES);

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
    notes: notes.optional().describe("Plain text."),
    due_on: day.optional(),
    due_at: moment.optional().describe("In its place, with the time."),
    start_on: day.optional(),
    assignee: person.optional().describe(
      "me, a name, an e-mail address or an id. Left out, me, and in a project nobody.",
    ),
    project: placeName.optional().describe("Its name or id."),
    section: placeName.optional().describe("Of the project: its name or id."),
    parent: taskId.optional().describe("The task that it is a part of."),
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
  async run({ project, section, parent, workspace, assignee, ...fields }, { api }) {
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
    const due = day ? `, due ${speakDate(day)}` : "";
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

function refuseTwoDueDates({ due_on, due_at }: Record<string, unknown>): void {
  if (due_on && due_at) throw invalid("Say due_on or due_at, not both.");
}

/**
 * After a change that was made already: where it cannot be put there, that is said beside it.
 *
 * @throws {ApiError} with what was done before, where nobody knows.
 */
async function putInto(
  api: ApiClient,
  task: string,
  section: { gid: string; name?: string | null | undefined },
  before: string,
): Promise<{ section: string | undefined; notes: string[] }> {
  const name = section.name ? spoken(section.name) : "that was named";
  try {
    const body = { data: { task } };
    await api.json(`/sections/${section.gid}/addTask`, z.object({}), { method: "POST", body });
    return { section: name, notes: [] };
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind === "unauthorized") throw error;
    const { kind, message } = error.fault;
    if (kind === "unavailable") {
      const unknown = `Nobody knows whether it was put into the section ${name}.`;
      throw new ApiError({ kind, message: `${before} ${unknown}`.trim(), mayBeDone: true });
    }
    const notes = [`It could not be put into the section ${name}: ${message}`];
    return { section: undefined, notes };
  }
}

/** https://developers.asana.com/reference/updatetask */
export const updateTask = tool({
  name: "asana_update_task",
  aliases: ["update_task"],
  formerly: {
    asana_complete_task: { args: { completed: true }, only: ["task", "completed"] },
    complete_task: { args: { completed: true }, only: ["task", "completed"] },
  },
  service: "asana",
  title: "Change an Asana task",
  description: "Change a task in Asana: complete it, open it again, move a deadline, give it to " +
    "somebody, put it into another section. Use it when the person finished something or wants " +
    "it otherwise. What is left out stays.",
  input: z.strictObject({
    task: taskNamed,
    completed: z.boolean().optional(),
    name: name.optional(),
    notes: notes.optional().describe("Takes the place of the old description."),
    due_on: day.nullable().optional().describe("null for none."),
    due_at: moment.nullable().optional().describe("In its place, with the time."),
    start_on: day.nullable().optional(),
    assignee: person.nullable().optional()
      .describe("me, a name, an e-mail address or an id; null for nobody."),
    section: placeName.optional().describe("To put it there: its id, or its name in the project."),
  }),
  output: TaskSummary.extend({ section: z.string().optional() }),
  hints: { readOnly: false, destructive: true, idempotent: true },
  content: ["name"],
  scopes: [["tasks:write"]],
  scopesFor: ({ assignee, section }) => [[
    "tasks:write",
    ...(isPersonName(assignee) || isPlaceName(section) ? ["tasks:read"] : []),
    ...(isPersonName(assignee) ? ["users:read"] : []),
    ...(isPlaceName(section) ? ["projects:read"] : []),
  ]],
  async run({ task: gid, section, assignee, ...fields }, { api }) {
    if ([section, assignee, ...Object.values(fields)].every((value) => value === undefined)) {
      throw invalid("Say what to change: completed, name, notes, due_on, assignee or section.");
    }
    refuseTwoDueDates(fields);
    const place = isPersonName(assignee) || isPlaceName(section)
      ? await placeOf(api, gid)
      : undefined;
    const [inSection, who] = await Promise.all([
      section === undefined
        ? undefined
        : sectionNamed(api, section, isPlaceName(section) ? onlyProject(place) : undefined),
      assignee ? personNamed(api, assignee, () => workspaceOf(place)) : assignee,
    ]);
    const change = { ...fields, ...(who === undefined ? {} : { assignee: who }) };
    const isMove = Object.values(change).every((value) => value === undefined);
    const task = isMove ? undefined : await changed(api, `/tasks/${gid}`, Task, {
      method: "PUT",
      query: { opt_fields: TASK_FIELDS },
      body: { data: change },
      what: "changed the task",
      gid,
    });
    const before = task === undefined ? "" : speakChange(task, change, undefined);
    const moved = inSection && await putInto(api, gid, inSection, before);
    if (task === undefined && moved?.section === undefined) {
      throw new ApiError({ kind: "conflict", message: moved?.notes[0] ?? "Nothing was changed." });
    }
    const shown = task ?? { ...place, gid };
    const said = moved?.notes ?? [];
    const first = task === undefined
      ? `Put ${
        place === undefined ? "the task" : quoted(place)
      } into the section ${moved?.section}.`
      : speakChange(task, change, moved?.section);
    return {
      text: [first, ...said].join(" "),
      data: { ...summarizeTask(shown), section: moved?.section },
      notes: said,
    };
  },
});

const Place = Task.extend({
  workspace: z.object({ gid: z.string() }).nullish(),
  memberships: z.array(
    z.object({
      project: z.object({ gid: z.string(), name: z.string().nullish() }).nullish(),
    }).nullable(),
  ).nullish(),
});
type Place = z.output<typeof Place>;

/** Where a task is: names of people and sections are looked for there. */
async function placeOf(api: ApiClient, gid: string): Promise<Place> {
  const opt_fields = `${TASK_FIELDS},workspace,memberships.project.name`;
  const query = { opt_fields };
  const { data } = await api.json(`/tasks/${gid}`, z.object({ data: Place }), { query });
  if (data.gid === gid) return data;
  throw new ApiError({ kind: "conflict", message: "Asana answered with another task." });
}

/** @throws {ApiError} where Asana does not say. */
function workspaceOf(place: Place | undefined): Promise<string> {
  const gid = place?.workspace?.gid;
  if (gid !== undefined) return Promise.resolve(gid);
  throw invalid("Asana does not say where the task is. Say the person's e-mail address instead.");
}

function onlyProject(place: Place | undefined): string {
  const projects = (place?.memberships ?? []).flatMap((one) => one?.project ?? []);
  const [only, ...others] = projects;
  if (only === undefined) throw invalid("The task is in no project, and so in no section.");
  if (others.length === 0) return only.gid;
  const names = projects.slice(0, 5).map(({ name }) => spoken(name)).join("; ");
  throw invalid(`The task is in several projects: ${names}. Say the section's id.`);
}

/** What it now is, as Asana gives it back; what it did not give back is not said. */
function speakChange(
  task: Task,
  asked: Record<string, unknown>,
  section: string | undefined,
): string {
  const name = quoted(task);
  if (asked.completed !== undefined && task.completed !== asked.completed) {
    const state = task.completed ? "completed" : "open";
    const message = `Asana took this, and still shows ${name} as ${state}. Look at it there.`;
    throw new ApiError({ kind: "conflict", message });
  }
  const { due_on, start_on, assignee } = task;
  const day = dueDay(task);
  const isDue = asked.due_on !== undefined || asked.due_at !== undefined;
  const changes = [
    ...(asked.name === undefined ? [] : ["has a new name"]),
    ...(asked.notes === undefined ? [] : ["has a new description"]),
    ...(!isDue
      ? []
      : day
      ? [`is due ${speakDate(day)}`]
      : due_on === null
      ? ["has no due date any more"]
      : ["has another due date"]),
    ...(asked.start_on === undefined
      ? []
      : [start_on ? `begins ${speakDate(start_on)}` : "has no start date any more"]),
    ...(asked.assignee === undefined
      ? []
      : assignee === undefined
      ? ["has another assignee"]
      : [`is for ${assignee?.name ?? (assignee ? "somebody" : "nobody in particular")}`]),
    ...(section === undefined ? [] : [`is in the section ${section}`]),
  ];
  const rest = changes.length === 0 ? "" : `The task ${name} now ${changes.join(" and ")}.`;
  if (asked.completed === undefined) return rest;
  const state = asked.completed ? `Completed ${name}.` : `${name} is open again.`;
  return [state, rest].filter(Boolean).join(" ");
}
