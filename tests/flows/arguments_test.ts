/** What platforms send in the place of arguments, through the front door. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { envelope, modern } from "../support/hang_up_requests.ts";
import { startUpstream } from "../support/upstream_double.ts";

const REPO = "octocat/hello-world";

/** A call with whatever stands in the place of its arguments. */
function call(name: string, args: unknown, id: string | number = 1) {
  return { jsonrpc: "2.0", method: "tools/call", params: { name, arguments: args }, id };
}

/** The same in both eras. */
const ERAS = {
  2025: (gateway: Gateway, name: string, args: unknown, id = 1) =>
    gateway.mcp(call(name, args, id)),
  2026: (gateway: Gateway, name: string, args: unknown, id = 1) => {
    const { params, ...rest } = call(name, args, id);
    const body = { ...rest, params: { ...params, _meta: envelope } };
    return gateway.mcp(body, { headers: modern("tools/call", name) });
  },
};

for (const [era, send] of Object.entries(ERAS)) {
  Deno.test(`a ${era} client may send null or JSON in the place of arguments`, async () => {
    await using gateway = await startGateway();
    await gateway.connect("github");
    const list = await send(gateway, "github_list_repositories", null);
    assertMatch(list.json.result.content[0].text, /^Found \d+ repositor/);
    const none = await send(gateway, "github_list_repositories", "null");
    assertEquals(none.json.result.content, list.json.result.content);
    const args = JSON.stringify({ repo: REPO, title: "As JSON", labels: '["bug"]' });
    const created = await send(gateway, "github_create_issue", args);
    assertEquals(created.json.result.structuredContent.title, "As JSON");
    const issue = { repo: REPO, number: "1", account: null, toolCallId: "call_1" };
    const found = await send(gateway, "github_get_issue", JSON.stringify(issue), 2);
    assertEquals(found.json.result.structuredContent.number, 1);
    const missing = await send(gateway, "github_create_issue", null, 3);
    assertStringIncludes(missing.json.result.content[0].text, "repo is missing");
    const deep = `{"repo":${"[".repeat(80)}${"]".repeat(80)}}`;
    const almost = `{"repo":${"[".repeat(62)}${"]".repeat(62)}}`;
    for (const other of ["", "[]", "[1]", "{", "true", '"{}"', 5, [], false, deep, almost]) {
      const refused = await send(gateway, "github_list_repositories", other, 4);
      assertEquals(refused.json.error.code, -32602, JSON.stringify(other));
    }
  });
}

Deno.test("calls of a batch may send null or JSON in the place of arguments", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const { json } = await gateway.mcp([
    call("github_list_repositories", null, 1),
    call("github_list_issues", JSON.stringify({ repo: REPO, limit: "5" }), 2),
    call("github_list_issues", { repo: REPO }, 3),
  ]);
  const texts = json.map(({ result }: { result: { content: { text: string }[] } }) =>
    result.content[0]!.text
  );
  assertMatch(texts.join(" | "), /^Found .* \| Found .* \| Found /);
});

Deno.test("a repeat is known by what was meant, however it was sent", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const headers = { "Idempotency-Key": "one" };
  const forms: unknown[] = [
    { repo: REPO, title: "Once", labels: ["bug"] },
    { repo: REPO, title: "Once", labels: '["bug"]' },
    { repo: REPO, title: "Once", labels: ["bug"], body: null, sessionId: "s" },
    JSON.stringify({ repo: REPO, title: "Once", labels: ["bug"] }),
  ];
  for (const [at, form] of forms.entries()) {
    const { json } = await gateway.mcp(call("github_create_issue", form, at), { headers });
    assertEquals(json.result.structuredContent.number, 1, JSON.stringify(form));
  }
  const other = { repo: REPO, title: "Once" };
  const { json } = await gateway.mcp(call("github_create_issue", other, 9), { headers });
  assertEquals(json.result.structuredContent.error, "idempotency_key_reused");
});

Deno.test("an empty account of a change is not the usual account, and of a question is", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  for (const account of ["", null]) {
    const change = { repo: REPO, title: "Whose?", account };
    const { json } = await gateway.mcp(call("github_create_issue", change));
    assertEquals(json.result.structuredContent.error, "invalid_arguments");
    assertStringIncludes(json.result.structuredContent.message, "account: ");
  }
  const url = `${gateway.emulators.github}/repos/${REPO}/issues`;
  assertEquals(await (await fetch(url)).json(), []);
  const { json } = await gateway.mcp(call("github_list_issues", { repo: REPO, account: "" }));
  assertEquals(json.result.structuredContent.issues, []);
});

const SEARCH = {
  type: "object",
  properties: {
    query: { type: "string" },
    limit: { type: "integer" },
    exact: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    state: { type: "string", enum: ["open", "closed"] },
    where: { type: "object", properties: { depth: { type: "integer" } } },
  },
  required: ["query"],
};
const TOOLS = [
  { name: "search", inputSchema: SEARCH, annotations: { readOnlyHint: true } },
  { name: "change", inputSchema: SEARCH },
  { name: "closed", inputSchema: { ...SEARCH, additionalProperties: false } },
];

Deno.test("an upstream's tool gets what its schema leaves no doubt of, and all else as it was sent", async () => {
  await using upstream = startUpstream({ tools: TOOLS });
  const UPSTREAMS = JSON.stringify([{ name: "notes", url: upstream.url }]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  const texts = { limit: "5", tags: '["a"]', where: '{"depth":"2"}' };
  const values = { limit: 5, tags: ["a"], where: { depth: 2 } };
  const nothing = { exact: "", state: null };
  const noise = { sessionId: "s", action: "a", chatInput: "c", toolCallId: "t", other: "o" };
  const rows: [tool: string, sent: unknown, got: unknown][] = [
    ["search", null, {}],
    ["search", '{"query":"5"}', { query: "5" }],
    ["search", { query: "5", ...texts, exact: "true" }, { query: "5", ...values, exact: true }],
    ["search", { query: "x", ...nothing }, { query: "x" }],
    ["search", { query: null, limit: "05" }, { query: null, limit: "05" }],
    ["search", { query: "x", ...noise }, { query: "x", ...noise }],
    ["search", { query: "x", tags: "a,b" }, { query: "x", tags: "a,b" }],
    ["change", { query: "x", ...texts }, { query: "x", ...values }],
    ["change", { query: "x", ...nothing }, { query: "x", exact: "", state: null }],
    ["change", { query: "x", exact: "true" }, { query: "x", exact: "true" }],
    ["closed", { query: "x", ...noise }, { query: "x", other: "o" }],
    ["closed", { query: "x", tags: `[${"[".repeat(70)}` }, {
      query: "x",
      tags: `[${"[".repeat(70)}`,
    }],
  ];
  for (const [at, [tool, sent, got]] of rows.entries()) {
    const { json } = await gateway.mcp(call(`notes_${tool}`, sent, at));
    assertEquals(json.result?.isError, undefined, JSON.stringify(json));
    assertEquals(upstream.heard.at(-1)?.params.arguments, got, JSON.stringify(sent));
  }
});

Deno.test("no text hides an argument that has to stand in a header", async () => {
  const where = {
    type: "object",
    properties: { region: { type: "string", "x-mcp-header": "Region" } },
  };
  const inputSchema = { type: "object", properties: { where } };
  await using upstream = startUpstream({ tools: [{ name: "look", inputSchema }] });
  const UPSTREAMS = JSON.stringify([{ name: "notes", url: upstream.url }]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  const open = { where: { region: "eu" } };
  const hidden = [{ where: JSON.stringify(open.where) }, JSON.stringify(open)];
  for (const sent of [open, ...hidden]) {
    const { json } = await ERAS[2026](gateway, "notes_look", sent);
    assertEquals(json.error.code, -32020, JSON.stringify(sent));
  }
  assert(upstream.heard.every(({ method }) => method !== "tools/call"));
  // Clients of the older revision know no such headers.
  for (const sent of hidden) {
    await ERAS[2025](gateway, "notes_look", sent);
    assertEquals(upstream.heard.at(-1)?.params.arguments, open);
  }
});

Deno.test("a repeat of an upstream's call is known by what was sent on", async () => {
  let calls = 0;
  await using upstream = startUpstream({
    tools: TOOLS,
    answer: () => ({ content: [{ type: "text", text: String(++calls) }] }),
  });
  const UPSTREAMS = JSON.stringify([{ name: "notes", url: upstream.url }]);
  await using gateway = await startGateway({ env: { UPSTREAMS } });
  const headers = { "Idempotency-Key": "one" };
  for (const [id, limit] of [5, "5"].entries()) {
    const body = call("notes_change", { query: "x", limit }, id);
    const { json } = await gateway.mcp(body, { headers });
    assertEquals(json.result.content[0].text, "1");
  }
  const other = await gateway.mcp(call("notes_change", { query: "x", limit: 6 }, 9), { headers });
  assert(other.json.result.isError);
});
