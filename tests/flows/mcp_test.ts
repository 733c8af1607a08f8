import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Client as Client2026, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport as Transport2025 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { API_KEY, call, type Gateway, startGateway, toolNames, USER } from "../support/gateway.ts";

const TOOLS = toolNames("github", "gmail", "calendar", "drive");

const HEADERS = { "Authorization": `Bearer ${API_KEY}`, "X-User-Id": USER };
const ISSUE = { repo: "octocat/hello-world", title: "From a client" };
const urlElicitation = { elicitation: { url: {} } };

async function client2025(
  gateway: Gateway,
  capabilities = {},
  query = "",
): Promise<Client2025> {
  const client = new Client2025({ name: "test", version: "1" }, { capabilities });
  const requestInit = { headers: HEADERS };
  const transport = new Transport2025(new URL(`${gateway.url}/mcp${query}`), { requestInit });
  // The SDK's own types disagree under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return client;
}

async function client2026(
  gateway: Gateway,
  capabilities = {},
  query = "",
): Promise<Client2026> {
  const client = new Client2026({ name: "test", version: "1" }, {
    capabilities,
    versionNegotiation: { mode: { pin: "2026-07-28" } },
  });
  const requestInit = { headers: HEADERS };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp${query}`), { requestInit }),
  );
  return client;
}

async function openLink(url: string): Promise<void> {
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open(url));
  await browser.submit(signIn, { form: signInForm(signIn) });
}

for (const [era, connect] of [["2025", client2025], ["2026", client2026]] as const) {
  const said = { "": "", "?output_schemas=true": ", and checks answers by schemas it asked for" };
  for (const [query, also] of Object.entries(said)) {
    Deno.test(`a ${era} client lists the tools and calls them${also}`, async () => {
      await using gateway = await startGateway();
      await gateway.connect("github");
      const client = await connect(gateway, {}, query);
      const { tools } = await client.listTools();
      assertEquals(tools.map(({ name }) => name).sort(), [...TOOLS].sort());
      for (const { name, outputSchema } of tools) {
        assertEquals(outputSchema?.type, also === "" ? undefined : "object", name);
      }
      const created = await client.callTool({ name: "github_create_issue", arguments: ISSUE });
      assert(!created.isError, JSON.stringify(created));
      const structured = created.structuredContent as { number: number };
      assertEquals(structured.number, 1);
      const missing = await client.callTool({ name: "calendar_list_events", arguments: {} });
      assertEquals(missing.isError, true);
      const wrong = await client.callTool({ name: "github_get_issue", arguments: { repo: "x" } });
      assertEquals(wrong.isError, true);
      await assertRejects(
        () => client.callTool({ name: "no_such_tool", arguments: {} }),
        Error,
        "Unknown tool: no_such_tool",
      );
      await client.close();
    });
  }
}

Deno.test("a 2025 client that opens URLs gets the link as an elicitation", async () => {
  await using gateway = await startGateway();
  const client = await client2025(gateway, urlElicitation);
  const attempt = () => client.callTool({ name: "github_create_issue", arguments: ISSUE });
  const error = await assertRejects(attempt, McpError);
  assertEquals(error.code, ErrorCode.UrlElicitationRequired);
  const [elicitation] =
    (error.data as { elicitations: { url: string; mode: string }[] }).elicitations;
  assertEquals(elicitation?.mode, "url");
  await openLink(elicitation!.url);
  assert(!(await attempt()).isError);
  await client.close();
});

Deno.test("a 2026 client that opens URLs is asked for input, and the call goes on", async () => {
  await using gateway = await startGateway();
  const client = await client2026(gateway, urlElicitation);
  const asked: string[] = [];
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    assertEquals(params.mode, "url");
    const { url } = params as { url: string };
    asked.push(url);
    await openLink(url);
    return { action: "accept" };
  });
  const created = await client.callTool({ name: "github_create_issue", arguments: ISSUE });
  assert(!created.isError, JSON.stringify(created));
  assertEquals(asked.length, 1);
  await client.close();
});

Deno.test("a 2026 client whose person says no is told in words", async () => {
  await using gateway = await startGateway();
  const client = await client2026(gateway, urlElicitation);
  client.setRequestHandler("elicitation/create", () => ({ action: "decline" }));
  const refused = await client.callTool({ name: "github_create_issue", arguments: ISSUE });
  assertEquals(refused.isError, true);
  assertStringIncludes(JSON.stringify(refused.content), "is not connected yet");
  await client.close();
});

Deno.test("both eras list the same tools, with schemas, hints and titles", async () => {
  await using gateway = await startGateway();
  const [old, modern] = [await client2025(gateway), await client2026(gateway)];
  const [a, b] = [(await old.listTools()).tools, (await modern.listTools()).tools];
  assertEquals(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
  for (const tool of a) {
    assertMatch(tool.name, /^(github|gmail|calendar|drive)_[a-z_]{1,33}$/);
    assert((tool.description ?? "").length > 20, tool.name);
    assert(tool.title, tool.name);
    // ChatGPT's directory takes no tool that leaves one of them to the protocol (August 2026).
    for (const hint of ["readOnlyHint", "destructiveHint", "openWorldHint"] as const) {
      assertEquals(typeof tool.annotations?.[hint], "boolean", `${tool.name}: ${hint}`);
    }
    assertEquals(tool.inputSchema.type, "object");
    assert(!("account" in (tool.inputSchema.properties ?? {})), tool.name);
  }
  await Promise.all([old.close(), modern.close()]);
});

Deno.test("clients of both eras hear what their person has connected, and only of what they may use", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github", { account: "octocat" });
  await gateway.connect("github", { userId: "bob", account: "admin" });
  await gateway.connect("google", { userId: "bob" });
  const heard = async (query = "") => {
    const clients = [await client2025(gateway, {}, query), await client2026(gateway, {}, query)];
    const [old, modern] = clients.map((client) => client.getInstructions());
    await Promise.all(clients.map((client) => client.close()));
    assertEquals(old, modern);
    return old!;
  };
  const all = await heard();
  assertStringIncludes(all, "Connected: GitHub (“octocat”).");
  assertStringIncludes(all, "Can be connected: Gmail; Google Calendar; Google Drive.");
  assert(!/admin|@/.test(all), "of nobody else");
  const narrowed = await heard("?services=calendar");
  assert(!/GitHub|octocat|Gmail|Drive/.test(narrowed), narrowed);
  assertStringIncludes(narrowed, "Nothing is connected yet. Can be connected: Google Calendar.");
  assertEquals(await heard("?tools=github_comment"), await heard("/github"));
  assert(!/GitHub|octocat/.test(await heard("?services=nothing")));
});

Deno.test("bare JSON-RPC is answered as plain JSON", async () => {
  await using gateway = await startGateway();
  for (const path of ["/mcp", "/mcp/sse", "/sse", "/mcp/github", "/mcp/google"]) {
    const list = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: "x" }, { path });
    assertEquals(list.status, 200, path);
    assertMatch(list.headers.get("Content-Type") ?? "", /^application\/json/);
    assertEquals(list.json.id, "x");
    const google = ["gmail", "calendar", "drive"];
    const expected = path === "/mcp/github"
      ? toolNames("github")
      : path === "/mcp/google"
      ? toolNames(...google)
      : toolNames("github", ...google);
    const names = list.json.result.tools.map(({ name }: { name: string }) => name);
    assertEquals(names, expected, path);
  }
  const outside = await gateway.mcp(call("calendar_list_events"), { path: "/mcp/github" });
  assertEquals(outside.json.error.code, -32602);
});

Deno.test("a batch is answered as a batch, a notification with 202", async () => {
  await using gateway = await startGateway();
  const ping = (id: number) => ({ jsonrpc: "2.0", method: "ping", id });
  const batch = await gateway.mcp([ping(1), ping(2)]);
  assertEquals(batch.json.map(({ id }: { id: number }) => id).sort(), [1, 2]);
  const note = await gateway.mcp({ jsonrpc: "2.0", method: "notifications/initialized" });
  assertEquals([note.status, note.text], [202, ""]);
});

Deno.test("what is not a POST of JSON with a key is refused", async () => {
  await using gateway = await startGateway();
  const ping = { jsonrpc: "2.0", method: "ping", id: 1 };
  const none = await gateway.mcp(ping, { key: null });
  assertEquals([none.status, none.json.error], [401, "login_required"]);
  assertStringIncludes(none.headers.get("WWW-Authenticate") ?? "", "Bearer");
  assertEquals((await gateway.mcp(ping, { key: "wrong" })).status, 401);
  const nobodys = await gateway.mcp(ping, { userId: null });
  assertEquals(nobodys.status, 400);
  assertStringIncludes(nobodys.json.error_description, "X-User-Id");
  assertEquals((await gateway.mcp(ping, { userId: "a/b" })).status, 400);
  assertEquals((await gateway.mcp(ping, { path: "/mcp/nothing" })).status, 404);
  for (const method of ["GET", "DELETE"]) {
    const answer = await gateway.api("/mcp", { method });
    assertEquals(answer.status, 405);
    assertEquals(answer.headers.get("Allow"), "POST");
  }
  const faulty: [body: string, code: number, message: string][] = [
    ["{", -32700, "Parse error: the body is not valid JSON"],
    ["[".repeat(100), -32600, "Invalid request: the body is too complex"],
  ];
  for (const [body, code, message] of faulty) {
    const { status, json } = await gateway.mcp(body);
    assertEquals([status, json], [400, { jsonrpc: "2.0", error: { code, message }, id: null }]);
  }
  const large = await gateway.mcp(`{"x":"${"a".repeat(1024 * 1024)}"}`);
  assertEquals(large.status, 413);
  const form = await gateway.mcp("a=b", {
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  assertEquals(form.status, 415);
});

Deno.test("a page of another origin may not call, one of this machine may", async () => {
  await using gateway = await startGateway({ env: { ALLOWED_HOSTS: "app.example.com" } });
  const ping = { jsonrpc: "2.0", method: "ping", id: 1 };
  for (const origin of ["https://evil.example", "null", "https://localhost.evil.example"]) {
    const answer = await gateway.mcp(ping, { headers: { Origin: origin } });
    assertEquals([answer.status, answer.json.error], [403, "forbidden_origin"], origin);
    // Nor does it learn which addresses there are.
    const nowhere = await gateway.mcp(ping, { path: "/nowhere", headers: { Origin: origin } });
    assertEquals([nowhere.status, nowhere.json.error], [403, "forbidden_origin"], origin);
  }
  for (const origin of ["http://localhost:6274", "http://127.0.0.1:1", "https://app.example.com"]) {
    const answer = await gateway.mcp(ping, { headers: { Origin: origin } });
    assertEquals(answer.status, 200, origin);
    assertEquals(answer.headers.get("Access-Control-Allow-Origin"), origin);
  }
  const preflight = await fetch(`${gateway.url}/mcp`, {
    method: "OPTIONS",
    headers: {
      "Origin": "http://localhost:6274",
      "Access-Control-Request-Method": "POST",
      "Access-Control-Request-Headers": "authorization,content-type,mcp-protocol-version",
    },
  });
  assertEquals(preflight.status, 204);
  const allowed = preflight.headers.get("Access-Control-Allow-Headers")?.toLowerCase() ?? "";
  for (const name of ["authorization", "content-type", "mcp-protocol-version", "x-user-id"]) {
    assertStringIncludes(allowed, name);
  }
});

Deno.test("wrong arguments are named, and change nothing", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const { json } = await gateway.mcp(call("create_issue", { repo: "octocat/hello-world" }));
  assertEquals(json.result.isError, true);
  assertStringIncludes(json.result.content[0].text, "title");
  const extra = await gateway.mcp(call("create_issue", { ...ISSUE, colour: "red" }));
  assertStringIncludes(extra.json.result.content[0].text, "colour");
});

Deno.test("an API key that is for one service sees and reaches only that", async () => {
  const { digestHex } = await import("../../tasks/key.ts");
  await using gateway = await startGateway({
    env: { API_KEYS: `voice:sha256:${digestHex(API_KEY)}:github` },
  });
  const list = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 });
  assertEquals(list.json.result.tools.length, toolNames("github").length);
  assertEquals((await gateway.mcp(call("calendar_list_events"))).json.error.code, -32602);
  const link = await gateway.api("/links", { body: { user_id: USER, service: "calendar" } });
  assertEquals([link.status, link.json.error], [403, "access_denied"]);
});
