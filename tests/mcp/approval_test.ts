import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { UpstreamStore } from "../../broker/core/store.ts";
import { type Candidate, MAX_ON_RECORD, reviewUpstream } from "../../mcp/upstream/approval.ts";
import { accept, definitionOf } from "../../mcp/upstream/review.ts";
import { onKv } from "../../vault/deno_kv.ts";
import { definitionKey } from "../../vault/keys.ts";
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
  for (let from = 0; from < 7_000; from += 1_000) {
    const made = Array.from({ length: 999 }, (_none, index) => candidate(`t${from + index}`));
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

Deno.test("what was approved a moment ago is not read again, and its accepting counts later", async () => {
  const store = createUpstreamStore(memoryRecords());
  let reads = 0;
  const counting: UpstreamStore = {
    ...store,
    get: (...of) => (reads++, store.get(...of)),
    list: (...of) => (reads++, store.list(...of)),
  };
  const deps = { world: testWorld(), store: counting, recent: new Map<string, boolean>() };
  const list = [candidate("a"), candidate("b")];
  assertEquals(names(await reviewUpstream(deps, instructions, list)).length, 2);
  reads = 0;
  assertEquals(names(await reviewUpstream(deps, instructions, list)).length, 2);
  assertEquals(reads, 0);
  // Of another form nothing is known, and to have been seen a moment ago is not to be approved.
  for (let lists = 0; lists < 2; lists++) {
    reads = 0;
    assertEquals(names(await reviewUpstream(deps, instructions, [candidate("a", "other")])), []);
    assert(reads > 0);
  }
  const others = { upstream, definition: definitionOf("other words") };
  for (let lists = 0; lists < 2; lists++) {
    assertEquals(names(await reviewUpstream(deps, others, list)), []);
  }
});

Deno.test("a change is told with what helps where lists are people's own, and there alone", async () => {
  const hints = [];
  for (const isPersonal of [false, true]) {
    const world = testWorld();
    const deps = { world, store: createUpstreamStore(memoryRecords()), policy: { isPersonal } };
    await reviewUpstream(deps, instructions, [candidate("x", "a")]);
    for (let lists = 0; lists < 2; lists++) {
      assertEquals(names(await reviewUpstream(deps, instructions, [candidate("x", "b")])), []);
    }
    const [{ event, tool, hint }, ...more] = world.events as Record<string, unknown>[] as [
      Record<string, unknown>,
    ];
    assertEquals([event, tool, more], ["upstream_changed", "notes_x", []]);
    hints.push(hint);
  }
  assertEquals(hints[0], undefined);
  assertStringIncludes(String(hints[1]), '"per_person_definitions": true');
});

Deno.test("a tool that comes later is told of, and waits where the operator wants to see it first", async () => {
  for (const withholdsNew of [false, true]) {
    const world = testWorld();
    const store = createUpstreamStore(memoryRecords());
    const deps = { world, store, policy: { withholdsNew } };
    const first = candidate("first");
    await reviewUpstream(deps, instructions, [first]);
    assertEquals(world.events, []);
    const late = candidate("late");
    for (let lists = 0; lists < 2; lists++) {
      const approved = names(await reviewUpstream(deps, instructions, [first, late]));
      assertEquals(approved, withholdsNew ? ["notes_first"] : ["notes_first", "notes_late"]);
    }
    const what = withholdsNew ? "withheld" : "adopted";
    assertEquals(world.events, [
      { level: "warn", event: "upstream_tool_new", upstream, tool: "notes_late", what },
    ]);
    const { value, version } = (await store.get(upstream, "notes_late"))!;
    assert(await store.put(accept(value, late.definition.digest)!, version));
    assertEquals(names(await reviewUpstream(deps, instructions, [late])), ["notes_late"]);
  }
});

Deno.test("a thousand tools in any language fit their records", async () => {
  const records = onKv(await Deno.openKv(":memory:"));
  const store = createUpstreamStore(records);
  const many = Array.from(
    { length: 1_000 },
    (_none, at) => candidate(`t${at}`, "日本語の説明。".repeat(20)),
  );
  // As long as a definition may be, in letters of three bytes.
  many.push(candidate("long", "語".repeat(20_000)));
  const deps = { world: testWorld(), store };
  assertEquals(names(await reviewUpstream(deps, instructions, many)).length, many.length);
  assertEquals(names(await reviewUpstream(deps, instructions, many)).length, many.length);
  const { text } =
    (await store.text({ upstream, tool: "notes_long" }, many.at(-1)!.definition.digest))!;
  assert(text.includes("語"));
  records.close();
});

Deno.test("a tool keeps its approval under the name that it gets beside a namesake", async () => {
  const world = testWorld();
  const store = createUpstreamStore(memoryRecords());
  const policy = { withholdsNew: true };
  await reviewUpstream({ world, store, policy }, instructions, [candidate("a_b")]);
  const renamed = { ...candidate("a_b"), tool: "notes_a_b_12345678", otherNames: ["notes_a_b"] };
  // Not so what takes the other's place.
  const other = { ...candidate("x"), tool: "notes_a_b_87654321", otherNames: ["notes_a_b"] };
  assertEquals(
    names(await reviewUpstream({ world, store, policy }, instructions, [renamed, other])),
    [
      renamed.tool,
    ],
  );
});

Deno.test("of several earlier names that one counts under which just this was accepted", async () => {
  const deps = {
    world: testWorld(),
    store: createUpstreamStore(memoryRecords()),
    policy: { withholdsNew: true },
  };
  await reviewUpstream(deps, instructions, [candidate("other"), candidate("mine")]);
  const otherNames = ["notes_other", "notes_mine"];
  const renamed = { ...candidate("mine"), tool: "notes_mine_12345678", otherNames };
  assertEquals(names(await reviewUpstream(deps, instructions, [renamed])), [renamed.tool]);
});

Deno.test("records of the form with one definition each are read", async () => {
  const records = memoryRecords();
  const store = createUpstreamStore(records);
  const deps = { world: testWorld(), store };
  const [before, after] = [candidate("x", "before"), candidate("x", "after")];
  const stored = [
    { upstream, approved: instructions.definition, areHintsBelieved: true },
    {
      upstream,
      tool: "notes_x",
      approved: before.definition,
      areHintsBelieved: true,
      waiting: after.definition,
    },
  ];
  for (const value of stored) {
    await records.commit({ sets: [{ key: definitionKey(value), value }] });
  }
  assertEquals(names(await reviewUpstream(deps, instructions, [after])), []);
  assertEquals(deps.world.events.map(({ event }) => event), []);
  const { value, version } = (await store.get(upstream, "notes_x"))!;
  assertEquals(value.waiting[0]!.kept!.text, after.definition.text);
  assert(await store.put(accept(value, after.definition.digest)!, version));
  for (const form of [before, after]) {
    assertEquals(names(await reviewUpstream(deps, instructions, [form])), ["notes_x"]);
  }
});
