/** Counters of connections: that they are never apart from the records, whoever writes. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Connection, ConnectionRef } from "../../broker/core/connection.ts";
import { type ConnectionCount, deadReason } from "../../broker/core/counts.ts";
import type { Stored } from "../../broker/core/store.ts";
import { createConnectionLedger } from "../../vault/connection_ledger.ts";
import type { ConnectionRecord } from "../../vault/connection_records.ts";
import { COUNTED_IN_A_RUN } from "../../vault/recount.ts";
import { onKv, openKv } from "../../vault/deno_kv.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { connectionKey, countingKey, countPrefix, sealerKey } from "../../vault/keys.ts";
import { rekey } from "../../vault/rekey.ts";
import type { Records } from "../../vault/records.ts";
import { ANNOUNCED_MS } from "../../vault/sealers.ts";
import { createStore } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { testAll } from "./databases.ts";

const NOW = 1_790_000_000_000;
const CLOCK = { now: () => NOW };
const ringOf = (...ids: string[]) =>
  importKeyRing(ids.map((id) => ({ id, bytes: new Uint8Array(32).fill(id.charCodeAt(1)) })));
const servicesOf = ({ tokens }: Connection) => tokens.scopes.map((scope) => `s_${scope}`);

async function processOn(records: Records, ...keys: string[]) {
  const ring = await ringOf(...keys.length > 0 ? keys : ["k1"]);
  const store = createStore(records, ring, CLOCK);
  const put = (connection: Connection, version: string | null) =>
    store.connections.put(connection, version, { services: servicesOf(connection) });
  return { ...store, ring, put };
}
type Process = Awaited<ReturnType<typeof processOn>>;

function connectionOf(ref: Partial<ConnectionRef>, more: Partial<Connection> = {}): Connection {
  const { value } = storedOf("1", ["mail"]);
  return { ...value, updatedAt: NOW, ...ref, ...more };
}

/** What a look through everything gives. */
async function scanned(records: Records, { connections }: Process) {
  const counts = new Map<string, ConnectionCount>();
  const people = new Set<string>();
  const dead: string[] = [];
  for await (const { key } of records.list<ConnectionRecord>({ prefix: ["connections"] })) {
    const [, subject, provider, account] = key as [string, Connection["subject"], string, string];
    if (subject.startsWith("~")) continue;
    people.add(subject);
    const { value } = (await connections.get({ subject, provider, account }))!;
    for (const service of [undefined, ...servicesOf(value)]) {
      const { status: state } = value;
      const id = JSON.stringify([provider, state, service]);
      const count = (counts.get(id)?.count ?? 0) + 1;
      counts.set(id, { provider, service, state, count });
    }
    const why = deadReason(value);
    if (why !== undefined) dead.push(JSON.stringify([subject, provider, account, why]));
  }
  return { people: people.size, connections: sorted([...counts.values()]), dead: dead.sort() };
}

function sorted(counts: ConnectionCount[]): ConnectionCount[] {
  const text = ({ provider, state, service }: ConnectionCount) =>
    JSON.stringify([provider, state, service]);
  return counts.sort((a, b) => text(a) < text(b) ? -1 : 1);
}

async function counted({ counts }: Process) {
  const { people, connections } = await counts.read();
  const dead: string[] = [];
  let before: string | undefined;
  for (;;) {
    const page = await counts.dead({ limit: 3, before });
    dead.push(
      ...page.connections.map(({ subject, provider, account, reason }) =>
        JSON.stringify([subject, provider, account, reason])
      ),
    );
    before = page.next;
    if (before === undefined) break;
  }
  return { people, connections: sorted(connections), dead: dead.sort() };
}

async function assertRight(records: Records, process: Process, what?: string) {
  assertEquals(await counted(process), await scanned(records, process), what);
  for await (const { key, value } of records.list<number>({ prefix: countPrefix() })) {
    assert(value < 1e6, `${key} is ${value}`);
  }
}

/** Chance that is the same each time. */
function chance(seed: number) {
  const next = () => (seed = seed * 48_271 % 2_147_483_647) / 2_147_483_647;
  const upTo = (count: number) => Math.floor(next() * count);
  return { next, upTo, one: <T>(of: readonly T[]) => of[upTo(of.length)]! };
}

/** Something that a gateway does with a connection, as it is found. */
async function act(
  records: Records,
  process: Process,
  random: ReturnType<typeof chance>,
): Promise<unknown> {
  const { connections, people, put } = process;
  const ref: ConnectionRef = {
    subject: `voice:${random.upTo(4)}`,
    provider: random.one(["acme", "zoo"]),
    account: String(random.upTo(2)),
  };
  const found: Stored<Connection> | null = await connections.get(ref);
  const scopes = random.one([[], ["mail"], ["mail", "files"], ["files"]]);
  const { tokens } = connectionOf({});
  const change = (more: Partial<Connection>) =>
    put({ ...found!.value, updatedAt: NOW + random.upTo(1000), ...more }, found!.version);
  if (found === null || random.next() < 0.2) {
    return await put(connectionOf(ref, { tokens: { ...tokens, scopes } }), found?.version ?? null);
  }
  switch (random.upTo(10)) {
    case 0:
      return await connections.delete(ref, found.version);
    case 1:
      return await change({ status: "reauthorization_required" });
    case 2:
      return await change({ status: "reauthorization_required", endedAt: NOW });
    case 3:
      return await change({ status: "moved" });
    case 4:
      return await change({ givenUpUntil: NOW + 5 });
    case 5:
      return await change({ status: "active", givenUpUntil: undefined, endedAt: undefined });
    case 6:
      return await change({ tokens: { ...tokens, scopes } });
    case 7: {
      const ledger = createConnectionLedger(records);
      const entry = await ledger.look(ref);
      return entry && await ledger.layDown(entry, NOW);
    }
    case 8:
      return random.next() < 0.3 && await people.remove(ref.subject, "everything");
    default:
      // A task, which knows no services.
      return await connections.put({ ...found.value, status: "moved" }, found.version);
  }
}

testAll(
  "whatever is done, and however much at once, the counters are what is there",
  async (db) => {
    const [one, other] = [await processOn(db), await processOn(db)];
    await one.counts.recount(servicesOf);
    const random = chance(7);
    for (let round = 0; round < 60; round++) {
      const both = Array.from(
        { length: 8 },
        (_, at) => act(db, at % 2 === 0 ? one : other, random),
      );
      await Promise.all(both);
      await assertRight(db, one, `round ${round}`);
    }
    assertEquals((await one.counts.read()).isWhole, true);
  },
);

testAll("what was there before is counted once, beside all who write and count", async (db) => {
  const [one, other, third] = [await processOn(db), await processOn(db), await processOn(db)];
  const random = chance(11);
  for (let i = 0; i < 40; i++) await act(db, one, random);
  assertEquals((await one.counts.read()).isWhole, false);
  let isWhole = false;
  const counting = async (process: Process) => {
    while (!isWhole) isWhole = await process.counts.recount(servicesOf, 2);
  };
  const writing = async (process: Process) => {
    while (!isWhole) await act(db, process, random);
  };
  await Promise.all([counting(one), counting(other), writing(other), writing(third)]);
  await assertRight(db, third);
  assertEquals((await one.counts.read()).isWhole, true);
  assertEquals(await other.counts.recount(servicesOf), true);
});

testAll(
  "a connection that is made while a counting begins is counted, by whom it was not known to",
  async (db) => {
    const [one, other] = [await processOn(db), await processOn(db)];
    // This process has asked, and knows that nothing is counted.
    await other.put(connectionOf({ subject: "voice:first" }), null);
    await one.counts.recount(servicesOf);
    await other.put(connectionOf({ subject: "voice:a" }), null);
    await assertRight(db, one);
    assertEquals((await one.counts.read()).people, 2);
  },
);

testAll("counting goes on where it was cut off, and reads no record twice", async (db) => {
  const process = await processOn(db);
  for (let i = 0; i < 120; i++) await process.put(connectionOf({ subject: `voice:${i}` }), null);
  const read: number[] = [];
  const watched: Records = {
    ...db,
    async *list(range) {
      let count = 0;
      for await (const entry of db.list<never>(range)) {
        count += 1;
        yield entry;
      }
      if (range.prefix[0] === "connections") read.push(count);
    },
  };
  const { counts } = createStore(watched, process.ring, CLOCK);
  assertEquals(await counts.recount(servicesOf, 50), false);
  assertEquals(read, [50]);
  assertEquals((await counts.read()).connections[0]!.count, 50);
  assertEquals(await counts.recount(servicesOf, COUNTED_IN_A_RUN), true);
  assertEquals(read.reduce((sum, count) => sum + count, 0) < 130, true);
  await assertRight(db, process);
  read.length = 0;
  await counts.recount(servicesOf);
  await counts.read();
  await counts.dead({ limit: 10 });
  assertEquals(read, [], "once all is counted nothing is looked through");
});

testAll("what an older version writes is counted anew, when it has gone", async (db) => {
  const process = await processOn(db);
  for (let i = 0; i < 5; i++) await process.put(connectionOf({ subject: `voice:${i}` }), null);
  await process.counts.recount(servicesOf);
  const before = (await db.get<string>(countingKey))!.value;
  // It knows nothing of counters, and lets the record say no more of them.
  const key = connectionKey(connectionOf({ subject: "voice:1" }));
  const { value } = (await db.get<ConnectionRecord>(key))!;
  const { counted: _, ...old } = value;
  await db.commit({ sets: [{ key, value: { ...old, status: "reauthorization_required" } }] });
  await db.commit({ deletes: [connectionKey(connectionOf({ subject: "voice:2" }))] });
  const found = await process.connections.get(connectionOf({ subject: "voice:1" }));
  await process.put({ ...found!.value, status: "active" }, found!.version);
  assertEquals((await process.counts.read()).isWhole, false, "whoever met it has noticed");
  assertEquals(await process.counts.recount(servicesOf), true);
  assertNotEquals((await db.get<string>(countingKey))!.value, before);
  await assertRight(db, process);
  const names = new Set<unknown>();
  for await (const { key } of db.list({ prefix: countPrefix() })) names.add(key[1]);
  assertEquals(names.size, 1, "nothing is left of the counting before");
});

testAll("while a process of an older version is announced nothing is believed", async (db) => {
  const process = await processOn(db);
  await process.put(connectionOf({}), null);
  const sealer = (expires_at: number) =>
    db.commit({
      sets: [{
        key: sealerKey("old"),
        value: { key: "k1", opens: ["k1"], since: 0, indexes: ["accounts", "ends"], expires_at },
      }],
    });
  await sealer(NOW + ANNOUNCED_MS);
  assertEquals(await process.counts.recount(servicesOf), false);
  assertEquals(await process.counts.read(), { isWhole: false, people: 0, connections: [] });
  await sealer(NOW - 1);
  assertEquals(await process.counts.recount(servicesOf), true);
  await assertRight(db, process);
  await sealer(NOW + ANNOUNCED_MS);
  assertEquals(await process.counts.recount(servicesOf), false);
  assertEquals((await process.counts.read()).isWhole, false);
});

testAll(
  "what cannot be opened is counted, without services, and a large record keeps its pieces",
  async (db) => {
    const [one, other] = [await processOn(db, "k1"), await processOn(db, "k2")];
    const tokens = { ...connectionOf({}).tokens, accessToken: "x".repeat(150_000) };
    await one.put(connectionOf({ subject: "voice:large" }, { tokens }), null);
    await other.put(connectionOf({ subject: "voice:shut" }), null);
    await one.counts.recount(servicesOf);
    assertEquals(
      (await one.counts.read()).connections.map(({ service, count }) => [service, count]),
      [
        [undefined, 2],
        ["s_mail", 1],
      ],
    );
    const large = await one.connections.get(connectionOf({ subject: "voice:large" }));
    assertEquals(large!.value.tokens.accessToken.length, 150_000);
    // Its person signs in again, and the record is replaced unopened.
    const { unopened: [shut] } = await one.connections.survey("voice:shut");
    await one.put(connectionOf({ subject: "voice:shut" }), shut!.version);
    await assertRight(db, one);
  },
);

testAll("a rekey changes no number", async (db) => {
  const [one] = [await processOn(db)];
  await one.counts.recount(servicesOf);
  for (let i = 0; i < 5; i++) await one.put(connectionOf({ subject: `voice:${i}` }), null);
  await rekey(db, await ringOf("k2", "k1"), CLOCK);
  const later = await processOn(db, "k2", "k1");
  await assertRight(db, later);
  const found = await later.connections.get(connectionOf({ subject: "voice:1" }));
  await later.connections.delete(found!.value, found!.version);
  await assertRight(db, later);
});

testAll("imports that are held for nobody count for nobody", async (db) => {
  const process = await processOn(db);
  await process.counts.recount(servicesOf);
  const held = connectionOf({ subject: "~import:x", account: "?" });
  const version = await process.put(held, null);
  assertEquals((await process.counts.read()).people, 0);
  await process.connections.delete(held, version!);
  assertEquals((await process.counts.read()).connections, []);
});

testAll("what is dead is listed, the latest first, with why and for what", async (db) => {
  const process = await processOn(db);
  await process.counts.recount(servicesOf);
  const put = async (id: number, more: Partial<Connection>) => {
    const ref = { subject: `voice:${id}` } as const;
    const version = await process.put(connectionOf(ref), null);
    return await process.put(connectionOf(ref, { updatedAt: NOW + id, ...more }), version);
  };
  await put(1, { status: "moved" });
  await put(2, { status: "reauthorization_required" });
  const ended = await put(3, { status: "reauthorization_required", endedAt: NOW });
  await put(4, { givenUpUntil: NOW + 9 });
  const { connections, next } = await process.counts.dead({ limit: 10 });
  assertEquals(next, undefined);
  assertEquals(connections.map(({ subject, at, reason }) => [subject, at - NOW, reason]), [
    ["voice:4", 4, "refused"],
    ["voice:3", 3, "ended"],
    ["voice:2", 2, "grant_over"],
    ["voice:1", 1, "moved"],
  ]);
  assertEquals(connections[0]!.services, ["s_mail"]);
  // It stays where it was as long as it is dead for the same.
  const again = connectionOf({ subject: "voice:3" }, {
    ...{ status: "reauthorization_required", endedAt: NOW, updatedAt: NOW + 100 },
  });
  await process.put(again, ended);
  const [first] = (await process.counts.dead({ limit: 1 })).connections;
  assertEquals(first!.subject, "voice:4");
  for (const before of ["", "x", "W10.", btoa("[1,2,3,4]"), "%", "y".repeat(20_000)]) {
    assertEquals((await process.counts.dead({ limit: 1, before })).connections, [first!], before);
  }
});

Deno.test("two processes on one file count what both write", async () => {
  const folder = await Deno.makeTempDir();
  const [a, b] = [await openKv(`${folder}/kv.sqlite`), await openKv(`${folder}/kv.sqlite`)];
  const [one, other] = [await processOn(onKv(a)), await processOn(onKv(b))];
  await one.counts.recount(servicesOf);
  const random = chance(23);
  for (let round = 0; round < 20; round++) {
    await Promise.all(
      Array.from(
        { length: 6 },
        (_, at) => at % 2 === 0 ? act(onKv(a), one, random) : act(onKv(b), other, random),
      ),
    );
  }
  await assertRight(onKv(a), one);
  await assertRight(onKv(b), other);
  a.close();
  b.close();
  await Deno.remove(folder, { recursive: true });
});
