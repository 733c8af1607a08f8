/**
 * More of the emulated Asana's API: people, sections, tags, subtasks, dependencies, attachments, and
 * what it suggests while somebody types.
 *
 * @module
 */

import type { EmulatorContext } from "emulate";
import type { AsanaNamed, AsanaState, Clock } from "./asana_emulator.ts";
import { shownTask } from "./asana_emulator_api.ts";
import { taskOf, unknown, workspaceOf } from "./asana_emulator_lookup.ts";
import { pageOf, routesOf } from "./asana_emulator_route.ts";

/** The routes. */
export function moreRoutes(
  app: EmulatorContext<AsanaState>["app"],
  state: AsanaState,
  { baseUrl, now }: { baseUrl: string; now: Clock },
): void {
  const route = routesOf(app, state, now);
  const named = ({ gid, name }: AsanaNamed, resource_type: string) => ({
    gid,
    name,
    resource_type,
  });

  route("get", "/users", "users:read", (me, _, __, c) => {
    const { members } = workspaceOf(state, me, c.req.query("workspace"));
    const people = state.users.filter(({ gid }) => members.includes(gid));
    return pageOf(c, people.map((one) => ({ ...one, resource_type: "user" })), baseUrl);
  });

  route("get", "/projects/:gid/sections", "projects:read", (me, { gid }, _, c) => {
    const project = state.projects.find((one) => one.gid === gid);
    if (project === undefined) throw unknown("project", gid);
    workspaceOf(state, me, project.workspace);
    const sections = state.sections.filter(({ of }) => of === gid);
    return pageOf(c, sections.map((one) => named(one, "section")), baseUrl);
  });

  route("post", "/sections/:gid/addTask", "tasks:write", (me, { gid }, fields) => {
    const section = state.sections.find((one) => one.gid === gid);
    if (section === undefined) throw unknown("section", gid);
    const task = taskOf(state, me, fields.task);
    const others = state.sections.filter(({ of }) => of === section.of).map(({ gid }) => gid);
    task.sections = [...(task.sections ?? []).filter((one) => !others.includes(one)), section.gid];
    task.projects = [...new Set([...task.projects, section.of])];
    return { data: {} };
  });

  route("get", "/tags", "tags:read", (me, _, __, c) => {
    const { gid } = workspaceOf(state, me, c.req.query("workspace"));
    const tags = state.tags.filter(({ of }) => of === gid);
    return pageOf(c, tags.map((one) => named(one, "tag")), baseUrl);
  });

  route("get", "/tasks/:gid/subtasks", "tasks:read", (me, { gid }, _, c) => {
    const task = taskOf(state, me, gid);
    const parts = state.tasks.filter(({ parent }) => parent === task.gid);
    return pageOf(c, parts.map((one) => shownTask(state, one)), baseUrl);
  });

  route("get", "/tasks/:gid/dependencies", "tasks:read", (me, { gid }, _, c) => {
    const { dependencies = [] } = taskOf(state, me, gid);
    const before = state.tasks.filter((one) => dependencies.includes(one.gid));
    return pageOf(c, before.map((one) => shownTask(state, one)), baseUrl);
  });

  route("get", "/tasks/:gid/dependents", "tasks:read", (me, { gid }, _, c) => {
    const task = taskOf(state, me, gid);
    const after = state.tasks.filter((one) => one.dependencies?.includes(task.gid));
    return pageOf(c, after.map((one) => shownTask(state, one)), baseUrl);
  });

  route("get", "/attachments", "attachments:read", (me, _, __, c) => {
    const { gid, attachments = [] } = taskOf(state, me, c.req.query("parent"));
    const files = attachments.map((name, index) => (
      { gid: `${gid}${index}`, name, resource_type: "attachment" }
    ));
    return pageOf(c, files, baseUrl);
  });

  // Every plan has it, and it knows no pages.
  route("get", "/workspaces/:gid/typeahead", "workspaces.typeahead:read", (me, { gid }, _, c) => {
    const workspace = workspaceOf(state, me, gid);
    const start = (c.req.query("query") ?? "").toLowerCase();
    const found = state.tasks.filter((task) => task.workspace === workspace.gid)
      .filter(({ name }) => name.toLowerCase().includes(start));
    return { data: found.slice(0, Number(c.req.query("count") ?? 20)) };
  });
}
