import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { oauthFlowOf } from "../../broker/core/credential.ts";
import { linear } from "../../providers/linear/linear.ts";
import { linearTools } from "../../providers/linear/tools.ts";
import type { ApiClient } from "../../providers/provider.ts";
import {
  answeredBy,
  callTool,
  checkSchemas,
  faultOf,
  type Json,
  wrongFields,
} from "../support/api.ts";
import { CLIENT, issued } from "../support/more_emulators.ts";
import { linearAnswering, OCTOCAT, realIssue, startLinear } from "../support/linear_workspace.ts";

const HOUR_MS = 60 * 60_000;

const saying = (answer: Json, status = 200, headers: Record<string, string> = {}) =>
  answeredBy(linear, () => Response.json(answer, { status, headers }));
const list = (api: ApiClient) => callTool(linearTools, "linear_list_issues", {}, api);
const titles = ({ data }: { data: Json }) => data.issues.map((issue: Json) => issue.title).sort();

Deno.test("linearTools have schemas that clients can read", () => {
  checkSchemas(linearTools);
});

Deno.test("linear connects, identifies, rotates its refresh token and revokes", async () => {
  await using emulated = await startLinear();
  const { provider, signedIn, tokens, tokenSet } = emulated;
  const { searchParams } = signedIn.authorizationUrl;
  assertEquals(signedIn.authorizationUrl.pathname, "/oauth/authorize");
  assertEquals(searchParams.get("scope"), "read,write");
  assertEquals(searchParams.get("code_challenge_method"), "S256");
  assertEquals([tokens.tokenType, tokens.expiresIn], ["Bearer", 3600]);
  const { users } = await emulated.read(
    `{ users(filter: { email: { eq: "${OCTOCAT}" } }) { nodes { id } } }`,
  );
  assertEquals(await provider.identify(tokenSet), { id: users.nodes[0].id, label: OCTOCAT });

  const refreshed = issued(await oauthFlowOf(provider).refresh(tokens.refreshToken ?? ""));
  assert(refreshed.refreshToken !== tokens.refreshToken, "rotated");
  const replayed = await oauthFlowOf(provider).refresh(tokens.refreshToken ?? "");
  assertEquals(replayed, { kind: "rejected", code: "invalid_grant" });

  const { accessToken, refreshToken = "" } = refreshed;
  const revocation = await oauthFlowOf(provider).revoke({ ...tokenSet, accessToken, refreshToken });
  assertEquals(revocation, { kind: "revoked" });
  const dead = await oauthFlowOf(provider).refresh(refreshToken);
  assertEquals(dead, { kind: "rejected", code: "invalid_grant" });
  await assertRejects(() => provider.identify({ ...tokenSet, accessToken }), Error, "401");
});

Deno.test("linear authenticates its client, and proves the code", async () => {
  await using emulated = await startLinear();
  const { signedIn } = emulated;
  const wrong = linear.create({ ...CLIENT, clientSecret: "wrong", baseUrl: emulated.url, fetch });
  const answer = await oauthFlowOf(wrong).exchange(signedIn.code, signedIn.verifier);
  assertEquals(answer, { kind: "rejected", code: "invalid_client" });
});

Deno.test("linear's own hosts are asked where no other is set", async () => {
  const urls: string[] = [];
  const provider = linear.create({
    ...CLIENT,
    fetch(input) {
      urls.push(String(input));
      return Promise.resolve(Response.json({ access_token: "t", token_type: "Bearer" }));
    },
  });
  const url = await oauthFlowOf(provider).authorizationUrl({
    state: "s",
    verifier: "v".repeat(43),
    scopes: ["read", "write"],
  });
  assertEquals(url.origin + url.pathname, "https://linear.app/oauth/authorize");
  assertEquals(url.searchParams.get("scope"), "read,write");
  assertEquals(provider.apiUrl("/graphql").href, "https://api.linear.app/graphql");
  await oauthFlowOf(provider).exchange("code", "v".repeat(43));
  await oauthFlowOf(provider).revoke({
    accessToken: "t",
    tokenType: "Bearer",
    issuedAt: 0,
    scopes: [],
  });
  assertEquals(urls, ["https://api.linear.app/oauth/token", "https://api.linear.app/oauth/revoke"]);
});

Deno.test("linear_list_issues() keeps to a team, a person and a state", async () => {
  await using emulated = await startLinear();
  const listed = async (args: Json) => titles(await emulated.call("linear_list_issues", args));
  // The emulator has an issue of its own.
  const own = "Ship Linear emulator";
  assertEquals(await listed({}), ["Fix the door", "Order paint", own]);
  const all = ["Fix the door", "Order paint", "Paint the door", own];
  assertEquals(await listed({ state: "all" }), all);
  assertEquals(await listed({ team: "web" }), ["Fix the door"]);
  assertEquals(await listed({ state: "closed" }), ["Paint the door"]);
  assertEquals(await listed({ team: "OPS", state: "started" }), ["Order paint"]);
  const { text, data } = await emulated.call("linear_list_issues", { assigned_to_me: true });
  assertEquals(text, "Found 1 open issue that you are assigned to: WEB-1 Fix the door.");
  assertEquals(
    [data.issues[0].issue, data.issues[0].assignee, data.issues[0].state_type],
    ["WEB-1", "The Octocat", "unstarted"],
  );
  const none = await emulated.call("linear_list_issues", { team: "OPS", state: "closed" });
  assertEquals(none.text, "Found no closed issues of OPS.");
});

Deno.test("linear_list_issues() sends Linear's own filters", async () => {
  const sent: Json[] = [];
  const nodes = [{ id: "team-id", key: "ENG", name: "Engineering" }];
  const api = linearAnswering({
    Teams: { data: { teams: { nodes } } },
    ListIssues: { data: { issues: { nodes: [], pageInfo: { hasNextPage: false } } } },
  }, sent);
  const args = { team: "eng", assigned_to_me: true, state: "closed", limit: 5, cursor: "c" };
  await callTool(linearTools, "linear_list_issues", args, api);
  assertEquals(sent.at(-1).variables, {
    first: 5,
    after: "c",
    filter: {
      team: { id: { eq: "team-id" } },
      assignee: { isMe: { eq: true } },
      state: { type: { in: ["completed", "canceled", "duplicate"] } },
    },
  });
});

Deno.test("linear_list_issues() goes on page by page", async () => {
  await using emulated = await startLinear();
  const first = await emulated.call("linear_list_issues", { state: "all", limit: 2 });
  assertStringIncludes(first.text, "There are more.");
  const { next_cursor: cursor } = first.data;
  const last = await emulated.call("linear_list_issues", { state: "all", limit: 2, cursor });
  assertEquals([last.data.issues.length, last.data.has_more], [2, false]);
  assertEquals(new Set([...titles(first), ...titles(last)]).size, 4);
});

Deno.test("linear_search_issues() finds issues by words", async () => {
  await using emulated = await startLinear();
  const result = await emulated.call("linear_search_issues", { text: "door", limit: 1 });
  assertStringIncludes(result.text, "Found 1 issue: WEB-");
  const { next_cursor: cursor } = result.data;
  const rest = await emulated.call("linear_search_issues", { text: "door", cursor });
  assertEquals([...titles(result), ...titles(rest)].sort(), ["Fix the door", "Paint the door"]);
});

Deno.test("linear_search_issues() uses Linear's own search", async () => {
  const sent: Json[] = [];
  const nodes = [realIssue({ title: "Grüße\n🦆" })];
  const pageInfo = { hasNextPage: true, endCursor: "next" };
  const api = linearAnswering({
    SearchIssues: { data: { searchIssues: { nodes, pageInfo, totalCount: 40 } } },
  }, sent);
  const { text, data } = await callTool(linearTools, "linear_search_issues", { text: "duck" }, api);
  assertStringIncludes(sent[0].query, "searchIssues(term: $term");
  assertEquals(sent[0].variables, { term: "duck", first: 20 });
  assertEquals(text, "Found 1 issue: ENG-7 Grüße 🦆. There are more.");
  assertEquals([data.has_more, data.next_cursor, data.total], [true, "next", 40]);
});

Deno.test("linear_list_issues() bounds what it gives back", async () => {
  const nodes = Array(50).fill(realIssue({ title: "t".repeat(5_000) }));
  const api = saying({ data: { issues: { nodes, pageInfo: { hasNextPage: false } } } });
  const { text } = await list(api);
  assertStringIncludes(text, "; and 45 more.");
  assert(text.length < 1_000);
});

Deno.test("linear_create_issue() creates the issue with all that was said", async () => {
  await using emulated = await startLinear();
  const { text, data } = await emulated.call("linear_create_issue", {
    title: "Zażółć 🦆",
    description: "Steps:\n\n1. …",
    team: "website",
    priority: "urgent",
    assignee: "ana@example.com",
    due_on: "2026-11-25",
  });
  assertEquals(text, `Created the issue ${data.issue} Zażółć 🦆, for Ana Lima.`);
  const { issue } = await emulated.read(
    `{ issue(id: "${data.issue}") {
      title description priority dueDate url assignee { email } creator { email } team { key } } }`,
  );
  assertEquals(issue, {
    title: "Zażółć 🦆",
    description: "Steps:\n\n1. …",
    priority: 1,
    dueDate: "2026-11-25",
    url: data.url,
    assignee: { email: "ana@example.com" },
    creator: { email: OCTOCAT },
    team: { key: "WEB" },
  });
  assertEquals([data.priority, data.due_on, data.team], ["Urgent", "2026-11-25", "WEB"]);
});

Deno.test("linear_create_issue() takes the only team, and asks where there are several", async () => {
  await using several = await startLinear();
  const fault = await faultOf(several.call("linear_create_issue", { title: "Tea" }));
  assertEquals(fault.kind, "invalid");
  assertStringIncludes(fault.message, "Website, with the key WEB");
  const wrong = await faultOf(several.call("linear_create_issue", { title: "Tea", team: "HR" }));
  assertEquals(wrong.kind, "not_found");

  const teams = { nodes: [{ id: "team-id", key: "ENG", name: "Engineering" }] };
  const inputs: Json[] = [];
  const api = answeredBy(linear, async (request) => {
    const { query, variables } = await request.json();
    if (query.includes("teams(")) return Response.json({ data: { teams } });
    if (query.includes("viewer")) return Response.json({ data: { viewer: { id: "my-id" } } });
    inputs.push(variables.input);
    return Response.json({ data: { issueCreate: { success: true, issue: realIssue() } } });
  });
  const args = { title: "Tea", assignee: "me" };
  const { text } = await callTool(linearTools, "linear_create_issue", args, api);
  assertEquals(text, "Created the issue ENG-7 Found a bug.");
  assertEquals(inputs, [{ teamId: "team-id", title: "Tea", assigneeId: "my-id" }]);
});

Deno.test("linear_update_issue() changes what was said and nothing else", async () => {
  await using emulated = await startLinear();
  const update = (args: Json) => emulated.call("linear_update_issue", { issue: "web-1", ...args });
  const started = await update({ state: "in progress", assignee: "ana@example.com" });
  assertEquals(started.text, "Changed WEB-1 Fix the door. It is In Progress, for Ana Lima.");
  await update({ title: "Mend the door", due_on: "2026-12-01", priority: "low" });
  const done = await update({ state: "completed", assignee: null, due_on: null });
  assertEquals(done.text, "Changed WEB-1 Mend the door. It is Done, for nobody.");
  const { issue } = await emulated.read(
    `{ issue(id: "WEB-1") { title priority dueDate assignee { id } state { name } } }`,
  );
  assertEquals(issue, {
    title: "Mend the door",
    priority: 4,
    dueDate: null,
    assignee: null,
    state: { name: "Done" },
  });
});

Deno.test("linear_update_issue() says what it could not find", async () => {
  await using emulated = await startLinear();
  const fault = (args: Json) =>
    faultOf(emulated.call("linear_update_issue", { issue: "WEB-1", ...args }));
  assertEquals((await fault({})).kind, "invalid");
  const state = await fault({ state: "nowhere" });
  assertEquals(state.kind, "invalid");
  assertStringIncludes(state.message, "no such state. There are: Backlog, Todo, In Progress, Done");
  assertEquals((await fault({ assignee: "x@example.com" })).kind, "not_found");
  assertEquals((await fault({ issue: "WEB-404", title: "x" })).kind, "not_found");
  assertEquals((await fault({ issue: "WEB-404", state: "done" })).kind, "not_found");
});

Deno.test("linear_comment_on_issue() adds the comment as it was written", async () => {
  await using emulated = await startLinear();
  const args = { issue: "WEB-1", body: "    code\n\nGrüße" };
  const { text, data } = await emulated.call("linear_comment_on_issue", args);
  const { issue } = await emulated.read(
    `{ issue(id: "WEB-1") { comments { nodes { id body user { email } } } } }`,
  );
  assertEquals(issue.comments.nodes, [
    { id: data.comment, body: args.body, user: { email: OCTOCAT } },
  ]);
  assertEquals([text, data.issue], ["Commented on WEB-1.", "WEB-1"]);
  const fault = await faultOf(
    emulated.call("linear_comment_on_issue", { ...args, issue: "WEB-9" }),
  );
  assertEquals(fault.kind, "not_found");
});

Deno.test("linear says when a scope was not granted", async () => {
  await using emulated = await startLinear({ strict_scopes: true }, { scopes: ["read"] });
  assertEquals(titles(await emulated.call("linear_list_issues", {})).length, 3);
  const fault = await faultOf(
    emulated.call("linear_comment_on_issue", { issue: "WEB-1", body: "x" }),
  );
  assertEquals([fault.kind, fault.scopes], ["missing_scope", ["comments:create"]]);
});

Deno.test("linear's refusals are faults of the right kind, whatever their status", async () => {
  const said = (message: string, extensions: Json = {}) => ({ errors: [{ message, extensions }] });
  const kind = async (body: Json, status: number) =>
    (await faultOf(list(saying(body, status)))).kind;
  for (const status of [200, 400]) {
    const auth = { type: "authentication error", code: "AUTHENTICATION_ERROR" };
    assertEquals(await kind(said("Authentication required", auth), status), "unauthorized");
    assertEquals(
      await kind(said("Entity not found: Issue", { type: "invalid input" }), status),
      "not_found",
    );
    assertEquals(
      await kind(said("Rate limit exceeded", { code: "RATELIMITED" }), status),
      "rate_limited",
    );
    assertEquals(await kind(said("no", { type: "forbidden" }), status), "forbidden");
    assertEquals(
      await kind(said("oops", { code: "INTERNAL_SERVER_ERROR" }), status),
      "unavailable",
    );
    assertEquals(await kind(said("title is bad", { code: "INPUT_ERROR" }), status), "invalid");
  }
  assertEquals(await kind(said("no"), 401), "unauthorized");
  assertEquals(await kind({}, 403), "forbidden");
  assertEquals(await kind({}, 500), "unavailable");
  assertEquals(await kind({ data: null }, 200), "unavailable");
  const presentable = { type: "invalid input", userPresentableMessage: "The due date is past." };
  const fault = await faultOf(list(saying(said("Argument Validation Error", presentable), 400)));
  assertEquals(fault.message, "Linear did not accept the request. The due date is past.");
});

Deno.test("linear says when to try again", async () => {
  const body = {
    errors: [{ message: "Rate limit exceeded", extensions: { code: "RATELIMITED" } }],
  };
  const wait = async (headers: Record<string, string>) =>
    (await faultOf(list(saying(body, 400, headers)))).retryAfter ?? 0;
  assertEquals(await wait({ "Retry-After": "9" }), 9);
  assertEquals(await wait({}), 60);
  const now = Date.parse("2020-02-02T12:00:00Z");
  const seconds = await wait({
    // Linear's own clock, whatever ours says.
    "Date": new Date(now).toUTCString(),
    "X-RateLimit-Requests-Remaining": "12",
    "X-RateLimit-Requests-Reset": String(now + 24 * HOUR_MS),
    "X-RateLimit-Complexity-Remaining": "0",
    "X-RateLimit-Complexity-Reset": String(now + HOUR_MS / 2),
  });
  assertEquals(seconds, 1_800);
});

Deno.test("linear tools name the argument that is wrong", () => {
  const wrong = (name: string, args: Json) => wrongFields(linearTools, name, args);
  assertEquals(wrong("linear_create_issue", { title: "x" }), []);
  assertEquals(wrong("linear_create_issue", { title: " " }), ["title"]);
  assertEquals(wrong("linear_create_issue", { title: "x", priority: 1 }), ["priority"]);
  assertEquals(wrong("linear_create_issue", { title: "x", assignee: " " }), ["assignee"]);
  for (const issue of ["", "ENG", "7", "ENG-", "E NG-1", "ENG-1\n", '") { id }']) {
    assertEquals(wrong("linear_comment_on_issue", { issue, body: "x" }), ["issue"], issue);
  }
  const id = "0b8b6a7e-0b0f-4f0e-8f0a-0d7f0a5f0c01";
  assertEquals(wrong("linear_comment_on_issue", { issue: id, body: "x" }), []);
  assertEquals(wrong("linear_list_issues", { text: "x" }), ["text"]);
  assertEquals(wrong("linear_search_issues", { text: "x", team: "ENG" }), ["team"]);
  assertEquals(wrong("linear_search_issues", {}), ["text"]);
  for (const issue of ["https://evil.example/acme/issue/ENG-1", "https://linear.app/acme/ENG-1"]) {
    assertEquals(wrong("linear_read_issue", { issue }), ["issue"], issue);
  }
  assertEquals(wrong("linear_list_issues", { limit: 51 }), ["limit"]);
});
