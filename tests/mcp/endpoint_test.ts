import { assertEquals } from "@std/assert";
import { z } from "zod";
import type { CallBroker } from "../../broker/core/call.ts";
import type { Caller } from "../../mcp/call.ts";
import { type Catalogue, createCatalogue, type Visitor } from "../../mcp/catalogue.ts";
import { createMcpEndpoint } from "../../mcp/endpoint.ts";
import type { Provider, Tool } from "../../providers/provider.ts";
import { envelope, modern as modernHeaders } from "../support/hang_up_requests.ts";
import { testWorld } from "../support/world.ts";

function tool(name: string, readOnly: boolean, aliases: string[] = []): Tool {
  return {
    name,
    title: name,
    description: name,
    service: "notes",
    scopes: [],
    aliases,
    hints: { readOnly },
    input: z.strictObject({}),
    output: z.object({ done: z.string() }),
    run: () => Promise.resolve({ text: name, data: { done: name } }),
  };
}

const TOOLS = [tool("notes_read", true, ["read_notes"]), tool("notes_write", false)];
const named = { name: "notes", title: "Notes" };
const services = [{ ...named, scopes: [] }];
const provider = { ...named, services, tools: TOOLS } as Partial<Provider> as Provider;

/** Nothing here asks for a provider token; each call runs. */
const broker: CallBroker = {
  token: () => Promise.reject(new Error("A tool asked for a token")),
  once: async (_key, run) => ({ kind: "outcome", outcome: await run(), repeated: false }),
};

/** An endpoint, and what its catalogue was asked. */
function endpoint() {
  const looked: { name: string; visitor: Visitor }[] = [];
  const catalogue: Catalogue = createCatalogue([provider]);
  const counting: Catalogue = {
    list: (visitor) => catalogue.list(visitor),
    listing: (visitor) => catalogue.listing(visitor),
    services: (filter) => catalogue.services(filter),
    find(name, visitor) {
      looked.push({ name, visitor });
      return catalogue.find(name, visitor);
    },
    missingScope: (name, visitor) => catalogue.missingScope(name, visitor),
  };
  const post = createMcpEndpoint({
    world: testWorld(),
    broker,
    catalogue: counting,
    fetch: () => Promise.reject(new Error("A tool went out")),
    serverInfo: { name: "test", title: "Test", version: "1" },
    instructions: "",
  });
  return {
    looked: () => looked.map(({ name }) => name),
    visitors: () => looked.map(({ visitor }) => visitor),
    /** What was missing, or the texts and error codes of the answers. */
    async ask(body: unknown, filter: Caller["filter"] = {}, headers: Record<string, string> = {}) {
      const request = new Request("https://sb.example.com/mcp", {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
      const actor = { kind: "app", id: "voice" } as const;
      const answer = await post(request, body, { subject: "voice:u", actor, filter });
      if ("missingScope" in answer) return answer;
      const text = answer instanceof Response ? await answer.text() : answer.text ?? "[]";
      const replies = [JSON.parse(text)].flat();
      return replies.map(({ result, error }) => error?.code ?? result.content?.[0].text);
    },
  };
}

const call = (name: unknown, id = 1) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name, arguments: {} },
});

Deno.test("a called name is looked up once, in either era", async () => {
  const old = endpoint();
  assertEquals(await old.ask(call("notes_write")), ["notes_write"]);
  assertEquals(old.looked(), ["notes_write"]);

  const modern = endpoint();
  const { params, ...rest } = call("notes_write");
  const body = { ...rest, params: { ...params, _meta: envelope } };
  const headers = modernHeaders("tools/call", "notes_write");
  assertEquals(await modern.ask(body, {}, headers), ["notes_write"]);
  assertEquals(modern.looked(), ["notes_write"]);
});

Deno.test("each name of a batch is looked up once, however often it is called", async () => {
  const { ask, looked } = endpoint();
  const batch = [call("notes_read", 1), call("notes_write", 2), call("notes_read", 3)];
  const names = ["notes_read", "notes_write", "notes_read"];
  assertEquals(await ask(batch), names);
  assertEquals(looked(), ["notes_read", "notes_write"]);
});

Deno.test("what is no tool is looked up once, too", async () => {
  for (const name of ["gone", "", "__proto__", "constructor"]) {
    const { ask, looked } = endpoint();
    assertEquals(await ask(call(name)), [-32602], name);
    assertEquals(looked(), [name]);
  }
});

Deno.test("nothing is looked up where no tool is named", async () => {
  const { ask, looked } = endpoint();
  await ask({ jsonrpc: "2.0", id: 1, method: "ping" });
  await ask({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  await ask(call(7));
  await ask(call({ name: "notes_read" }));
  await ask({ jsonrpc: "2.0", id: 1, method: "tools/call" });
  assertEquals(looked(), []);
});

Deno.test("a call says which scope its caller lacks, and does not run", async () => {
  const missing: [name: string, scopes: string[], answer: unknown][] = [
    ["notes_read", [], { missingScope: "notes:read" }],
    ["read_notes", ["github"], { missingScope: "notes:read" }],
    ["notes_write", ["notes:read"], { missingScope: "notes" }],
    ["notes_read", ["notes:read"], ["notes_read"]],
    ["notes_write", ["notes"], ["notes_write"]],
  ];
  for (const [name, scopes, answer] of missing) {
    const { ask, looked, visitors } = endpoint();
    assertEquals(await ask(call(name), { scopes }), answer, `${name} with ${scopes}`);
    // Looked up with the scopes that are there: an upstream must not hear of whoever lacks them.
    assertEquals([looked(), visitors().map(({ filter }) => filter.scopes)], [[name], [scopes]]);
  }
});

Deno.test("one call of a batch that lacks its scope keeps all of it from running", async () => {
  const { ask } = endpoint();
  const batch = [call("notes_read", 1), call("notes_write", 2)];
  assertEquals(await ask(batch, { scopes: ["notes:read"] }), { missingScope: "notes" });
});

Deno.test("a scope does not bring in what another filter keeps out", async () => {
  const scopes = ["notes"];
  for (const filter of [{ services: ["github"] }, { tools: ["notes_read"] }, { readOnly: true }]) {
    const { ask } = endpoint();
    assertEquals(await ask(call("notes_write"), { ...filter, scopes }), [-32602]);
    // Nor does the lack of one tell that there is something to be had.
    assertEquals(await ask(call("notes_write"), { ...filter, scopes: [] }), [-32602]);
  }
});
