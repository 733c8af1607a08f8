import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { serve } from "../support/serve.ts";
import { Caller, wireOf } from "./caller.ts";
import { median, ratioOf } from "./contest.ts";
import { type Finding, isMet } from "./finding.ts";
import { pageOf } from "./page.ts";
import { canMeasure, cpuUs, exactCpuUs, residentBytes } from "./process_tree.ts";
import { table } from "./report.ts";

const FINDING: Finding = {
  what: "tools/list",
  unit: "µs CPU",
  ours: 150,
  limit: { name: "bare", value: 100 },
  budget: { times: 1.6 },
};

Deno.test("BENCH.md is written anew but for what was tried", () => {
  const first = pageOf([FINDING], "- here", "");
  const byHand =
    "| what | before | after | kept |\n| --- | --- | --- | --- |\n| a | 2 | 1 | yes |\n";
  const edited = first.slice(0, first.indexOf("| what | before")) + byHand;
  const second = pageOf([{ ...FINDING, ours: 120 }], "- there", edited);
  assert(second.endsWith(byHand));
  assertStringIncludes(second, "| 1.20 × |");
  assert(!second.includes("- here") && !second.includes("1.50 ×"));
});

Deno.test("a budget is met, not met, or not measured", () => {
  assertEquals(isMet(FINDING), true);
  assertEquals(isMet({ ...FINDING, ratio: 1.7 }), false);
  assertEquals(isMet({ what: "a", unit: "MB", ours: 65, budget: { most: 64 } }), false);
  const { ours: _none, ...unmeasured } = FINDING;
  assertEquals(isMet(unmeasured), undefined);
  assertStringIncludes(table([{ ...unmeasured, note: "not there yet" }]), "not measured");
});

Deno.test("a ratio is the median of the rounds' own", () => {
  assertEquals(median([5, 1, 3]), 3);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  const rounds = new Map([["ours", [10, 40, 30]], ["bare", [10, 20, 10]]]);
  assertEquals(ratioOf(rounds, "ours", "bare"), 2);
});

Deno.test("a caller reads answers of a known length and in chunks, one after the other", async () => {
  const long = "x".repeat(400_000);
  await using server = serve((request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/whole") return new Response(long);
    const parts = [long.slice(0, 1_000), long.slice(1_000)].map((part) =>
      new TextEncoder().encode(part)
    );
    return new Response(ReadableStream.from(parts));
  });
  using caller = new Caller(server.port);
  for (const path of ["/whole", "/chunks", "/whole"]) {
    const { status, body } = await caller.read(wireOf({ method: "GET", path }, server.port));
    assertEquals([status, body.length], [200, long.length]);
  }
});

Deno.test({
  name: "a program's cost is that of its children too",
  ignore: !canMeasure(),
  async fn() {
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", "sh -c 'while :; do :; done' & read line; kill $!"],
      stdin: "piped",
    }).spawn();
    // The shell itself waits: what is used is used by the one below it.
    while (cpuUs(child.pid) < 50_000) await new Promise((resolve) => setTimeout(resolve, 10));
    // What the system counts in steps it may count a little more or less of.
    const [steps, exact] = [cpuUs(child.pid), exactCpuUs(child.pid)];
    assert(exact > steps / 3 && exact < steps * 3, `${exact} by ${steps}`);
    assert(residentBytes(child.pid) > 0);
    await child.stdin.close();
    await child.status;
  },
});
