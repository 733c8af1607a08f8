import { startProcess } from "../../start/machine.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { denoArgs, runDeno, type Running, systemEnv } from "../support/process.ts";
import { serve } from "../support/serve.ts";
import { freePort } from "../support/free_port.ts";

/** Servers that others wrote, as the registry has them. */
const SERVERS = {
  everything: "npm:@modelcontextprotocol/server-everything@2026.8.31",
  memory: "npm:@modelcontextprotocol/server-memory@2026.8.31",
  filesystem: "npm:@modelcontextprotocol/server-filesystem@2026.8.31",
};
const RUN = ["run", "-A", "--no-config", "--no-lock", "--quiet"];

function local(name: keyof typeof SERVERS, ...args: string[]) {
  return {
    name,
    trust: "same_user",
    command: Deno.execPath(),
    args: denoArgs([...RUN, SERVERS[name], ...args]),
    env: systemEnv(),
  };
}

function startWith(upstreams: unknown[], env: Record<string, string> = {}): Promise<Gateway> {
  return startGateway({ startProcess, env: { UPSTREAMS: JSON.stringify(upstreams), ...env } });
}

/** Lists until an upstream is there: a process takes its time to start, and a list does not wait. */
async function listed(gateway: Gateway, prefix: string): Promise<string[]> {
  for (let tries = 0; tries < 300; tries++) {
    const body = { jsonrpc: "2.0", method: "tools/list", id: 1 };
    const { json } = await gateway.mcp(body, { path: "/mcp?mode=list" });
    const names: string[] = json.result.tools.map(({ name }: { name: string }) => name);
    const own = names.filter((name) => name.startsWith(prefix));
    if (own.length > 0) return own;
    // What failed is tried again after a while by the gateway's clock, what starts needs real time.
    gateway.world.skew += 60_000;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No ${prefix} tools: ${JSON.stringify(gateway.world.events)}`);
}

async function startEverything(): Promise<{ url: string; server: Running }> {
  const port = String(freePort());
  const server = runDeno([...RUN, SERVERS.everything, "streamableHttp"], { PORT: port });
  await server.said(/listening on port/i);
  return { url: `http://localhost:${port}/mcp`, server };
}

Deno.test("tools of a remote server appear under its name and are called", async () => {
  const { url, server } = await startEverything();
  await using _server = server;
  await using gateway = await startWith([{ name: "every", title: "Everything", url }]);
  const names = await listed(gateway, "every_");
  assert(names.includes("every_echo"), names.join(" "));
  const { json } = await gateway.mcp(call("every_echo", { message: "hello" }));
  assertEquals(json.result.content[0].text, "Echo: hello");
  const narrowed = await gateway.mcp(call("every_echo", { message: "x" }), { path: "/mcp/github" });
  assertEquals(narrowed.json.error.code, -32602);
  const own = await gateway.mcp(call("every_echo", { message: "x" }), { path: "/mcp/every" });
  assertEquals(own.json.result.content[0].text, "Echo: x");
});

Deno.test("progress of a remote server reaches the client that asked for it", async () => {
  const { url, server } = await startEverything();
  await using _server = server;
  await using gateway = await startWith([{ name: "every", url }]);
  const names = await listed(gateway, "every_");
  const long = names.find((name) => /long[_-]running/i.test(name))!;
  const client = new Client({ name: "test", version: "1" });
  const headers = { "Authorization": `Bearer ${API_KEY}`, "X-User-Id": USER };
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), {
    requestInit: { headers },
  });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  const seen: number[] = [];
  const result = await client.callTool(
    { name: long, arguments: { duration: 0.2, steps: 2 } },
    undefined,
    { onprogress: ({ progress }) => seen.push(progress) },
  );
  assertStringIncludes(JSON.stringify(result.content), "completed");
  assert(seen.length >= 1, "no progress came through");
  await client.close();
});

/** A server whose tools the test changes, and that notes who calls. */
function startChanging(): {
  url: string;
  seen: (string | null)[];
  tools: unknown[];
  stop: () => Promise<void>;
} {
  const seen: (string | null)[] = [];
  const state = { tools: [] as unknown[] };
  const server = serve(
    async (request) => {
      seen.push(request.headers.get("Authorization"));
      if (request.method !== "POST") return new Response(null, { status: 405 });
      const { id, method, params } = await request.json();
      if (id === undefined) return new Response(null, { status: 202 });
      const result = method === "initialize"
        ? {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: "changing", version: "1" },
        }
        : method === "tools/list"
        ? { tools: state.tools }
        : { content: [{ type: "text", text: `called ${params.name}` }] };
      return Response.json({ jsonrpc: "2.0", id, result });
    },
  );
  const { port } = server;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    get tools() {
      return state.tools;
    },
    set tools(tools) {
      state.tools = tools;
    },
    stop: () => server.close(),
  };
}

const tool = (name: string, description: string) => ({
  name,
  description,
  inputSchema: { type: "object", properties: { x: { type: "string", description: "an x" } } },
});

Deno.test("an upstream gets the subject's provider token, and no other secret", async () => {
  const upstream = startChanging();
  upstream.tools = [tool("read", "Reads.")];
  await using gateway = await startWith([{ name: "gh", url: upstream.url, provider: "github" }]);
  await gateway.connect("github");
  await listed(gateway, "gh_");
  const { json } = await gateway.mcp(call("gh_read"));
  assertEquals(json.result.content[0].text, "called read");
  const { json: token } = await gateway.api("/token/github", { body: { user_id: USER } });
  for (const header of upstream.seen) assertEquals(header, `Bearer ${token.access_token}`);
  const stranger = await gateway.mcp(call("gh_read"), { userId: "stranger" });
  assertEquals(stranger.json.result.isError, true);
  assertStringIncludes(stranger.json.result.structuredContent.connect_url, "/auth/github?");
  await upstream.stop();
});

Deno.test("an upstream that is down or silent takes only its own tools away", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  await using gateway = await startWith([
    { name: "down", url: `http://127.0.0.1:${freePort()}/mcp` },
    { name: "silent", url: `http://127.0.0.1:${port}/mcp`, timeout_ms: 500 },
  ]);
  gateway.world.speed = 20;
  const { json } = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 });
  assert(json.result.tools.length >= 9);
  silent.close();
});

Deno.test("schemas go through unchanged, and long names end in a hash that stays", async () => {
  const upstream = startChanging();
  const long = "a_tool_with_a_name_that_is_much_longer_than_clients_can_take_in";
  upstream.tools = [tool(long, "Long."), tool("dots.and/slashes", "Odd.")];
  await using gateway = await startWith([{ name: "notes", url: upstream.url }]);
  const names = await listed(gateway, "notes_");
  for (const name of names) assertMatch(name, /^[A-Za-z0-9_-]{1,64}$/);
  assert(names.includes("notes_dots_and_slashes"));
  const { json } = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 });
  const shown = json.result.tools.find(({ name }: { name: string }) => name === names[0]);
  assertEquals(shown.inputSchema, tool("", "").inputSchema);
  const called = await gateway.mcp(call(names[0]!));
  assertEquals(called.json.result.content[0].text, `called ${long}`);
  await upstream.stop();
});

Deno.test("a slow upstream's write is done once, and is not cancelled", async () => {
  const methods: string[] = [];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = serve(
    async (request) => {
      if (request.method !== "POST") return new Response(null, { status: 405 });
      const { id, method, params } = await request.json();
      methods.push(method);
      if (id === undefined) return new Response(null, { status: 202 });
      if (method === "tools/call") await released;
      const result = method === "initialize"
        ? {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: "slow", version: "1" },
        }
        : method === "tools/list"
        ? { tools: [tool("write", "Writes.")] }
        : { content: [{ type: "text", text: "written" }] };
      return Response.json({ jsonrpc: "2.0", id, result });
    },
  );
  const { port } = server;
  await using gateway = await startWith([{ name: "slow", url: `http://127.0.0.1:${port}/mcp` }]);
  await listed(gateway, "slow_");
  const headers = { "Idempotency-Key": "once" };
  const write = (path: string) => gateway.mcp(call("slow_write"), { path, headers });
  const late = await write("/mcp?timeout_ms=500");
  assertStringIncludes(late.json.result.content[0].text, "takes longer than usual");
  release();
  const again = await write("/mcp");
  assertEquals(again.json.result.content[0].text, "written");
  assertEquals(methods.filter((method) => method === "tools/call").length, 1);
  assert(!methods.includes("notifications/cancelled"), methods.join(" "));
  await server.close();
});

Deno.test({
  name: "local servers over stdio: one that remembers, one that reads files",
  // The SDK's stdio client ends its process and leaves the timer behind that would have ended it
  // the hard way. It is the last test, so that these timers end in no other.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/note.txt`, "Buy milk");
    await using gateway = await startWith([
      { ...local("memory"), env: { ...systemEnv(), MEMORY_FILE_PATH: `${folder}/memory.jsonl` } },
      local("filesystem", folder),
      local("everything", "stdio"),
    ]);
    await listed(gateway, "everything_");
    const echo = await gateway.mcp(call("everything_echo", { message: "over stdio" }, "e1"));
    assertEquals(echo.json.result.content[0].text, "Echo: over stdio");
    await listed(gateway, "memory_");
    await listed(gateway, "filesystem_");
    const entity = { name: "Ana", entityType: "person", observations: ["likes tea"] };
    await gateway.mcp(call("memory_create_entities", { entities: [entity] }, "m1"));
    const graph = await gateway.mcp(call("memory_read_graph", {}, "m2"));
    assertStringIncludes(JSON.stringify(graph.json.result), "likes tea");
    const file = await gateway.mcp(
      call("filesystem_read_text_file", { path: `${folder}/note.txt` }, "f1"),
    );
    assertStringIncludes(JSON.stringify(file.json.result), "Buy milk");
    const outside = await gateway.mcp(
      call("filesystem_read_text_file", { path: "/etc/passwd" }, "f2"),
    );
    assertEquals(outside.json.result.isError, true);
    await Deno.remove(folder, { recursive: true });
  },
});
