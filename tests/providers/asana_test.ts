import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { oauthFlowOf } from "../../broker/core/credential.ts";
import { asana } from "../../providers/asana/asana.ts";
import { asanaTools } from "../../providers/asana/tools.ts";
import type { ApiClient } from "../../providers/provider.ts";
import {
  answeredBy,
  callTool,
  checkSchemas,
  faultOf,
  type Json,
  wrongFields,
} from "../support/api.ts";
import { PROJECT, startAsana, TASK, WORKSPACE } from "../support/asana_account.ts";
import { issued, signIn } from "../support/more_emulators.ts";

const OCTOCAT = "octocat@example.com";
const MINUTE_MS = 60_000;

const refusing = (status: number, message: string, headers: Record<string, string> = {}) =>
  answeredBy(asana, () => Response.json({ errors: [{ message }] }, { status, headers }));

const listMine = (api: ApiClient) =>
  callTool(asanaTools, "asana_list_my_tasks", { workspace: WORKSPACE }, api);

Deno.test("asanaTools have schemas that clients can read", () => {
  checkSchemas(asanaTools);
  assertEquals(asanaTools.length, 6);
});

Deno.test("asana connects, identifies, refreshes and revokes", async () => {
  await using emulated = await startAsana();
  const { provider, signedIn, tokens, tokenSet } = emulated;
  const { searchParams } = signedIn.authorizationUrl;
  assertEquals(signedIn.authorizationUrl.pathname, "/-/oauth_authorize");
  assertEquals(searchParams.get("scope"), "default");
  assertEquals(searchParams.get("code_challenge_method"), "S256");
  assertEquals(signedIn.state, "state-of-the-test");
  assertEquals([tokens.tokenType, tokens.expiresIn], ["Bearer", 3600]);
  assertEquals(await provider.identify(tokenSet), { id: "1200000000000001", label: OCTOCAT });

  const again = await oauthFlowOf(provider).exchange(signedIn.code, signedIn.verifier);
  assertEquals(again, { kind: "rejected", code: "invalid_grant" });
  const refreshed = issued(await oauthFlowOf(provider).refresh(tokens.refreshToken ?? ""));
  assert(refreshed.accessToken !== tokens.accessToken);
  assertEquals(refreshed.refreshToken, undefined);

  assertEquals(await oauthFlowOf(provider).revoke(tokenSet), { kind: "revoked" });
  assertEquals(emulated.state().grants, []);
  const dead = await oauthFlowOf(provider).refresh(tokens.refreshToken ?? "");
  assertEquals(dead, { kind: "rejected", code: "invalid_grant" });
  assertEquals((await faultOf(listMine(emulated.api))).kind, "unauthorized");
});

Deno.test("asana takes no code without the verifier it was asked for with", async () => {
  await using emulated = await startAsana();
  const { code } = await signIn(emulated.provider, "ana@example.com", ["default"]);
  const answer = await oauthFlowOf(emulated.provider).exchange(code, "w".repeat(64));
  assertEquals(answer, { kind: "rejected", code: "invalid_grant" });
});

Deno.test("asana asks for everything or for single scopes, never for both", async () => {
  await using emulated = await startAsana({}, asana.create(settings).scopeNames["asana.readonly"]);
  const asked = emulated.signedIn.authorizationUrl.searchParams.get("scope");
  assertEquals(asked, "users:read tasks:read projects:read workspaces:read");
  await emulated.call("asana_list_my_tasks", {});
  const fault = await faultOf(emulated.call("asana_create_task", { name: "Tea" }));
  assertEquals([fault.kind, fault.scopes], ["missing_scope", ["tasks:write"]]);
});

const settings = { clientId: "", clientSecret: "", redirectUri: "http://localhost/cb", fetch };

Deno.test("asana's own hosts are asked where no other is set", async () => {
  const provider = asana.create(settings);
  const url = await oauthFlowOf(provider).authorizationUrl({
    state: "s",
    verifier: "v".repeat(43),
    scopes: ["default"],
  });
  assertEquals(url.origin + url.pathname, "https://app.asana.com/-/oauth_authorize");
  assertEquals(provider.apiUrl("/tasks").href, "https://app.asana.com/api/1.0/tasks");
});

Deno.test("asana_create_task() puts a task into the only workspace, for the person", async () => {
  await using emulated = await startAsana();
  const { text, data } = await emulated.call("create_task", {
    name: "Zażółć gęślą 🦆",
    notes: "Two\nlines",
    due_on: "2026-11-25",
  });
  assertEquals(text, 'Created the task "Zażółć gęślą 🦆", for The Octocat, due November 25.');
  const stored = emulated.state().tasks.at(-1)!;
  assertEquals(data, {
    task: stored.gid,
    name: "Zażółć gęślą 🦆",
    completed: false,
    due_on: "2026-11-25",
    assignee: "The Octocat",
    projects: [],
    url: `https://app.asana.com/0/0/${stored.gid}`,
  });
  assertEquals([stored.workspace, stored.notes], [WORKSPACE, "Two\nlines"]);
});

Deno.test("asana_create_task() puts a task into a project, for somebody or nobody", async () => {
  await using emulated = await startAsana();
  const create = (args: Json) =>
    emulated.call("create_task", { name: "Tea", project: PROJECT, ...args });
  assertEquals((await create({})).text, 'Created the task "Tea".');
  const { data } = await create({ assignee: "ana@example.com" });
  assertEquals([data.assignee, data.projects], ["Ana Lima", ["Website"]]);
  const [first, second] = emulated.state().tasks.slice(-2);
  assertEquals([first?.assignee, second?.assignee], [null, "1200000000000002"]);
  const fault = await faultOf(create({ assignee: "nobody@example.com" }));
  assertEquals(fault.kind, "invalid");
  assertStringIncludes(fault.message, "Not a recognized ID: nobody@example.com");
});

Deno.test("asana tools ask which workspace is meant where there are several", async () => {
  const second = {
    gid: "77",
    name: "Home",
    is_organization: false,
    paid: false,
    members: ["1200000000000001"],
  };
  const first = { ...second, gid: "66", name: "Acme" };
  await using emulated = await startAsana({ workspaces: [first, second] });
  const fault = await faultOf(emulated.call("asana_list_projects", {}));
  assertEquals(fault, {
    kind: "invalid",
    message: "There are several Asana workspaces: Acme; Home. Say which one is meant.",
  });
  for (const workspace of ["77", "home"]) {
    const { text, data } = await emulated.call("asana_list_projects", { workspace });
    assertEquals([text, data.workspace], ["Found no projects.", "77"]);
  }
});

Deno.test("asana tools say when the account has no workspace", async () => {
  await using emulated = await startAsana({ workspaces: [] });
  assertEquals((await faultOf(emulated.call("create_task", { name: "Tea" }))).kind, "not_found");
});

Deno.test("asana_list_workspaces() and asana_list_projects() go on page by page", async () => {
  const projects = ["One", "Two", "Three"].map((name, index) => (
    { gid: String(index + 1), name, workspace: WORKSPACE, archived: name === "Three" }
  ));
  await using emulated = await startAsana({ projects });
  const workspaces = await emulated.call("asana_list_workspaces", {});
  assertEquals(workspaces.text, "Found 1 workspace: Acme.");
  assertEquals(workspaces.data.workspaces, [
    { workspace: WORKSPACE, name: "Acme", is_organization: true },
  ]);

  const first = await emulated.call("asana_list_projects", { limit: 1 });
  assertEquals(first.text, "Found 1 project: One. There are more.");
  assertEquals([first.data.workspace, first.data.has_more], [WORKSPACE, true]);
  const offset = first.data.next_offset;
  const last = await emulated.call("asana_list_projects", { limit: 1, offset });
  assertEquals([last.data.projects[0].name, last.data.has_more], ["Two", false]);
  const archived = await emulated.call("asana_list_projects", { archived: true });
  assertEquals(archived.text, "Found 1 archived project: Three.");
});

Deno.test("asana_list_my_tasks() leaves out what is done and what others do", async () => {
  await using emulated = await startAsana();
  await emulated.call("create_task", { name: "For Ana", assignee: "ana@example.com" });
  await emulated.call("complete_task", { task: TASK });
  emulated.clock.now += MINUTE_MS;
  const { text, data } = await emulated.call("list_my_tasks", {});
  assertEquals(text, "Found 1 open task: Book a room.");
  assertEquals([data.workspace, data.has_more], [WORKSPACE, false]);
  const all = await emulated.call("list_my_tasks", { completed_since: "2026-01-01", limit: 1 });
  assertEquals(all.text, "Found 1 task: Write the invitation. There are more.");
  const { next_offset: offset } = all.data;
  const rest = await emulated.call("list_my_tasks", {
    completed_since: "2026-01-01",
    limit: 1,
    offset,
  });
  assertEquals(rest.data.tasks[0].name, "Book a room");
});

Deno.test("asana_search_tasks() finds tasks by words, and narrows them", async () => {
  await using emulated = await startAsana();
  await emulated.call("create_task", { name: "Room service", assignee: "ana@example.com" });
  const search = async (args: Json) => {
    const { data } = await emulated.call("search_tasks", { text: "room", ...args });
    return data.tasks.map((task: Json) => task.name).sort();
  };
  assertEquals(await search({}), ["Book a room", "Room service"]);
  assertEquals(await search({ mine: true }), ["Book a room"]);
  assertEquals(await search({ project: PROJECT }), ["Book a room"]);
  assertEquals(await search({ completed: true }), []);
  const { text, data } = await emulated.call("search_tasks", { text: "room", limit: 1 });
  assertStringIncludes(text, "There may be more; narrow the search down to see them.");
  assertEquals(data.has_more, true);
});

Deno.test("asana_update_task() changes what was said and nothing else", async () => {
  await using emulated = await startAsana();
  const update = (args: Json) => emulated.call("update_task", { task: TASK, ...args });
  const moved = await update({ due_on: "2026-12-01", assignee: "ana@example.com" });
  assertEquals(
    moved.text,
    'The task "Write the invitation" now is due December 1 and is for Ana Lima.',
  );
  await update({ name: "Send the invitation", notes: "By post" });
  const cleared = await update({ due_on: null, assignee: null });
  assertEquals(
    cleared.text,
    'The task "Send the invitation" now has no due date any more and is for nobody in particular.',
  );
  const stored = emulated.state().tasks.find(({ gid }) => gid === TASK);
  assertEquals([stored?.name, stored?.notes], ["Send the invitation", "By post"]);
  assertEquals([stored?.due_on, stored?.assignee, stored?.completed], [null, null, false]);
  assertEquals((await faultOf(update({}))).kind, "invalid");
});

Deno.test("asana_complete_task() closes and opens a task", async () => {
  await using emulated = await startAsana();
  const completed = () => emulated.state().tasks.find(({ gid }) => gid === TASK)?.completed;
  const done = await emulated.call("complete_task", { task: TASK });
  assertEquals([done.text, completed()], ['Completed "Write the invitation".', true]);
  const open = await emulated.call("complete_task", { task: TASK, completed: false });
  assertEquals([open.text, completed()], ['"Write the invitation" is open again.', false]);
});

Deno.test("asana_comment_on_task() adds the comment as it was written", async () => {
  await using emulated = await startAsana();
  const args = { task: TASK, text: "  Grüße,\n\nO." };
  const { text, data } = await emulated.call("asana_comment_on_task", args);
  const [story] = emulated.state().stories;
  assertEquals([story?.task, story?.text], [TASK, args.text]);
  assertEquals(text, 'Added the comment to "Write the invitation".');
  assertEquals(data, { comment: story?.gid, task: TASK, name: "Write the invitation" });
});

Deno.test("asana tools say when there is no such task or workspace", async () => {
  await using emulated = await startAsana();
  for (const name of ["update_task", "complete_task", "asana_comment_on_task"]) {
    const more = { update_task: { name: "x" }, asana_comment_on_task: { text: "x" } }[name];
    const fault = await faultOf(emulated.call(name, { task: "404", ...more }));
    assertEquals([name, fault.kind], [name, "not_found"]);
  }
  const fault = await faultOf(emulated.call("search_tasks", { text: "x", workspace: "404" }));
  assertEquals(fault.kind, "not_found");
});

Deno.test("asana names what its API refuses, and when to try again", async () => {
  const limited = await faultOf(listMine(refusing(429, "Slow down", { "Retry-After": "30" })));
  assertEquals([limited.kind, limited.retryAfter], ["rate_limited", 30]);
  const forbidden = await faultOf(listMine(refusing(403, "You do not\nhave access")));
  assertEquals(forbidden.message, "Asana does not allow this. You do not have access");
  assertEquals((await faultOf(listMine(refusing(401, "Not Authorized")))).kind, "unauthorized");
  assertEquals((await faultOf(listMine(refusing(500, "Server Error")))).kind, "unavailable");
  const html = answeredBy(asana, () => new Response("<html>", { status: 502 }));
  assertEquals((await faultOf(listMine(html))).kind, "unavailable");
});

Deno.test("asana_list_my_tasks() reads compact tasks, and bounds what it gives back", async () => {
  const compact = { gid: "1", resource_type: "task", name: null };
  const long = {
    gid: "2",
    name: "n".repeat(1_000),
    projects: Array(9).fill({ name: "p".repeat(200) }),
  };
  const tasks = [compact, ...Array(99).fill(long)];
  const api = answeredBy(asana, () => Response.json({ data: tasks, next_page: null }));
  const { text, data } = await listMine(api);
  assertStringIncludes(text, "Found 100 open tasks: a task without a name; nnn");
  assertStringIncludes(text, "; and 95 more.");
  assertEquals(data.tasks[0], { task: "1", name: "", completed: false, projects: [] });
});

Deno.test("asana tools name the argument that is wrong", () => {
  const wrong = (name: string, args: Json) => wrongFields(asanaTools, name, args);
  assertEquals(wrong("create_task", { name: "x" }), []);
  assertEquals(wrong("create_task", { name: " " }), ["name"]);
  assertEquals(wrong("create_task", { name: "x", due_on: "tomorrow" }), ["due_on"]);
  for (const assignee of ["", "../users/me", "Ana<b>", "a?b"]) {
    assertEquals(wrong("create_task", { name: "x", assignee }), ["assignee"], assignee);
  }
  assertEquals(wrong("create_task", { name: "x", notse: "x" }), ["notse"]);
  assertEquals(wrong("update_task", { task: TASK, due_on: null, assignee: null }), []);
  for (const task of ["../users/me", "1/2", "", "1?x", "me", "1\n"]) {
    assertEquals(wrong("complete_task", { task }), ["task"], task);
  }
  assertEquals(wrong("search_tasks", { text: "x", workspace: "../1" }), ["workspace"]);
  assertEquals(wrong("list_my_tasks", { limit: 101 }), ["limit"]);
  // An earlier name takes what it took.
  assertEquals(wrong("asana_complete_task", { task: TASK, name: "x" }), ["name"]);
  assertEquals(wrong("asana_list_workspaces", { kinds: ["people"] }), ["kinds"]);
  assertEquals(wrong("asana_look_up", {}), ["kinds"]);
});
