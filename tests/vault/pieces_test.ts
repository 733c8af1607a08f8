/** Records that are larger than one value of the database. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Connection, Handoff } from "../../broker/core/connection.ts";
import { isPermanent, StoreError, VaultError } from "../../broker/core/store_errors.ts";
import { sweepExpired } from "../../vault/expired.ts";
import { findMissingKeys } from "../../vault/key_check.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { MAX_BOX_BYTES, PIECE_BYTES } from "../../vault/pieces.ts";
import type { Entry, RecordKey, Records } from "../../vault/records.ts";
import { countByKey, countUnopenable, rekey } from "../../vault/rekey.ts";
import { createStore } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { testAll } from "./databases.ts";

const CLOCK = { now: () => 1000 };
/** So long that no database forgets anything while a test runs, on any machine. */
const LONG_MS = 60 * 60_000;

function keySpec(id: string) {
  return { id, bytes: crypto.getRandomValues(new Uint8Array(32)) };
}

/** Of this length, and different everywhere. */
function tokenOf(length: number, start = 0): string {
  let text = "";
  for (let at = start; text.length < length; at++) text += `${at.toString(36)}é.`;
  return text.slice(0, length);
}

function connectionOf(account: string, length: number, start = 0): Connection {
  const { value } = storedOf(account, ["mail"]);
  return { ...value, tokens: { ...value.tokens, accessToken: tokenOf(length, start) } };
}

function handoffOf(length: number): Handoff {
  const { subject, provider, tokens } = connectionOf("1", length);
  const account = { id: "1", label: "one" };
  return { subject, provider, services: [], account, tokens, expiresAt: LONG_MS };
}

/** All but what processes say of themselves, the index, and the marks of what is changed. */
const BESIDE: unknown[] = ["sealers", "accounts", "marks"];

async function entriesOf(records: Records, ...prefix: string[]): Promise<Entry<unknown>[]> {
  const entries = await Array.fromAsync(records.list({ prefix }));
  return entries.filter(({ key }) => !BESIDE.includes(key[0]));
}

/** Keys and versions: a difference in the bytes themselves is nothing to read. */
async function namesOf(records: Records, ...prefix: string[]): Promise<string[]> {
  const entries = await entriesOf(records, ...prefix);
  return entries.map(({ key, version }) => `${key.join("/")}@${version}`);
}

async function storeOn(records: Records, ...ids: string[]) {
  return createStore(records, await importKeyRing(ids.map(keySpec)), CLOCK);
}

testAll("what fits into one value is one record, and one read", async (records) => {
  const reads: RecordKey[] = [];
  const counted: Records = {
    ...records,
    get: (key) => (reads.push(key), records.get(key)),
    list: (range) => (reads.push(range.prefix), records.list(range)),
  };
  const { connections } = await storeOn(counted, "k1");
  await connections.put(connectionOf("1", 8_000), null);
  assertEquals((await entriesOf(records)).map(({ key }) => key.join("/")), [
    "connections/voice:u/acme/1",
  ]);
  reads.length = 0;
  await connections.get(connectionOf("1", 0));
  assertEquals(reads.length, 1);
});

testAll("token sets of every size around a piece come back whole", async (records) => {
  const { connections, handoffs } = await storeOn(records, "k1");
  let version: string | null = null;
  for (const length of [20_000, PIECE_BYTES - 300, PIECE_BYTES, 2 * PIECE_BYTES, 250_000, 1]) {
    for (let near = 0; near < 3; near++) {
      const connection = connectionOf("1", length + near * 97);
      version = await connections.put(connection, version);
      assertEquals(await connections.get(connection), { value: connection, version: version! });
      assertEquals(await connections.list("voice:u"), [{ value: connection, version: version! }]);
    }
  }
  assertEquals((await entriesOf(records, "pieces")).length, 0, "the last one is small");
  await handoffs.put("digest", handoffOf(250_000));
  assertEquals((await handoffs.peek("digest"))?.value, handoffOf(250_000));
});

testAll("with a record all its pieces go, whatever size it had before", async (records) => {
  const { connections, handoffs, grants } = await storeOn(records, "k1");
  let version = await connections.put(connectionOf("1", 250_000), null);
  assert((await entriesOf(records, "pieces")).length > 3);
  version = await connections.put(connectionOf("1", 130_000), version);
  const left = (await entriesOf(records, "pieces")).length;
  assert(left > 1 && left < 4, String(left));
  assertEquals(await connections.delete(connectionOf("1", 0), version!), true);
  await handoffs.put("digest", handoffOf(250_000));
  const found = await handoffs.peek("digest");
  assertEquals(await handoffs.take("digest", found!.version), true);
  const grant = { subject: "github:1", id: "g", name: tokenOf(200_000), scopes: [] } as const;
  const more = { resource: "https://x/", createdAt: 0, scopes: [] };
  assertEquals(await grants.put({ ...grant, ...more }, null), true);
  assertEquals((await grants.list("github:1"))[0]?.name, grant.name);
  await grants.delete("github:1", "g");
  assertEquals(await namesOf(records), []);
});

testAll("a write that lost changes no piece", async (records) => {
  const { connections } = await storeOn(records, "k1");
  const old = await connections.put(connectionOf("1", 200_000), null);
  const version = await connections.put(connectionOf("1", 200_000, 7), old);
  const before = await namesOf(records);
  assertEquals(await connections.put(connectionOf("1", 250_000), old), null);
  assertEquals(await connections.put(connectionOf("1", 1), null), null);
  assertEquals(await connections.delete(connectionOf("1", 1), old!), false);
  assertEquals(await namesOf(records), before);
  assertEquals((await connections.get(connectionOf("1", 1)))?.version, version);
});

testAll(
  "a reader beside a writer sees one version or another, never parts of two",
  async (records) => {
    const { connections } = await storeOn(records, "k1");
    const sizes = [200_000, 200_000, 90_000, 10, 130_000];
    let version = await connections.put(connectionOf("1", sizes[0]!), null);
    let writing = true;
    const writer = async () => {
      for (let round = 1; round < 40; round++) {
        const length = sizes[round % sizes.length]!;
        version = await connections.put(connectionOf("1", length, round), version);
        assert(version !== null);
      }
      writing = false;
    };
    let seen = 0;
    const reader = async () => {
      while (writing) {
        const [listed] = await connections.list("voice:u", "acme", "eventual");
        const { accessToken } =
          (listed ?? await connections.get(connectionOf("1", 0)))!.value.tokens;
        const start = parseInt(accessToken, 36);
        assertEquals(accessToken, tokenOf(accessToken.length, start));
        seen++;
        // Where the database is in memory nothing else lets the writer have its turn.
        await new Promise((resolve) => setTimeout(resolve));
      }
    };
    await Promise.all([writer(), reader(), reader()]);
    assert(seen > 0);
  },
);

testAll(
  "a piece of another record, of an older version, or none does not open",
  async (records) => {
    const { connections } = await storeOn(records, "k1");
    const old = await connections.put(connectionOf("1", 200_000), null);
    const oldPieces = await entriesOf(records, "pieces");
    await connections.put(connectionOf("1", 200_000, 7), old);
    await connections.put(connectionOf("2", 200_000), null);
    const ref = connectionOf("1", 0);
    const [head] = await entriesOf(records, "connections");
    const mine = await entriesOf(records, "pieces", "connections", "voice:u", "acme", "1");
    const others = await entriesOf(records, "pieces", "connections", "voice:u", "acme", "2");
    const as = (from: Entry<unknown>[], at: number, value = from[at]!.value) =>
      mine.map((own, index) => index === at ? { ...own, value } : own);
    const attacks: Record<string, Entry<unknown>[]> = {
      "another record's": as(others, 1),
      "an older version's": as(oldPieces, 1),
      "in another order": [
        { ...mine[0]!, value: mine[1]!.value },
        ...as(mine, 1, mine[0]!.value).slice(1),
      ],
      "one bit": as(
        mine,
        2,
        (mine[2]!.value as Uint8Array).map((byte, at) => at === 9 ? byte ^ 1 : byte),
      ),
      "none": mine.slice(1),
    };
    for (const [name, pieces] of Object.entries(attacks)) {
      // Whoever can write the database can give all of it one version again.
      const deletes = mine.map(({ key }) => key);
      await records.commit({ deletes });
      await records.commit({ sets: [head!, ...pieces].map(({ key, value }) => ({ key, value })) });
      const error = await assertRejects(() => connections.get(ref), VaultError);
      assertEquals(error.code, "cannot_open", name);
      // Whose it is, is said; which account of theirs is nobody's business in a log.
      assert(error.message.includes("connections/voice:u/acme:"), error.message);
      await assertRejects(() => connections.list("voice:u"), VaultError);
    }
    await records.commit({ sets: [head!, ...mine].map(({ key, value }) => ({ key, value })) });
    assertEquals((await connections.get(ref))?.value, connectionOf("1", 200_000, 7));
  },
);

testAll(
  "what no try can store is refused at once, for good, and changes nothing",
  async (records) => {
    const { connections, handoffs, calls } = await storeOn(records, "k1");
    const version = await connections.put(connectionOf("1", 200_000), null);
    const before = await namesOf(records);
    const absurd = [
      () => connections.put(connectionOf("1", MAX_BOX_BYTES), version),
      () => connections.put(connectionOf("2", 2 * MAX_BOX_BYTES), null),
      () => connections.put(connectionOf("x".repeat(2_050), 1), null),
      () => connections.get(connectionOf("x".repeat(2_050), 1)),
      () => handoffs.put("digest", handoffOf(MAX_BOX_BYTES)),
      () => calls.add("id", { call: "c", outcome: tokenOf(MAX_BOX_BYTES), expiresAt: LONG_MS }, 1),
    ];
    for (const write of absurd) {
      const error = await assertRejects(write, StoreError);
      assert(isPermanent(error), error.message);
      assert(!error.message.includes("é."), "and what it was is not said");
    }
    assertEquals(await namesOf(records), before);
  },
);

testAll("rekey moves a record with its pieces, and counts it once", async (records) => {
  const [k1, k2] = [keySpec("k1"), keySpec("k2")];
  const old = createStore(records, await importKeyRing([k1]), CLOCK);
  await old.connections.put(connectionOf("1", 200_000), null);
  await old.handoffs.put("digest", handoffOf(200_000));
  await old.connections.put(connectionOf("2", 10), null);
  assertEquals([...await countByKey(records)], [["k1", 3]]);
  const done = await rekey(records, await importKeyRing([k2, k1]), CLOCK);
  assertEquals(done, { seen: 3, resealed: 3, failed: [] });
  assertEquals([...await countByKey(records)], [["k2", 3]]);
  const now = createStore(records, await importKeyRing([k2]), CLOCK);
  assertEquals(
    (await now.connections.get(connectionOf("1", 0)))?.value,
    connectionOf("1", 200_000),
  );
  const handoff = await now.handoffs.peek("digest");
  assertEquals(handoff?.value, handoffOf(200_000));
  assertEquals(await now.handoffs.take("digest", handoff!.version), true);
  assertEquals((await entriesOf(records, "pieces", "handoffs")).length, 0);
});

testAll(
  "housekeeping takes expired records with their pieces, and pieces that are nobody's",
  async (records) => {
    const { connections, handoffs } = await storeOn(records, "k1");
    await connections.put(connectionOf("1", 200_000), null);
    const kept = await namesOf(records);
    await handoffs.put("old", { ...handoffOf(200_000), expiresAt: LONG_MS - 1 });
    await handoffs.put("forgotten", handoffOf(200_000));
    await records.commit({ deletes: [["handoffs", "forgotten"]] });
    await handoffs.put("over", handoffOf(200_000));
    // Without a check of what was there before.
    await handoffs.put("over", { ...handoffOf(10), expiresAt: LONG_MS - 1 });
    // What is left of them has an end of its own.
    await sweepExpired(records, LONG_MS);
    assertEquals(await namesOf(records), kept);
  },
);

testAll("a handoff is used up by the very write that stores its connection", async (records) => {
  const { connections, handoffs } = await storeOn(records, "k1");
  for (const length of [10, 200_000]) {
    await handoffs.put("digest", handoffOf(length));
    const { version } = (await handoffs.peek("digest"))!;
    const claimed = { digest: "digest", version };
    const put = () => connections.put(connectionOf(`${length}`, length), null, { claimed });
    assertEquals(await connections.put(connectionOf("1", 1), version, { claimed }), null);
    assert(await handoffs.peek("digest") !== null, "a write that lost leaves it");
    const won = await Promise.all([put(), put()]);
    const [stored] = won.filter((one) => one !== null);
    assertEquals(won.filter((one) => one === null).length, 1);
    const again = connections.put(connectionOf(`${length}`, length), stored!, { claimed });
    assertEquals(await again, null, "nor over the connection that it has made");
    assertEquals(await handoffs.peek("digest"), null);
    assertEquals((await entriesOf(records, "pieces", "handoffs")).length, 0);
  }
});

testAll(
  "a key of which one record opens is there, whatever became of the others",
  async (records) => {
    const ring = await importKeyRing([keySpec("k1")]);
    const { connections } = createStore(records, ring, CLOCK);
    await connections.put(connectionOf("2", 10), null);
    const [whole] = await entriesOf(records, "connections");
    for (const account of ["1", "3"]) {
      const key = ["connections", "voice:u", "acme", account];
      await records.commit({ sets: [{ key, value: whole!.value }] });
    }
    assertEquals(await findMissingKeys(records, ring), []);
    await records.commit({ deletes: [whole!.key] });
    assertEquals((await findMissingKeys(records, ring)).map(({ id }) => id), ["k1"]);
  },
);

testAll(
  "a record in pieces counts as one that opens, and can be deleted where it does not",
  async (records) => {
    const [k1, k2] = [keySpec("k1"), keySpec("k2")];
    const right = await importKeyRing([k1]);
    const { connections } = createStore(records, right, CLOCK);
    await connections.put(connectionOf("1", 200_000), null);
    assertEquals(await findMissingKeys(records, right), []);
    assertEquals(await countUnopenable(records, right), []);
    const wrong = createStore(records, await importKeyRing([k2]), CLOCK);
    const { opened, unopened: [lost] } = await wrong.connections.survey("voice:u");
    assertEquals([opened, lost?.ref.account], [[], "1"]);
    assertEquals(await wrong.connections.delete(lost!.ref, lost!.version), true);
    assertEquals(await namesOf(records), []);
  },
);
