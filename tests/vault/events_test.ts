/** Events at rest: their order across writers, what a new key and the end of their time make of them. */

import { assert, assertEquals } from "@std/assert";
import { EVENT_KEPT_MS, type EventListener } from "../../broker/core/events.ts";
import type { Store } from "../../broker/core/store.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { keepVault } from "../../vault/housekeeping.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import type { Records } from "../../vault/records.ts";
import { rekey } from "../../vault/rekey.ts";
import { createStore } from "../../vault/store.ts";
import { connectionOf } from "../support/planted_person.ts";
import { testAll } from "./databases.ts";

const DAY_MS = 24 * 60 * 60_000;
const NOW = 1_000_000;
const specOf = (id: string) => ({ id, bytes: new Uint8Array(32).fill(id.charCodeAt(1)) });
const TOLD: EventListener = { receiverOf: (realm) => realm, isRead: () => true, written() {} };

async function storeOn(records: Records, keys = ["k1"], now = () => NOW): Promise<Store> {
  const store = createStore(records, await importKeyRing(keys.map(specOf)), { now });
  await store.events.listen(TOLD);
  return store;
}

/** Connects and disconnects: two events. */
async function twice({ connections }: Store, id: string): Promise<void> {
  const connection = connectionOf({ subject: `acme:${id}`, now: NOW });
  const version = await connections.put(connection, null, { signedIn: true });
  assert(await connections.delete(connection, version!, { by: "app", connection }));
}

async function readAll({ events }: Store, limit = 7): Promise<string[]> {
  const seen: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await events.read({ realm: "acme", after, limit });
    seen.push(...page.events.map(({ id }) => id));
    after = page.cursor;
    if (!page.hasMore) return seen;
  }
}

Deno.test("who reads on while others write misses nothing, and sees the order of each person", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const opened = await Promise.all([0, 1, 2].map(() => openRecords(`${folder}/kv.sqlite`)));
  const [reader, ...writers] = await Promise.all(opened.map((records) => storeOn(records)));
  let isDone = false;
  const seen: { id: string; type: string; subject: string }[] = [];
  const reading = (async () => {
    for (let after: string | undefined, last = false;;) {
      const page = await reader!.events.read({ realm: "acme", after, limit: 5 });
      seen.push(...page.events);
      after = page.cursor;
      if (last && page.events.length === 0) return;
      last = isDone;
    }
  })();
  await Promise.all(
    writers.flatMap((store, at) =>
      Array.from({ length: 20 }, (_, n) => twice(store, `${at}-${n}`))
    ),
  );
  isDone = true;
  await reading;
  assertEquals(seen.length, 80);
  assertEquals(new Set(seen.map(({ id }) => id)).size, 80);
  for (const [, mine] of Map.groupBy(seen, ({ subject }) => subject)) {
    assertEquals(mine.map(({ type }) => type), ["connection.created", "connection.deleted"]);
  }
  for (const records of opened) records.close();
  await Deno.remove(folder, { recursive: true });
});

testAll("a write that lost to another writes no event", async (records) => {
  const store = await storeOn(records);
  const connection = connectionOf({ subject: "acme:a", now: NOW });
  const all = await Promise.all(
    [1, 2, 3].map(() => store.connections.put(connection, null, { signedIn: true })),
  );
  assertEquals(all.filter((version) => version !== null).length, 1);
  assertEquals((await readAll(store)).length, 1);
  assertEquals(await store.connections.delete(connection, "0".repeat(20), { by: "app" }), false);
  assertEquals((await readAll(store)).length, 1);
});

testAll(
  "an event that is sealed anew keeps its place, and goes with its person",
  async (records) => {
    const store = await storeOn(records);
    await twice(store, "a");
    await twice(store, "b");
    const before = await readAll(store);
    await rekey(records, await importKeyRing([specOf("k2"), specOf("k1")]), { now: () => NOW });
    const after = await storeOn(records, ["k2"]);
    assertEquals(await readAll(after, 1), before);
    await after.people.close("acme:a", NOW + 1);
    await after.people.remove("acme:a", "everything");
    assertEquals(await readAll(after), before.slice(2));
    const keys = await Array.fromAsync(records.list({ prefix: ["feed"] }), ({ key }) => key);
    assertEquals(keys.length, 2);
  },
);

testAll("what is too old goes with its place, and what waits for nobody", async (records) => {
  let now = NOW;
  const store = await storeOn(records, ["k1"], () => now);
  await twice(store, "old");
  now += EVENT_KEPT_MS - DAY_MS;
  await twice(store, "new");
  now += 2 * DAY_MS;
  const ring = await importKeyRing([specOf("k1")]);
  await keepVault(records, ring, { now: () => now, random: () => 0 });
  assertEquals((await readAll(store)).length, 2);
  const left: string[] = [];
  for (const kind of ["events", "feed", "outbox", "wakes", "owned"]) {
    for await (const { key, value } of records.list({ prefix: [kind] })) {
      left.push(JSON.stringify([key, value]));
    }
  }
  assertEquals(left.filter((text) => text.includes("acme:old")), []);
});

testAll("a lease is one process's, and whoever lost it notes nothing", async (records) => {
  const store = await storeOn(records);
  await twice(store, "a");
  const { events } = store;
  const lane = "acme:a";
  const mine = await events.takeLane(lane, "me", { now: NOW, until: NOW + 10 });
  assertEquals(await events.takeLane(lane, "other", { now: NOW + 9, until: NOW + 20 }), null);
  const theirs = await events.takeLane(lane, "other", { now: NOW + 10, until: NOW + 20 });
  const head = (await events.head(lane))!;
  const delivery = { state: "delivered", attempts: 1, firstAt: NOW, at: NOW } as const;
  assertEquals(await events.attempted(mine!, head, delivery, NOW + 30), null);
  assertEquals((await events.head(lane))!.id, head.id);
  assert(await events.attempted(theirs!, head, delivery, NOW + 30) !== null);
  assertEquals((await events.head(lane))!.type, "connection.deleted");
});
