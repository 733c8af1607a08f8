/** All that is kept of one person is found, counted and removed, whatever kind it is of. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { CLOSED_MS, TOMBSTONE_MS } from "../../broker/core/person_store.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { sweepExpired } from "../../vault/expired.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { kindsOf, ownedIndexedKey, prefixes, sealerKey } from "../../vault/keys.ts";
import { indexOwned } from "../../vault/owned_index.ts";
import type { CutBox } from "../../vault/pieces.ts";
import type { RecordKey, Records } from "../../vault/records.ts";
import { rekey } from "../../vault/rekey.ts";
import { ANNOUNCED_MS } from "../../vault/sealers.ts";
import { createStore } from "../../vault/store.ts";
import {
  connectionOf,
  PERSONAL_KINDS,
  plantPerson,
  SECRET,
  walk,
} from "../support/planted_person.ts";
import { testAll } from "./databases.ts";

/** So far on that no database forgets anything while a test runs. */
const NOW = 1_000_000;
const ANA: Subject = "voice:ana-7f3c";
const BEN: Subject = "voice:ben-09a1";
const specOf = (id: string) => ({ id, bytes: new Uint8Array(32).fill(id.charCodeAt(1)) });

async function open(records: Records, ids = ["k1"]) {
  const clock = { time: NOW, now: () => clock.time };
  const ring = await importKeyRing(ids.map(specOf));
  return { clock, ring, store: createStore(records, ring, clock) };
}

async function keysOf(records: Records): Promise<string[]> {
  const all = await Array.fromAsync(records.list({ prefix: [] }));
  return all.map(({ key }) => JSON.stringify(key)).filter((key) => !key.includes("sealers"));
}

/** Closes a person and removes everything, as a deletion does. */
async function remove({ store, clock }: Awaited<ReturnType<typeof open>>, subject: Subject) {
  await store.people.close(subject, clock.now() + CLOSED_MS);
  for (const held of await store.people.held(subject)) {
    await store.people.remove(held, "everything");
  }
  return await store.people.remove(subject, "everything");
}

const marks = (keys: string[]) => keys.filter((key) => !/"(closed|tombstones|marks)"/.test(key));

testAll("of somebody of whom there was a record of every kind nothing is left", async (db) => {
  const it = await open(db);
  await plantPerson({ store: it.store, subject: BEN, now: NOW });
  const before = await keysOf(db);
  await plantPerson({ store: it.store, subject: ANA, now: NOW });
  const kinds = new Set((await keysOf(db)).map((key) => JSON.parse(key)[0]));
  for (const kind of PERSONAL_KINDS) assert(kinds.has(kind), `${kind} is not planted`);
  assert((await walk(db, it.ring)).filter((text) => text.includes("ana-7f3c")).length > 40);
  const counted = await it.store.people.count(ANA);
  assertEquals(Object.keys(counted).sort(), [...PERSONAL_KINDS].sort());
  const removed = await remove(it, ANA);
  // Two connections, one of them is due; the import that is held went before.
  assertEquals(removed, { ...counted, connections: 2 });
  await it.store.people.bury(ANA, { at: NOW, removed });
  assertEquals((await walk(db, it.ring)).filter((text) => text.includes("ana-7f3c")), []);
  const after = await keysOf(db);
  assertEquals(marks(after), marks(before), "not a piece, and no entry of an index");
  const isKept = (key: string) => !key.startsWith('["marks"');
  const more = after.filter(isKept).length - before.filter(isKept).length;
  assertEquals(more, 4, "the mark and the tombstone, each with its end");
});

testAll("a second time there is nothing to remove, and nobody else loses anything", async (db) => {
  const it = await open(db);
  await plantPerson({ store: it.store, subject: ANA, now: NOW });
  await plantPerson({ store: it.store, subject: BEN, now: NOW });
  const bens = await it.store.people.count(BEN);
  await remove(it, ANA);
  assertEquals(await remove(it, ANA), {});
  assertEquals(await it.store.people.count(BEN), bens);
  // Of whose id hers is the beginning.
  assertEquals(await remove(it, "voice:ana" as Subject), {});
  assertEquals(await remove(it, "voice:ben-09a" as Subject), {});
  assertEquals(await it.store.people.count(BEN), bens);
});

testAll("of who is closed nothing new is kept, and what is there can be changed", async (db) => {
  const it = await open(db);
  const { store, clock } = it;
  const connection = connectionOf({ subject: ANA, now: NOW });
  const version = await store.connections.put(connection, null);
  const secret = { kind: "refresh", subject: ANA, grantId: "g", expiresAt: NOW + 60_000 } as const;
  await store.secrets.put("d", secret);
  const grant = { subject: ANA, id: "g", name: "", scopes: [], resource: "", createdAt: NOW };
  await store.grants.put(grant, null);
  const read = (await store.grants.get(ANA, "g"))!.version;
  await store.people.close(ANA, NOW + CLOSED_MS);
  const closed = async (run: () => Promise<unknown>) => {
    const { reason } = await assertRejects(run, Refusal);
    assertEquals(reason, { code: "user_deleted", retryAfter: CLOSED_MS / 1000 });
  };
  const before = await keysOf(db);
  await closed(() =>
    store.connections.put(connectionOf({ subject: ANA, now: NOW }, { account: "b" }), null)
  );
  await closed(() =>
    store.connections.put(
      connectionOf({ subject: "~import:x", now: NOW }, { heldFor: ANA }),
      null,
    )
  );
  await closed(() => store.secrets.put("e", secret));
  // Written over unread, as a refresh token that is bound to a key is.
  await closed(() => store.secrets.put("d", secret));
  await closed(() => store.secrets.add("f", secret, NOW));
  await closed(() => store.grants.put({ ...grant, id: "h" }, null));
  const [one, two] = [{ digest: "x", value: secret, version: null }, "y"];
  await closed(() => store.grants.put(grant, read, [one, { ...one, digest: two }]));
  await closed(() => store.leases.take({ ...connection, account: "b" }, "me", NOW));
  await closed(() => store.leases.takeFor({ value: connection, version: version! }, "me", NOW));
  // Nothing is left to be signed out.
  await store.epochs.raise(ANA);
  assertEquals(await keysOf(db), before);
  assert(
    await store.connections.put({ ...connection, label: "new" }, version, { dueAt: NOW }) !== null,
  );
  assert(await store.grants.put(grant, read));
  const found = (await store.secrets.peek("d"))!;
  assert(await store.secrets.replace("d", secret, found.version) !== null);
  // Others are open.
  await store.secrets.put("b", { ...secret, subject: BEN });
  // Once it is over, by this clock, the mark goes, though nobody has swept it.
  clock.time = NOW + CLOSED_MS;
  await store.secrets.put("e", secret);
  assertEquals((await keysOf(db)).filter((key) => key.includes("closed")), []);
});

testAll("a mark by a clock that ran ahead closes nobody for longer", async (db) => {
  const it = await open(db);
  await it.store.people.close(ANA, NOW + 100 * CLOSED_MS);
  await it.store.epochs.raise(ANA);
  assertEquals(await it.store.epochs.get(ANA), 1);
});

testAll(
  "a process with another first key sees the mark, and so does one with one key less",
  async (db) => {
    const [old, both, other] = [
      await open(db, ["k1"]),
      await open(db, ["k2", "k1"]),
      await open(db, ["k2"]),
    ];
    const add = ({ store }: typeof old) =>
      store.proofs.put("p", { subject: ANA, expiresAt: NOW + 60_000 });
    await old.store.people.close(ANA, NOW + CLOSED_MS);
    await assertRejects(() => add(both), Refusal);
    await both.store.people.close(ANA, NOW + CLOSED_MS);
    for (const one of [old, both, other]) await assertRejects(() => add(one), Refusal);
  },
);

testAll(
  "of two deletions at once one tombstone is left, for both, and after a year none",
  async (db) => {
    const it = await open(db);
    const { people } = it.store;
    await Promise.all([
      people.bury(ANA, { at: NOW, removed: { grants: 2 } }),
      people.bury(ANA, { at: NOW + 1, removed: { grants: 1, sessions: 3 } }),
    ]);
    const stones = async () => (await Array.fromAsync(
      db.list<{ removed: unknown; at: number }>({ prefix: ["tombstones"] }),
    ));
    const [only, ...more] = await stones();
    assertEquals([only!.value.removed, more.length], [{ grants: 3, sessions: 3 }, 0]);
    assert(!JSON.stringify(only).includes("ana"), "nobody's name stands in it");
    // Found again under a later key of the ring; of somebody else there is another one.
    await (await open(db, ["k2", "k1"])).store.people.bury(ANA, {
      at: NOW + CLOSED_MS * 2,
      removed: {},
    });
    assertEquals((await stones()).map(({ value }) => value.removed), [{}]);
    await people.bury(BEN, { at: NOW, removed: {} });
    assertEquals((await stones()).length, 2);
    await sweepExpired(db, NOW + CLOSED_MS * 2 + TOMBSTONE_MS);
    assertEquals(
      marks(await keysOf(db)),
      (await keysOf(db)).filter((key) => !key.includes('"marks"')),
    );
  },
);

/** As a version without the index left it. */
async function forgetOwned(db: Records): Promise<void> {
  for (const prefix of prefixes) {
    for await (const { key, value } of db.list<CutBox>({ prefix: [prefix] })) {
      const isOwned = key[0] === "owned" || key.join() === ownedIndexedKey.join();
      if (isOwned) await db.commit({ deletes: [key] });
      if (value?.subject === undefined || key[0] === "connections") continue;
      const { subject: _subject, ...before } = value;
      // Its pieces have to have its version.
      const pieces = await Array.fromAsync(db.list({ prefix: ["pieces", ...key] }));
      await db.commit({ sets: [{ key, value: before }, ...pieces] });
    }
  }
}

testAll(
  "what a version without the index stored is found, before it is indexed and after",
  async (db) => {
    const it = await open(db);
    await plantPerson({ store: it.store, subject: ANA, now: NOW });
    await plantPerson({ store: it.store, subject: BEN, now: NOW });
    await forgetOwned(db);
    const held = (text: string) => text.includes("~import:");
    await remove(it, ANA);
    const left = async (id: string) =>
      (await walk(db, it.ring)).filter((text) => text.includes(id) && !held(text));
    assertEquals(await left("ana-7f3c"), [], "all is looked through");
    for (let runs = 0; !await indexOwned(db, it.ring, NOW, 3); runs++) assert(runs < 100);
    const found = await it.store.people.count(BEN);
    assertEquals(Object.keys(found).sort(), PERSONAL_KINDS.filter((kind) => kind !== "~").sort());
    const asked: RecordKey[] = [];
    const seen: Records = {
      ...db,
      list(range) {
        asked.push(range.prefix);
        return db.list(range);
      },
    };
    await remove(await open(seen), BEN);
    assert(
      asked.every(([kind, subject]) => subject !== undefined || kind === "retired"),
      "no kind as a whole",
    );
    assertEquals(await left("ben-09a1"), []);
  },
);

testAll("while a process lives that writes no entries the index is not believed", async (db) => {
  const it = await open(db);
  assert(await indexOwned(db, it.ring, NOW));
  const key = sealerKey("old");
  const old = { key: "k1", opens: ["k1"], since: NOW, indexes: ["accounts", "ends"] };
  await db.commit({ sets: [{ key, value: { ...old, expires_at: NOW + ANNOUNCED_MS } }] });
  assert(!await indexOwned(db, it.ring, NOW));
  await plantPerson({ store: it.store, subject: ANA, now: NOW });
  await forgetOwned(db);
  await remove(it, ANA);
  const left = (await walk(db, it.ring)).filter((text) => text.includes("ana-7f3c"));
  assertEquals(left.filter((text) => !text.includes("~import:")), []);
  assert(await indexOwned(db, it.ring, NOW + ANNOUNCED_MS));
});

testAll("what is used up, taken over by somebody else or swept leaves no entry", async (db) => {
  const it = await open(db);
  const { imports } = it.store;
  await imports.put("m", { subject: ANA, expiresAt: NOW + 5 });
  const { version } = (await imports.peek("m"))!;
  await imports.replace("m", { subject: BEN, expiresAt: NOW + 6 }, version);
  assertEquals(await it.store.people.count(ANA), {});
  assertEquals(await it.store.people.count(BEN), { imports: 1 });
  await imports.take("m", (await imports.peek("m"))!.version);
  assertEquals((await keysOf(db)).filter((key) => key.includes("owned")), []);
  // Written over unread: the entry of before leads to what is hers no more, and takes nothing away.
  await imports.put("n", { subject: ANA, expiresAt: NOW + 5 });
  await imports.put("n", { subject: BEN, expiresAt: NOW + 6 });
  assertEquals(await remove(it, ANA), {});
  assertEquals((await imports.peek("n"))!.value.subject, BEN);
  await imports.put("o", { subject: ANA, expiresAt: NOW + 5 + CLOSED_MS }).catch(() => {});
  await sweepExpired(db, NOW + 6);
  assertEquals((await keysOf(db)).filter((key) => key.includes("owned")), []);
});

testAll("a record that is sealed anew, or cannot be opened, is its person's still", async (db) => {
  const it = await open(db);
  await plantPerson({ store: it.store, subject: ANA, now: NOW });
  const ring = await importKeyRing([specOf("k2"), specOf("k1")]);
  await rekey(db, ring, it.clock);
  await plantPerson({ store: it.store, subject: BEN, now: NOW });
  const later = await open(db, ["k2"]);
  await remove(later, ANA);
  await remove(later, BEN);
  const keys = await keysOf(db);
  assertEquals(keys.filter((key) => /ana-7f3c|ben-09a1/.test(key) || key.includes(SECRET)), []);
  assertEquals(marks(keys).filter((key) => !key.includes("retired")), []);
});

Deno.test("no kind whose keys name a subject is taken for nobody's", async () => {
  const text = await Deno.readTextFile(new URL("../../vault/keys.ts", import.meta.url));
  const functions = [...text.matchAll(/^export function \w+\(([^{]*?)\{\n(.*?)^\}/gms)];
  const named = functions.filter(([, parameters]) => /\bsubject|ConnectionRef\b/.test(parameters!))
    .flatMap(([, , body]) => /textKey\("(\w+)"/.exec(body!)?.[1] ?? []);
  assert(named.length > 5, "the functions are found");
  const nobodys: string[] = kindsOf("nobody");
  assertEquals(named.filter((kind) => nobodys.includes(kind)), []);
});
