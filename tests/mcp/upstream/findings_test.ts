import { assertEquals } from "@std/assert";
import {
  FINDING_MS,
  Findings,
  MAX_FINDINGS,
  type NotListed,
} from "../../../mcp/upstream/findings.ts";
import { createUpstreamStore } from "../../../vault/upstream_records.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";

const upstream = "notes";
const odd = (what: string, reason = "malformed"): NotListed => ({ reason, what });

function start() {
  const world = testWorld();
  const store = createUpstreamStore(memoryRecords());
  let written = 0;
  const putReport: typeof store.putReport = (report) => (written++, store.putReport(report));
  const deps = { world, store: { ...store, putReport } };
  return {
    world,
    deps,
    findings: new Findings(upstream, deps),
    written: () => written,
    async kept() {
      return (await store.report(upstream))?.findings.map(({ what }) => what).sort() ?? [];
    },
  };
}

Deno.test("what is left out is told once, and said again when something else is", async () => {
  const { world, findings, written, kept } = start();
  for (let lists = 0; lists < 5; lists++) await findings.note([odd("a"), odd("b")], false);
  const told = () => world.events.map(({ tools, count }) => [tools, count]);
  assertEquals([told(), written()], [[["a b", 2]], 1]);
  await findings.note([odd("a"), odd("b"), odd("c")], false);
  assertEquals(told(), [["a b", 2], ["a b c", 3]]);
  assertEquals(await kept(), ["a", "b", "c"]);
  // What is mended at the upstream is gone.
  await findings.note([odd("c")], false);
  assertEquals(await kept(), ["c"]);
  await findings.note([], false);
  assertEquals(await kept(), []);
});

Deno.test("what an earlier process found is over when everything is there", async () => {
  const { deps, findings, kept } = start();
  await findings.note([odd("a")], false);
  await new Findings(upstream, deps).note([], false);
  assertEquals(await kept(), []);
});

Deno.test("what is left out of one person's list stays when another one's is whole, for a day", async () => {
  const { world, deps, findings, written, kept } = start();
  await findings.note([odd("of_ana")], true);
  await findings.note([], true);
  await findings.note([odd("of_ana")], true);
  await findings.note([odd("of_ben")], true);
  await findings.note([odd("of_ana")], true);
  assertEquals(world.events.map(({ tools }) => tools), ["of_ana", "of_ben"]);
  // In another process, too.
  await new Findings(upstream, deps).note([odd("of_ben")], true);
  assertEquals(await kept(), ["of_ana", "of_ben"]);
  // Each list of each person says less than is known of all: nothing is new by that.
  const before = written();
  for (const who of ["of_ana", "of_ben"]) await findings.note([odd(who)], true);
  await findings.note([], true);
  assertEquals(written(), before);
  // Said again after a while, and once.
  world.skew += FINDING_MS / 2;
  await findings.note([odd("of_ana")], true);
  assertEquals(await kept(), ["of_ana", "of_ben"]);
  world.skew += FINDING_MS + 1;
  await findings.note([odd("of_ben")], true);
  assertEquals(await kept(), ["of_ben"]);
});

Deno.test("a server that makes up faults fills neither the log nor the store", async () => {
  const { world, findings, written, kept } = start();
  for (let lists = 0; lists < 3; lists++) {
    const many = Array.from({ length: 5_000 }, (_none, at) => odd(`t${lists}_${at}`));
    await findings.note(many, true);
  }
  assertEquals((await kept()).length, MAX_FINDINGS);
  assertEquals(world.events.length, 3);
  const many = Array.from({ length: 5_000 }, (_none, at) => odd(`t${at}`));
  await findings.note(many, false);
  const before = written();
  await findings.note(many, false);
  assertEquals([written() - before, world.events.length], [0, 4]);
  for (const { tools } of world.events) assertEquals(String(tools).split(" ").length, 20);
});

Deno.test("a report that cannot be kept takes no list away", async () => {
  const { world, deps } = start();
  const store = { ...deps.store, putReport: () => Promise.reject(new Error("the disk is full")) };
  await new Findings(upstream, { world, store }).note([odd("a")], false);
  assertEquals(world.events.map(({ event }) => event), [
    "upstream_tools_left_out",
    "upstream_report_not_kept",
  ]);
});
