/**
 * Changing Asana tasks.
 *
 * https://developers.asana.com/reference/updatetask
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { day, moment } from "../inputs.ts";
import { type ApiClient, ApiError, tool } from "../provider.ts";
import { speakDay } from "../reading.ts";
import { oneLine } from "../text.ts";
import { changed } from "./changed.ts";
import {
  isPersonName,
  isPlaceName,
  person,
  personNamed,
  placeName,
  sectionNamed,
  spoken,
} from "./places.ts";
import {
  dueDay,
  quoted,
  summarizeTask,
  Task,
  TASK_FIELDS,
  taskNamed,
  TaskSummary,
} from "./task.ts";
import { name, notes, putInto, refuseTwoDueDates } from "./task_change.ts";

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
    "somebody, put it into another section. What is left out stays.",
  input: z.strictObject({
    task: taskNamed,
    completed: z.boolean().optional(),
    name: name.optional(),
    notes: notes.optional().describe("Replaces the old description."),
    due_on: day.nullable().optional().describe("null for none."),
    due_at: moment.nullable().optional().describe("In its place, with the time."),
    start_on: day.nullable().optional(),
    assignee: person.nullable().optional().describe(
      "me, a name, e-mail address or id; null for nobody.",
    ),
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
  async run({ task: gid, section, assignee, ...fields }, { api, now }) {
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
    const before = task === undefined ? "" : speakChange(task, change, { now });
    const moved = inSection && await putInto(api, gid, inSection, before);
    const shown = task ?? { ...place, gid };
    const said = moved?.notes ?? [];
    const first = task === undefined
      ? `Put ${
        place === undefined ? "the task" : quoted(place)
      } into the section ${moved?.section}.`
      : speakChange(task, change, { section: moved?.section, now });
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
  { section, now }: { section?: string | undefined; now: number },
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
    ...(asked.name === undefined
      ? []
      : typeof task.name === "string" && oneLine(task.name) !== oneLine(String(asked.name))
      ? ["is still called so"]
      : ["has a new name"]),
    ...(asked.notes === undefined ? [] : ["has a new description"]),
    ...(!isDue
      ? []
      : day
      ? [`is due ${speakDay(day, now)}`]
      : due_on === null
      ? ["has no due date any more"]
      : ["has another due date"]),
    ...(asked.start_on === undefined
      ? []
      : start_on
      ? [`begins ${speakDay(start_on, now)}`]
      : start_on === null
      ? ["has no start date any more"]
      : ["has another start date"]),
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
