/**
 * Asana's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { commentOnTask } from "./comment.ts";
import { createTask } from "./create_task.ts";
import { findTasks } from "./find_tasks.ts";
import { lookUp } from "./look_up.ts";
import { readTask } from "./read_task.ts";
import { updateTask } from "./update_task.ts";

/** Every tool of the `asana` service. */
export const asanaTools: Tool[] = [
  createTask,
  findTasks,
  readTask,
  updateTask,
  commentOnTask,
  lookUp,
];
