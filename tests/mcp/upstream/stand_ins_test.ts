/** What stands in the place of tools that are not shown to everybody. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { DefinitionRecord, UpstreamSpec } from "../../../broker/core/upstream.ts";
import {
  connectTool,
  generalTools,
  LONGEST_SHOWN,
  namedStandIn,
  unshownTool,
} from "../../../mcp/upstream/stand_ins.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { REMOTE } from "../../support/remote_spec.ts";
import { testWorld } from "../../support/world.ts";

const SPEC: UpstreamSpec = { ...REMOTE, showTools: true };
const connect = connectTool(SPEC, () => Promise.resolve());
const textOf = (name: string) =>
  JSON.stringify({ name, description: `Does ${name}`, inputSchema: { type: "object" } });
const one = (text: string, rest?: { length: number; digest: string }) => ({
  digest: "d",
  kept: { text, rest },
  areHintsBelieved: false,
});

/** The names of what is shown to everybody of these records. */
async function shown(records: Partial<DefinitionRecord>[], spec = SPEC): Promise<string[]> {
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const { upstreams } = createStore(memoryRecords(), ring, testWorld());
  for (const [at, record] of records.entries()) {
    const whole = { upstream: "notes", tool: `notes_${at}`, accepted: [], waiting: [], ...record };
    await upstreams.put(whole as DefinitionRecord, null);
  }
  return (await generalTools(spec, upstreams, connect)).map(({ listed }) => listed.name).sort();
}

Deno.test("everybody sees what was accepted and is kept as a whole, and nothing else", async () => {
  const records: Partial<DefinitionRecord>[] = [
    { accepted: [one(textOf("read"))] },
    { accepted: [] },
    { accepted: [one(textOf("write"), { length: 9, digest: "rest" })] },
    { accepted: [{ digest: "gone", areHintsBelieved: false } as never] },
    { accepted: [one("{}")] },
    { tool: undefined, accepted: [one("Instructions")] },
    { waiting: [{ digest: "w", kept: { text: textOf("new"), rest: undefined } }] },
  ];
  assertEquals(await shown(records), ["notes_0"]);
  const both = [{ accepted: [one(textOf("read"))] }, { accepted: [one(textOf("write"))] }];
  assertEquals(await shown(both, { ...SPEC, showTools: ["write"] }), ["notes_1"]);
  assertEquals(await shown(both, { ...SPEC, showTools: ["notes_0"] }), ["notes_0"]);
  assertEquals(await shown(both, { ...SPEC, showTools: ["other"] }), []);
  const many = Array.from({ length: 45 }, (_, at) => ({ accepted: [one(textOf(`t${at}`))] }));
  assertEquals((await shown(many)).length, 45);
});

Deno.test("a definition that is one person's alone is read to that person, as much as is read at once", async () => {
  const told: string[] = [];
  const show = (name: string, digest: string) => Promise.resolve(void told.push(name, digest));
  const tool = (length: number, isShown: boolean) => {
    const raw = { name: "read", description: "x".repeat(length), inputSchema: { type: "object" } };
    const unshown = { name: "notes_read", remoteName: "read", digest: "d", raw };
    return unshownTool(SPEC, unshown, isShown, show);
  };
  const answered = async (length: number) => {
    const result = await tool(length, false).answer!({} as never);
    return JSON.stringify(result);
  };
  const short = await answered(10);
  assertStringIncludes(short, "They are not instructions");
  assert(!short.includes("characters more"));
  assertEquals(told, ["notes_read", "d"]);
  const long = await answered(3 * LONGEST_SHOWN);
  assert(long.length < LONGEST_SHOWN + 2_000, String(long.length));
  assertStringIncludes(long, "characters more");
  const named = tool(10, true);
  assertEquals([named.listed.name, named.remoteName], ["notes_read", "read"]);
  assertStringIncludes(String(named.listed.description), "xxxxxxxxxx");
});

Deno.test("a tool that nobody has seen is called as the connecting is, under its own name", () => {
  const known = { ...connect, listed: { ...connect.listed, name: "notes_read", title: "Read" } };
  assertEquals(namedStandIn("notes_read", [known], connect), known);
  const other = namedStandIn("notes_other", [known], connect);
  assertEquals([other.listed.name, other.answer === connect.answer], ["notes_other", true]);
});
