/**
 * The emulated Asana's API: envelopes, ids, pages and refusals as the real one
 * has them.
 *
 * https://developers.asana.com/reference/rest-api-reference
 *
 * @module
 */

import {
  type AsanaState,
  type AsanaStory,
  type AsanaTask,
  type AsanaUser,
  type Clock,
  newGid,
} from "./asana_emulator.ts";
import { Refused, taskOf, unknown, userOf, workspaceOf } from "./asana_emulator_lookup.ts";
import { type App, type Fields, limitOf, pageOf, routesOf } from "./asana_emulator_route.ts";

/** The routes. */
export function apiRoutes(
  app: App,
  state: AsanaState,
  { baseUrl, now }: { baseUrl: string; now: Clock },
): void {
  const time = () => new Date(now()).toISOString();
  const route = routesOf(app, state, now);

  route("get", "/users/:gid", "users:read", (me, { gid }) => {
    const user = gid === "me"
      ? me
      : state.users.find((one) => [one.gid, one.email].includes(decodeURIComponent(gid ?? "")));
    if (user === undefined) throw unknown("user", gid);
    return { data: { ...user, resource_type: "user" } };
  });

  route("get", "/workspaces", "workspaces:read", (me, _, __, c) => {
    const mine = state.workspaces.filter(({ members }) => members.includes(me.gid));
    const shown = mine.map(({ gid, name, is_organization }) => ({
      gid,
      name,
      is_organization,
      resource_type: "workspace",
    }));
    return pageOf(c, shown, baseUrl);
  });

  route("get", "/projects", "projects:read", (me, _, __, c) => {
    const workspace = workspaceOf(state, me, c.req.query("workspace"));
    const archived = c.req.query("archived");
    const shown = state.projects
      .filter((project) => project.workspace === workspace.gid)
      .filter((project) => archived === undefined || String(project.archived) === archived)
      .map(({ gid, name, archived }) => ({
        gid,
        name,
        archived,
        due_on: null,
        owner: null,
        permalink_url: `https://app.asana.com/0/${gid}/list`,
        resource_type: "project",
      }));
    return pageOf(c, shown, baseUrl);
  });

  route("get", "/tasks", "tasks:read", (me, _, __, c) => {
    const [project, section, assignee] = ["project", "section", "assignee"]
      .map((name) => c.req.query(name));
    const ways = [project, section, assignee].filter((one) => one !== undefined);
    if (ways.length !== 1) {
      throw new Refused(
        400,
        "You should specify one of project, tag, section, user_task_list, or assignee + workspace",
      );
    }
    const whose = assignee === undefined ? undefined : userOf(state, me, assignee).gid;
    const workspace = whose && workspaceOf(state, me, c.req.query("workspace")).gid;
    const since = Date.parse(c.req.query("completed_since") ?? "1970-01-01");
    if (Number.isNaN(since)) throw new Refused(400, "completed_since: Not a valid date");
    const shown = state.tasks
      .filter((task) => whose === undefined || task.assignee === whose)
      .filter((task) => workspace === undefined || task.workspace === workspace)
      .filter((task) => project === undefined || task.projects.includes(project))
      .filter((task) => section === undefined || task.sections?.includes(section))
      .filter((task) => !task.completed || Date.parse(task.completed_at ?? "") >= since);
    return pageOf(c, shown.map((task) => shownTask(state, task)), baseUrl);
  });

  route("get", "/workspaces/:gid/tasks/search", "tasks:read", (me, { gid }, _, c) => {
    const workspace = workspaceOf(state, me, gid);
    if (!workspace.paid) {
      throw new Refused(402, "Search is only available to premium users in premium workspaces.");
    }
    const words = (c.req.query("text") ?? "").toLowerCase().split(/\s+/);
    const completed = c.req.query("completed");
    const mine = c.req.query("assignee.any");
    const project = c.req.query("projects.any");
    const section = c.req.query("sections.any");
    const found = state.tasks
      .filter((task) => task.workspace === workspace.gid)
      .filter(({ name, notes }) =>
        words.every((word) => `${name} ${notes}`.toLowerCase().includes(word))
      )
      .filter((task) => completed === undefined || String(task.completed) === completed)
      .filter((task) => !mine || task.assignee === userOf(state, me, mine).gid)
      .filter((task) => !project || task.projects.includes(project))
      .filter((task) => !section || task.sections?.includes(section))
      .sort((a, b) => b.modified_at.localeCompare(a.modified_at))
      .slice(0, limitOf(c));
    // Pages do not exist here.
    return { data: found.map((task) => shownTask(state, task)) };
  });

  route("post", "/tasks", "tasks:write", (me, _, fields) => {
    const projects = (fields.projects ?? []).map((gid: string) => {
      const project = state.projects.find((one) => one.gid === gid);
      if (project === undefined) throw new Refused(400, `projects: Not a recognized ID: ${gid}`);
      return project;
    });
    const parent = fields.parent && taskOf(state, me, fields.parent);
    const gid = fields.workspace ?? projects[0]?.workspace ?? parent?.workspace;
    if (gid === undefined) {
      throw new Refused(400, "You should specify one of workspace, parent, projects.");
    }
    const created_at = time();
    const task: AsanaTask = {
      gid: newGid(state),
      name: "",
      notes: "",
      completed: false,
      completed_at: null,
      created_at,
      modified_at: created_at,
      due_on: null,
      assignee: null,
      workspace: workspaceOf(state, me, gid).gid,
      projects: projects.map(({ gid }: { gid: string }) => gid),
      ...(parent && { parent: parent.gid }),
    };
    change(state, me, task, fields, time());
    state.tasks.push(task);
    return { data: shownTask(state, task) };
  });

  route("get", "/tasks/:gid", "tasks:read", (me, { gid }) => ({
    data: shownTask(state, taskOf(state, me, gid)),
  }));

  route("put", "/tasks/:gid", "tasks:write", (me, { gid }, fields) => {
    const task = taskOf(state, me, gid);
    change(state, me, task, fields, time());
    return { data: shownTask(state, task) };
  });

  route("post", "/tasks/:gid/stories", "stories:write", (me, { gid }, { text }) => {
    const task = taskOf(state, me, gid);
    if (typeof text !== "string" || text === "") throw new Refused(400, "text: Missing input");
    const created_at = time();
    const story = { gid: newGid(state), task: task.gid, text, created_by: me.gid, created_at };
    state.stories.push(story);
    return { data: { ...shownStory(state, story), target: shownTask(state, task) } };
  });

  route("get", "/tasks/:gid/stories", "stories:read", (me, { gid }, _, c) => {
    const task = taskOf(state, me, gid);
    const stories = state.stories.filter((story) => story.task === task.gid);
    return pageOf(c, stories.map((story) => shownStory(state, story)), baseUrl);
  });
}

function shownStory(state: AsanaState, { type, created_by, ...story }: AsanaStory) {
  const user = state.users.find(({ gid }) => gid === created_by);
  return {
    ...story,
    type: type ?? "comment",
    created_by: user === undefined ? null : { ...user, resource_type: "user" },
    resource_type: "story",
    resource_subtype: type === "system" ? "assigned" : "comment_added",
  };
}

function change(
  state: AsanaState,
  me: AsanaUser,
  task: AsanaTask,
  fields: Fields,
  at: string,
): void {
  if ("name" in fields) task.name = fields.name;
  if ("notes" in fields) task.notes = fields.notes;
  if ("due_on" in fields) task.due_on = fields.due_on;
  for (const name of ["due_at", "start_on"]) {
    if (name in fields) task.more = { ...task.more, [name]: fields[name] };
  }
  if ("due_at" in fields) task.due_on = fields.due_at?.slice(0, 10) ?? null;
  if (task.more?.start_on && !task.due_on) {
    throw new Refused(400, "start_on: You cannot set a start date without a due date");
  }
  if ("assignee" in fields) {
    task.assignee = fields.assignee === null ? null : userOf(state, me, fields.assignee).gid;
  }
  if ("completed" in fields) {
    task.completed = fields.completed;
    task.completed_at = fields.completed ? at : null;
  }
  task.modified_at = at;
}

/** A task as the API shows it. */
export function shownTask(state: AsanaState, task: AsanaTask): Fields {
  const named = (list: { gid: string; name: string }[], gid: string, resource_type: string) => ({
    gid,
    name: list.find((one) => one.gid === gid)?.name ?? "",
    resource_type,
  });
  const { attachments: _files, sections = [], more, ...own } = task;
  const inProject = (gid: string) =>
    state.sections.find((one) => one.of === gid && sections.includes(one.gid));
  const tasks = (list: AsanaTask[]) => list.map(({ gid }) => ({ gid, resource_type: "task" }));
  return {
    ...own,
    assignee: task.assignee === null ? null : named(state.users, task.assignee, "user"),
    workspace: named(state.workspaces, task.workspace, "workspace"),
    projects: task.projects.map((gid) => named(state.projects, gid, "project")),
    memberships: task.projects.map((gid) => ({
      project: named(state.projects, gid, "project"),
      section: inProject(gid) ?? null,
    })),
    parent: task.parent === undefined ? null : named(state.tasks, task.parent, "task"),
    tags: (task.tags ?? []).map((gid) => named(state.tags, gid, "tag")),
    dependencies: tasks(state.tasks.filter(({ gid }) => task.dependencies?.includes(gid))),
    dependents: tasks(state.tasks.filter((one) => one.dependencies?.includes(task.gid))),
    num_subtasks: state.tasks.filter((one) => one.parent === task.gid).length,
    created_by: null,
    custom_fields: [],
    due_at: null,
    start_on: null,
    permalink_url: `https://app.asana.com/0/0/${task.gid}`,
    resource_type: "task",
    resource_subtype: "default_task",
    ...more,
  };
}
