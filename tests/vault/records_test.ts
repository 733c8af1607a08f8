/** What every database below the seal has to keep to; see `databases.ts`. */

import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import {
  type Range,
  RECORD_LIMITS,
  type RecordKey,
  type Records,
  TooLargeError,
} from "../../vault/records.ts";
import { testAll } from "./databases.ts";

/** Sets values without a check; returns their version. */
async function set(records: Records, ...pairs: [key: RecordKey, value: unknown][]) {
  const version = await records.commit({ sets: pairs.map(([key, value]) => ({ key, value })) });
  assert(version !== null);
  return version;
}

async function keysOf(records: Records, range: Range): Promise<RecordKey[]> {
  const keys: RecordKey[] = [];
  for await (const { key } of records.list(range)) keys.push(key);
  return keys;
}

testAll("what was set is got, as it was then", async (records) => {
  const key = ["a", "b"];
  assertEquals(await records.get(key), null);
  const value = { text: "é😀\0", bytes: new Uint8Array([0, 255]), list: [1, null] };
  const version = await set(records, [key, value]);
  const kept = structuredClone(value);
  value.list.push(2);
  const entry = await records.get<typeof value>(key);
  assertEquals(entry, { key, value: kept, version });
  assert(entry!.value.bytes instanceof Uint8Array);
  entry!.value.list.length = 0;
  assertEquals((await records.get(key))?.value, kept);
});

testAll("a number and its text are two keys", async (records) => {
  await set(records, [["a", 1], "number"], [["a", "1"], "text"]);
  assertEquals((await records.get(["a", 1]))?.value, "number");
  assertEquals((await records.get(["a", "1"]))?.value, "text");
});

testAll("a version changes with every write of its key, and never comes back", async (records) => {
  const key = ["a"];
  const seen = new Set<string | null>();
  for (let i = 0; i < 5; i++) {
    seen.add(await set(records, [key, "same"]));
    await set(records, [["other"], i]);
    if (i === 2) await records.commit({ deletes: [key] });
  }
  assertEquals(seen.size, 5);
  const { version } = (await records.get(key))!;
  await set(records, [["other"], "again"]);
  assertEquals((await records.get(key))?.version, version);
});

testAll("a commit is one write of all its keys", async (records) => {
  await set(records, [["gone"], 1]);
  const version = await records.commit({
    sets: [{ key: ["a"], value: 1 }, { key: ["b"], value: 2 }],
    deletes: [["gone"], ["never there"]],
    increments: [["count"]],
  });
  const entries = await Promise.all(["a", "b", "count"].map((name) => records.get([name])));
  assertEquals(entries.map((entry) => [entry?.value, entry?.version]), [
    [1, version],
    [2, version],
    [1, version],
  ]);
  assertEquals(await records.get(["gone"]), null);
});

testAll("a commit whose check fails changes nothing", async (records) => {
  const old = await set(records, [["a"], "old"], [["b"], "old"]);
  const current = await set(records, [["a"], "new"]);
  await records.commit({ increments: [["count"]] });
  const before = await Array.fromAsync(records.list({ prefix: [] }));
  const failing: { key: RecordKey; version: string | null }[] = [
    { key: ["a"], version: old },
    { key: ["a"], version: null },
    { key: ["not there"], version: current },
  ];
  for (const check of failing) {
    const good = { key: ["b"], version: old };
    for (const checks of [[check], [good, check], [check, good]]) {
      const committed = await records.commit({
        checks,
        sets: [{ key: ["a"], value: "changed" }, { key: ["c"], value: "added" }],
        deletes: [["b"]],
        increments: [["count"], ["other"]],
      });
      assertEquals(committed, null);
    }
  }
  assertEquals(await Array.fromAsync(records.list({ prefix: [] })), before);
});

testAll("a commit whose checks hold is done", async (records) => {
  const key = ["a"];
  const absent = { key, version: null };
  const first = await records.commit({ checks: [absent], sets: [{ key, value: 1 }] });
  assert(first !== null);
  const held = [{ key, version: first }, { key: ["not there"], version: null }];
  const second = await records.commit({ checks: held, sets: [{ key, value: 2 }] });
  assertEquals(await records.get(key), { key, value: 2, version: second! });
  assertNotEquals(await records.commit({ checks: [{ key, version: second }] }), null);
  const deleted = await records.commit({ checks: [{ key, version: second }], deletes: [key] });
  assertNotEquals(deleted, null);
  assertEquals(await records.get(key), null);
  assertNotEquals(await records.commit({ checks: [absent], sets: [{ key, value: 3 }] }), null);
});

testAll("of many that race for a key one wins", async (records) => {
  const key = ["lease"];
  const racers = Array.from({ length: 20 }, (_, owner) =>
    records.commit({
      checks: [{ key, version: null }],
      sets: [{ key, value: owner }],
    }));
  const won = (await Promise.all(racers)).map((version) => version !== null);
  assertEquals(won.filter(Boolean).length, 1);
  assertEquals((await records.get(key))?.value, won.indexOf(true));
});

testAll("a counter counts from nothing, and is a number to everybody", async (records) => {
  const key = ["epochs", "voice:u"];
  const counts = Array.from({ length: 10 }, () => records.commit({ increments: [key] }));
  const versions = new Set(await Promise.all(counts));
  const entry = await records.get<number>(key);
  assertEquals([entry?.value, versions.size], [10, 10]);
  assert(versions.has(entry!.version));
  const [listed] = await Array.fromAsync(records.list<number>({ prefix: ["epochs"] }));
  assertEquals(listed, entry!);
  const stale = { key, version: [...versions].find((version) => version !== entry!.version)! };
  assertEquals(await records.commit({ checks: [stale], increments: [key] }), null);
  assertEquals((await records.get(key))?.value, 10);
});

testAll("a counter takes any whole number, and goes back down to nothing", async (records) => {
  const key = ["count"];
  const by = async (...all: number[]) => {
    for (const by of all) await records.commit({ sums: [{ key, by }] });
    return (await records.get<number>(key))?.value;
  };
  assertEquals(await by(3, -1, 40, -2), 40);
  assertEquals(await by(-40), 0);
  assertEquals(await by(-1, 1), 0);
  const many = Array.from({ length: 50 }, (_, at) => by(at % 2 === 0 ? 1 : -1));
  await Promise.all(many);
  assertEquals((await records.get(key))?.value, 0);
  const stale = { key, version: null };
  assertEquals(await records.commit({ checks: [stale], sums: [{ key, by: 5 }] }), null);
  assertEquals((await records.get(key))?.value, 0);
});

testAll("only a counter counts", async (records) => {
  const version = await set(records, [["a"], 1]);
  // Alone: Deno KV keeps what else stands in a commit that it rejects for this (2.9).
  await assertRejects(() => records.commit({ increments: [["a"]] }));
  assertEquals(await records.get(["a"]), { key: ["a"], value: 1, version });
});

testAll(
  "a list is in the order of its keys: texts by bytes, then numbers as numbers",
  async (records) => {
    const parts = ["", "A", "B", "a", "a\0", "ab", "é", "\uffff", "😀", -2, 0, 1.5, 9, 10, 100];
    const keys = parts.flatMap((part) => [["due", part], ["due", part, "z"]]);
    for (const key of keys.toReversed()) await set(records, [key, 1]);
    assertEquals(await keysOf(records, { prefix: ["due"] }), keys);
  },
);

testAll("a list is what stands below its prefix", async (records) => {
  const below = [["a", "b"], ["a", "b", "c"], ["a", 1]];
  const beside = [["a"], ["aa", "b"], ["A", "b"], ["", "a", "b"], ["b", "a"]];
  for (const key of [...below, ...beside]) await set(records, [key, key.join()]);
  assertEquals(await keysOf(records, { prefix: ["a"] }), below);
  assertEquals(await keysOf(records, { prefix: ["a", "b"] }), [["a", "b", "c"]]);
  assertEquals(await keysOf(records, { prefix: ["c"] }), []);
  assertEquals((await keysOf(records, { prefix: [] })).length, below.length + beside.length);
});

testAll("a list is read from its end, too", async (records) => {
  for (let at = 0; at < 250; at++) await set(records, [["a", at], at], [["b", at], at]);
  const reverse = true;
  const all = await keysOf(records, { prefix: ["a"], reverse });
  assertEquals(all, (await keysOf(records, { prefix: ["a"] })).reverse());
  assertEquals(await keysOf(records, { prefix: ["a"], end: ["a", 7], limit: 2, reverse }), [
    ["a", 6],
    ["a", 5],
  ]);
  assertEquals(await keysOf(records, { prefix: ["a"], start: ["a", 248], reverse }), [
    ["a", 249],
    ["a", 248],
  ]);
});

testAll("a list ends before its end, and at its limit", async (records) => {
  for (const at of [1, 2, 5, 10]) await set(records, [["due", at, "u"], at]);
  const until = (end: RecordKey, limit?: number) =>
    keysOf(records, { prefix: ["due"], end, limit });
  assertEquals(await until(["due", 5]), [["due", 1, "u"], ["due", 2, "u"]]);
  assertEquals(await until(["due", 6]), [["due", 1, "u"], ["due", 2, "u"], ["due", 5, "u"]]);
  assertEquals(await until(["due", 5, "u"]), [["due", 1, "u"], ["due", 2, "u"]]);
  assertEquals(await until(["due", 1]), []);
  assertEquals(await until(["due", 11], 1), [["due", 1, "u"]]);
  assertEquals((await keysOf(records, { prefix: ["due"], limit: 3 })).length, 3);
  // It begins at its start, be that there or not.
  const from = (start: RecordKey, more: Partial<Range> = {}) =>
    keysOf(records, { prefix: ["due"], start, ...more });
  assertEquals((await from(["due", 5, "u"])).map(([, at]) => at), [5, 10]);
  assertEquals((await from(["due", 5.5])).map(([, at]) => at), [10]);
  assertEquals(await from(["due", 2], { end: ["due", 5, "u"] }), [["due", 2, "u"]]);
  assertEquals(await from(["due", 3], { end: ["due", 5] }), []);
  assertEquals((await from(["due", 2], { limit: 1 })).length, 1);
  // More than a database reads at once.
  const all = await keysOf(records, { prefix: ["due"] });
  assertEquals(await keysOf(records, { prefix: ["due"], limit: 100_000 }), all);
});

testAll("what is listed can be deleted on the way", async (records) => {
  const keys = Array.from({ length: 250 }, (_, at) => ["pending", at]);
  await Promise.all(keys.map((key) => set(records, [key, 1])));
  const seen: RecordKey[] = [];
  for await (const { key, version } of records.list({ prefix: ["pending"] })) {
    seen.push(key);
    await records.commit({ checks: [{ key, version }], deletes: [key] });
  }
  assertEquals(seen, keys);
  assertEquals(await keysOf(records, { prefix: ["pending"] }), []);
});

testAll("a watcher is told the version now, at every change, and at the end", async (records) => {
  const key = ["connections", "voice:u"];
  const leaving = new AbortController();
  const told = records.watch(key, leaving.signal)[Symbol.asyncIterator]();
  assertEquals(await told.next(), { done: false, value: null });
  const first = await set(records, [key, 1]);
  assertEquals(await told.next(), { done: false, value: first });
  // Another key is nothing to it.
  const next = told.next();
  await set(records, [["connections", "voice:v"], 1]);
  const second = await set(records, [key, 2]);
  assertEquals(await next, { done: false, value: second });
  await records.commit({ deletes: [key] });
  assertEquals(await told.next(), { done: false, value: null });
  const last = told.next();
  leaving.abort();
  assertEquals((await last).done, true);
});

testAll("a watcher who has gone is told nothing", async (records) => {
  await set(records, [["a"], 1]);
  assertEquals(await Array.fromAsync(records.watch(["a"], AbortSignal.abort())), []);
});

testAll(
  "what may be forgotten one day is there until then, and can be written anew",
  async (records) => {
    const [key, expireIn] = [["health"], 60_000];
    const version = await records.commit({ sets: [{ key, value: 1, expireIn }] });
    assertEquals(await records.get(key), { key, value: 1, version: version! });
    const held = { checks: [{ key, version }], sets: [{ key, value: 2, expireIn }] };
    const renewed = await records.commit(held);
    assertEquals(await records.get(key), { key, value: 2, version: renewed! });
    // The earliest deletion: some forget at once, some never.
    await records.commit({ sets: [{ key: ["brief"], value: 1, expireIn: 1 }] });
    assert([undefined, 1].includes((await records.get<number>(["brief"]))?.value));
  },
);

testAll("what is within the limits is taken; what is beyond is refused whole", async (records) => {
  const { keyBytes, valueBytes, commitBytes } = RECORD_LIMITS;
  const bytes = (length: number) => new Uint8Array(length);
  // A text in a key has two bytes more than its letters.
  await set(records, [["x".repeat(keyBytes - 2)], 1], [["a"], bytes(valueBytes)]);
  const many = Array.from({ length: commitBytes / valueBytes }, (_, at) => ["many", at]);
  const all = (size: number) => many.map((key): [RecordKey, unknown] => [key, bytes(size)]);
  await set(records, ...all(valueBytes - 100));
  const before = await Array.fromAsync(records.list({ prefix: [] }));
  const long = ["x".repeat(keyBytes)];
  const tooLarge: (() => Promise<unknown>)[] = [
    () => set(records, [["a"], bytes(valueBytes + 1)]),
    () => set(records, [["a"], "x".repeat(valueBytes)]),
    () => set(records, [["b"], 1], [["a"], { box: bytes(valueBytes) }]),
    () => set(records, ...all(valueBytes), [["a"], bytes(valueBytes / 2)]),
    () => set(records, [long, 1]),
    () => records.commit({ deletes: [["a"], long] }),
    () => records.get(long),
  ];
  for (const run of tooLarge) await assertRejects(run, TooLargeError);
  assertEquals(await Array.fromAsync(records.list({ prefix: [] })), before);
});

testAll("a database that was closed says so", async (records) => {
  await set(records, [["a"], 1]);
  records.close();
  await assertRejects(() => records.get(["a"]));
  await assertRejects(() => records.commit({ sets: [{ key: ["a"], value: 2 }] }));
  await assertRejects(() => keysOf(records, { prefix: [] }));
});
