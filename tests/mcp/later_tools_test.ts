import { assert, assertEquals, assertRejects } from "@std/assert";
import { z } from "zod";
import type { CallBroker } from "../../broker/core/call.ts";
import { CALL_TIMEOUT_MS, callTool } from "../../mcp/call.ts";
import { createCatalogue } from "../../mcp/catalogue.ts";
import { knownTools } from "../../mcp/known_tool.ts";
import { type Provider, type Tool, tool } from "../../providers/provider.ts";
import { handWorld } from "../support/hand_world.ts";

const caller = {
  subject: "voice:u",
  actor: { kind: "app", id: "voice" },
  filter: {},
} as const;

/** Nothing here asks for a provider token; each call runs. */
const broker: CallBroker = {
  token: () => Promise.reject(new Error("A tool asked for a token")),
  once: async (_key, run) => ({ kind: "outcome", outcome: await run(), repeated: false }),
};

function note(name: string, formerly = {}): Tool {
  return tool({
    ...{ name, formerly, service: "notes", title: "Note", description: "Notes.", scopes: [] },
    hints: { readOnly: false },
    input: z.strictObject({ text: z.string(), loud: z.boolean().default(false) }),
    output: z.object({ said: z.string() }),
    run: ({ text, loud }) => {
      const said = loud ? `${text}!` : text;
      return Promise.resolve({ text: said, data: { said } });
    },
  });
}

const TOOLS = [
  note("notes_say", { notes_shout: { args: { loud: true }, only: ["text"] } }),
  note("notes_add"),
];

/** Tools that are loaded as it is said, and what is called of them. */
function later(load: () => Promise<Tool[]>) {
  const world = handWorld(() => false);
  const known = TOOLS.flatMap(knownTools);
  const named = { name: "notes", title: "Notes", services: [], tools: [] };
  const provider = { ...named, later: { known, load } } as Partial<Provider> as Provider;
  const catalogue = createCatalogue([provider]);
  const deps = { world, broker, fetch };
  return {
    world,
    catalogue,
    async call(name: string, args: unknown = { text: "a" }) {
      const entry = await catalogue.find(name, caller);
      const asker = new AbortController();
      const asked = { name, args, id: 1, countsCalls: false, asker };
      const outcome = await callTool(deps, caller, entry, asked);
      assert(outcome.kind === "result" || outcome.kind === "error");
      return outcome;
    },
  };
}

Deno.test("tools are listed without their code, which first calls load once, also at the same time", async () => {
  let loads = 0;
  const code = Promise.withResolvers<Tool[]>();
  const { catalogue, call } = later(() => {
    loads += 1;
    return code.promise;
  });
  const filter = { outputSchemas: true, tools: ["notes_say", "notes_shout"] };
  const listed = await catalogue.list({ ...caller, filter });
  const direct = createCatalogue([
    { name: "notes", services: [], tools: TOOLS } as Partial<Provider> as Provider,
  ]);
  assertEquals(listed, await direct.list({ ...caller, filter }));
  assertEquals([listed.length, loads], [2, 0]);
  const calls = [call("notes_say"), call("notes_say"), call("notes_add"), call("notes_shout")];
  code.resolve(TOOLS);
  const texts = (await Promise.all(calls)).map(({ text }) => text);
  assertEquals(texts, ["a", "a", "a", "a!"]);
  assertEquals((await call("notes_add", { text: "b" })).text, "b");
  assertEquals(loads, 1);
});

Deno.test("arguments are judged by the code, also of the first call", async () => {
  const { call } = later(() => Promise.resolve(TOOLS));
  const outcome = await call("notes_shout", { text: "a", loud: false });
  assert(outcome.kind === "error");
  assertEquals(outcome.code, "invalid_arguments");
});

Deno.test("tools that cannot be loaded say so, and are tried again with the next call", async () => {
  let loads = 0;
  const { world, call } = later(() =>
    ++loads === 1
      ? Promise.reject(new TypeError("Module not found: a secret"))
      : Promise.resolve(TOOLS)
  );
  const text =
    "Notes could not be used just now: its tools could not be loaded. Nothing was done. " +
    "Try again in a moment.";
  const failed = { kind: "error" as const, code: "server_error", text };
  assertEquals(await Promise.all([call("notes_say"), call("notes_add")]), [failed, failed]);
  assertEquals(
    world.events,
    ["notes_say", "notes_add"].map((tool) => ({
      ...{ level: "error", event: "tools_not_loaded", tool, detail: "TypeError" },
    })),
  );
  assertEquals((await call("notes_say")).text, "a");
  assertEquals(loads, 2);
});

Deno.test("a call does not wait for code without end, and what comes late serves the next one", async () => {
  const code = Promise.withResolvers<Tool[]>();
  const { world, catalogue, call } = later(() => code.promise);
  const waiting = call("notes_say");
  await world.pass(CALL_TIMEOUT_MS - 1);
  assertEquals((await catalogue.list(caller)).length, 2);
  assertEquals(world.events, []);
  await world.pass(1);
  const outcome = await waiting;
  assert(outcome.kind === "error");
  assertEquals(outcome.code, "server_error");
  code.resolve(TOOLS);
  assertEquals((await call("notes_say")).text, "a");
});

Deno.test("a tool that is known and has no code is not called", async () => {
  const { catalogue, world, call } = later(() => Promise.resolve(TOOLS.slice(1)));
  const entry = await catalogue.find("notes_say", caller);
  assert(entry?.kind === "own");
  await assertRejects(() => entry.load(), TypeError, "run `deno task tools`");
  assertEquals((await call("notes_say")).kind, "error");
  assertEquals(world.events.map(({ event }) => event), ["tools_not_loaded"]);
  assertEquals((await call("notes_add")).text, "a");
});
