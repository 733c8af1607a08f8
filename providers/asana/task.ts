/**
 * A task as Asana sends it, and as the tools give it back.
 *
 * https://developers.asana.com/reference/tasks
 *
 * @module
 */

import { z } from "zod";
import { speakDay } from "../reading.ts";
import { oneLine, shorten, shortLine } from "../text.ts";

const SPOKEN_NAME = 100;
const MAX_PROJECTS = 5;

/** An object's id. It goes into paths, so it is nothing but digits. */
export const Gid = z.string().regex(/^\d{1,30}$/, "must be an Asana id, which is all digits");

/** The address of a task in Asana's app: of its former form, or of the one since 2025. */
const ADDRESS =
  /^https:\/\/app\.asana\.com\/(?:0\/\d+\/(\d{1,30})|1\/\d+\/(?:[a-z_]+\/\d+\/)*task\/(\d{1,30}))(?:[/?#]\S*)?$/;

/** A task in a tool's input: its id, or its address. */
export const taskId = z.string().max(500)
  .refine((text) => /^\d{1,30}$/.test(text) || ADDRESS.test(text), {
    error: "must be an Asana id, which is all digits, or a task's address",
  })
  .transform((text) => {
    const [, former, current] = ADDRESS.exec(text) ?? [];
    return former ?? current ?? text;
  });

/** The same, as the task that a tool acts on. */
export const taskNamed = taskId.describe("Its id, from asana_find_tasks, or address.");

const Named = z.object({ name: z.string().nullish() });

/** Asked for with every request: without it Asana sends little more than the name. */
export const TASK_FIELDS = "name,completed,due_on,due_at,start_on,assignee.name,projects.name," +
  "permalink_url,resource_subtype,approval_status,is_rendered_as_separator,custom_type.name";

/** What the tools use of a task, as the API sends it. */
export const Task = z.object({
  gid: z.string().min(1),
  name: z.string().nullish(),
  completed: z.boolean().nullish(),
  due_on: z.string().nullish(),
  due_at: z.string().nullish(),
  start_on: z.string().nullish(),
  assignee: Named.extend({ gid: z.string().nullish() }).nullish(),
  projects: z.array(Named.nullable()).nullish(),
  permalink_url: z.string().nullish(),
  resource_subtype: z.string().nullish(),
  approval_status: z.string().nullish(),
  is_rendered_as_separator: z.boolean().nullish(),
  custom_type: Named.nullish(),
});
export type Task = z.output<typeof Task>;

/** A task in a tool's answer. */
export const TaskSummary = z.object({
  task: z.string(),
  name: z.string(),
  kind: z.string().optional(),
  completed: z.boolean().optional(),
  due_on: z.string().optional(),
  due_at: z.string().optional(),
  start_on: z.string().optional(),
  assignee: z.string().optional(),
  projects: z.array(z.string()).describe(`The names of the first ${MAX_PROJECTS}.`),
  more_projects: z.int().optional(),
  url: z.string().optional(),
});

/** Shortens a task, and its texts to a length. */
export function summarizeTask(task: Task, length = 500): z.output<typeof TaskSummary> {
  const projects = (task.projects ?? []).flatMap((project) => project?.name ? [project.name] : []);
  return {
    task: task.gid,
    name: shorten(task.name ?? "", length),
    kind: kindOf(task),
    completed: task.completed ?? undefined,
    due_on: task.due_on || undefined,
    due_at: task.due_at || undefined,
    start_on: task.start_on || undefined,
    assignee: task.assignee?.name ? shorten(task.assignee.name, length) : undefined,
    projects: projects.slice(0, MAX_PROJECTS).map((name) => shorten(name, length)),
    more_projects: projects.length > MAX_PROJECTS ? projects.length - MAX_PROJECTS : undefined,
    url: task.permalink_url || undefined,
  };
}

/** What it is where it is no plain task: `milestone`, `approval, pending`. */
export function kindOf(task: Task): string | undefined {
  const { resource_subtype: kind, approval_status, custom_type } = task;
  if (kind === "section" || task.is_rendered_as_separator) return "section";
  if (kind === "approval" && approval_status) {
    return `approval, ${oneLine(approval_status).replaceAll("_", " ")}`;
  }
  if (kind === "custom" && custom_type?.name) {
    return shortLine(custom_type.name, SPOKEN_NAME);
  }
  return kind && kind !== "default_task" ? shorten(kind.replaceAll("_", " "), 40) : undefined;
}

/** `Buy milk, due November 25`; `Launch, a milestone` */
export function speakTask(task: Task, now: number): string {
  const kind = kindOf(task);
  const day = dueDay(task);
  const due = day ? `, due ${speakDay(day, now)}` : "";
  return `${nameOf(task)}${kind === undefined ? "" : `, ${kind}`}${due}`;
}

/** The day it is due; of one with a time Asana gives both, as a rule. */
export function dueDay({ due_on, due_at }: Task): string | undefined {
  return due_on || due_at?.slice(0, 10) || undefined;
}

/** What it is called, on one line. */
export function nameOf({ name }: { name?: string | null | undefined }): string {
  const spoken = shortLine(name ?? "", SPOKEN_NAME);
  return spoken === "" ? "a task without a name" : spoken;
}

/** As {@linkcode nameOf}, in quotation marks where it has a name. */
export function quoted(task: { name?: string | null | undefined }): string {
  return oneLine(task.name ?? "") === "" ? nameOf(task) : `"${nameOf(task)}"`;
}
