import { assertEquals, assertStringIncludes } from "@std/assert";
import { asana as module } from "../../providers/asana/asana.ts";
import { asanaTools } from "../../providers/asana/tools.ts";
import { callTool, faultOf, type Json } from "../support/api.ts";
import {
  asanaAnswering,
  DOING,
  PROJECT,
  startAsana,
  TASK,
  TODO,
} from "../support/asana_account.ts";

const ANA = "1200000000000002";

Deno.test("asana_create_task() puts a task where it was said, by names", async () => {
  await using asana = await startAsana();
  const { text, data } = await asana.call("asana_create_task", {
    name: "Buy stamps",
    assignee: "Ana Lima",
    project: "Website",
    section: "Doing",
    due_at: "2026-11-25T16:00:00Z",
    start_on: "2026-11-24",
  });
  assertEquals(
    text,
    'Created the task "Buy stamps", for Ana Lima, due November 25, in the section Doing.',
  );
  const stored = asana.task(data.task);
  assertEquals([stored.assignee, stored.projects, stored.sections], [ANA, [PROJECT], [DOING]]);
  assertEquals(stored.more, { due_at: "2026-11-25T16:00:00Z", start_on: "2026-11-24" });
  const part = await asana.call("asana_create_task", { name: "Lick them", parent: data.task });
  assertEquals(asana.task(part.data.task).parent, data.task);
  const fault = (args: Json) => faultOf(asana.call("asana_create_task", { name: "x", ...args }));
  const two = { due_on: "2026-11-25", due_at: "2026-11-25T16:00:00Z" };
  assertEquals((await fault(two)).kind, "invalid");
  assertEquals((await fault({ section: "Doing" })).kind, "invalid");
  assertEquals((await fault({ project: "Website", section: "Nope" })).kind, "not_found");
  assertStringIncludes((await fault({ start_on: "2026-11-24" })).message, "without a due date");
  // Nothing was created by those.
  assertEquals(asana.state().tasks.filter(({ name }) => name === "x"), []);
});

Deno.test("asana_update_task() completes, dates, gives and moves a task, in one call", async () => {
  await using asana = await startAsana();
  const update = (args: Json) => asana.call("asana_update_task", { task: TASK, ...args });
  const moved = await update({ completed: true, assignee: "Ana Lima", section: "doing" });
  assertEquals(
    moved.text,
    'Completed "Write the invitation". The task "Write the invitation" now is for Ana Lima and is ' +
      "in the section Doing.",
  );
  const { completed, assignee, sections } = asana.task(TASK);
  assertEquals([completed, assignee, sections], [true, ANA, [DOING]]);
  const back = await update({ section: TODO });
  assertEquals(back.text, "Put the task into the section that was named.");
  const named = await update({ section: "Doing" });
  assertEquals(named.text, 'Put "Write the invitation" into the section Doing.');
  await update({ section: TODO });
  assertEquals(asana.task(TASK).sections, [TODO]);
  const due = await update({ due_at: "2026-11-25T16:00:00Z", start_on: "2026-11-24" });
  assertStringIncludes(due.text, "is due November 25 and begins November 24");
  assertEquals(due.data.due_at, "2026-11-25T16:00:00Z");
  assertEquals((await faultOf(update({ section: "Nope" }))).kind, "not_found");
  assertEquals((await faultOf(update({}))).kind, "invalid");
});

const WRITES: [tool: string, args: Json, request: string][] = [
  ["asana_create_task", { name: "x", project: "9" }, "POST /tasks"],
  ["asana_update_task", { task: "1", name: "x" }, "PUT /tasks/1"],
  ["asana_complete_task", { task: "1" }, "PUT /tasks/1"],
  ["asana_comment_on_task", { task: "1", text: "x" }, "POST /tasks/1/stories"],
];

for (const [tool, args, request] of WRITES) {
  Deno.test(`${tool} says that it may have been done where the answer does not show it`, async () => {
    const unclear: Json[] = [{}, { data: null }, { data: {} }, { data: [] }, [], {
      data: { gid: "" },
    }];
    if (request.startsWith("PUT")) {
      unclear.push({ data: { gid: "2", name: "Other", completed: true } });
    }
    for (const answer of unclear) {
      const api = asanaAnswering({ [request]: answer });
      const fault = await faultOf(callTool(asanaTools, tool, args, api));
      assertEquals([fault.kind, fault.mayBeDone], ["unavailable", true], JSON.stringify(answer));
      assertStringIncludes(fault.message, "Asana did not say whether it has");
    }
  });
}

Deno.test("asana reports no completion, comment or date that the answer does not show", async () => {
  const call = (tool: string, args: Json, answers: Json) =>
    callTool(asanaTools, tool, { task: "1", ...args }, asanaAnswering(answers));
  const still = { "PUT /tasks/1": { data: { gid: "1", name: "A", completed: false } } };
  const fault = await faultOf(call("asana_complete_task", {}, still));
  assertEquals([fault.kind, fault.message.includes('still shows "A" as open')], ["conflict", true]);
  const elsewhere = {
    "POST /tasks/1/stories": { data: { gid: "7", target: { gid: "2", name: "Other" } } },
  };
  const comment = await faultOf(call("asana_comment_on_task", { text: "x" }, elsewhere));
  assertEquals([comment.kind, comment.mayBeDone], ["conflict", true]);
  // What is absent in the answer is not said to be none.
  const bare = { "PUT /tasks/1": { data: { gid: "1", name: "A" } } };
  const { text } = await call("asana_update_task", { due_on: "2026-12-01", assignee: "7" }, bare);
  assertEquals(text, 'The task "A" now has another due date and has another assignee.');
  const nobody = { "PUT /tasks/1": { data: { gid: "1", name: "A", assignee: null } } };
  const given = await call("asana_update_task", { assignee: null }, nobody);
  assertEquals(given.text, 'The task "A" now is for nobody in particular.');
  const named = await call("asana_update_task", { name: "B", start_on: "2026-12-01" }, bare);
  assertEquals(named.text, 'The task "A" now is still called so and has another start date.');
});

Deno.test("asana says of two changes which of them was made", async () => {
  const answers = {
    "POST /tasks": { data: { gid: "1", name: "x" } },
    "POST /sections/8/addTask": Response.json({ errors: [{ message: "No." }] }, { status: 403 }),
  };
  const args = { name: "x", project: "9", section: "8" };
  const api = asanaAnswering(answers);
  const { text, data } = await callTool(asanaTools, "asana_create_task", args, api);
  assertEquals(
    text,
    'Created the task "x". It could not be put into the section that was named: Asana does not ' +
      "allow this. No.",
  );
  assertEquals([data.task, data.section], ["1", undefined]);
  const lost = asanaAnswering({ ...answers, "POST /sections/8/addTask": new Response("?") });
  const open = await faultOf(callTool(asanaTools, "asana_create_task", args, lost));
  assertEquals([open.kind, open.mayBeDone], ["unavailable", true]);
  assertStringIncludes(open.message, 'Created the task "x". Nobody knows whether it was put into');
  const alone = await faultOf(
    callTool(asanaTools, "asana_update_task", { task: "1", section: "8" }, asanaAnswering(answers)),
  );
  assertEquals(alone.kind, "forbidden");
});

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };

Deno.test("asana's refusals are of the right kind, and say what cures them", () => {
  const { apiError } = module.create(settings);
  const said = (status: number, body: Json, headers: Record<string, string> = {}) =>
    apiError(status, new Headers(headers), body);
  const error = (message: string, more: Json = {}) => ({ errors: [{ message, ...more }] });
  const scopes = said(
    403,
    error(
      "Your access token does not have the required scopes: tasks:write, workspaces.typeahead:read",
    ),
  );
  assertEquals([scopes.kind, scopes.scopes], [
    "missing_scope",
    ["tasks:write", "workspaces.typeahead:read"],
  ]);
  assertEquals(said(403, error("You do not have the required scopes")).kind, "missing_scope");
  assertEquals(said(403, error("project: You may not change the scope")).kind, "forbidden");
  assertEquals(said(403, error("Not allowed: talk to the project owner")).kind, "forbidden");
  for (const words of ["The bearer token has expired.", "Not Authorized", "invalid token"]) {
    assertEquals(said(401, error(words)).kind, "unauthorized");
  }
  assertStringIncludes(said(402, error("x")).message, "paid plan");
  assertStringIncludes(said(404, error("task: Unknown object: 1")).message, "find this task");
  assertEquals(said(400, error("project: Unknown object: 1")).kind, "not_found");
  assertEquals(said(410, {}).kind, "not_found");
  assertEquals(said(412, error("Sync token invalid or too old")).kind, "conflict");
  assertEquals(said(451, {}).kind, "forbidden");
  assertEquals([said(424, {}).kind, said(502, {}).kind], ["unavailable", "unavailable"]);
  const help = "For more information on API status codes …";
  assertEquals(
    said(400, error("due_on: Not a date", { help })).message,
    "Asana did not accept the request. due_on: Not a date",
  );
  const phrase = "6 sad squid snuggle softly";
  assertStringIncludes(said(500, error("Server Error", { phrase })).message, phrase);
  const odd = said(500, error("Server Error", { phrase: "<script>x</script>" }));
  assertEquals(odd.message, "Asana is not answering properly at the moment.");
  assertEquals(said(429, {}, { "Retry-After": "30" }).retryAfter, 30);
  assertEquals(said(429, {}).retryAfter, 60);
  for (
    const body of [null, [], { errors: null }, { errors: [null] }, { errors: [{ message: 7 }] }]
  ) {
    assertEquals(said(400, body).message, "Asana did not accept the request.");
  }
});

Deno.test("a day of another year is said with its year, wherever a task is spoken of", async () => {
  const task = { gid: "1", name: "A", due_on: "2024-11-25", start_on: "2027-01-02" };
  const answers = {
    "GET /tasks": { data: [task] },
    "POST /tasks": { data: task },
    "PUT /tasks/1": { data: task },
    "GET /tasks/1": { data: task },
  };
  const say = async (tool: string, args: Json) =>
    (await callTool(asanaTools, tool, args, asanaAnswering(answers))).text;
  assertStringIncludes(await say("asana_find_tasks", { project: "9" }), "due November 25, 2024");
  assertStringIncludes(
    await say("asana_create_task", { name: "A", project: "9" }),
    "due November 25, 2024",
  );
  assertStringIncludes(
    await say("asana_update_task", { task: "1", due_on: "2024-11-25", start_on: "2027-01-02" }),
    "is due November 25, 2024 and begins January 2, 2027",
  );
  assertStringIncludes(await say("asana_read_task", { task: "1" }), "due November 25, 2024");
});

Deno.test("a mere move of an Asana task that is refused is a refusal of its own kind", async () => {
  const refused = (status: number, headers: Record<string, string> = {}) =>
    asanaAnswering({
      "POST /sections/5/addTask": Response.json({ errors: [{ message: "No" }] }, {
        status,
        headers,
      }),
    });
  const move = (api: ReturnType<typeof refused>) =>
    faultOf(callTool(asanaTools, "asana_update_task", { task: "1", section: "5" }, api));
  const slow = await move(refused(429, { "Retry-After": "9" }));
  assertEquals([slow.kind, slow.retryAfter], ["rate_limited", 9]);
  const gone = await move(refused(404));
  assertEquals(gone.kind, "not_found");
  assertStringIncludes(gone.message, "It could not be put into the section that was named");
  assertEquals((await move(refused(500))).mayBeDone, true);
});
