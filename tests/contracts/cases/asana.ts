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

/** Called what was asked for, and the only one of the name. */
const called = (name: string) => (body: Json) => ({
  ...body,
  data: body.data.slice(0, 1).map((one: Json) => ({ ...one, name })),
});
const NAMED = {
  "GET /users": called("Ana Lima"),
  "GET /projects": called("Spring"),
  "GET /projects/{project_gid}/sections": called("Doing"),
};
/** What was asked for by its id has that id. */
const SAME = (body: Json) => ({ ...body, data: { ...body.data, gid: task } });
const IS = { "GET /tasks/{task_gid}": SAME, "PUT /tasks/{task_gid}": SAME };
const done = (completed: boolean) => ({
  ...IS,
  "PUT /tasks/{task_gid}": (body: Json) => {
    const { data } = SAME(body);
    return { ...body, data: data.completed === undefined ? data : { ...data, completed } };
  },
});
const PLACED = {
  ...NAMED,
  ...IS,
  "GET /tasks/{task_gid}": (body: Json) => {
    const { data } = SAME(body);
    return { ...body, data: { ...data, memberships: data.memberships?.slice(0, 1) } };
  },
};

export const asanaCases: Cases = {
  asana_create_task: [
    { args: { name: "Buy milk" }, answers: ONE_WORKSPACE },
    {
      args: {
        name: "Buy milk",
        notes: "n",
        due_on: "2026-11-25",
        start_on: "2026-11-24",
        assignee: "a@example.com",
        project: "12",
      },
    },
    {
      args: {
        name: "Buy milk",
        due_at: "2026-11-25T16:00:00+01:00",
        assignee: "Ana Lima",
        project: "Spring",
        section: "Doing",
        workspace,
      },
      answers: NAMED,
    },
    { args: { name: "Buy milk", parent: task } },
    { args: { name: "Buy milk" }, refuses: /several Asana workspaces/ },
  ],
  asana_update_task: [
    {
      args: { task, name: "New", notes: "n", due_on: "2026-11-25", assignee: "me" },
      answers: IS,
    },
    { args: { task, due_on: null, assignee: null }, answers: IS },
    { args: { task, completed: true }, answers: done(true) },
    { args: { task, completed: false, section: "34" }, answers: done(false) },
    { args: { task, assignee: "Ana Lima", section: "Doing" }, answers: PLACED },
    { args: { task }, refuses: /what to change/ },
  ],
  asana_comment_on_task: [{
    args: { task, text: "Done." },
    answers: {
      "POST /tasks/{task_gid}/stories": (body: Json) => ({
        ...body,
        data: { ...body.data, target: body.data.target && { ...body.data.target, gid: task } },
      }),
    },
  }],
  asana_find_tasks: [
    { args: {}, answers: ONE_WORKSPACE },
    { args: { workspace, completed_since: "2026-11-20", limit: 100, offset: "eyJ0" } },
    { args: { text: "milk", workspace } },
    { args: { text: "milk", workspace, completed: true, mine: true, project: "12", limit: 100 } },
    { args: { project: "Spring", section: "Doing", workspace }, answers: NAMED },
    { args: { project: "12", assignee: "Ana Lima", completed: true, workspace }, answers: NAMED },
  ],
  asana_read_task: [
    { args: { task }, answers: IS },
    { args: { task: `https://app.asana.com/0/0/${task}`, comments: 100 }, answers: IS },
    { args: { task, comments: 0 }, answers: IS },
  ],
  asana_look_up: [
    { args: { kinds: ["workspaces"] } },
    { args: { kinds: ["workspaces"], limit: 100, offset: "eyJ0" } },
    { args: { kinds: ["projects"], workspace, archived: true, limit: 100, offset: "eyJ0" } },
    { args: { kinds: ["people", "sections", "tags"], workspace, project: "12" } },
    { args: { kinds: ["people", "projects"], workspace, name: "ana" } },
  ],
};

export const asanaFaults: KnownFault[] = [];
