/**
 * A caller who is gone while an upstream still says how far it is: nobody can
 * be told any more. That must end nothing but the telling.
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Program, startProgram } from "../support/program.ts";
import { type SlowCall, startSlowUpstream } from "../support/slow_upstream.ts";
import { META, MODERN } from "./bad_input/requests.ts";

interface Era {
  name: string;
  headers: Record<string, string>;
  meta: Record<string, unknown>;
}

const STREAM = { "Accept": "application/json, text/event-stream" };
const ERAS: Era[] = [
  { name: "2025, as JSON", headers: { "Accept": "application/json" }, meta: {} },
  { name: "2025, as a stream", headers: STREAM, meta: {} },
  {
    name: "2026",
    headers: {
      ...STREAM,
      "MCP-Protocol-Version": MODERN,
      "Mcp-Method": "tools/call",
      "Mcp-Name": "slow_work",
    },
    meta: {
      [`${META}protocolVersion`]: MODERN,
      [`${META}clientInfo`]: { name: "test", version: "1" },
      [`${META}clientCapabilities`]: {},
    },
  },
];

/** Of its own, or the gateway would give a call that looks the same its answer of before. */
let ids = 0;

function begin(program: Program, { headers, meta }: Era, query = "", signal?: AbortSignal) {
  const params = { name: "slow_work", arguments: {}, _meta: { ...meta, progressToken: "p1" } };
  const body = { jsonrpc: "2.0", method: "tools/call", id: ids += 1, params };
  return program.mcp(body, { path: `/mcp${query}`, headers, signal });
}

/** Tells how far it is many times over, so that one of them finds the caller gone. */
async function goOn(call: SlowCall, program: Program): Promise<void> {
  for (let step = 0; step < 20; step++) {
    // What the gateway does with it is done before it answers what it was asked later.
    call.progress();
    await program.health();
  }
  call.finish();
}

async function stillServes(program: Program, era: Era, next: Promise<SlowCall>): Promise<void> {
  assertEquals((await program.health()).status, "ok");
  const answer = begin(program, era);
  const call = await next;
  call.progress();
  call.finish();
  assertStringIncludes(await (await answer).text(), "worked");
  assertEquals(program.running.output().match(/unhandled|uncaught/i), null);
}

for (const era of ERAS) {
  Deno.test(`a caller who hangs up while a tool tells how far it is ends nothing else: ${era.name}`, async () => {
    await using upstream = startSlowUpstream();
    await using program = await startProgram({
      env: { UPSTREAMS: JSON.stringify([upstream.entry]) },
    });
    const hangUp = new AbortController();
    const answer = begin(program, era, "", hangUp.signal);
    const read = answer.then((response) => response.text()).catch((error) => error.name);
    const call = await upstream.called();
    call.progress();
    await program.health();
    hangUp.abort();
    assertEquals(await read, "AbortError");
    await goOn(call, program);
    await stillServes(program, era, upstream.called());
  });

  for (const query of ["?timeout_ms=500", "?voice=true"]) {
    Deno.test(`a caller whose ${query} runs out while a tool tells how far it is ends nothing else: ${era.name}`, async () => {
      await using upstream = startSlowUpstream();
      await using program = await startProgram({
        env: { UPSTREAMS: JSON.stringify([upstream.entry]) },
      });
      const answer = begin(program, era, query);
      const call = await upstream.called();
      call.progress();
      assertStringIncludes(await (await answer).text(), "takes longer than usual");
      await goOn(call, program);
      await stillServes(program, era, upstream.called());
    });
  }
}
