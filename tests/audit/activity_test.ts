/** What is noted and read, on a real database. */

import { assert, assertEquals } from "@std/assert";
import { createActivityLog } from "../../audit/activity.ts";
import { BLOCK_ENTRIES, BLOCK_MS } from "../../audit/block.ts";
import { BLOCKS_OF_A_PAGE } from "../../audit/reader.ts";
import { ACTIVITY_PATIENCE_MS, MOST_OPEN } from "../../audit/chain_writer.ts";
import { MOST_WAITING } from "../../audit/recorder.ts";
import type { ActivityEntry, ActivityLog } from "../../broker/core/activity.ts";
import type { LogEvent } from "../../broker/core/world.ts";
import { MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import { CLOSED_MS } from "../../broker/core/person_store.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import type { Store } from "../../broker/core/store.ts";
import { onKv, openKv } from "../../vault/deno_kv.ts";
import { keepVault } from "../../vault/housekeeping.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { failing, type Faults } from "../support/failing_store.ts";

const START = 1_790_000_000_000;
const ANA = "voice:ana";

/** A database, and as many processes as a test wants. The clock stands until it is moved. */
async function start(faults: Faults = new Map()) {
  const kv = await openKv(":memory:");
  const records = onKv(kv);
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const clock = { now: START };
  const events: LogEvent[] = [];
  const world = {
    now: () => clock.now,
    random: () => 0,
    log: (event: LogEvent) => void events.push(event),
    secret: randomSecret,
    // A pause between two tries is over at once; what is waited for with a signal until that.
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal === undefined) clock.now += ms;
        if (signal === undefined || signal.aborted) return resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      }),
  };
  const store: Store = failing(createStore(records, ring, world), faults);
  const log = () => createActivityLog({ store, world });
  const close = () => kv.close();
  return { kv, records, ring, clock, events, world, store, log, [Symbol.dispose]: close };
}

function entryOf(at: number, more: Partial<ActivityEntry> = {}): ActivityEntry {
  const actor = { kind: "client" as const, id: "g1", name: "Claude" };
  const what = "tool_called";
  return { at, what, subject: ANA, actor, provider: "google", outcome: "ok", ...more };
}

/** All pages, one after another. */
async function pages(log: ActivityLog, limit: number, since?: number) {
  const all = [];
  let before: string | undefined;
  for (;;) {
    const page = await log.page(ANA, { limit, before, since });
    all.push(page);
    before = page.next;
    if (before === undefined) return all;
  }
}

async function keysOf(kv: Deno.Kv, prefix: Deno.KvKey) {
  return (await Array.fromAsync(kv.list({ prefix }))).map(({ key }) => key);
}

Deno.test("what is noted is read, newest first, and page by page without a gap", async () => {
  using t = await start();
  const [one, other] = [t.log(), t.log()];
  const expected = [];
  for (let i = 0; i < 300; i++) {
    t.clock.now += 60_000;
    (i % 3 === 0 ? one : other).note(entryOf(t.clock.now, { tool: `t${i}` }));
    expected.unshift(`t${i}`);
    if (i % 7 === 0) await Promise.all([one.idle(), other.idle()]);
  }
  await Promise.all([one.idle(), other.idle()]);
  for (const limit of [1, 7, 20, 100]) {
    const all = await pages(one, limit);
    const tools = all.flatMap(({ entries }) => entries.map(({ tool }) => tool!));
    assertEquals(tools.length, 300, `limit ${limit}`);
    assertEquals([...tools].sort(), [...expected].sort());
    assert(all.every(({ entries }) => entries.length <= limit));
  }
  const [first] = await pages(one, 100);
  assertEquals(first!.entries[0]!.tool, "t299");
  const times = first!.entries.map(({ at }) => at);
  assertEquals(times, times.toSorted((a, b) => b - a));
});

Deno.test("a page that is nobody's place is the first, and limits are kept", async () => {
  using t = await start();
  const log = t.log();
  for (let i = 0; i < 150; i++) log.note(entryOf(START + i * BLOCK_MS, { tool: `t${i}` }));
  await log.idle();
  t.clock.now += 150 * BLOCK_MS;
  const first = await log.page(ANA, { limit: 10 });
  const places = ["", ".", "x.1", `${first.next}.1`, "../../etc", "0".repeat(27) + ".9999"];
  for (const before of places) {
    assertEquals(await log.page(ANA, { limit: 10, before }), first, before);
  }
  assertEquals((await log.page(ANA, { limit: 10_000 })).entries.length <= BLOCKS_OF_A_PAGE, true);
  assertEquals((await log.page(ANA, { limit: 0 })).entries.length, 1);
  assertEquals((await pages(log, 100)).flatMap(({ entries }) => entries).length, 150);
  const since = START + 100 * BLOCK_MS;
  const late = (await pages(log, 100, since)).flatMap(({ entries }) => entries);
  assertEquals([late.length, Math.min(...late.map(({ at }) => at))], [50, since]);
  // What belongs to somebody else is not reached by a place of one's own.
  const other = await log.page("voice:eve", { limit: 10, before: first.next });
  assertEquals(other, { entries: [], leftOut: 0 });
});

Deno.test("however much an agent does, few blocks are written", async () => {
  using t = await start();
  const log = t.log();
  const HOUR = 60 * 60_000;
  for (; t.clock.now < START + HOUR; t.clock.now += 1000) {
    for (let i = 0; i < 5; i++) {
      log.note(entryOf(t.clock.now, { tool: `t${i}`, outcome: i === 4 ? "timeout" : "ok" }));
    }
    await log.idle();
  }
  assertEquals((await keysOf(t.kv, ["activity", ANA])).length, HOUR / BLOCK_MS);
  // And the head of their chain.
  const ends = (await keysOf(t.kv, ["ends"])).filter((key) => key.includes(ANA));
  assertEquals(ends.length, HOUR / BLOCK_MS + 1);
  const all = (await pages(log, 100)).flatMap(({ entries }) => entries);
  assertEquals(all.reduce((sum, { count }) => sum + count, 0), 5 * 3600);
  assert(all.length <= BLOCK_ENTRIES * HOUR / BLOCK_MS, String(all.length));
});

Deno.test("what was done stands in no clear text, and goes with its time", async () => {
  using t = await start();
  const log = t.log();
  log.note(entryOf(START, { tool: "a_tool_of_mine", account: "an_account_of_mine" }));
  await log.idle();
  const [entry] = await Array.fromAsync(t.kv.list({ prefix: ["activity", ANA] }));
  const { box, ...clear } = entry!.value as { box: Uint8Array };
  assertEquals(Object.keys(clear).sort(), ["expires_at", "key", "v"]);
  const text = new TextDecoder("latin1").decode(box);
  assert(!text.includes("mine") && !JSON.stringify(clear).includes("mine"));
  t.clock.now += 30 * 24 * 60 * 60_000 + MAX_CLOCK_SKEW_MS;
  assertEquals((await log.page(ANA, { limit: 10 })).entries, []);
  await keepVault(t.records, t.ring, t.world);
  assertEquals(await keysOf(t.kv, ["activity"]), []);
  assertEquals(await keysOf(t.kv, ["ends"]), []);
});

Deno.test("a box that was moved to another subject is not read as theirs", async () => {
  using t = await start();
  const log = t.log();
  log.note(entryOf(START));
  await log.idle();
  const [entry] = await Array.fromAsync(t.kv.list({ prefix: ["activity", ANA] }));
  await t.kv.set(["activity", "voice:eve", entry!.key[2]!], entry!.value);
  assertEquals((await log.page("voice:eve", { limit: 10 })).entries, []);
  assertEquals(await log.lastUse("voice:eve"), []);
});

Deno.test("of who was deleted a moment ago nothing is kept, and all of the others", async () => {
  using t = await start();
  const log = t.log();
  const subjects = Array.from({ length: 25 }, (_, at): Subject => `voice:${at}`);
  for (const subject of subjects) log.note(entryOf(START, { subject }));
  await log.idle();
  const gone = subjects[3]!;
  await t.store.people.close(gone, START + CLOSED_MS);
  await t.store.people.remove(gone, "everything");
  for (const subject of subjects) log.note(entryOf(START + 1, { subject, tool: "late" }));
  await log.idle();
  assertEquals((await log.page(gone, { limit: 10 })).entries, []);
  assertEquals(await t.store.people.count(gone), {});
  assertEquals((await log.page(subjects[4]!, { limit: 10 })).entries.length, 2);
  assertEquals(t.events, []);
  t.clock.now += CLOSED_MS;
  log.note(entryOf(t.clock.now, { subject: gone, tool: "after" }));
  await log.idle();
  const { entries } = await log.page(gone, { limit: 10 });
  assertEquals(entries.map(({ tool }) => tool), ["after"]);
});

Deno.test("a process that remembers what was done brings none of it back after a deletion", async () => {
  using t = await start();
  const [here, there] = [t.log(), t.log()];
  for (const log of [here, there]) {
    log.note(entryOf(t.clock.now, { account: "ana@example.com", service: "calendar" }));
    await log.idle();
  }
  await t.store.people.close(ANA, START + CLOSED_MS);
  await t.store.people.remove(ANA, "everything");
  t.clock.now += CLOSED_MS;
  for (const log of [here, there]) {
    log.note(entryOf(t.clock.now, { what: "signed_in" }));
    await log.idle();
    assertEquals(await log.lastUse(ANA), []);
  }
});

Deno.test("an account's last use is known however much else was done since, in whichever process", async () => {
  using t = await start();
  const [one, other] = [t.log(), t.log()];
  one.note(entryOf(START, { account: "1", service: "calendar", tool: "calendar_list_events" }));
  await one.idle();
  for (let i = 0; i < 40; i++) {
    t.clock.now += BLOCK_MS;
    const log = i % 2 === 0 ? one : other;
    log.note(entryOf(t.clock.now, { account: "1", service: "gmail", tool: "gmail_reply" }));
    await log.idle();
  }
  other.note(entryOf(t.clock.now, { account: "1", service: "calendar", outcome: "timeout" }));
  await other.idle();
  const uses = await t.log().lastUse(ANA);
  const actor = { kind: "client" as const, id: "g1", name: "Claude" };
  assertEquals(uses, [
    {
      ...{ provider: "google", account: "1", service: "gmail", actor },
      ...{ at: t.clock.now, tool: "gmail_reply" },
    },
    {
      ...{ provider: "google", account: "1", service: "calendar", actor },
      ...{ at: START, tool: "calendar_list_events" },
    },
  ]);
});

Deno.test("a store that is out for a moment loses nothing", async () => {
  const faults: Faults = new Map([
    ...["activity.append", "activity.list", "figures.add"].map((at): [string, number] => [at, 2]),
  ]);
  using t = await start(faults);
  const log = t.log();
  log.note(entryOf(START));
  log.count("refreshed", "google");
  await log.idle();
  assertEquals((await log.page(ANA, { limit: 10 })).entries.length, 1);
  assertEquals((await t.store.figures.since(0)).map(({ figure, by }) => [figure, by]), [
    ["refreshed", 1],
    ["tool_calls", 1],
  ]);
  assertEquals(t.events, []);
});

Deno.test("a store that stays out costs what was noted, and one line in the log", async () => {
  const faults: Faults = new Map([["activity.append", 1000]]);
  using t = await start(faults);
  const log = t.log();
  for (let i = 0; i < 30; i++) log.note(entryOf(START, { subject: `voice:${i}` }));
  await log.idle();
  assert(t.clock.now - START >= ACTIVITY_PATIENCE_MS);
  assertEquals(t.events.map(({ event, count }) => [event, count]), [["activity_dropped", 30]]);
  faults.clear();
  log.note(entryOf(START, { subject: ANA }));
  await log.idle();
  assertEquals((await log.page(ANA, { limit: 10 })).entries.length, 1);
  assertEquals(t.events.length, 1);
});

Deno.test("only so much waits to be written, and the log says how much was left out", async () => {
  using t = await start();
  const log = t.log();
  const tools = ["one", "other"];
  for (let i = 0; i < MOST_WAITING + 7; i++) log.note(entryOf(START, { tool: tools[i % 2] }));
  await log.idle();
  const { entries } = await log.page(ANA, { limit: 10 });
  const counts = entries.map(({ count }) => count);
  // What is the same as the last one takes no room.
  assertEquals(counts.sort(), [MOST_WAITING / 2, MOST_WAITING / 2 + 3]);
  assertEquals(t.events.map(({ event, count }) => [event, count]), [["activity_dropped", 4]]);
});

Deno.test("what comes again and again waits as one, from its first time to its last", async () => {
  using t = await start();
  const log = t.log();
  const differing: Partial<ActivityEntry>[] = [
    {},
    { what: "token_handed_out" },
    { outcome: "timeout" },
    { tool: "other" },
    { account: "2" },
    { service: "drive" },
    { provider: "github" },
    { app: "Cursor" },
    { actor: { kind: "app", id: "g1", name: "Claude" } },
    { actor: { kind: "client", id: "g2", name: "Claude" } },
    { actor: { kind: "client", id: "g1", name: "Cursor" } },
    { subject: "voice:bo" },
  ];
  for (const more of differing) {
    for (let i = 0; i <= MOST_WAITING; i++) {
      log.note(entryOf(START + (i > 0 ? 500 : 0), { requestId: `r${i}`, ...more }));
    }
  }
  await log.idle();
  const seen = await Promise.all(
    [ANA, "voice:bo"].map((subject) => log.page(subject as Subject, { limit: 50 })),
  );
  const entries = seen.flatMap(({ entries }) => entries);
  assertEquals(entries.length, differing.length);
  for (const { at, since, count, requestId } of entries) {
    assertEquals([since, at, count], [START, START + 500, MOST_WAITING + 1]);
    assertEquals(requestId, `r${MOST_WAITING}`);
  }
  assertEquals(t.events, []);
  const figures = await t.store.figures.since(0);
  const calls = figures.filter(({ figure }) => figure === "tool_calls");
  const times = calls.reduce((sum, { by }) => sum + by, 0);
  assertEquals(times, (differing.length - 1) * (MOST_WAITING + 1));
});

Deno.test("a process keeps only so many blocks open, and loses none", async () => {
  using t = await start();
  const log = t.log();
  for (let i = 0; i < MOST_OPEN + 50; i++) log.note(entryOf(START, { subject: `voice:${i}` }));
  await log.idle();
  for (let i = 0; i < MOST_OPEN + 50; i++) log.note(entryOf(START + 1, { subject: `voice:${i}` }));
  await log.idle();
  for (const i of [0, 49, 50, MOST_OPEN + 49]) {
    const { entries } = await log.page(`voice:${i}`, { limit: 10 });
    assertEquals(entries.reduce((sum, { count }) => sum + count, 0), 2, String(i));
  }
});

Deno.test("what happened is counted by the hour, of all processes together, and forgotten after two days", async () => {
  using t = await start();
  const [one, other] = [t.log(), t.log()];
  for (const log of [one, other]) {
    log.note(entryOf(START, { what: "connected" }));
    log.note(entryOf(START));
    log.note(entryOf(START, { outcome: "timeout" }));
    log.note(entryOf(START, { outcome: "input_required" }));
    log.count("refresh_over", "github");
    await log.idle();
  }
  const figures = await t.store.figures.since(0);
  const hour = START - START % (60 * 60_000);
  assertEquals(figures.toSorted((a, b) => a.figure < b.figure ? -1 : 1), [
    { hour, provider: "google", figure: "connected", by: 2 },
    { hour, provider: "github", figure: "refresh_over", by: 2 },
    { hour, provider: "google", figure: "tool_calls", by: 6 },
    { hour, provider: "google", figure: "tool_errors", by: 2 },
  ]);
  t.clock.now += 47 * 60 * 60_000;
  await keepVault(t.records, t.ring, t.world);
  assertEquals((await t.store.figures.since(0)).length, 4);
  t.clock.now += 60 * 60_000;
  await keepVault(t.records, t.ring, t.world);
  assertEquals(await t.store.figures.since(0), []);
});

Deno.test("what comes again beyond the hour is counted for its own", async () => {
  using t = await start();
  const log = t.log();
  const hour = START - START % (60 * 60_000) + 60 * 60_000;
  for (const at of [hour - 900, hour - 500, hour - 1, hour, hour + 50]) log.note(entryOf(at));
  await log.idle();
  const calls = (await t.store.figures.since(0)).filter(({ figure }) => figure === "tool_calls");
  assertEquals(calls.map(({ hour, by }) => [hour, by]), [[hour - 60 * 60_000, 3], [hour, 2]]);
});
