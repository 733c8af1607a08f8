/**
 * A task as Asana sends it, and as the tools give it back.
 *
 * https://developers.asana.com/reference/tasks
 *
 * @module
 */

import { z } from "zod";
import { oneLine, shorten } from "../text.ts";

const SPOKEN_NAME = 100;
const MAX_PROJECTS = 5;

/** An object's id. It goes into paths, so it is nothing but digits. */
export const Gid = z.string().regex(/^\d{1,30}$/, "must be an Asana id, which is all digits");

const Named = z.object({ name: z.string().nullish() });

/** Asked for with every request: without it Asana sends little more than the name. */
export const TASK_FIELDS = "name,completed,due_on,due_at,assignee.name,projects.name,permalink_url";

/** What the tools use of a task, as the API sends it. */
export const Task = z.object({
  gid: z.string(),
  name: z.string().nullish(),
  completed: z.boolean().nullish(),
  due_on: z.string().nullish(),
  due_at: z.string().nullish(),
  assignee: Named.nullish(),
  projects: z.array(Named).nullish(),
  permalink_url: z.string().nullish(),
});
export type Task = z.output<typeof Task>;

/** The envelope of every answer about one task. */
export const TaskAnswer = z.object({ data: Task });

/** A task in a tool's answer. */
export const TaskSummary = z.object({
  task: z.string().describe("The task's id, for the other Asana tools."),
  name: z.string(),
  completed: z.boolean(),
  due_on: z.string().optional(),
  due_at: z.string().optional(),
  assignee: z.string().optional(),
  projects: z.array(z.string()).describe(`The names of the first ${MAX_PROJECTS}.`),
  url: z.string().optional(),
});

/** Shortens a task, and its texts to a length. */
export function summarizeTask(task: Task, length = 500): z.output<typeof TaskSummary> {
  return {
    task: task.gid,
    name: shorten(task.name ?? "", length),
    completed: task.completed ?? false,
    due_on: task.due_on || undefined,
    due_at: task.due_at || undefined,
    assignee: task.assignee?.name ? shorten(task.assignee.name, length) : undefined,
    projects: (task.projects ?? []).slice(0, MAX_PROJECTS).flatMap(({ name }) =>
      name ? [shorten(name, length)] : []
    ),
    url: task.permalink_url || undefined,
  };
}

/** `Buy milk, due November 25` */
export function speakTask(task: Task): string {
  const due = task.due_on ? `, due ${speakDate(task.due_on)}` : "";
  return `${nameOf(task)}${due}`;
}

/** What it is called, on one line. */
export function nameOf({ name }: Task): string {
  const spoken = shorten(oneLine(name ?? ""), SPOKEN_NAME);
  return spoken === "" ? "a task without a name" : spoken;
}

/** `2026-11-25` → `November 25` */
export function speakDate(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return date;
  return day.toLocaleDateString("en-US", { month: "long", day: "numeric", timeZone: "UTC" });
}
