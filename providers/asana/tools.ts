/**
 * Asana's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { commentOnTask, completeTask, createTask, updateTask } from "./change_tasks.ts";
import { listMyTasks, searchTasks } from "./find_tasks.ts";
import { listProjects, listWorkspaces } from "./workspaces.ts";

/** Every tool of the `asana` service. */
export const asanaTools: Tool[] = [
  createTask,
  listMyTasks,
  searchTasks,
  updateTask,
  completeTask,
  commentOnTask,
  listProjects,
  listWorkspaces,
];
