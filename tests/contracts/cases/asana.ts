/**
 * Calls of Asana's tools.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Cases, KnownFault } from "./case.ts";

const task = "1200000000000007";
const workspace = "1200000000000001";
/** Of several a tool asks which one is meant. */
const ONE_WORKSPACE = {
  "GET /workspaces": (body: Json) => ({ ...body, data: body.data.slice(0, 1) }),
};

export const asanaCases: Cases = {
  asana_create_task: [
    { args: { name: "Buy milk" }, answers: ONE_WORKSPACE },
    {
      args: {
        name: "Buy milk",
        notes: "n",
        due_on: "2026-11-25",
        assignee: "a@example.com",
        project: "12",
      },
    },
    { args: { name: "Buy milk" }, refuses: /several Asana workspaces/ },
  ],
  asana_update_task: [
    { args: { task, name: "New", notes: "n", due_on: "2026-11-25", assignee: "me" } },
    { args: { task, due_on: null, assignee: null } },
    { args: { task }, refuses: /what to change/ },
  ],
  asana_complete_task: [{ args: { task } }, { args: { task, completed: false } }],
  asana_comment_on_task: [{ args: { task, text: "Done." } }],
  asana_search_tasks: [
    { args: { text: "milk", workspace } },
    { args: { text: "milk", workspace, completed: true, mine: true, project: "12", limit: 100 } },
  ],
  asana_list_my_tasks: [
    { args: {}, answers: ONE_WORKSPACE },
    { args: { workspace, completed_since: "2026-11-20", limit: 100, offset: "eyJ0" } },
  ],
  asana_list_projects: [
    { args: { workspace } },
    { args: { workspace, archived: true, limit: 100, offset: "eyJ0" } },
  ],
  asana_list_workspaces: [{ args: {} }, { args: { limit: 100, offset: "eyJ0" } }],
};

export const asanaFaults: KnownFault[] = [];
