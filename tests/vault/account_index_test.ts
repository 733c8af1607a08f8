/** Who has a connection to an account: by the index, and the same by looking through everything. */

import { assert, assertEquals } from "@std/assert";
import type { Connection } from "../../broker/core/connection.ts";
import { indexAccounts } from "../../vault/account_index.ts";
import type { ConnectionRecord } from "../../vault/connection_records.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { accountKey, accountsIndexedKey, connectionKey, sealerKey } from "../../vault/keys.ts";
import type { Records } from "../../vault/records.ts";
import { ANNOUNCED_MS, createSealer, listSealers } from "../../vault/sealers.ts";
import { createStore } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { testAll } from "./databases.ts";

const CLOCK = { now: () => 1000 };
const { value: connection } = storedOf("1", ["mail"]);
const DEAD = { status: "reauthorization_required" } as const;

async function storeOn(records: Records) {
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  return createStore(records, ring, CLOCK);
}

/** The same database; `read` hears of every range that is read, by its first part. */
function watched(records: Records, read: string[]): Records {
  return {
    ...records,
    list(range) {
      read.push(String(range.prefix[0]));
      return records.list(range);
    },
  };
}

/** As a version before 0.2.0 left it: without an entry. */
async function forget(records: Records, ...refs: Connection[]): Promise<void> {
  await records.commit({ deletes: refs.map(accountKey) });
}

for (const isIndexed of [true, false]) {
  const how = isIndexed ? "by the index" : "before the index is whole";
  testAll(`${how}: an account lives as long as anybody's connection to it works`, async (db) => {
    const { connections } = await storeOn(db);
    if (isIndexed) await indexAccounts(db, 1000);
    const lives = (account?: string, provider = "acme") => connections.lives(provider, account);
    assertEquals([await lives("1"), await lives()], [false, false]);
    const other = { ...connection, subject: "other:bob" as const };
    const mine = await connections.put(connection, null);
    const theirs = await connections.put(other, null);
    assertEquals([await lives("1"), await lives("2"), await lives()], [true, false, true]);
    assertEquals([await lives("1", "acm"), await lives("", "acme")], [false, false]);
    assert(await connections.delete(connection, mine!));
    assertEquals(await lives("1"), true, "the other's works");
    const dead = await connections.put({ ...other, ...DEAD }, theirs);
    assertEquals([await lives("1"), await lives()], [false, false]);
    const again = await connections.put(other, dead);
    assertEquals(await lives("1"), true, "connected again");
    assert(await connections.delete(other, again!));
    assertEquals([await lives("1"), await lives()], [false, false]);
  });
}

testAll("a write that lost changes the index as little as the record", async (db) => {
  const { connections } = await storeOn(db);
  await indexAccounts(db, 1000);
  const first = await connections.put(connection, null);
  const version = await connections.put({ ...connection, updatedAt: 7 }, first);
  assertEquals(await connections.put({ ...connection, ...DEAD }, first), null);
  assertEquals(await connections.delete(connection, first!), false);
  assertEquals(await connections.lives("acme", "1"), true);
  await connections.delete(connection, version!);
  assertEquals(await connections.put(connection, version), null);
  assertEquals(await db.get(accountKey(connection)), null);
});

testAll("the index is asked, and not everything looked through", async (db) => {
  const read: string[] = [];
  const { connections } = await storeOn(watched(db, read));
  for (const account of ["1", "2", "3"]) await connections.put({ ...connection, account }, null);
  await connections.lives("acme", "2");
  assertEquals(read, ["connections"]);
  await indexAccounts(db, 1000);
  read.length = 0;
  await connections.lives("acme", "2");
  assertEquals(read, ["accounts"]);
});

testAll(
  "what was stored before there was an index is found, before and after it is built",
  async (db) => {
    const { connections } = await storeOn(db);
    const dead = { ...connection, account: "2", ...DEAD };
    await connections.put(connection, null);
    await connections.put(dead, null);
    await forget(db, connection);
    const found = async () => [
      await connections.lives("acme", "1"),
      await connections.lives("acme", "2"),
      await connections.lives("acme", "3"),
    ];
    assertEquals(await found(), [true, false, false]);
    await indexAccounts(db, 1000);
    assert(await db.get(accountKey(connection)) !== null);
    assertEquals(await db.get(accountKey(dead)), null);
    assertEquals(await found(), [true, false, false]);
  },
);

testAll("what is written while the index is built stands in it as it was written", async (db) => {
  const { connections } = await storeOn(db);
  const all = Array.from({ length: 120 }, (_, at) => ({ ...connection, account: `a${at}` }));
  const versions = await Promise.all(all.map((one) => connections.put(one, null)));
  await forget(db, ...all);
  const change = async (one: Connection, at: number) => {
    if (at % 4 === 0) await connections.delete(one, versions[at]!);
    if (at % 4 === 1) await connections.put({ ...one, ...DEAD }, versions[at]!);
    if (at % 4 === 2) await connections.put({ ...one, updatedAt: 7 }, versions[at]!);
  };
  await Promise.all([indexAccounts(db, 1000), ...all.map(change)]);
  assert(await db.get(accountsIndexedKey) !== null);
  for (const [at, one] of all.entries()) {
    const works = at % 4 >= 2;
    assertEquals(await connections.lives("acme", one.account), works, one.account);
    assertEquals(await db.get(accountKey(one)) !== null, works, one.account);
  }
});

testAll("an entry that an older version left behind counts for nothing", async (db) => {
  const { connections } = await storeOn(db);
  await indexAccounts(db, 1000);
  await connections.put(connection, null);
  await db.commit({ deletes: [connectionKey(connection)] });
  assertEquals([await connections.lives("acme", "1"), await connections.lives("acme")], [
    false,
    false,
  ]);
});

testAll("nor does one of a connection that such a version has laid down", async (db) => {
  const { connections } = await storeOn(db);
  await indexAccounts(db, 1000);
  await connections.put(connection, null);
  const key = connectionKey(connection);
  const { value } = (await db.get<ConnectionRecord>(key))!;
  await db.commit({ sets: [{ key, value: { ...value, ...DEAD } }] });
  assert(await db.get(accountKey(connection)) !== null);
  assertEquals([await connections.lives("acme", "1"), await connections.lives("acme")], [
    false,
    false,
  ]);
});

testAll("while a process lives that writes no index, none is believed", async (db) => {
  const { connections } = await storeOn(db);
  await indexAccounts(db, 1000);
  // As 0.1 announces itself, and stores a connection.
  const sealer = { key: "k1", opens: ["k1"], since: 1000, expires_at: 1000 + ANNOUNCED_MS };
  await db.commit({ sets: [{ key: sealerKey("old"), value: sealer }] });
  await connections.put(connection, null);
  await forget(db, connection);
  await indexAccounts(db, 1000);
  assertEquals(await db.get(accountsIndexedKey), null);
  assertEquals(await connections.lives("acme", "1"), true);
  await indexAccounts(db, 1000 + ANNOUNCED_MS);
  assert(await db.get(accountKey(connection)) !== null, "it has ended: the index is built anew");
});

testAll("a process of this version says that it writes the index", async (db) => {
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  await createSealer(db, ring, CLOCK).begin();
  assertEquals((await listSealers(db, 1000)).map((one) => one.indexesAccounts), [true]);
});

testAll("what cannot be opened counts as what its record says in clear", async (db) => {
  const { connections } = await storeOn(db);
  await connections.put(connection, null);
  const { value, version } = (await db.get<ConnectionRecord>(connectionKey(connection)))!;
  const key = connectionKey(connection);
  await db.commit({
    checks: [{ key, version }],
    sets: [{ key, value: { ...value, key: "gone" } }],
  });
  for (const _ of ["looked through", "by the index"]) {
    assertEquals(await connections.lives("acme", "1"), true);
    await indexAccounts(db, 1000);
  }
});

testAll("the index is made in few writes, and once", async (db) => {
  const { connections } = await storeOn(db);
  const all = ["1", "2", "3"].map((account) => ({ ...connection, account }));
  for (const each of all) await connections.put(each, null);
  await forget(db, ...all);
  let commits = 0;
  const read: string[] = [];
  const counted: Records = {
    ...watched(db, read),
    commit(change) {
      commits += 1;
      return db.commit(change);
    },
  };
  await indexAccounts(counted, 1000);
  assertEquals(commits, 2, "all entries, and that they are all");
  assertEquals(await connections.lives("acme", "3"), true);
  read.length = 0;
  await indexAccounts(counted, 1000);
  assertEquals([commits, read], [2, ["sealers"]]);
});

testAll("the index of nothing is one write", async (db) => {
  let commits = 0;
  const commit: Records["commit"] = (change) => {
    commits += 1;
    return db.commit(change);
  };
  await indexAccounts({ ...db, commit }, 1000);
  assertEquals(commits, 1);
});
