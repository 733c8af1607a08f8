import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { linearTools } from "../../providers/linear/tools.ts";
import { callTool, faultOf, type Json } from "../support/api.ts";
import { linearAnswering, OCTOCAT, realIssue, startLinear } from "../support/linear_workspace.ts";

const titles = ({ data }: { data: Json }) => data.issues.map((issue: Json) => issue.title).sort();

Deno.test("linear_find_issues() finds a project's, a cycle's, a label's and somebody's issues", async () => {
  await using linear = await startLinear({
    issues: [
      { team: "WEB", title: "Door", project: "Spring launch", cycle: "Polish", labels: ["Front"] },
      { team: "WEB", title: "Roof", assignee: "ana@example.com", labels: ["Back"], priority: 1 },
      { team: "OPS", title: "Paint", assignee: OCTOCAT, state: "In Progress" },
      { team: "OPS", title: "Done thing", state: "Done", project: "Spring launch" },
    ],
  });
  const find = async (args: Json) => titles(await linear.call("linear_find_issues", args));
  assertEquals(await find({ project: "spring launch" }), ["Door"]);
  assertEquals(await find({ project: "launch", state: "all" }), ["Done thing", "Door"]);
  assertEquals(await find({ cycle: "current" }), ["Door"]);
  assertEquals(await find({ cycle: "Cycle 7", team: "WEB" }), ["Door"]);
  assertEquals(await find({ cycle: "next" }), []);
  assertEquals(await find({ label: "front" }), ["Door"]);
  // A group means all that is in it.
  assertEquals(await find({ label: "area" }), ["Door", "Roof"]);
  assertEquals(await find({ label: "Area/Back" }), ["Roof"]);
  assertEquals(await find({ assignee: "me" }), ["Paint"]);
  assertEquals(await find({ assignee: "ANA@example.com" }), ["Roof"]);
  assertEquals(await find({ assignee: "@ana" }), ["Roof"]);
  assertEquals(await find({ assignee: "ana lima" }), ["Roof"]);
  assert((await find({ assignee: "nobody" })).includes("Door"));
  assertEquals(await find({ priority: "urgent" }), ["Roof"]);
  assertEquals(await find({ state: "in progress" }), ["Paint"]);
  assertEquals(await find({ state: "completed" }), ["Done thing"]);
  assertEquals(await find({ text: "thing" }), ["Done thing"]);
  assertEquals(await find({ text: "thing", state: "open" }), []);
});

Deno.test("linear_find_issues() says whose and which it found, in text and data", async () => {
  await using linear = await startLinear();
  const { text, data } = await linear.call("linear_find_issues", {
    assignee: "Ana Lima",
    project: "launch",
    cycle: "current",
    label: "Front",
    team: "Website",
    priority: "high",
  });
  assertEquals(
    text,
    "Found no open issues of the priority high of WEB of the project Spring launch of the cycle " +
      "Polish with the label Front for Ana Lima.",
  );
  assertStringIncludes(data.which, "Spring launch of the cycle Polish");
  assertEquals(data.team, "WEB");
});

Deno.test("linear asks back where several people or projects have a name, and knows accents", async () => {
  await using linear = await startLinear();
  const fault = (args: Json) => faultOf(linear.call("linear_find_issues", args));
  const two = await fault({ assignee: "zoe martin" });
  assertEquals(two.kind, "invalid");
  assertStringIncludes(two.message, "several people in Linear called");
  assertStringIncludes(two.message, "Zoe.M@example.com");
  assertStringIncludes(two.message, "zoe2@example.com");
  // A handle that is somebody's first name may mean another of the name.
  assertEquals((await fault({ assignee: "Zoe" })).kind, "invalid");
  for (const assignee of ["zoe2", "@zoe"]) {
    const { data } = await linear.call("linear_find_issues", { assignee, state: "all" });
    assertEquals(data.issues, [], assignee);
  }
  assertStringIncludes((await fault({ project: "spring" })).message, "several projects in Linear");
  // Not all of its word was said: a guess.
  const guess = await fault({ assignee: "Lim" });
  assertEquals(guess.kind, "invalid");
  assertStringIncludes(guess.message, "there is: Ana Lima");
  assertEquals((await fault({ assignee: "Gone Person" })).kind, "not_found");
});

Deno.test("linear says what is not there, rather than that it has no issues", async () => {
  await using linear = await startLinear();
  for (
    const args of [{ team: "HR" }, { project: "Moon" }, { cycle: "99" }, { label: "Nope" }, {
      state: "nowhere",
    }, { assignee: "who@example.com" }]
  ) {
    const { kind, message } = await faultOf(linear.call("linear_find_issues", args));
    assertEquals(kind, "not_found", message);
  }
  const { message } = await faultOf(linear.call("linear_find_issues", { team: "HR" }));
  assertStringIncludes(message, "Website, with the key WEB");
});

Deno.test("linear_find_issues() takes whatever is null, missing, new or broken in an answer", async () => {
  const pageInfo = { hasNextPage: false, endCursor: null };
  const answering = (issues: Json, more: Json = {}) =>
    linearAnswering({ ListIssues: { data: { issues }, ...more } });
  const bare = { identifier: "ENG-1", title: null, brandNew: { x: 1 } };
  const odd = realIssue({
    state: { name: "Parked", type: "parked" },
    priority: 9,
    priorityLabel: null,
    labels: { nodes: [null, { name: null }, { name: "Bug" }], pageInfo: { hasNextPage: true } },
    cycle: { number: 12, name: null },
    trashed: true,
    archivedAt: "2026-11-01T10:00:00.000Z",
  });
  const find = (api: ReturnType<typeof answering>) =>
    callTool(linearTools, "linear_find_issues", {}, api);
  const { text, data } = await find(
    answering({ nodes: [bare, odd, { title: "lost" }, null], pageInfo }),
  );
  assertEquals(text, "Found 2 open issues: ENG-1; ENG-7 Found a bug. 2 issues could not be read.");
  assertEquals([data.issues.length, data.unread, data.has_more], [2, 2, false]);
  const [, second] = data.issues;
  assertEquals([second.state_type, second.cycle, second.in_trash], ["parked", "Cycle 12", true]);
  assertEquals([second.labels, second.more_labels, second.archived], [["Bug"], true, true]);
  assertEquals((await find(answering({ nodes: null }))).data.issues, []);

  // An optional part failed: the rest is used, and it is said.
  const partial = await find(answering({ nodes: [odd], pageInfo }, {
    errors: [{ message: "no", path: ["issues", "nodes", 0, "snoozedUntilAt"] }],
  }));
  assertStringIncludes(partial.text, "Linear could not give everything: snoozed until at.");
  assertEquals(partial.data.issues.length, 1);
  const error = { message: "no", extensions: { type: "forbidden" }, path: ["issues"] };
  const api = linearAnswering({ ListIssues: { data: { issues: null }, errors: [error] } });
  assertEquals((await faultOf(find(api))).kind, "forbidden");
});

Deno.test("linear_look_up() lists whichever are asked for", async () => {
  await using linear = await startLinear();
  const { text, data } = await linear.call("linear_look_up", {
    kinds: ["teams", "people", "projects", "cycles", "labels", "states"],
    team: "WEB",
  });
  const names = (kind: string) => data[kind].map((entry: Json) => entry.name);
  assertEquals(names("teams").includes("Website"), true);
  assertEquals(names("people").includes("Ana Lima"), true);
  assertEquals(names("people").includes("Gone Person"), false);
  assertEquals(names("projects").includes("Spring launch"), true);
  assertEquals(names("cycles"), ["Polish", "Cycle 8"]);
  assertEquals(names("states").includes("In Progress"), true);
  const back = data.labels.find((label: Json) => label.name === "Back");
  assertStringIncludes(back.detail, "of the group Area");
  assertStringIncludes(text, "Polish, of WEB, current, until November 30");
  assertEquals(data.has_more, []);

  const zoe = await linear.call("linear_look_up", { kinds: ["people"], name: "zoé", limit: 1 });
  assertEquals(zoe.data.people.length, 1);
  assertEquals(zoe.data.has_more, ["people"]);
  assertStringIncludes(zoe.text, "There are more.");
  assertEquals(Object.keys(zoe.data).sort(), ["has_more", "people"]);
  const unclear = await faultOf(linear.call("linear_look_up", { kinds: ["states"] }));
  assertStringIncludes(unclear.message, "several Linear teams");
});
