/** What happens to records while they are read, written or sealed anew. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Connection } from "../../broker/core/connection.ts";
import { VaultError } from "../../broker/core/store_errors.ts";
import { createConnectionLedger } from "../../vault/connection_ledger.ts";
import { findMissingKeys } from "../../vault/key_check.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import type { RecordKey, Records } from "../../vault/records.ts";
import { countByKey, countUnopenable, rekey } from "../../vault/rekey.ts";
import { retireKey } from "../../vault/retired_keys.ts";
import { createStore } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { testAll } from "./databases.ts";

const CLOCK = { now: () => 1000 };
/** So long that no database forgets anything while a test runs, on any machine. */
const LONG_MS = 60 * 60_000;
/** Of a box in several pieces. */
const LONG = "token.".repeat(30_000);
const SERVER = { name: "notes", url: "https://notes.example/" };

const specOf = (id: string) => ({ id, bytes: new Uint8Array(32).fill(id.charCodeAt(1)) });
const ringOf = (...ids: string[]) => importKeyRing(ids.map(specOf));

function connectionOf(accessToken: string): Connection {
  const { value } = storedOf("1", ["mail"]);
  return { ...value, tokens: { ...value.tokens, accessToken } };
}

/** One record of each kind that is read in a way of its own, each in pieces. */
async function fill(records: Records): Promise<void> {
  const store = createStore(records, await ringOf("k1"), CLOCK);
  const { subject, provider, tokens } = connectionOf(LONG);
  await store.connections.put(connectionOf(LONG), null);
  const account = { id: "1", label: "one" };
  const of = { subject, provider, services: [], account, tokens };
  await store.handoffs.put("digest", { ...of, expiresAt: LONG_MS });
  const grant = { subject: "github:1", id: "g", name: LONG, scopes: [] } as const;
  await store.grants.put({ ...grant, resource: "https://x/", createdAt: 0, scopes: [] }, null);
  await store.discoveries.put(
    { ...SERVER, registrations: [], found: { foundAt: LONG } as never },
    null,
  );
}

/** Every way to read such records. */
async function readsOf(records: Records): Promise<Record<string, () => Promise<unknown>>> {
  const ring = await ringOf("k2", "k1");
  const store = createStore(records, ring, CLOCK);
  return {
    "get connections": () => store.connections.get(connectionOf("")),
    "list connections": () => store.connections.list("voice:u"),
    "survey connections": () => store.connections.survey("voice:u"),
    "survey handoffs": () => store.handoffs.survey(),
    "list grants": () => store.grants.list("github:1"),
    "get discoveries": () => store.discoveries.get(SERVER.name, SERVER.url),
    "missing keys": () => findMissingKeys(records, ring),
    "unopenable records": () => countUnopenable(records, ring),
    "rekey": () => rekey(records, ring, CLOCK),
  };
}

testAll(
  "a database that fails while a record is read is no key that is lost",
  async (records) => {
    await fill(records);
    const failing: Records = {
      ...records,
      async *list<T>(range: Parameters<Records["list"]>[0]) {
        if (range.prefix[0] === "pieces") throw new Error("out of order");
        yield* records.list<T>(range);
      },
    };
    for (const [name, read] of Object.entries(await readsOf(failing))) {
      const error = await assertRejects(read, Error);
      assert(!(error instanceof VaultError), name);
    }
    assertEquals([...await countByKey(records)], [["k1", 4]]);
  },
);

testAll("a record that is deleted while its pieces are read is not there", async (records) => {
  const deleting: Records = {
    ...records,
    async *list<T>(range: Parameters<Records["list"]>[0]) {
      const [kind, ...of] = range.prefix;
      if (kind === "pieces") {
        const pieces = await Array.fromAsync(records.list(range));
        await records.commit({ deletes: [of, ...pieces.map(({ key }) => key)] });
      }
      yield* records.list<T>(range);
    },
  };
  const nothing: Record<string, unknown> = {
    "get connections": null,
    "list connections": [],
    "survey connections": { opened: [], unopened: [] },
    "survey handoffs": { opened: [], unopened: 0 },
    "list grants": [],
    "get discoveries": null,
    "missing keys": [],
    "unopenable records": [],
    "rekey": { seen: 4, resealed: 0, failed: [] },
  };
  for (const [name, read] of Object.entries(await readsOf(deleting))) {
    await fill(records);
    assertEquals(await read(), nothing[name], name);
  }
});

testAll("rekey() takes what has expired and is still there, too", async (records) => {
  const { links } = createStore(records, await ringOf("k1"), CLOCK);
  await links.put("digest", { userId: "u", expiresAt: 1 } as never);
  const { resealed, failed } = await rekey(records, await ringOf("k2", "k1"), CLOCK);
  assertEquals([resealed, failed], [1, []]);
});

testAll("rekey() tries a record again that somebody has written meanwhile", async (records) => {
  const { connections } = createStore(records, await ringOf("k1", "k2"), CLOCK);
  const version = await connections.put(connectionOf("a"), null);
  let writes = 0;
  const raced: Records = {
    ...records,
    async commit(change) {
      writes += 1;
      if (writes === 1) await connections.put(connectionOf("b"), version);
      return await records.commit(change);
    },
  };
  const done = await rekey(raced, await ringOf("k2", "k1"), CLOCK);
  assertEquals([done.resealed, [...await countByKey(records)]], [1, [["k2", 1]]]);
  assertEquals((await connections.get(connectionOf("")))?.value, connectionOf("b"));
});

testAll("rekey() says that the database does not take a record", async (records) => {
  await createStore(records, await ringOf("k1"), CLOCK).connections.put(connectionOf("a"), null);
  const failing = { ...records, commit: () => Promise.reject(new Error("out of order")) };
  const ring = await ringOf("k2", "k1");
  await assertRejects(() => rekey(failing, ring, CLOCK), Error, "out of order");
});

testAll(
  "rekey() leaves everything as it is where another one has retired its first key",
  async (records) => {
    await createStore(records, await ringOf("k1"), CLOCK).connections.put(connectionOf("a"), null);
    const ring = await ringOf("k2", "k1");
    assert(await retireKey(records, { id: "k2", successor: "k1", now: 1 }));
    assertEquals(await rekey(records, ring, CLOCK), { seen: 1, resealed: 0, failed: [] });
    assertEquals([...await countByKey(records)], [["k1", 1]]);
  },
);

testAll(
  "what is laid down is the very version that was seen, with its own pieces alone",
  async (records) => {
    const { connections } = createStore(records, await ringOf("k1"), CLOCK);
    const ledger = createConnectionLedger(records);
    const ref = connectionOf("");
    await connections.put(connectionOf(LONG), null);
    const seen = (await ledger.look(ref))!;
    // One piece more, which a write without a check has left behind.
    const pieces: RecordKey = ["pieces", "connections", "voice:u", "acme", "1", 99];
    await records.commit({ sets: [{ key: pieces, value: new Uint8Array(9) }] });
    assertEquals(await ledger.layDown(seen, 7), true);
    const laid = (await connections.get(ref))!;
    assertEquals([laid.value.status, laid.value.endedAt], ["reauthorization_required", 7]);
    assertEquals(await ledger.layDown(seen, 8), false, "it was changed");

    const now = (await ledger.look(ref))!;
    const raced: Records = {
      ...records,
      async get<T>(key: RecordKey) {
        const found = await records.get<T>(key);
        if (found !== null) await records.commit({ sets: [{ key, value: found.value }] });
        return found;
      },
    };
    assertEquals(
      await createConnectionLedger(raced).layDown(now, 9),
      false,
      "it is changed meanwhile",
    );
    const last = (await ledger.look(ref))!;
    assertEquals(last.endedAt, 7);
    await connections.delete(ref, last.version);
    assertEquals(await ledger.layDown(last, 9), false, "it is gone");
  },
);
