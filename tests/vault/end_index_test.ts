/** Housekeeping reads what has ended, by the index of ends, and not what is kept. */

import { assert, assertEquals } from "@std/assert";
import { digest } from "../../broker/core/secrets.ts";
import type { RegisteredClient, Session } from "../../broker/core/grant.ts";
import { TOMBSTONE_MS } from "../../broker/core/person_store.ts";
import { MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import { indexEnds } from "../../vault/end_index.ts";
import { sweepExpired } from "../../vault/expired.ts";
import { keepVault } from "../../vault/housekeeping.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import {
  endingKinds,
  endPrefix,
  endsIndexedKey,
  expiringKey,
  expiringKinds,
  sealerKey,
} from "../../vault/keys.ts";
import { rekey } from "../../vault/rekey.ts";
import type { Entry, RecordKey, Records } from "../../vault/records.ts";
import { ANNOUNCED_MS, createSealer, listSealers } from "../../vault/sealers.ts";
import { createStore } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { testAll } from "./databases.ts";

/** So far on that no database forgets anything while a test runs. */
const NOW = 1_000_000;
const HOUR_MS = 60 * 60_000;
const CLOCK = { now: () => NOW };
const specOf = (id: string) => ({ id, bytes: new Uint8Array(32).fill(id.charCodeAt(1)) });

async function storeOn(records: Records) {
  return createStore(records, await importKeyRing([specOf("k1")]), CLOCK);
}

function session(expiresAt: number, more: Partial<Session> = {}): Session {
  return { subject: "acme:1", csrf: "c", expiresAt, ...more } as Session;
}

/** What is asked of a database: entries that are read, and commits. */
function counted(records: Records) {
  const asked = { lists: 0, entries: 0, gets: 0, commits: 0 };
  const seen: Records = {
    ...records,
    get(key) {
      asked.gets += 1;
      return records.get(key);
    },
    async *list<T>(range: Parameters<Records["list"]>[0]) {
      asked.lists += 1;
      for await (const entry of records.list<T>(range)) {
        asked.entries += 1;
        yield entry;
      }
    },
    commit(change) {
      asked.commits += 1;
      return records.commit(change);
    },
  };
  return { records: seen, asked };
}

async function keysBelow(records: Records, ...prefix: string[]): Promise<RecordKey[]> {
  return (await Array.fromAsync(records.list({ prefix }))).map(({ key }) => key);
}

const entriesOf = (records: Records) => keysBelow(records, ...endPrefix);

/** As a version before the index left it. */
async function forget(records: Records): Promise<void> {
  const deletes = [...await entriesOf(records), endsIndexedKey];
  for (let at = 0; at < deletes.length; at += 50) {
    await records.commit({ deletes: deletes.slice(at, at + 50) });
  }
}

testAll(
  "a sweep reads the same few, however much is kept, and of what is due each once",
  async (db) => {
    const { sessions } = await storeOn(db);
    await sessions.put("s", session(NOW + HOUR_MS));
    // The one entry is the process itself, which has announced that it seals.
    const nothing = { lists: 2, entries: 1, gets: 0, commits: 0 };
    for (const kept of [0, 10, 600]) {
      for (let at = 0; at < kept; at++) {
        await sessions.put(`${kept}.${at}`, session(NOW + HOUR_MS + at));
      }
      const { records, asked } = counted(db);
      assertEquals(await sweepExpired(records, NOW), 0);
      assertEquals(asked, nothing, `${kept} kept`);
    }
    for (const due of [1, 120, 450]) {
      for (let at = 0; at < due; at++) await sessions.put(`due.${at}`, session(NOW - at));
      const { records, asked } = counted(db);
      assertEquals(await sweepExpired(records, NOW), due);
      const { lists, entries, gets, commits } = asked;
      assertEquals([entries, gets], [1 + due, 0], "none of the records themselves");
      assert(lists <= 3 + due / 100 && commits <= 1 + due / 50 + due / 200, JSON.stringify(asked));
      assertEquals((await keysBelow(db, "sessions")).length, 611);
    }
  },
);

testAll("every kind that ends has an entry, by which it goes", async (db) => {
  const store = await storeOn(db);
  for (const kind of expiringKinds) {
    if (kind === "trails") {
      const of = { subject: "acme:1" as const, provider: "acme", steps: [] };
      await store.trails.write({ ...of, id: "a", expiresAt: NOW + 1 }, null, []);
      await store.trails.write({ ...of, id: "b", expiresAt: NOW + 2 }, null, []);
      continue;
    }
    await store[kind as "sessions"].put("a", session(NOW + 1));
    await store[kind as "sessions"].put("b", session(NOW + 2));
  }
  const token = { subject: "acme:1", id: "t", expiresAt: NOW + 1 };
  await store.sessionTokens.put(token as never, null);
  const block = { subject: "acme:1", id: "b", sequence: 1, leftOut: 0 } as const;
  const blocks = [{ ...block, entries: [], uses: [], expiresAt: NOW + 1 }];
  const chain = { chain: "c", key: "k", block: "b", mac: "m", mark: "r", writes: 1 };
  const head = { subject: block.subject, sequence: 1, expiresAt: NOW + 1, ...chain };
  await store.activity.append([{ head, blocks, seen: null }]);
  const { people } = store;
  await people.close("acme:2", NOW + 1);
  await people.bury("acme:2", { at: NOW + 1 - TOMBSTONE_MS, removed: {} });
  const limit = { at: NOW, by: "p", parts: [], leases: [] };
  // Kept for two windows from now on, which is where the clock of this store stands.
  await store.limits.put("api_key", "a", { record: limit, windowMs: 1 / 2 }, null);
  const found = (await entriesOf(db)).filter(([, at]) => at === NOW + 1).map(([, , kind]) => kind);
  // Events end when the program says: `events_test.ts` has them.
  const all = endingKinds.filter((kind) => kind !== "events");
  assertEquals(found.sort(), [...all].sort());
  await sweepExpired(db, NOW + 1);
  for (const kind of all) {
    assertEquals(
      await keysBelow(db, kind),
      ["session_tokens", "activity", "chains", "closed", "tombstones", "limits"].includes(kind)
        ? []
        : [[kind, kind === "trails" ? digest("b") : "b"]],
      kind,
    );
  }
  assertEquals((await entriesOf(db)).length, expiringKinds.length);
});

testAll("an entry moves with its record's end, and goes with the record", async (db) => {
  const { connections, handoffs, sessions, sessionTokens, grants } = await storeOn(db);
  const ends = async () => (await entriesOf(db)).map(([, at]) => at);
  const first = await sessions.add("s", session(NOW + 1), NOW);
  assertEquals(await ends(), [NOW + 1]);
  const second = await sessions.replace("s", session(NOW + 2), first!);
  assertEquals(await ends(), [NOW + 2]);
  assertEquals(await sessions.replace("s", session(NOW + 3), first!), null, "it was changed");
  assertEquals(await ends(), [NOW + 2]);
  // The same end, and another value.
  const third = await sessions.replace("s", session(NOW + 2, { email: "a@b.c" }), second!);
  assertEquals(third, (await sessions.peek("s"))!.version, "as it is read");
  assertEquals(await ends(), [NOW + 2]);
  assert(await sessions.take("s", third!));
  assertEquals(await ends(), []);

  // One that counts as none is written over.
  await sessions.put("s", session(NOW - 1));
  assert(await sessions.add("s", session(NOW + 0.5), NOW) !== null);
  assertEquals(await ends(), [NOW + 0.5]);
  assert(await sessions.take("s", (await sessions.peek("s"))!.version));
  assertEquals(await ends(), []);

  const { value: connection } = storedOf("1", ["mail"]);
  await handoffs.put("h", { expiresAt: NOW + 1, text: "x".repeat(200_000) } as never);
  const claimed = { digest: "h", version: (await handoffs.peek("h"))!.version };
  assert(await connections.put(connection, null, { claimed }) !== null);
  assertEquals(await ends(), []);

  const token = { subject: "acme:1", id: "t", expiresAt: NOW + 1 } as never;
  assert(await sessionTokens.put(token, null));
  assertEquals(await ends(), [NOW + 1]);
  await sessionTokens.delete("acme:1", "t");
  assertEquals(await ends(), []);

  const secret = (expiresAt: number, version: string | null) => ({
    digest: "r",
    value: { expiresAt } as never,
    version,
  });
  const grant = { subject: "acme:1", id: "g" } as never;
  assert(await grants.put(grant, null, [secret(NOW + 1, null)]));
  const { version } = (await grants.get("acme:1", "g"))!;
  const { secrets } = await storeOn(db);
  assert(await grants.put(grant, version, [secret(NOW + 9, (await secrets.peek("r"))!.version)]));
  assertEquals(await ends(), [NOW + 9]);
});

testAll(
  "what was written over unread lives until its own end, and its first entry goes alone",
  async (db) => {
    const { sessions } = await storeOn(db);
    const large = { email: "x".repeat(200_000) };
    await sessions.put("grown", session(NOW + 1, large));
    await sessions.put("grown", session(NOW + HOUR_MS));
    await sessions.put("shrunk", session(NOW + HOUR_MS, large));
    await sessions.put("shrunk", session(NOW + 1));
    assertEquals((await entriesOf(db)).length, 4);
    await sweepExpired(db, NOW + 1);
    assertEquals(await keysBelow(db, "sessions"), [["sessions", "grown"]]);
    assertEquals((await sessions.peek("grown"))!.value, session(NOW + HOUR_MS));
    assertEquals(await keysBelow(db, "pieces", "sessions", "grown"), []);
    assertEquals((await entriesOf(db)).map(([, at]) => at), [NOW + HOUR_MS, NOW + HOUR_MS]);
    await sweepExpired(db, NOW + HOUR_MS);
    for (const prefix of ["sessions", "pieces", "ends"]) {
      assertEquals(
        await keysBelow(db, prefix),
        [],
      );
    }
  },
);

testAll("several processes work off a week together, and touch nothing that lives", async (db) => {
  const { sessions } = await storeOn(db);
  for (let at = 0; at < 900; at++) {
    await sessions.put(`${at}`, session(at % 3 === 0 ? NOW + HOUR_MS + at : NOW - 700 * at));
  }
  const runs = await Promise.all(
    Array.from({ length: 3 }, () => sweepExpired(db, NOW, { random: Math.random })),
  );
  assert(runs.every((about) => about <= 1_800), String(runs));
  assertEquals((await keysBelow(db, "sessions")).length, 300);
  assertEquals((await entriesOf(db)).length, 300);
  assertEquals(await sweepExpired(db, NOW), 0, "nothing is left");
});

testAll("one run does so much, and the next goes on", async (db) => {
  const { sessions } = await storeOn(db);
  for (let at = 0; at < 500; at++) await sessions.put(`${at}`, session(NOW - at));
  assertEquals(await sweepExpired(db, NOW, { most: 230 }), 230);
  assertEquals((await keysBelow(db, "sessions")).length, 270);
  assertEquals(await sweepExpired(db, NOW, { most: 10_000, random: () => 0.99 }), 270);
  assertEquals(await entriesOf(db), []);
});

testAll(
  "whoever dies between reading and deleting leaves nothing that the next run misses",
  async (db) => {
    const { sessions } = await storeOn(db);
    for (let at = 0; at < 120; at++) await sessions.put(`${at}`, session(NOW - at));
    let left = 1;
    const dying: Records = {
      ...db,
      commit: (change) => left-- > 0 ? db.commit(change) : Promise.reject(new Error("out")),
    };
    await sweepExpired(dying, NOW).catch(() => {});
    assertEquals((await keysBelow(db, "sessions")).length, 70);
    assertEquals((await entriesOf(db)).length, 70);
    assertEquals(await sweepExpired(db, NOW), 70);
    assertEquals(await keysBelow(db, "sessions"), []);
  },
);

testAll("what is renewed while it is swept stays", async (db) => {
  const { sessions } = await storeOn(db);
  await sessions.put("mine", session(NOW));
  await sessions.put("other", session(NOW));
  const { version } = (await sessions.peek("mine"))!;
  let isRenewed = false;
  const racing: Records = {
    ...db,
    async commit(change) {
      if (!isRenewed) await sessions.replace("mine", session(NOW + HOUR_MS), version);
      isRenewed = true;
      return await db.commit(change);
    },
  };
  await sweepExpired(racing, NOW);
  assertEquals(await keysBelow(db, "sessions"), [["sessions", "mine"]]);
  assertEquals((await entriesOf(db)).map(([, at]) => at), [NOW + HOUR_MS]);
});

testAll("what a database forgets by itself leaves nothing behind", async (db) => {
  const { sessions } = await storeOn(db);
  await sessions.put("gone", session(NOW, { email: "x".repeat(200_000) }));
  await db.commit({ deletes: [expiringKey("sessions", "gone")] });
  await sweepExpired(db, NOW);
  for (const prefix of ["pieces", "ends"]) assertEquals(await keysBelow(db, prefix), []);
});

testAll("what is sealed anew keeps its entry", async (db) => {
  const { sessions } = await storeOn(db);
  await sessions.put("s", session(NOW + 1));
  await rekey(db, await importKeyRing([specOf("k2"), specOf("k1")]), CLOCK);
  assertEquals((await entriesOf(db)).length, 1);
  const { records, asked } = counted(db);
  await sweepExpired(records, NOW + 1);
  assertEquals(asked.gets, 0);
  assertEquals(await keysBelow(db, "sessions"), []);
});

testAll("what was stored before is taken over once, in pages, from run to run", async (db) => {
  const { sessions, links, handoffs } = await storeOn(db);
  for (let at = 0; at < 130; at++) {
    await sessions.put(`${at}`, session(at % 2 === 0 ? NOW + HOUR_MS : NOW - 1));
  }
  await links.put("l", session(NOW + HOUR_MS) as never);
  await handoffs.put("h", { expiresAt: NOW + HOUR_MS, text: "x".repeat(200_000) } as never);
  // Pieces whose record a database has forgotten.
  await handoffs.put("left", { expiresAt: NOW + HOUR_MS, text: "x".repeat(200_000) } as never);
  await db.commit({ deletes: [expiringKey("handoffs", "left")] });
  await forget(db);
  assertEquals(await sweepExpired(db, NOW), 0);

  const { records, asked } = counted(db);
  let runs = 1;
  while (!await indexEnds(records, NOW, 40)) {
    // Cut off, and gone on with by another process.
    const said = (await db.get<unknown>(endsIndexedKey))!.value;
    assert(Array.isArray(said), String(said));
    runs += 1;
  }
  assert(runs > 2, "several runs");
  // Each once, but for the place where a page begins, and who seals.
  const kept = 130 + 1 + 1 + 6;
  assert(asked.entries <= kept + 20, JSON.stringify(asked));
  assertEquals((await keysBelow(db, "pieces")).length, 3);
  assertEquals((await entriesOf(db)).length, 132);
  assertEquals(await sweepExpired(db, NOW), 65, "what was over by then");
  assertEquals((await keysBelow(db, "sessions")).length, 65);
  const whole = counted(db);
  assertEquals(await indexEnds(whole.records, NOW), true);
  assertEquals(whole.asked, { lists: 1, entries: 1, gets: 1, commits: 0 }, "never again");
  await sweepExpired(db, NOW + HOUR_MS);
  for (const prefix of ["sessions", "links", "handoffs", "pieces", "ends"]) {
    assertEquals(await keysBelow(db, prefix), [], prefix);
  }
});

testAll("a record that is changed while it is taken over has its own entry", async (db) => {
  const { clients } = await storeOn(db);
  const client = (expiresAt: number) => ({ id: "c", expiresAt }) as RegisteredClient;
  for (const id of ["a", "b", "c"]) await clients.put(id, client(NOW + 1));
  await forget(db);
  const { version } = (await clients.peek("b"))!;
  let isChanged = false;
  const racing: Records = {
    ...db,
    async commit(change) {
      if (!isChanged) await clients.replace("b", client(NOW + 2), version);
      isChanged = true;
      return await db.commit(change);
    },
  };
  assertEquals(await indexEnds(racing, NOW), true);
  const found = (await entriesOf(db)).map(([, at, , id]) => [at, id]);
  assertEquals(found, [[NOW + 1, "a"], [NOW + 1, "c"], [NOW + 2, "b"]]);
});

testAll("while a process lives that writes no entries the index is not whole", async (db) => {
  const { sessions } = await storeOn(db);
  assertEquals(await indexEnds(db, NOW), true);
  const older = { key: "k1", opens: ["k1"], since: NOW, indexes: ["accounts"] };
  const sealer = { ...older, expires_at: NOW + ANNOUNCED_MS };
  await db.commit({ sets: [{ key: sealerKey("old"), value: sealer }] });
  await sessions.put("old's", session(NOW + HOUR_MS));
  await db.commit({ deletes: await entriesOf(db) });
  assertEquals(await indexEnds(db, NOW), false);
  assertEquals(await entriesOf(db), []);
  assertEquals(await indexEnds(db, NOW + ANNOUNCED_MS), true, "it has ended");
  assertEquals((await entriesOf(db)).length, 1);
});

testAll("an older process moves an end, and nothing is deleted before it", async (db) => {
  const { sessions } = await storeOn(db);
  await sessions.put("s", session(NOW + 1));
  const key = expiringKey("sessions", "s");
  const { value } = (await db.get<{ expires_at: number }>(key)) as Entry<{ expires_at: number }>;
  await db.commit({ sets: [{ key, value: { ...value, expires_at: NOW + HOUR_MS } }] });
  await sweepExpired(db, NOW + 1);
  assertEquals(await keysBelow(db, "sessions"), [["sessions", "s"]]);
});

testAll("a process of this version says that it writes the index of ends", async (db) => {
  const ring = await importKeyRing([specOf("k1")]);
  await createSealer(db, ring, CLOCK).begin();
  assertEquals((await listSealers(db, NOW)).map((one) => one.indexesEnds), [true]);
  await sweepExpired(db, NOW + ANNOUNCED_MS);
  assertEquals(await keysBelow(db, "sealers"), [], "nor does an announcement stay");
});

testAll("what has ended by this clock stays for a process whose clock is behind", async (db) => {
  const ring = await importKeyRing([specOf("k1")]);
  const { sessions } = createStore(db, ring, CLOCK);
  await sessions.put("s", session(NOW));
  const at = (now: number) => ({ now: () => now, random: () => 0.5 });
  await keepVault(db, ring, at(NOW + MAX_CLOCK_SKEW_MS - 1));
  assertEquals(await keysBelow(db, "sessions"), [["sessions", "s"]]);
  await keepVault(db, ring, at(NOW + MAX_CLOCK_SKEW_MS));
  assertEquals(await keysBelow(db, "sessions"), []);
});
