/** What the database is told of how long it keeps something: as SCHEMA.md says it. */

import { assertEquals } from "@std/assert";
import { importKeyRing } from "../../vault/key_ring.ts";
import type { Change, Records } from "../../vault/records.ts";
import { createSealer, listSealers } from "../../vault/sealers.ts";
import { createStore, roundTrip } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testWorld } from "../support/world.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A store, and what it told its database: kind of the key, and the time of each write. */
async function start() {
  const world = testWorld();
  const told: [unknown, number | undefined][] = [];
  const inner = memoryRecords();
  const records: Records = {
    ...inner,
    commit(change: Change) {
      for (const { key, expireIn } of change.sets ?? []) told.push([key[0], expireIn]);
      return inner.commit(change);
    },
  };
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  return { world, told, records, ring, store: createStore(records, ring, world) };
}

Deno.test("leases that nobody gave back are forgotten in an hour", async () => {
  const { store, told, world } = await start();
  const { value } = storedOf("1", ["mail"]);
  const version = await store.connections.put(value, null);
  told.length = 0;
  const until = world.now() + MINUTE_MS;
  await store.leases.take({ ...value, account: "2" }, "me", until);
  await store.leases.takeFor({ value, version: version! }, "me", until);
  assertEquals(told, [["leases", HOUR_MS], ["leases", HOUR_MS]]);
});

Deno.test("what processes tell each other of a provider is forgotten in two days, and is short", async () => {
  const { store, told } = await start();
  await store.providers.note("acme", "refreshed", 1);
  await store.providers.noteFault("acme", { at: 2, detail: "x".repeat(10_000) });
  assertEquals(told, [["providers", 2 * DAY_MS], ["providers", 2 * DAY_MS]]);
  assertEquals(await store.providers.last("acme", "refreshed"), 1);
  assertEquals(await store.providers.lastFault("acme"), { at: 2, detail: "x".repeat(500) });
});

Deno.test("a process that announces itself no more is taken to have ended in a quarter of an hour", async () => {
  const { records, ring, told, world } = await start();
  const sealer = createSealer(records, ring, world);
  await sealer.begin();
  assertEquals(told, [["sealers", 15 * MINUTE_MS]]);
  const alive = async () => (await listSealers(records, world.now())).length;
  world.skew += 15 * MINUTE_MS - 1;
  assertEquals(await alive(), 1);
  world.skew += 1;
  assertEquals(await alive(), 0);
});

Deno.test("a process announces itself every few minutes, and once where nothing has changed", async () => {
  const { records, ring, told, world } = await start();
  const sealer = createSealer(records, ring, world);
  for (const [passed, times] of [[0, 1], [5 * MINUTE_MS - 1, 1], [1, 2], [1, 2]] as const) {
    world.skew += passed;
    await sealer.announce();
    assertEquals(told.length, times);
  }
  // A clock that was set back says nothing of when it was.
  world.skew -= DAY_MS;
  await sealer.announce();
  assertEquals(told.length, 3);
});

Deno.test("an announcement that did not get through is made again", async () => {
  const { records, ring, world } = await start();
  let isOut = true;
  const commit = (change: Change) =>
    isOut ? Promise.reject(new Error("out")) : records.commit(change);
  const sealer = createSealer({ ...records, commit }, ring, world);
  const failed = await sealer.announce().then(() => false, () => true);
  isOut = false;
  await sealer.announce();
  assertEquals([failed, (await listSealers(records, world.now())).length], [true, 1]);
  // Whoever has left is there no more, and is again where it seals again.
  await sealer.leave();
  assertEquals(await listSealers(records, world.now()), []);
  await sealer.announce();
  assertEquals((await listSealers(records, world.now())).length, 1);
});

Deno.test("a look at the database leaves something for a minute", async () => {
  const { records, told, world } = await start();
  await roundTrip(records, world.now());
  assertEquals(told, [["health", MINUTE_MS]]);
});
