import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { linearTools } from "../../providers/linear/tools.ts";
import { callTool, faultOf, type Json } from "../support/api.ts";
import { linearAnswering, realIssue, startLinear } from "../support/linear_workspace.ts";

Deno.test("linear_create_issue() puts an issue where it was said, by names", async () => {
  await using linear = await startLinear();
  const { text, data } = await linear.call("linear_create_issue", {
    title: "Oil the hinge",
    team: "WEB",
    state: "in progress",
    assignee: "Ana Lima",
    labels: ["Front"],
    project: "Spring launch",
    cycle: "current",
    parent: "WEB-1",
    estimate: 2,
  });
  assertEquals(text, `Created the issue ${data.issue} Oil the hinge, for Ana Lima.`);
  assertEquals([data.project, data.cycle, data.labels], ["Spring launch", "Polish", ["Front"]]);
  assertEquals([data.parent, data.estimate, data.state], ["WEB-1", 2, "In Progress"]);
  const { issue } = await linear.read(`{ issue(id: "${data.issue}") {
    assignee { name } labels { nodes { name } } project { name } cycle { name } state { name } } }`);
  assertEquals(issue, {
    assignee: { name: "Ana Lima" },
    labels: { nodes: [{ name: "Front" }] },
    project: { name: "Spring launch" },
    cycle: { name: "Polish" },
    state: { name: "In Progress" },
  });
  const parent = await linear.call("linear_read_issue", { issue: "WEB-1" });
  assertEquals(parent.data.sub_issues[0].issue, data.issue);
});

Deno.test("linear_update_issue() changes labels, project, cycle and parent, and takes them away", async () => {
  await using linear = await startLinear();
  const update = (args: Json) => linear.call("linear_update_issue", { issue: "WEB-1", ...args });
  const read = async () =>
    (await linear.read(`{ issue(id: "WEB-1") {
    labels { nodes { name } } project { name } cycle { name } } }`)).issue;
  const put = { project: "Spring launch", cycle: "current", parent: "WEB-2", estimate: 5 };
  const { data } = await update({ ...put, add_labels: ["area/front"] });
  assertEquals([data.parent, data.estimate], ["WEB-2", 5]);
  const { labels, project, cycle } = await read();
  assertEquals([labels.nodes, project.name, cycle.name], [
    [{ name: "Front" }],
    "Spring launch",
    "Polish",
  ]);
  const none = { project: null, cycle: null, parent: null, estimate: null };
  const { data: cleared } = await update({ ...none, remove_labels: ["Front"] });
  assertEquals([cleared.parent, cleared.estimate, cleared.labels], [
    undefined,
    undefined,
    undefined,
  ]);
  assertEquals(await read(), { labels: { nodes: [] }, project: null, cycle: null });
});

Deno.test("linear puts no label on an issue that is a group, of another team, or not there", async () => {
  await using linear = await startLinear();
  const fault = (label: string) =>
    faultOf(linear.call("linear_update_issue", { issue: "WEB-1", add_labels: [label] }));
  assertStringIncludes((await fault("Area")).message, "Area is a group of labels. Say one of: ");
  assertEquals((await fault("Urgent fix")).kind, "not_found");
  assertEquals((await fault("Nope")).kind, "not_found");
});

Deno.test("linear changes the issue that was named, and says its new number", async () => {
  await using linear = await startLinear({}, {
    extras: {
      issues: { "OPS-1": { previousIdentifiers: ["ENG-9"] }, "WEB-2": { trashed: true } },
    },
  });
  const { text, data } = await linear.call("linear_update_issue", { issue: "ENG-9", title: "Buy" });
  assertEquals(text, "Changed OPS-1 Buy. It is In Progress. ENG-9 is now OPS-1.");
  assertEquals([data.issue, data.title], ["OPS-1", "Buy"]);
  const { issue } = await linear.read('{ issue(id: "OPS-1") { title } }');
  assertEquals(issue.title, "Buy");
  const comment = await linear.call("linear_comment_on_issue", { issue: "ENG-9", body: "Yes" });
  assertEquals(comment.text, "Commented on OPS-1. ENG-9 is now OPS-1.");
  assertEquals(comment.data.issue, "OPS-1");
  const trashed = await faultOf(linear.call("linear_update_issue", { issue: "WEB-2", title: "x" }));
  assertEquals(trashed.kind, "conflict");
  assertStringIncludes(trashed.message, "WEB-2 is in Linear's trash");
});

const TEAM = { id: "team-id", key: "ENG", name: "Engineering" };
const LOOKED_UP = {
  Teams: { data: { teams: { nodes: [TEAM] } } },
  IssueNamed: { data: { issue: realIssue() } },
};
const WRITES: [tool: string, args: Json, mutation: string, payload: string, entity: string][] = [
  ["linear_create_issue", { title: "x" }, "CreateIssue", "issueCreate", "issue"],
  ["linear_update_issue", { issue: "ENG-7", title: "x" }, "UpdateIssue", "issueUpdate", "issue"],
  [
    "linear_comment_on_issue",
    { issue: "ENG-7", body: "x" },
    "CreateComment",
    "commentCreate",
    "comment",
  ],
];

for (const [tool, args, mutation, payload, entity] of WRITES) {
  const faultAfter = (answer: Json) =>
    faultOf(
      callTool(linearTools, tool, args, linearAnswering({ ...LOOKED_UP, [mutation]: answer })),
    );

  Deno.test(`${tool} says that nothing was done where Linear says so`, async () => {
    for (const given of [null, realIssue({ id: "c" })]) {
      const fault = await faultAfter({ data: { [payload]: { success: false, [entity]: given } } });
      assertEquals([fault.kind, fault.mayBeDone], ["conflict", false]);
      assertStringIncludes(fault.message, "Nothing was changed.");
    }
  });

  Deno.test(`${tool} says that it may have been done where nobody knows`, async () => {
    const internal = [{ message: "oops", extensions: { code: "INTERNAL_SERVER_ERROR" } }];
    const unclear: Json[] = [
      { data: { [payload]: { success: true, [entity]: null } } },
      { data: { [payload]: { success: true } } },
      { data: { [payload]: {} } },
      { data: { [payload]: { success: null, [entity]: { other: 1 } } } },
      { data: null, errors: internal },
      { data: { [payload]: null }, errors: internal },
      Response.json({ errors: internal }, { status: 400 }),
      { data: { brandNew: {} } },
      {},
    ];
    for (const answer of unclear) {
      const fault = await faultAfter(answer);
      assertEquals([fault.kind, fault.mayBeDone], ["unavailable", true], JSON.stringify(answer));
      assertStringIncludes(fault.message, "Linear did not say whether it has");
    }
  });

  Deno.test(`${tool} was done where Linear shows it, whatever it could not show beside it`, async () => {
    const done = entity === "issue" ? realIssue() : { id: "c" };
    const errors = [{
      message: "no",
      path: [payload, entity, "cycle"],
      extensions: { type: "forbidden" },
    }];
    const answer = { data: { [payload]: { success: true, [entity]: done } }, errors };
    const api = linearAnswering({ ...LOOKED_UP, [mutation]: answer });
    const { text } = await callTool(linearTools, tool, args, api);
    assertStringIncludes(text, "ENG-7");
  });

  Deno.test(`${tool} was not done where Linear refuses it, and says how to cure that`, async () => {
    const rows: [extensions: Json, message: string, kind: string][] = [
      [
        { code: "FORBIDDEN", type: "forbidden" },
        "Invalid scope: `write` required",
        "missing_scope",
      ],
      [{ type: "authentication error" }, "Authentication required", "unauthorized"],
      [{ type: "lock timeout" }, "Lock timeout", "conflict"],
      [{ type: "usage limit exceeded" }, "Issue limit reached", "forbidden"],
      [{ type: "feature not accessible" }, "Not on this plan", "forbidden"],
      [{ code: "INVALID_INPUT", userPresentableMessage: "The date is past." }, "x", "invalid"],
      [{ code: "INPUT_ERROR" }, "Query too complex", "invalid"],
      [{ type: "invalid input" }, "Entity not found: WorkflowState - x", "not_found"],
      [{ code: "INPUT_ERROR" }, "The title 'Scope of work' is taken", "invalid"],
      [{ type: "something brand new" }, "No.", "invalid"],
    ];
    for (const [extensions, message, kind] of rows) {
      for (const status of [200, 400]) {
        const errors = [{ message, extensions }];
        const fault = await faultAfter(Response.json({ data: null, errors }, { status }));
        assertEquals([fault.kind, fault.mayBeDone ?? false], [kind, false], message);
        assertStringIncludes(fault.message, "Linear");
        assert(!/may have/.test(fault.message));
        if (kind === "missing_scope") assertEquals(fault.scopes, ["write"]);
      }
    }
  });
}

Deno.test("linear_update_issue() reports no change of another issue", async () => {
  const other = realIssue({ id: "1b8b6a7e-0b0f-4f0e-8f0a-0d7f0a5f0c02", identifier: "ENG-8" });
  const api = linearAnswering({
    ...LOOKED_UP,
    UpdateIssue: { data: { issueUpdate: { success: true, issue: other } } },
  });
  const args = { issue: "ENG-7", title: "x" };
  const fault = await faultOf(callTool(linearTools, "linear_update_issue", args, api));
  assertEquals([fault.kind, fault.mayBeDone], ["unavailable", true]);
});

Deno.test("linear asks back where a cycle was named by a part of its name", async () => {
  await using linear = await startLinear();
  const update = (cycle: string) => linear.call("linear_update_issue", { issue: "WEB-1", cycle });
  const { kind, message } = await faultOf(update("Pol"));
  assertEquals(kind, "invalid");
  assertStringIncludes(message, 'called exactly "Pol", but there is: Polish');
  assertEquals((await update("polish")).data.cycle, "Polish");
  assertEquals((await update("cycle 8")).data.cycle, "Cycle 8");
});
