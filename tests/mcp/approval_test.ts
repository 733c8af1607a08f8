import { assertEquals } from "@std/assert";
import type { UpstreamStore } from "../../broker/core/store.ts";
import { type Candidate, MAX_ON_RECORD, reviewUpstream } from "../../mcp/upstream/approval.ts";
import { definitionOf } from "../../mcp/upstream/review.ts";
import { createUpstreamStore } from "../../vault/upstream_records.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testWorld } from "../support/world.ts";

const upstream = "notes";
const instructions = { upstream, definition: definitionOf(null) };

function candidate(name: string, description = ""): Candidate {
  return { upstream, tool: `notes_${name}`, definition: definitionOf({ name, description }) };
}

function names(verdicts: Awaited<ReturnType<typeof reviewUpstream>>): string[] {
  return [...verdicts].filter(([, { isApproved }]) => isApproved).map(([name]) => name).sort();
}

Deno.test("a server that makes up names does not fill the store, and keeps those it had", async () => {
  const deps = { world: testWorld(), store: createUpstreamStore(memoryRecords()) };
  const known = candidate("known");
  for (let from = 0; from < 1_400; from += 200) {
    const made = Array.from({ length: 199 }, (_none, index) => candidate(`t${from + index}`));
    await reviewUpstream(deps, instructions, [known, ...made]);
  }
  // One of them for the instructions.
  assertEquals((await deps.store.list(upstream)).length, MAX_ON_RECORD + 1);
  assertEquals(names(await reviewUpstream(deps, instructions, [known, candidate("new")])), [
    "notes_known",
  ]);
  assertEquals(deps.world.events.at(-1), {
    level: "error",
    event: "upstream_too_many_tools",
    upstream,
    count: 1,
  });
  // Another upstream's records are its own.
  assertEquals(await deps.store.count("note"), 0);
});

Deno.test("of two processes that see different first lists one is right, and the other withholds", async () => {
  const records = memoryRecords();
  const store = createUpstreamStore(records);
  // Each has read that there is nothing before either writes.
  const { promise: both, resolve } = Promise.withResolvers<void>();
  let reading = 0;
  const waiting = (): UpstreamStore => {
    let hasRead = false;
    return {
      ...store,
      async get(name, tool) {
        const found = await store.get(name, tool);
        if (tool === undefined || hasRead) return found;
        hasRead = true;
        if (++reading === 2) resolve();
        await both;
        return found;
      },
    };
  };
  const reviews = ["a", "b"].map((description) =>
    reviewUpstream({ world: testWorld(), store: waiting() }, instructions, [
      candidate("x", description),
    ])
  );
  const approved = (await Promise.all(reviews)).map(names);
  assertEquals(approved.map((list) => list.length).sort(), [0, 1]);
});
