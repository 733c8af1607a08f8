import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Client as Client2026, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport as Transport2025 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { MAX_PAGES } from "../../mcp/upstream/list.ts";
import { LIST_TTL_MS } from "../../mcp/upstream/lists.ts";
import { MAX_TOOLS } from "../../mcp/upstream/judge.ts";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { ODD_TOOLS } from "../support/odd_tools.ts";
import { runDeno } from "../support/process.ts";
import { remoteTool, startUpstream, type UpstreamDouble } from "../support/upstream_double.ts";
import denoJson from "../../deno.json" with { type: "json" };

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const HEADERS = { "Authorization": `Bearer ${API_KEY}`, "X-User-Id": USER };

async function startWith({ url }: UpstreamDouble, more = {}): Promise<Gateway> {
  const UPSTREAMS = JSON.stringify([{ name: "notes", url, ...more }]);
  const gateway = await startGateway({ env: { UPSTREAMS } });
  // A list does not wait long for an upstream; on a slow machine it must.
  gateway.world.speed = 0.02;
  return gateway;
}

async function listed(gateway: Gateway): Promise<string[]> {
  const { json } = await gateway.mcp(LIST, { path: "/mcp/notes?mode=list" });
  return json.result.tools.map(({ name }: { name: string }) => name);
}

const events = (gateway: Gateway, event: string) =>
  gateway.world.events.filter((each) => each.event === event);

async function task({ kvPath }: Gateway): Promise<string> {
  const command = denoJson.tasks.upstreams.command.split(" ").slice(1);
  await using program = runDeno(command, { KV_PATH: kvPath });
  await program.ended;
  return program.output();
}

Deno.test("clients of both eras take a list with all kinds of odd tools, and compile every schema", async () => {
  await using notes = startUpstream({ tools: ODD_TOOLS.map(({ tool }) => tool) });
  await using gateway = await startWith(notes);
  const good = ODD_TOOLS.filter(({ fault }) => fault === undefined);
  const names = await listed(gateway);
  assertEquals(names.length, good.length);
  assertEquals(new Set(names).size, names.length);
  const url = new URL(`${gateway.url}/mcp?mode=list`);
  const requestInit = { headers: HEADERS };
  const old = new Client2025({ name: "test", version: "1" });
  await old.connect(new Transport2025(url, { requestInit }) as Parameters<typeof old.connect>[0]);
  const pin = { mode: { pin: "2026-07-28" } } as const;
  const modern = new Client2026({ name: "test", version: "1" }, { versionNegotiation: pin });
  await modern.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  const ajv = new AjvJsonSchemaValidator();
  for (const client of [old, modern]) {
    const { tools } = await client.listTools();
    const own = tools.filter(({ name }) => name.startsWith("notes_"));
    assertEquals(own.map(({ name }) => name), names);
    for (const { name, inputSchema, outputSchema } of own) {
      assert(/^[A-Za-z0-9_-]{1,64}$/.test(name), name);
      ajv.getValidator(inputSchema as Parameters<typeof ajv.getValidator>[0]);
      if (outputSchema === undefined) continue;
      ajv.getValidator(outputSchema as Parameters<typeof ajv.getValidator>[0]);
    }
    await client.close();
  }
  // Those that are not there are told of by name, and once.
  gateway.world.skew += LIST_TTL_MS + 1;
  await listed(gateway);
  const told = events(gateway, "upstream_tools_left_out");
  const bad = ODD_TOOLS.filter(({ fault }) => fault === "input_not_an_object")
    .map(({ tool }) => (tool as { name: string }).name);
  assertEquals(
    told.filter(({ reason }) => reason === "input_not_an_object").map(({ tools }) => tools),
    [bad.join(" ")],
  );
  const output = await task(gateway);
  assertStringIncludes(output, "bad_any_of: input_not_an_object");
  assertStringIncludes(output, `${good.length} approved, 0 withheld, `);
  notes.tools = [remoteTool("x")];
  gateway.world.skew += LIST_TTL_MS + 1;
  await listed(gateway);
  assert(!(await task(gateway)).includes("bad_any_of: "));
});

Deno.test("what an upstream's errors look like fits no schema of its own, and no client minds", async () => {
  const outputSchema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
  await using notes = startUpstream({
    tools: [remoteTool("read", "Reads.", { outputSchema })],
    answer: () => {
      throw { code: -32000, message: "no" };
    },
  });
  await using gateway = await startWith(notes);
  await listed(gateway);
  const client = new Client2025({ name: "test", version: "1" });
  const transport = new Transport2025(new URL(`${gateway.url}/mcp?mode=list`), {
    requestInit: { headers: HEADERS },
  });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  await client.listTools();
  const result = await client.callTool({ name: "notes_read", arguments: {} });
  assertEquals(result.isError, true);
  await client.close();
});

Deno.test("a thousand tools are listed, page by page, and of what is beyond it is said how much", async () => {
  const PAGE = 40;
  const pageOf = (at: number) =>
    Array.from({ length: PAGE }, (_none, n) => remoteTool(`t${at * PAGE + n}`, "説明".repeat(200)));
  let end: Record<string, unknown> = {};
  let pages = 25;
  await using notes = startUpstream({
    list: ({ params }) => {
      const at = Number(params?.cursor ?? 0);
      const tools = pageOf(at);
      const more = at + 1 < pages ? { nextCursor: String(at + 1) } : end;
      return Response.json({ jsonrpc: "2.0", id: notes.lastId, result: { tools, ...more } });
    },
  });
  await using gateway = await startWith(notes);
  for (const last of [{}, { nextCursor: null }, { nextCursor: "" }, { nextCursor: 5 }]) {
    end = last;
    gateway.world.skew += LIST_TTL_MS + 1;
    assertEquals((await listed(gateway)).length, 1_000, JSON.stringify(last));
  }
  assertEquals(events(gateway, "upstream_tools_left_out"), []);
  const { json } = await gateway.mcp(call("notes_t999"));
  assertEquals(json.result.content[0].text, "called t999");
  pages = 26;
  gateway.world.skew += LIST_TTL_MS + 1;
  assertEquals((await listed(gateway)).length, MAX_TOOLS);
  const [beyond] = events(gateway, "upstream_tools_left_out");
  assertEquals([beyond!.reason, beyond!.count], ["too_many", 40]);
  // In circles, and without an end.
  pages = 2;
  end = { nextCursor: "1" };
  gateway.world.skew += LIST_TTL_MS + 1;
  assertEquals((await listed(gateway)).length, 2 * PAGE);
  const [cut] = events(gateway, "upstream_list_cut_off");
  assertStringIncludes(String(cut!.detail), "a page came again");
  assertStringIncludes(await task(gateway), "a page came again");
});

Deno.test("pages without an end are cut off, and those that came are listed", async () => {
  let asked = 0;
  await using notes = startUpstream({
    list: () => {
      const result = { tools: [remoteTool(`t${asked}`)], nextCursor: String(++asked) };
      return Response.json({ jsonrpc: "2.0", id: notes.lastId, result });
    },
  });
  await using gateway = await startWith(notes);
  assertEquals((await listed(gateway)).length, MAX_PAGES);
  assertEquals(asked, MAX_PAGES);
  const [cut] = events(gateway, "upstream_list_cut_off");
  assertEquals(cut!.detail, `too many pages, after ${MAX_PAGES} pages and ${MAX_PAGES} tools`);
});

Deno.test("a call has the upstream's own names of properties, whatever they are listed as", async () => {
  const inputSchema = { type: "object", properties: { $filter: {}, x: {} }, required: ["$filter"] };
  await using notes = startUpstream({ tools: [{ name: "find", inputSchema }] });
  await using gateway = await startWith(notes);
  const { json } = await gateway.mcp(LIST, { path: "/mcp/notes?mode=list" });
  assertEquals(json.result.tools[0].inputSchema.required, ["_filter"]);
  await gateway.mcp(call("notes_find", { _filter: "a eq 1", x: 2 }));
  const called = notes.heard.find(({ method }) => method === "tools/call");
  assertEquals(called!.params.arguments, { $filter: "a eq 1", x: 2 });
});
