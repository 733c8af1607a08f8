/** One chain for each subject, whoever writes it, whatever happens meanwhile. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { createActivityLog } from "../../audit/activity.ts";
import { ACTIVITY_KEPT_MS, BLOCK_ENTRIES, BLOCK_MS } from "../../audit/block.ts";
import { ANCHOR_MS } from "../../audit/chain_writer.ts";
import { type ActivityLog, ANCHORS } from "../../broker/core/activity.ts";
import { MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import { CLOSED_MS } from "../../broker/core/person_store.ts";
import type { Store } from "../../broker/core/store.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { erase } from "../../broker/connect/erase.ts";
import { verifyAll } from "../../audit/verify_all.ts";
import { wordsOfResult } from "../../tasks/audit_words.ts";
import { recordedSubjects } from "../../vault/activity_records.ts";
import { keepVault } from "../../vault/housekeeping.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { rekey } from "../../vault/rekey.ts";
import { failing } from "../support/failing_store.ts";
import { entryOf, keyOf, type Recorded, startRecorded } from "../support/recorded.ts";
import { testWorld } from "../support/world.ts";

const ANA: Subject = "voice:ana";

async function count(log: ActivityLog, subject = ANA): Promise<number> {
  let [sum, before]: [number, string | undefined] = [0, undefined];
  do {
    const page = await log.page(subject, { limit: 100, before });
    for (const { count } of page.entries) sum += count;
    before = page.next;
  } while (before !== undefined);
  return sum;
}

async function write(t: Recorded, log: ActivityLog, blocks: number, subject = ANA) {
  for (let i = 0; i < blocks; i++) {
    t.clock.now += BLOCK_MS;
    log.note(entryOf(t.clock.now, subject, { tool: `t${i}` }));
    await log.idle();
  }
}

Deno.test("many processes at once lose nothing of one subject, and write one chain", async () => {
  await using t = await startRecorded();
  const logs = Array.from({ length: 6 }, () => t.process());
  for (let round = 0; round < 8; round++) {
    t.clock.now += BLOCK_MS / 3;
    for (const [at, log] of logs.entries()) {
      log.note(entryOf(t.clock.now, ANA, { tool: `same` }));
      log.note(entryOf(t.clock.now, ANA, { tool: `t${at}` }));
    }
    await Promise.all(logs.map((log) => log.idle()));
  }
  assertEquals(await count(logs[0]!), 6 * 8 * 2);
  assertEquals((await t.blocks(ANA)).length, 3);
  assertEquals(await t.shows(), []);
});

Deno.test("a commit whose answer was lost is not done twice", async () => {
  await using t = await startRecorded();
  let lost = 3;
  const { activity } = t.store;
  const store: Store = {
    ...t.store,
    activity: {
      ...activity,
      async append(appends) {
        const done = await activity.append(appends);
        if (lost-- > 0) throw new Error("no answer");
        return done;
      },
    },
  };
  const log = createActivityLog({ store, world: t.world });
  log.note(entryOf(t.clock.now, ANA));
  await log.idle();
  log.note(entryOf(t.clock.now, ANA, { tool: "other" }));
  await log.idle();
  assertEquals(await count(log), 2);
  assertEquals(await t.shows(), []);
});

Deno.test("what is not written when a process dies is missing, and nothing else", async () => {
  await using t = await startRecorded();
  const killed = createActivityLog({
    store: failing(t.store, new Map([["activity.append", Infinity]])),
    world: t.world,
  });
  const log = t.process();
  await write(t, log, 2);
  killed.note(entryOf(t.clock.now, ANA, { tool: "lost" }));
  await killed.idle();
  await write(t, log, 2);
  assertEquals(await count(log), 4);
  assertEquals(await t.shows(), []);
});

Deno.test("a rekey in between changes nothing of the chain, nor for processes that know it", async () => {
  const [k1, k2] = [keyOf("k1"), keyOf("k2")];
  await using t = await startRecorded([k1, k2]);
  const log = t.process();
  await write(t, log, 3);
  await log.anchor();
  const ring = await importKeyRing([k2, k1]);
  const { failed, resealed } = await rekey(t.records, ring, t.world);
  assertEquals([failed, resealed], [[], 3 + 1 + 3 + 1]);
  log.note(entryOf(t.clock.now, ANA, { tool: "after" }));
  await log.idle();
  await write(t, t.process(ring), 2);
  assertEquals(await count(log), 6);
  assertEquals(await t.shows(), []);
  // By the new key alone, once the old one is gone.
  await rekey(t.records, ring, t.world);
  const { activity } = (await startAlone(t, k2)).store;
  assertEquals((await activity.list(ANA, { limit: 10 })).filter(({ fault }) => fault), []);
});

async function startAlone(t: Recorded, key: ReturnType<typeof keyOf>) {
  const { createStore } = await import("../../vault/store.ts");
  return { store: createStore(t.records, await importKeyRing([key]), t.world) };
}

Deno.test("what has ended may go, in whatever order, and what has not may not", async () => {
  await using t = await startRecorded();
  const log = t.process();
  await write(t, log, 4);
  const first = t.clock.now - 3 * BLOCK_MS;
  t.clock.now = first + ACTIVITY_KEPT_MS - BLOCK_MS;
  await write(t, log, 3);
  // The first two have ended: the first is swept, and then the second alone.
  t.clock.now = first + BLOCK_MS + ACTIVITY_KEPT_MS + 1;
  const [one, two, three] = await t.blocks(ANA);
  await t.raw.delete(two!);
  assertEquals(await t.shows(), []);
  await t.raw.delete(one!);
  assertEquals(await t.shows(), []);
  await keepVault(t.records, t.ring, t.world);
  assertEquals(await t.shows(), []);
  await t.raw.delete(three!);
  assertMatch(
    (await t.shows()).join("\n"),
    /block 3 is missing, with all before it: the beginning was cut off/,
  );
  // When all of it has ended nothing is left, and nothing is missed.
  t.clock.now += ACTIVITY_KEPT_MS + 2 * ANCHOR_MS + MAX_CLOCK_SKEW_MS;
  await keepVault(t.records, t.ring, t.world);
  for (const kind of ["activity", "chains", "ends", "pieces"]) {
    assertEquals((await t.copy([kind])).map(({ key }) => key), [], kind);
  }
  assertEquals(await t.shows(), []);
  await write(t, log, 1);
  assertEquals(await t.shows(), []);
  assertEquals(t.events.filter(({ level }) => level === "error"), []);
});

Deno.test("a deadline that somebody moved beside the box makes a block go, and that shows", async () => {
  await using t = await startRecorded();
  await write(t, t.process(), 3);
  const [, second] = await t.blocks(ANA);
  const entry = await t.raw.get<{ expires_at: number }>(second!);
  await t.raw.set(second!, { ...entry.value, expires_at: 1 });
  await t.raw.set(["ends", 1, ...second!], 0);
  assertMatch((await t.shows()).join("\n"), /its end beside the box/);
  await keepVault(t.records, t.ring, t.world);
  assertEquals((await t.blocks(ANA)).length, 2);
  assertMatch((await t.shows()).join("\n"), /block 2 is missing: taken out of the middle/);
});

Deno.test("who is deleted is not missed, and the deployment's record says that somebody was", async () => {
  await using t = await startRecorded();
  const log = t.process();
  await write(t, log, 2);
  await write(t, log, 1, "voice:bo");
  await log.anchor();
  const world = { ...testWorld(), ...t.world };
  const asking = { subject: ANA, actor: { kind: "app", id: "voice" } } as const;
  const deps = { servers: new Map(), store: t.store, world, activity: log };
  await erase(deps, asking);
  await log.idle();
  for (const kind of ["activity", "chains"]) {
    assertEquals(await t.copy([kind, ANA]), []);
  }
  assertEquals(await t.shows(), []);
  // Once more there is nothing to say.
  await erase(deps, asking);
  await log.idle();
  const { entries } = await log.page("~deployment:log", { limit: 10 });
  assertEquals(entries.map(({ what, actor, count }) => [what, actor.id, count]), [
    ["user_deleted", "voice", 1],
  ]);
  assert(!JSON.stringify(entries).includes("ana"));
  // Whoever comes back begins anew.
  t.clock.now += CLOSED_MS;
  await write(t, log, 2);
  assertEquals(await t.shows(), []);
});

Deno.test("blocks of a version without chains are read, and counted as what they are", async () => {
  await using t = await startRecorded();
  const log = t.process();
  const { activity } = t.store;
  await write(t, log, 1, "voice:old");
  const [found] = await activity.list("voice:old", { limit: 1 });
  const { link: _, ...old } = found!.block!;
  const { head } = (await activity.head("voice:old"))!;
  const blocks = [{ ...old, subject: ANA }];
  await activity.append([{ head: { ...head!, subject: ANA }, blocks, seen: null }]);
  await t.raw.delete(["chains", ANA]);
  assertEquals(await t.shows(), []);
  assertEquals(await count(log), 1);
  await write(t, log, 1);
  assertEquals(await count(log), 2);
  assertEquals(await t.shows(), []);
  assertEquals((await log.lastUse(ANA)).length, 0);
  assertEquals(t.events.filter(({ level }) => level === "error"), []);
});

Deno.test("what happens seldom is written down however much else is done", async () => {
  await using t = await startRecorded();
  const log = t.process();
  for (let i = 0; i < BLOCK_ENTRIES + 9; i++) {
    log.note(entryOf(t.clock.now, ANA, { tool: `t${i}` }));
  }
  log.note(entryOf(t.clock.now, ANA, { what: "disconnected" }));
  await log.idle();
  const { entries, leftOut } = await log.page(ANA, { limit: 100 });
  assertEquals([entries[0]!.what, leftOut], ["disconnected", 9]);
  assertEquals(await t.shows(), []);
});

Deno.test("a clock that is behind, or ahead, does not break the chain", async () => {
  await using t = await startRecorded();
  const [one, other] = [t.process(), t.process()];
  for (const skew of [0, -3, 60, -60, 1, 0]) {
    const at = t.clock.now + skew * 60_000;
    one.note(entryOf(at, ANA, { tool: `skew ${skew}` }));
    await one.idle();
    other.note(entryOf(t.clock.now, ANA, { tool: "now" }));
    await other.idle();
    t.clock.now += 60_000;
  }
  assertEquals(await count(one), 12);
  assertEquals(await t.shows(), []);
});

Deno.test("what is written while it is looked at is no fault", async () => {
  await using t = await startRecorded();
  const log = t.process();
  await write(t, log, 3);
  await log.anchor();
  const { activity } = t.store;
  // Before each page of Ana's blocks, two more, and an anchor.
  let left = 3;
  const busy: typeof activity = {
    ...activity,
    async list(subject, range) {
      if (subject === ANA && left-- > 0) {
        await write(t, log, 2);
        await log.anchor();
      }
      return await activity.list(subject, range);
    },
  };
  const subjects = () => recordedSubjects(t.records);
  const found = await Array.fromAsync(verifyAll(busy, { now: t.world.now, subjects }));
  assertEquals(found.flatMap(wordsOfResult), []);
  assert(left <= 0);
});

Deno.test("anchors are written when it is time to, and say of nobody whose they are", async () => {
  await using t = await startRecorded();
  const log = t.process();
  const anchors = () => t.store.activity.list(ANCHORS, { limit: 10 });
  await write(t, log, 1);
  t.clock.now += 1;
  log.note(entryOf(t.clock.now, ANA));
  await log.idle();
  assertEquals((await anchors()).length, 1);
  await log.anchor();
  await log.anchor();
  const found = await anchors();
  assertEquals(found.length, 2);
  assert(!JSON.stringify(found).includes("ana"));
  assertEquals(found.map(({ block }) => block!.anchors!.map(([, , , writes]) => writes)), [
    [2],
    [1],
  ]);
});
