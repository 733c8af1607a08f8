import { assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import {
  answeredBy,
  callTool,
  type EmulatedApi,
  faultOf,
  type Json,
  startApi,
  wrongFields,
} from "../../support/api.ts";

const REPO = "octocat/hello-world";

function start(): Promise<EmulatedApi> {
  return startApi(github, {
    users: [{ login: "octocat" }, { login: "hubot" }],
    repos: [{ owner: "octocat", name: "hello-world", auto_init: true }],
  });
}

async function startWithIssue(fields: Json = {}): Promise<EmulatedApi> {
  const emulator = await start();
  await emulator.write("POST", `/repos/${REPO}/issues`, { title: "Found a bug", ...fields });
  return emulator;
}

/** Changes issue 1, and reads what the emulator then holds. */
async function update(emulator: EmulatedApi, args: Record<string, unknown>) {
  const all = { repo: REPO, number: 1, ...args };
  const result = await callTool(githubTools, "update_issue", all, emulator.api);
  const stored = await emulator.read(`/repos/${REPO}/issues/1`);
  return {
    ...result,
    stored,
    labels: stored.labels.map((label: Json) => label.name).sort(),
    assignees: stored.assignees.map((person: Json) => person.login).sort(),
  };
}

Deno.test("github_update_issue() closes and reopens", async () => {
  await using emulator = await startWithIssue();
  const closed = await update(emulator, { state: "closed", reason: "not_planned" });
  assertEquals([closed.stored.state, closed.stored.state_reason], ["closed", "not_planned"]);
  assertEquals(closed.text, `Changed issue #1 in ${REPO}, "Found a bug": it is closed.`);
  assertEquals([closed.data.state, closed.data.repo], ["closed", REPO]);
  const again = await update(emulator, { state: "closed" });
  assertEquals(again.stored.state, "closed");
  const open = await update(emulator, { state: "open" });
  assertEquals(open.stored.state, "open");
  const found = await callTool(githubTools, "list_issues", { repo: REPO }, emulator.api);
  assertEquals(found.data.issues.length, 1);
});

Deno.test("github_update_issue() adds and removes labels and people, and keeps the others", async () => {
  await using emulator = await startWithIssue({ labels: ["bug", "old"], assignees: ["octocat"] });
  const { text, labels, assignees } = await update(emulator, {
    add_labels: ["urgent", "BUG"],
    remove_labels: ["OLD", "never there"],
    add_assignees: ["hubot"],
  });
  assertEquals(labels, ["bug", "urgent"]);
  assertEquals(assignees, ["hubot", "octocat"]);
  assertStringIncludes(text, "it is open, assigned to octocat, hubot, labelled bug, urgent.");
  const fewer = await update(emulator, { remove_assignees: ["octocat"], remove_labels: ["bug"] });
  assertEquals([fewer.labels, fewer.assignees], [["urgent"], ["hubot"]]);
});

Deno.test("github_update_issue() rewrites title and body, and nothing else", async () => {
  await using emulator = await startWithIssue({ body: "Old", labels: ["bug"] });
  const { stored, labels } = await update(emulator, { title: "Zażółć 🦆", body: "New\n\ntext" });
  assertEquals([stored.title, stored.body, labels], ["Zażółć 🦆", "New\n\ntext", ["bug"]]);
  assertEquals((await update(emulator, { body: "" })).stored.body, "");
});

Deno.test("github_update_issue() sends only what changes", async () => {
  const sent: Json[] = [];
  const issue = {
    number: 1,
    title: "Bug",
    state: "open",
    html_url: "https://github.com/octocat/hello-world/issues/1",
    labels: [{ name: "bug" }],
    assignees: [],
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-01T10:00:00Z",
  };
  const api = answeredBy(github, async (request) => {
    const body = request.method === "GET" ? null : await request.json();
    sent.push([request.method, body]);
    return Response.json({ ...issue, state: body?.state ?? "open" });
  });
  const call = (args: Json) =>
    callTool(githubTools, "update_issue", { repo: REPO, number: 1, ...args }, api);
  await call({ state: "closed" });
  assertEquals(sent.splice(0), [["PATCH", { state: "closed" }]]);
  const { text, data } = await call({
    add_labels: ["urgent"],
    reason: "completed",
    state: "closed",
  });
  assertEquals(sent, [
    ["GET", null],
    ["PATCH", { state: "closed", state_reason: "completed", labels: ["bug", "urgent"] }],
  ]);
  // Without write access GitHub drops labels and says nothing.
  assertEquals(data.not_set, ["urgent"]);
  assertStringIncludes(text, "GitHub did not change urgent.");
});

Deno.test("github_update_issue() refuses to change nothing, or what does not fit", async () => {
  const api = answeredBy(github, () => {
    throw new Error("nothing may be sent");
  });
  const refused = (args: Json) =>
    faultOf(callTool(githubTools, "update_issue", { repo: REPO, number: 1, ...args }, api));
  assertStringIncludes((await refused({})).message, "Say what to change");
  assertStringIncludes((await refused({ state: "open", reason: "completed" })).message, "reason");
  const wrong = (args: Json) =>
    wrongFields(githubTools, "update_issue", { repo: REPO, number: 1, ...args });
  assertEquals(wrong({ state: "done" }), ["state"]);
  assertEquals(wrong({ title: " " }), ["title"]);
  assertEquals(wrong({ labels: ["bug"] }), ["labels"]);
  assertEquals(wrong({ number: "1" }), ["number"]);
});

Deno.test("github_search_issues() finds issues and pull requests by words", async () => {
  await using emulator = await startWithIssue({ title: "Login fails" });
  await emulator.write("POST", `/repos/${REPO}/issues`, { title: "Other" });
  await emulator.write("POST", `/repos/${REPO}/pulls`, {
    title: "Fix the login",
    head: "fix",
    base: "main",
  });
  const search = (args: Json) => callTool(githubTools, "search_issues", args, emulator.api);
  const issues = await search({ query: "login" });
  assertEquals(issues.text, `Found 1 issue: ${REPO} #1 Login fails.`);
  assertEquals(issues.data.total, 1);
  assertEquals([issues.data.items[0].repo, issues.data.items[0].is_pull_request], [REPO, false]);
  const pulls = await search({ query: "login", type: "pull_request", repo: REPO });
  assertEquals(pulls.text, `Found 1 pull request: ${REPO} #3 Fix the login.`);
  assertEquals(pulls.data.items[0].is_pull_request, true);
  const none = await search({ query: "nothing", state: "closed" });
  assertEquals([none.text, none.data.items], ["Found no issues.", []]);
  const page = await search({ query: `repo:${REPO}`, limit: 1 });
  assertStringIncludes(page.text, "There are more on page 2.");
  assertEquals([page.data.total, page.data.next_page], [2, 2]);
});

Deno.test("github_search_issues() asks what was asked, and no more than that", async () => {
  const asked: URLSearchParams[] = [];
  const api = answeredBy(github, (request) => {
    asked.push(new URL(request.url).searchParams);
    return Response.json({ total_count: 0, incomplete_results: true, items: [] });
  });
  const queryFor = async (args: Json) => {
    const { text, data } = await callTool(githubTools, "search_issues", args, api);
    assertStringIncludes(text, "GitHub did not look everywhere");
    assertEquals(data.incomplete, true);
    return asked.at(-1)!.get("q");
  };
  assertEquals(await queryFor({ query: "a b" }), "a b is:issue is:open");
  assertEquals(
    await queryFor({ query: "is:pr author:@me", state: "all", repo: REPO }),
    `is:pr author:@me repo:${REPO}`,
  );
  assertEquals(
    await queryFor({ query: "state:closed x", type: "pull_request" }),
    [
      "state:closed x",
      "is:pr",
    ].join(" "),
  );
  assertEquals(asked[0]!.get("sort"), null);
  await queryFor({ query: "x", sort: "updated", limit: 5, page: 2 });
  assertEquals(Object.fromEntries(asked.at(-1)!), {
    q: "x is:issue is:open",
    sort: "updated",
    per_page: "5",
    page: "2",
  });
  assertEquals(wrongFields(githubTools, "search_issues", { query: "x".repeat(257) }), ["query"]);
  assertEquals(wrongFields(githubTools, "search_issues", { query: "x", repo: "../x" }), ["repo"]);
});

Deno.test("github_search_issues() passes on why GitHub refused", async () => {
  const errors = [{ message: "The search is longer than 256 characters.", field: "q" }];
  const api = answeredBy(
    github,
    () => Response.json({ message: "Validation Failed", errors }, { status: 422 }),
  );
  const fault = await faultOf(callTool(githubTools, "search_issues", { query: "x" }, api));
  assertEquals(fault.kind, "invalid");
  assertStringIncludes(fault.message, "longer than 256 characters");
});
