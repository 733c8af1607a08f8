import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { asanaTools } from "../../providers/asana/tools.ts";
import { callTool, faultOf, type Json } from "../support/api.ts";
import {
  asanaAnswering,
  DOING,
  PROJECT,
  startAsana,
  taskOf,
  WORKSPACE,
} from "../support/asana_account.ts";

const ANA = "1200000000000002";
const names = ({ data }: { data: Json }) => data.tasks.map((task: Json) => task.name).sort();

const TASKS = [
  taskOf("1", "Book a room", { assignee: ANA, sections: [DOING] }),
  taskOf("2", "Paint the room", { completed: true, completed_at: "2026-11-20T10:00:00.000Z" }),
  taskOf("3", "Order paint", { projects: [], assignee: "1200000000000001" }),
  taskOf("4", "Launch", { more: { resource_subtype: "milestone" }, due_on: "2026-12-01" }),
  taskOf("5", "Sign off", {
    more: { resource_subtype: "approval", approval_status: "changes_requested" },
  }),
];

Deno.test("asana_find_tasks() lists a project's, a section's and somebody's tasks, by names", async () => {
  await using asana = await startAsana({ tasks: TASKS });
  const find = async (args: Json) => names(await asana.call("asana_find_tasks", args));
  assertEquals(await find({}), ["Order paint"]);
  assertEquals(await find({ assignee: "Ana Lima" }), ["Book a room"]);
  assertEquals(await find({ assignee: "ana@example.com" }), ["Book a room"]);
  assertEquals(await find({ project: "website" }), ["Book a room", "Launch", "Sign off"]);
  assertEquals(await find({ project: PROJECT, completed: true }), ["Paint the room"]);
  assertEquals((await find({ project: "Website", completed_since: "2026-11-01" })).length, 4);
  assertEquals((await find({ project: "Website", completed_since: "2026-11-21" })).length, 3);
  assertEquals(await find({ project: "Website", section: "doing" }), ["Book a room"]);
  assertEquals(await find({ section: DOING }), ["Book a room"]);
  assertEquals(await find({ project: "Website", assignee: "ana" }), ["Book a room"]);
  assertEquals(await find({ project: "Website", assignee: "me" }), []);
  assertEquals(await find({ text: "room", section: DOING }), ["Book a room"]);
  assertEquals(await find({ workspace: "acme" }), ["Order paint"]);
  const { text, data } = await asana.call("asana_find_tasks", { project: "Website" });
  assertEquals(
    text,
    "Found 3 open tasks: Book a room; Launch, milestone, due December 1; Sign off, approval, " +
      "changes requested.",
  );
  assertEquals(data.tasks[1].kind, "milestone");
});

Deno.test("asana says who and what is not there, and asks back where it is several", async () => {
  const users = [
    { gid: "1200000000000001", name: "The Octocat", email: "octocat@example.com" },
    { gid: "7", name: "Zoé Martin", email: "zoe@example.com" },
    { gid: "8", name: "Zoé Martin", email: "zoe2@example.com" },
  ];
  const projects = ["Spring launch", "Spring cleaning"].map((name, index) => (
    { gid: String(index + 1), name, workspace: WORKSPACE, archived: false }
  ));
  const workspaces = [{
    gid: WORKSPACE,
    name: "Acme",
    is_organization: true,
    paid: true,
    members: users.map(({ gid }) => gid),
  }];
  await using asana = await startAsana({ users, projects, workspaces });
  const fault = (args: Json) => faultOf(asana.call("asana_find_tasks", args));
  const two = await fault({ assignee: "zoe martin" });
  assertEquals(two.kind, "invalid");
  assertStringIncludes(two.message, "Zoé Martin, zoe@example.com; Zoé Martin, zoe2@example.com");
  assertStringIncludes((await fault({ project: "spring" })).message, "several projects in Asana");
  assertEquals(names(await asana.call("asana_find_tasks", { project: "launch" })), []);
  for (const args of [{ assignee: "Nobody" }, { project: "Moon" }, { workspace: "Elsewhere" }]) {
    assertEquals((await fault(args)).kind, "not_found", JSON.stringify(args));
  }
  const section = await fault({ project: "1", section: "Doing" });
  assertEquals(section.kind, "not_found");
  assertEquals((await fault({ section: "Doing" })).kind, "invalid");
});

Deno.test("asana_find_tasks() falls back to what every plan has, and says so", async () => {
  const [workspace] = await workspacesOf();
  await using asana = await startAsana({
    tasks: TASKS,
    workspaces: [{ ...workspace!, paid: false }],
  });
  const found = await asana.call("asana_find_tasks", { text: "room" });
  assertEquals(names(found), ["Book a room", "Paint the room"]);
  assertStringIncludes(found.text, "has no paid plan, and so Asana does not search it");
  assertStringIncludes(found.text, "There may be others.");
  const find = async (args: Json) =>
    names(await asana.call("asana_search_tasks", { text: "room", ...args }));
  assertEquals(await find({ completed: true }), ["Paint the room"]);
  assertEquals(await find({ mine: true }), []);
  assertEquals((await find({ project: PROJECT })).length, 2);
  const few = await asana.call("asana_find_tasks", { text: "room", limit: 1 });
  assertStringIncludes(few.text, "There may be more; narrow the search down to see them.");
});

async function workspacesOf() {
  await using asana = await startAsana();
  return asana.state().workspaces;
}

Deno.test("asana_find_tasks() looks through a project's pages for somebody's tasks", async () => {
  const tasks = Array.from(
    { length: 60 },
    (_, index) =>
      taskOf(String(index + 1), `Task ${index + 1}`, { assignee: index === 45 ? ANA : null }),
  );
  await using asana = await startAsana({ tasks });
  const args = { project: PROJECT, assignee: "Ana Lima", limit: 20 };
  const { text, data } = await asana.call("asana_find_tasks", args);
  assertEquals([data.tasks[0].name, data.has_more], ["Task 46", false]);
  assertEquals(text, "Found 1 open task: Task 46.");
  const none = await asana.call("asana_find_tasks", { ...args, assignee: "me", limit: 5 });
  assertEquals([none.data.tasks, none.data.has_more], [[], true]);
  assertStringIncludes(none.text, "None among those that were looked at; there are more.");
  const offset = none.data.next_offset;
  const rest = await asana.call("asana_find_tasks", { ...args, assignee: "me", limit: 5, offset });
  assertEquals(rest.data.has_more, false);
});

Deno.test("asana_find_tasks() takes whatever is null, missing, new or broken in an answer", async () => {
  const odd = {
    gid: "1",
    name: null,
    completed: null,
    assignee: null,
    projects: [null, { name: null }, ...Array(7).fill({ name: "P" })],
    resource_subtype: "brand_new_kind",
    brand_new: { x: 1 },
  };
  const separator = { gid: "2", name: "Later:", is_rendered_as_separator: true };
  const api = asanaAnswering({
    "*": { data: [odd, separator, null, { name: "lost" }], next_page: { offset: null } },
  });
  const args = { text: "x", workspace: WORKSPACE };
  const { text, data } = await callTool(asanaTools, "asana_find_tasks", args, api);
  assertEquals(
    text,
    "Found 2 tasks: a task without a name, brand new kind; Later:, section. 2 tasks could not be read.",
  );
  assertEquals(data.tasks[0].completed, undefined);
  assertEquals([data.tasks[0].projects.length, data.tasks[0].more_projects], [5, 2]);
  assertEquals([data.tasks[1].kind, data.unread, data.has_more], ["section", 2, false]);
});

Deno.test("asana asks for the least scope that does it", () => {
  const scopes = (name: string, args: Json) => {
    const tool = asanaTools.find((tool) => tool.name === name)!;
    return tool.scopesFor!(tool.input.parse(args) as never);
  };
  assertEquals(scopes("asana_find_tasks", {}), [["tasks:read", "workspaces:read"]]);
  assertEquals(scopes("asana_find_tasks", { workspace: "1" }), [["tasks:read"]]);
  assertEquals(scopes("asana_find_tasks", { project: "1" }), [["tasks:read"]]);
  assertEquals(scopes("asana_find_tasks", { project: "Web" }), [
    ["tasks:read", "workspaces:read", "projects:read"],
  ]);
  assertEquals(scopes("asana_find_tasks", { assignee: "Ana", workspace: "1" }), [
    ["tasks:read", "users:read"],
  ]);
  assertEquals(scopes("asana_read_task", { task: "1" }), [
    ["tasks:read", "attachments:read", "stories:read"],
  ]);
  assertEquals(scopes("asana_read_task", { task: "1", comments: 0 }), [
    ["tasks:read", "attachments:read"],
  ]);
  assertEquals(scopes("asana_find_tasks", { project: "1", mine: true }), [
    ["tasks:read", "users:read"],
  ]);
  // Neither is a person's here.
  for (const project of ["me", "a@example.com"]) {
    assertEquals(scopes("asana_create_task", { name: "x", project }), [
      ["tasks:write", "workspaces:read", "projects:read"],
    ]);
  }
  assertEquals(scopes("asana_create_task", { name: "x" }), [["tasks:write", "workspaces:read"]]);
  assertEquals(scopes("asana_create_task", { name: "x", project: "1" }), [["tasks:write"]]);
  assertEquals(scopes("asana_update_task", { task: "1", completed: true }), [["tasks:write"]]);
  assertEquals(scopes("asana_update_task", { task: "1", assignee: "Ana" }), [
    ["tasks:write", "tasks:read", "users:read"],
  ]);
  assertEquals(scopes("asana_look_up", { kinds: ["workspaces"] }), [["workspaces:read"]]);
  assertEquals(scopes("asana_look_up", { kinds: ["sections"], project: "1" }), [["projects:read"]]);
  assertEquals(scopes("asana_look_up", { kinds: ["tags", "people"], workspace: "1" }), [
    ["tags:read", "users:read"],
  ]);
});

Deno.test("asana_look_up() lists whichever are asked for", async () => {
  await using asana = await startAsana();
  const kinds = ["workspaces", "projects", "people", "sections", "tags"];
  const { text, data } = await asana.call("asana_look_up", { kinds, project: "Website" });
  assertEquals(data.workspaces.map((one: Json) => one.name), ["Acme"]);
  assertEquals(data.projects.map((one: Json) => one.name), ["Website"]);
  assertEquals(data.people[1], { person: ANA, name: "Ana Lima", email: "ana@example.com" });
  assertEquals(data.sections.map((one: Json) => one.name), ["To do", "Doing"]);
  assertEquals(data.tags.map((one: Json) => one.name), ["Errand"]);
  assertStringIncludes(text, "Found 2 sections: To do; Doing.");
  assertEquals([data.has_more, data.more_of, data.workspace], [false, undefined, WORKSPACE]);
  const ana = await asana.call("asana_look_up", { kinds: ["people"], name: "LIMA" });
  assertEquals(ana.text, "Found 1 person: Ana Lima.");
  const one = await asana.call("asana_look_up", {
    kinds: ["people", "sections"],
    project: PROJECT,
    limit: 1,
  });
  assertEquals(one.data.more_of, ["people", "sections"]);
  const fault = await faultOf(asana.call("asana_look_up", { kinds, offset: "x" }));
  assertEquals(fault.kind, "invalid");
  assert(!(await asana.call("asana_list_workspaces", {})).data.workspace);
});
