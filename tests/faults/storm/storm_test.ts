/** A small storm of everything, and the proof that a storm sees what it is to see. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { attacks } from "./attacks.ts";
import { Ledger } from "./ledger.ts";
import { Liar, lies } from "./liar.ts";
import { judgeMemory, SHORTEST_JUDGED_MS } from "./memory.ts";
import { Report } from "./report.ts";
import { Storm, type StormOptions } from "./run.ts";
import { OutputWatch, Secrets } from "./secrets.ts";
import type { Upheaval } from "./upheavals.ts";

const SMALL: StormOptions = {
  seed: 1,
  people: 8,
  processes: 2,
  attackers: 4,
  patienceMs: 2_000,
  paceMs: 100,
  lifetime: 60,
};

Deno.test("a small storm: no honest answer is wrong or lost, and no secret comes out", async () => {
  await using storm = await Storm.start(SMALL, new Secrets());
  const { report } = storm;
  await storm.calm({ deeds: 5 });
  await storm.storm({ deeds: 10 });
  const upheavals: Upheaval[] = ["provider out", "rekey"];
  await storm.upheaval({ deeds: 6 }, () => upheavals.shift());
  assertEquals(report.failures, []);
  assertEquals([...report.leaks.values()], []);
  const answers = (["calm", "storm", "upheaval"] as const).map((phase) => report.answers(phase));
  assertEquals(answers, [5, 10, 6].map((deeds) => deeds * SMALL.people));
  const kinds = [...attacks.map(({ name }) => name), "rekey", "provider out"];
  assertEquals([...report.faults.keys()].sort(), kinds.sort());
  // People, attackers and the gateways' own: an empty list would be searched for in vain.
  assert(report.secretsKnown > 100, String(report.secretsKnown));
  assertEquals(report.memory.map(({ name }) => name), [
    "gateway 1, life 1",
    "gateway 2, life 1",
  ]);
});

/** How a storm speaks of what a gateway did. */
const SEEN: Record<typeof lies[number], RegExp> = {
  "another's token": /POST \/token: the account is/,
  "a dead token": /POST \/token: a dead token was given/,
  "another's secret in a list":
    /a secret in an answer to h\d at \/connections.*access token of h\d/,
  "a write that is not done": /a write is lost: w-h\d-\d+ was said to be done/,
  "a write that is done twice": /a write is there 2 times: w-h\d-\d+/,
  "a 500": /500|a page with status/,
  "a connection that breaks": /the connection broke: connection reset/,
  "a tool that is not listed": /tools are missing: calendar_list_events/,
};

Deno.test("a storm sees every lie of a gateway, and none where there is none", async () => {
  const liar = new Liar();
  await using storm = await Storm.start(
    { ...SMALL, people: 4, processes: 1, paceMs: 20, send: liar.send },
    new Secrets(),
  );
  const { report } = storm;
  for (const lie of lies) {
    liar.lie = lie;
    while (liar.lie !== undefined) await storm.calm({ deeds: 3 });
    assertMatch(report.verdicts().join("\n"), SEEN[lie]);
    report.failures.length = 0;
    report.leaks.clear();
  }
  await storm.calm({ deeds: 3 });
  assertEquals(report.verdicts(), []);
});

Deno.test("a secret in an output is seen: cut in two, in base64, or told only afterwards", () => {
  const secrets = new Secrets();
  const first = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v";
  const later = "Z1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1z";
  secrets.add({ text: first, type: "refresh token" });
  let text = `{"event":"refreshed"} ${first.slice(0, 20)}`;
  const watch = new OutputWatch(secrets, [{ name: "the log", text: () => text }]);
  const found = () => watch.look().map(({ secret, where }) => [secret.text, where]);
  assertEquals(found(), []);
  text += `${first.slice(20)} Basic ${btoa(`id:${first}`)} ${later}`;
  assertEquals(found(), [[first, "the log"], [first, "the log, in base64"]]);
  secrets.add({ text: later, type: "access token" });
  assert(found().some(([secret]) => secret === later));
  assertEquals(secrets.find(`x${first}`, "an answer", () => true), []);
});

Deno.test("the ledger wants every write once, in the right account, and none besides", () => {
  const ledger = new Ledger();
  const write = (account: string, text: string) => ledger.note({ kind: "write", account, text });
  for (const text of ["done", "twice", "lost", "misplaced", "unsure"]) ledger.ask("h1-1", text);
  for (const text of ["done", "twice", "lost", "misplaced"]) ledger.acknowledge(text);
  for (const text of ["done", "twice", "twice"]) write("h1-1", text);
  write("h2-1", "misplaced");
  write("h2-1", "unasked");
  assertEquals(ledger.settle(), [
    "a write is there 2 times: twice",
    "a write is lost: lost was said to be done",
    "a write stands in another's account: misplaced in h2-1",
    "nobody asked for a write: unasked in h2-1",
  ]);
  assertEquals(ledger.settle(), []);
});

Deno.test("what is more than twice as slow beside faults is told, also where it is one kind of many", () => {
  const report = new Report();
  for (let count = 0; count < 1_000; count++) {
    report.done("calm", "quick", 10);
    report.done("storm", "quick", 20);
    report.done("calm", "slow", 10);
    report.done("storm", "slow", count < 985 ? 10 : 21);
    report.done("upheaval", "slow", 9_999);
  }
  assertEquals(report.slower(), ["slow: p99 is 2.10 times the control's"]);
});

Deno.test("memory that grows is told from memory that only goes up and down", () => {
  const judged = (value: (index: number) => number, ms = SHORTEST_JUDGED_MS) =>
    judgeMemory({ name: "g", bytes: Array.from({ length: 1_000 }, (_, at) => value(at)), ms })
      .verdict;
  assertEquals(judged((at) => 100 + at % 40), "flat");
  // The first minutes are dearer: code is compiled, caches fill.
  assertEquals(judged((at) => at < 100 ? at : 120), "flat");
  assertEquals(judged((at) => 100 + at * 0.03), "growing");
  // Slow in the second half, but far above the beginning.
  assertEquals(judged((at) => at < 500 ? 100 + at * 0.2 : 200), "growing");
  assertEquals(judged((at) => at, SHORTEST_JUDGED_MS - 1), "too short to judge");
});
