/** What tools an app may use, by patterns: in lists, in searches, in calls, by its key and by its tokens. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const APPS = (app: unknown) => ({ APPS: JSON.stringify({ voice: app }) });

async function namesOf(gateway: Gateway, options: Parameters<Gateway["mcp"]>[1] = {}) {
  const { json } = await gateway.mcp(LIST, options);
  return json.result.tools.map(({ name }: { name: string }) => name) as string[];
}

Deno.test("an app has what its patterns say, in lists and in calls, and no provider tokens", async () => {
  const app = { tools: ["github_*"], deny_tools: ["github_merge_*", "create_issue"] };
  await using gateway = await startGateway({ env: APPS(app) });
  const names = await namesOf(gateway);
  assert(names.length > 5 && names.every((name) => name.startsWith("github_")), `${names}`);
  assert(names.includes("github_comment"), "one that changes something");
  // By any name of a tool.
  assert(!names.some((name) => name.startsWith("github_merge") || name === "github_create_issue"));
  assertEquals(await namesOf(gateway, { path: "/mcp?tools=calendar_list_events" }), []);
  for (const name of ["github_merge_pull_request", "calendar_list_events", "no_such_tool"]) {
    const { json } = await gateway.mcp(call(name));
    assertEquals([json.result.isError, json.result.structuredContent.error], [
      true,
      "tool_not_allowed",
    ]);
    assertStringIncludes(json.result.content[0].text, name);
  }
  // What the patterns mean and is not there is not there.
  assertEquals((await gateway.mcp(call("github_no_such_tool"))).json.error.code, -32602);
  for (const path of ["/token/github", "/proxy/github/user"]) {
    const headers = { "X-User-Id": USER };
    assertEquals((await gateway.api(path, { body: { user_id: USER }, headers })).status, 403);
  }
});

Deno.test("an app that may only read is listed and called nothing else, whatever it asks for", async () => {
  await using gateway = await startGateway({ env: APPS({ read_only: true }) });
  const names = await namesOf(gateway, { path: "/mcp?mode=list&read_only=false" });
  assert(names.includes("calendar_list_events") && !names.includes("github_create_issue"));
  const { json } = await gateway.mcp(call("github_create_issue", { repo: "a/b", title: "t" }));
  assertEquals(json.result.structuredContent.error, "tool_not_allowed");
  assertEquals(await namesOf(gateway, { path: "/mcp?mode=search" }), [
    "find_tools",
    "call_read_tool",
  ]);
});

Deno.test("a search neither finds nor calls what the app may not use", async () => {
  await using gateway = await startGateway({ env: APPS({ deny_tools: ["github_create_*"] }) });
  const options = { path: "/mcp?mode=search" };
  const ask = async (name: string, args: Record<string, unknown>) =>
    (await gateway.mcp(call(name, args), options)).json.result;
  const found = await ask("find_tools", { query: "github create issue" });
  assert(!JSON.stringify(found).includes('"github_create_issue"'));
  const args = { name: "github_create_issue", arguments: { repo: "a/b", title: "t" } };
  const refused = await ask("call_tool", args);
  assertEquals(refused.isError, true);
  assertStringIncludes(refused.content[0].text, "may not use github_create_issue");
});

Deno.test("a session token has no more than the key that made it", async () => {
  await using gateway = await startGateway({ env: APPS({ deny_tools: ["gmail_*"] }) });
  const session = { user_id: USER, services: ["*"] };
  const { json: { token } } = await gateway.api("/sessions", { body: session });
  const headers = { Authorization: `Bearer ${token}` };
  const names = await namesOf(gateway, { key: null, userId: null, headers });
  assert(names.length > 5 && !names.some((name) => name.startsWith("gmail_")));
  const beyond = { ...session, tools: ["gmail_send_message"] };
  const { status, json } = await gateway.api("/sessions", { body: beyond });
  assertEquals([status, json.error], [403, "access_denied"]);
  // What only reads by its key changes nothing by a token that says nothing of it.
  await gateway.restart(APPS({ read_only: true }));
  const reading = await namesOf(gateway, { path: "/mcp?mode=list", key: token, userId: null });
  assert(reading.includes("calendar_list_events") && !reading.includes("github_create_issue"));
  const search = await namesOf(gateway, { path: "/mcp?mode=search", key: token, userId: null });
  assertEquals(search, ["find_tools", "call_read_tool"]);
});
