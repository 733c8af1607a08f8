/** Tools that are looked up: three are listed, and all others are called through two of them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { MAX_LISTED_TOOLS } from "../../mcp/search/search_catalogue.ts";
import { call, type Gateway, startGateway } from "../support/gateway.ts";
import { envelope, modern } from "../support/hang_up_requests.ts";
import { exchange, newClient, obtainCode } from "../support/mcp_client.ts";
import { remoteTool, startUpstream } from "../support/upstream_double.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const SEARCH = "/mcp?mode=search";
const ISSUE = { repo: "octocat/hello-world", title: "Looked up" };
const THREE = ["find_tools", "call_read_tool", "call_tool"];

let ids = 0;
async function ask(
  gateway: Gateway,
  name: string,
  args: Record<string, unknown>,
  { path = SEARCH, ...options }: Parameters<Gateway["mcp"]>[1] = {},
) {
  const { json } = await gateway.mcp(call(name, args, `search-${ids++}`), { path, ...options });
  return json.result ?? json;
}

const namesOf = ({ json }: Awaited<ReturnType<Gateway["mcp"]>>): string[] =>
  json.result.tools.map(({ name }: { name: string }) => name);

const found = (answer: { structuredContent: { tools: { name: string }[] } }) =>
  answer.structuredContent.tools.map(({ name }) => name);

Deno.test("three tools are listed in search mode, in few bytes, and one of them finds the others", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const list = await gateway.mcp(LIST, { path: SEARCH });
  assertEquals(namesOf(list), THREE);
  // 900 tokens are 3,600 bytes or more.
  assert(list.text.length < 3_000, String(list.text.length));
  const { json: { result: { tools: all } } } = await gateway.mcp(LIST);
  const answer = await ask(gateway, "find_tools", { query: "github create issue" });
  const [first] = answer.structuredContent.tools;
  assertEquals([first.name, first.call_with], ["github_create_issue", "call_tool"]);
  const shown = all.find(({ name }: { name: string }) => name === first.name);
  assertEquals([first.input_schema, first.description], [shown.inputSchema, shown.description]);
  assertEquals(answer.structuredContent.tools.length, 5);
  assert(answer.structuredContent.more.length <= 20);
  // Who sees the words alone sees the same.
  const [{ text }] = answer.content;
  for (const tool of answer.structuredContent.tools) {
    assertStringIncludes(text, `${tool.name} (${tool.call_with}): ${tool.description}`);
    assertStringIncludes(text, JSON.stringify(tool.input_schema));
  }
  for (const { name, title } of answer.structuredContent.more) {
    assertStringIncludes(text, `${name}: ${title}`);
  }
});

Deno.test("what reads is called through one tool, and what changes something through the other alone", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const read = await ask(gateway, "call_read_tool", { name: "github_list_repositories" });
  assert(!read.isError, JSON.stringify(read));
  assert(read.structuredContent.repositories.length > 0);
  const refused = await ask(gateway, "call_read_tool", {
    name: "github_create_issue",
    arguments: ISSUE,
  });
  assertEquals(refused.isError, true);
  assertStringIncludes(refused.content[0].text, "call_tool");
  assertStringIncludes(refused.content[0].text, "nothing was done");
  const created = await ask(gateway, "call_tool", {
    name: "github_create_issue",
    arguments: ISSUE,
  });
  // The first one: nothing came of the call that was refused.
  assertEquals(created.structuredContent.number, 1);
  const both = await ask(gateway, "call_tool", { name: "github_list_repositories" });
  assertEquals(both.structuredContent, read.structuredContent);
});

Deno.test("a call through another call, and names that are none, are refused in words", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const inner = { name: "github_create_issue", arguments: ISSUE };
  for (const through of ["call_tool", "call_read_tool"]) {
    for (const name of THREE) {
      const nested = await ask(gateway, through, { name, arguments: inner });
      assertEquals(nested.isError, true);
      assertStringIncludes(nested.content[0].text, "name:");
    }
    for (const name of ["no_such_tool", "__proto__", "github_create_issue ", "call_tool\n", "ä"]) {
      const unknown = await ask(gateway, through, { name, arguments: ISSUE });
      assertEquals(unknown.isError, true, name);
      assertStringIncludes(unknown.content[0].text, "name: there is no tool");
    }
    for (
      const wrong of [{}, { name: 7 }, { name: "" }, { ...inner, repo: "x/y" }, {
        name: inner.name,
        arguments: [ISSUE],
      }]
    ) {
      const fault = await ask(gateway, through, wrong);
      assertEquals(fault.structuredContent.error, "invalid_arguments", JSON.stringify(wrong));
    }
  }
  const first = await ask(gateway, "call_tool", inner);
  assertEquals(first.structuredContent.number, 1);
});

Deno.test("other names of a tool mean it, and keep what each of them may", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const alias = await ask(gateway, "call_tool", { name: "create_issue", arguments: ISSUE });
  assertEquals(alias.structuredContent.number, 1);
  const former = await ask(gateway, "call_read_tool", {
    name: "github_get_issue",
    arguments: { repo: ISSUE.repo, number: 1 },
  });
  assert(!former.isError, JSON.stringify(former));
  const writing = await ask(gateway, "call_read_tool", { name: "create_issue", arguments: ISSUE });
  assertEquals(writing.isError, true);
});

Deno.test("arguments are mended and judged as the tool's own", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const text = await ask(gateway, "call_tool", {
    name: "github_create_issue",
    arguments: JSON.stringify(ISSUE),
  });
  assertEquals(text.structuredContent.number, 1);
  const wrong = await ask(gateway, "call_tool", {
    name: "github_create_issue",
    arguments: { ...ISSUE, titel: "x" },
  });
  assertEquals(wrong.structuredContent.error, "invalid_arguments");
  assertStringIncludes(wrong.content[0].text, "titel");
  const number = await ask(gateway, "call_read_tool", {
    name: "github_read_issue",
    arguments: { repo: ISSUE.repo, number: "1" },
  });
  assert(!number.isError, JSON.stringify(number));
});

Deno.test("what an address, a key or a session leaves out is neither found nor called", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const write = { name: "github_create_issue", arguments: ISSUE };
  const paths = [
    "/mcp?mode=search&read_only=true",
    "/mcp?mode=search&services=gmail",
    "/mcp/gmail?mode=search",
    "/mcp?mode=search&tools=github_read_issue",
  ];
  for (const path of paths) {
    const query = "github create issue";
    const names = found(await ask(gateway, "find_tools", { query }, { path }));
    assert(!names.includes(write.name), path);
    const called = await ask(gateway, "call_tool", write, { path });
    assertEquals(called.isError, true, path);
    assertStringIncludes(called.content[0].text, "there is no tool");
  }
  // What can change nothing has no tool for it.
  assertEquals(namesOf(await gateway.mcp(LIST, { path: paths[0]! })), THREE.slice(0, 2));
  const session = { user_id: "user_123", services: ["github"], tools: ["github_read_issue"] };
  const { json: { token } } = await gateway.api("/sessions", { body: session });
  const options = { key: token, userId: null };
  assertEquals(found(await ask(gateway, "find_tools", { query: "github issue" }, options)), [
    "github_read_issue",
  ]);
  const called = await ask(gateway, "call_tool", write, options);
  assertStringIncludes(called.content[0].text, "there is no tool");
  const first = await ask(gateway, "call_tool", write);
  assertEquals(first.structuredContent.number, 1);
});

Deno.test("what is done once is done once, by whichever name it is called", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const headers = { "Idempotency-Key": "once" };
  const inner = { name: "github_create_issue", arguments: ISSUE };
  const first = await ask(gateway, "call_tool", inner, { headers });
  const second = await ask(gateway, "call_tool", inner, { headers });
  const direct = await ask(gateway, inner.name, inner.arguments, { headers, path: "/mcp" });
  assertEquals(first.structuredContent.number, 1);
  assertEquals(second.structuredContent.number, 1);
  assertEquals(second._meta["switchboard/repeated"], true);
  assertEquals(direct._meta["switchboard/repeated"], true);
  const other = await ask(gateway, "call_tool", {
    name: "github_create_issue",
    arguments: { ...ISSUE, title: "Another" },
  }, { headers });
  assertEquals(other.structuredContent.error, "idempotency_key_reused");
});

Deno.test("who is not connected gets the link, and a voice hears no address", async () => {
  await using gateway = await startGateway();
  const name = "calendar_list_events";
  const plain = await ask(gateway, "call_read_tool", { name, arguments: {} });
  assertStringIncludes(plain.content[0].text, plain.structuredContent.connect_url);
  const path = "/mcp?mode=search&voice=true";
  const voice = await ask(gateway, "call_read_tool", { name, arguments: {} }, { path });
  assert(!voice.content[0].text.includes("http"));
});

Deno.test("2026 clients call through it, and headers that say another tool are refused", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const say = async (through: string, header: string, inner: string) => {
    const params = { name: through, arguments: { name: inner, arguments: ISSUE }, _meta: envelope };
    const body = { jsonrpc: "2.0", id: ids++, method: "tools/call", params };
    return await gateway.mcp(body, { path: SEARCH, headers: modern("tools/call", header) });
  };
  const good = await say("call_tool", "call_tool", "github_create_issue");
  assertEquals(good.json.result.structuredContent.number, 1, good.text);
  const others = [["call_read_tool", "call_tool"], ["call_tool", "github_create_issue"]] as const;
  for (const [through, header] of others) {
    const bad = await say(through, header, "github_create_issue");
    assertEquals([bad.status, bad.json.error?.code], [400, -32020], bad.text);
  }
  const after = await say("call_tool", "call_tool", "github_create_issue");
  assertEquals(after.json.result.structuredContent.number, 2);
});

Deno.test("beyond sixty tools they are looked up by themselves, and listed where an address asks for it", async () => {
  const tools = Array.from(
    { length: MAX_LISTED_TOOLS },
    (_, at) => remoteTool(`tool_${at}`, `Waters plant number ${at}.`),
  );
  await using plants = startUpstream({ tools });
  const UPSTREAMS = JSON.stringify([{ name: "plants", url: plants.url }]);
  const env = { UPSTREAMS, PINNED_TOOLS: "gmail_send_message,plants_tool_3,no_such_tool" };
  await using gateway = await startGateway({ env });
  gateway.world.speed = 0.05;
  assertEquals(namesOf(await gateway.mcp(LIST)), [
    ...THREE,
    "gmail_send_message",
    "plants_tool_3",
  ]);
  assert(namesOf(await gateway.mcp(LIST, { path: "/mcp?mode=list" })).length > MAX_LISTED_TOOLS);
  assertEquals(
    namesOf(await gateway.mcp(LIST, { path: "/mcp/plants" })).length,
    MAX_LISTED_TOOLS,
  );
  const answer = await ask(gateway, "find_tools", { query: "water plant number 41" });
  assert(found(answer).includes("plants_tool_41"), found(answer).join());
  const called = await ask(gateway, "call_tool", { name: "plants_tool_41", arguments: {} });
  assert(!called.isError, JSON.stringify(called));
  // Where all are listed, the three are no tools.
  const none = await ask(gateway, "call_tool", { name: "plants_tool_1" }, {
    path: "/mcp?mode=list",
  });
  assertEquals(none.error.code, -32602);
  // Pins give no right.
  const pins = await gateway.mcp(LIST, { path: "/mcp?mode=search&read_only=true" });
  assertEquals(namesOf(pins), THREE.slice(0, 2));
  assertEquals(namesOf(await gateway.mcp(LIST, { path: "/mcp/gmail?mode=search" })), [
    ...THREE,
    "gmail_send_message",
  ]);
});

Deno.test("a server's endless schemas and descriptions do not come with what is found", async () => {
  const properties = Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [`field_${at}`, { description: "Long ".repeat(40) }]),
  );
  const tools = ["one", "two", "three", "four", "five", "six"].map((name) => ({
    name,
    description: `Prunes trees. ${"Long ".repeat(500)}`,
    inputSchema: { type: "object", properties },
  }));
  await using trees = startUpstream({ tools });
  const UPSTREAMS = JSON.stringify([{ name: "trees", url: trees.url }]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  gateway.world.speed = 0.05;
  const { text } = await gateway.mcp(call("find_tools", { query: "prune trees" }), {
    path: SEARCH,
  });
  assertStringIncludes(text, "trees_one");
  assertStringIncludes(text, "field_1");
  assert(text.length < 60_000, String(text.length));
});

Deno.test("a call through it asks for the scope that the tool needs, and reading for none to write", async () => {
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client, { services: ["github"], access: "read" });
  const { json } = await exchange(gateway, client, code);
  const options = { key: json.access_token, userId: null, path: SEARCH };
  const say = (through: string) =>
    gateway.mcp(call(through, { name: "github_create_issue", arguments: ISSUE }), options);
  const { status, json: challenge, headers } = await say("call_tool");
  assertEquals([status, challenge.error], [403, "insufficient_scope"]);
  assertStringIncludes(headers.get("WWW-Authenticate")!, "github");
  const reading = await say("call_read_tool");
  assertEquals([reading.status, reading.json.result.isError], [200, true]);
  const tools = found(await ask(gateway, "find_tools", { query: "github create issue" }, options));
  assert(tools.length > 0 && !tools.includes("github_create_issue"), tools.join());
});

Deno.test("a query in any words and a service by any of its names are answered, and what is not there is said", async () => {
  await using gateway = await startGateway();
  const names = async (args: Record<string, unknown>) => {
    const answer = await ask(gateway, "find_tools", args);
    return { first: found(answer)[0]?.split("_")[0], notes: answer.structuredContent.notes };
  };
  for (const service of ["calendar", "Google Calendar", "CALENDAR"]) {
    const query = "create";
    assertEquals(await names({ query, service }), { first: "calendar", notes: undefined });
  }
  const other = await names({ query: "gmail send email", service: "zendesk" });
  assertEquals([other.first, other.notes.length], ["gmail", 1]);
  assertStringIncludes(other.notes[0], "no service zendesk");
  const nothing = await ask(gateway, "find_tools", { query: "qqqqq zzzzz" });
  assertEquals(found(nothing), []);
  assertStringIncludes(nothing.content[0].text, "Nothing was found");
  const long = await ask(gateway, "find_tools", { query: "x".repeat(1_001) });
  assertStringIncludes(long.content[0].text, "query");
});

Deno.test("in a batch each call is its own tool's", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const { json } = await gateway.mcp([
    call("call_tool", { name: "github_create_issue", arguments: ISSUE }, 1),
    call("call_read_tool", { name: "github_create_issue", arguments: ISSUE }, 2),
    call("call_read_tool", { name: "github_list_repositories" }, 3),
  ], { path: SEARCH });
  const answers = json.map(({ id, result }: { id: number; result: { isError?: boolean } }) => [
    id,
    result.isError === true,
  ]);
  assertEquals(answers.toSorted(), [[1, false], [2, true], [3, false]]);
});

Deno.test("an upstream hears a call through it as one of its tool's own, with all that it says meanwhile", async () => {
  const inputSchema = {
    type: "object",
    properties: { region: { type: "string", "x-mcp-header": "Region" } },
  };
  await using notes = startUpstream({
    tools: [remoteTool("far", "Goes far.", { inputSchema })],
    answer: ({ params }) => ({ content: [{ type: "text", text: params.arguments.region }] }),
    progress: () => ["halfway"],
  });
  const UPSTREAMS = JSON.stringify([{ name: "notes", url: notes.url }]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  gateway.world.speed = 0.05;
  const inner = { name: "notes_far", arguments: { region: "eu" } };
  const params = { name: "call_tool", arguments: inner, _meta: envelope };
  const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
  const headers = modern("tools/call", "call_tool");
  const modernAnswer = await gateway.mcp(body, { path: SEARCH, headers });
  assertEquals(modernAnswer.json.result?.content[0].text, "eu", modernAnswer.text);
  const streamed = await gateway.mcp({
    ...call("call_tool", inner),
    params: { name: "call_tool", arguments: inner, _meta: { progressToken: "p" } },
  }, { path: SEARCH, headers: { Accept: "application/json, text/event-stream" } });
  assertStringIncludes(streamed.text, "halfway");
  assertEquals(
    notes.heard.filter(({ method }) => method === "tools/call").map(({ params }) => [
      params.name,
      params.arguments,
    ]),
    [["far", { region: "eu" }], ["far", { region: "eu" }]],
  );
  // What it has not said to read is not read.
  const reading = await ask(gateway, "call_read_tool", inner);
  assertStringIncludes(reading.content[0].text, "changes something");
});

Deno.test("nobody finds what another person's token lists", async () => {
  const secretive = byAuthorization();
  await using notes = startUpstream({ list: secretive.list });
  const spec = { name: "gh", title: "Hub", url: notes.url, provider: "github" };
  await using gateway = await startGateway({ env: { UPSTREAMS: JSON.stringify([spec]) } });
  gateway.world.speed = 0.05;
  for (const userId of ["ana", "ben"]) {
    await gateway.connect("github", { userId });
    const { json } = await gateway.api("/token/github", { body: { user_id: userId } });
    secretive.people.set(`Bearer ${json.access_token}`, userId);
  }
  for (const [userId, other] of [["ana", "ben"], ["ben", "ana"], ["ana", "ben"]] as const) {
    const { text } = await gateway.mcp(
      call("find_tools", { query: "hub feed the zebra of ana or ben" }, `zebra-${ids++}`),
      { path: SEARCH, userId },
    );
    assertStringIncludes(text, `gh_zebra_of_${userId}`);
    assert(!text.includes(`gh_zebra_of_${other}`), text);
    const called = await ask(gateway, "call_tool", { name: `gh_zebra_of_${other}` }, { userId });
    assertEquals(called.isError ?? called.error !== undefined, true);
  }
});

/** An upstream that lists a tool of one's own to each person. */
function byAuthorization() {
  const people = new Map<string, string>();
  const list = ({ authorization }: { authorization: string | null }) => [
    remoteTool(`zebra_of_${people.get(authorization ?? "")}`, "Feeds a zebra."),
  ];
  return { people, list };
}
