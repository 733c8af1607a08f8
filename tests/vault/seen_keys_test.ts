/** What was under a prefix a moment ago, at a file that two processes have open. */

import { assertEquals } from "@std/assert";
import { onKv, openKv } from "../../vault/deno_kv.ts";
import { createKvTurns } from "../../vault/kv_turns.ts";
import type { RecordKey, Records } from "../../vault/records.ts";
import { SEEN_MS, SeenKeys } from "../../vault/seen_keys.ts";
import { countedKv } from "../support/counted_kv.ts";

const PREFIX = ["connections", "voice:ana", "google"];

/** One process: its records, and what it has asked the database. */
async function open(path: string) {
  const { kv, asked } = countedKv(await openKv(path));
  const records = onKv(kv, createKvTurns(() => "app voice"));
  const near = async () => (await records.near<string>(PREFIX)).map(({ value }) => value);
  return { records, asked, near, [Symbol.dispose]: () => records.close() };
}

const put = (records: Records, account: string, value = account) =>
  records.commit({ sets: [{ key: [...PREFIX, account], value }] });

/** `performance.now()` by hand. */
function clock() {
  const { now } = performance;
  let ahead = 0;
  const stood = performance.now();
  performance.now = () => stood + ahead;
  return {
    leap: (ms: number) => void (ahead += ms),
    [Symbol.dispose]: () => void (performance.now = now),
  };
}

async function withTwo(
  run: (
    here: Awaited<ReturnType<typeof open>>,
    there: Awaited<ReturnType<typeof open>>,
    leap: (ms: number) => void,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  try {
    using here = await open(`${folder}/kv.sqlite`);
    using there = await open(`${folder}/kv.sqlite`);
    using time = clock();
    await run(here, there, time.leap);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what is under a key that was seen is read anew, by its key", () =>
  withTwo(async (here, there) => {
    await put(here.records, "b");
    await put(here.records, "a");
    assertEquals(await here.near(), ["a", "b"]);
    here.asked();
    await put(there.records, "a", "another");
    assertEquals(await here.near(), ["another", "b"]);
    assertEquals(here.asked(), ["get connections + connections"]);
    await there.records.commit({ deletes: [[...PREFIX, "a"]] });
    assertEquals(await here.near(), ["b"]);
  }));

Deno.test("what is put under a new key is seen here at once, and elsewhere after five seconds", () =>
  withTwo(async (here, there, leap) => {
    await put(here.records, "a");
    assertEquals([await here.near(), await there.near()], [["a"], ["a"]]);
    await put(here.records, "b");
    assertEquals([await here.near(), await there.near()], [["a", "b"], ["a"]]);
    // Who must know is told.
    const entries = await Array.fromAsync(there.records.list({ prefix: PREFIX }));
    assertEquals(entries.length, 2);
    leap(SEEN_MS - 1);
    assertEquals(await there.near(), ["a"]);
    leap(1);
    assertEquals(await there.near(), ["a", "b"]);
  }));

Deno.test("that there was nothing is remembered as well", () =>
  withTwo(async (here, there, leap) => {
    assertEquals(await here.near(), []);
    here.asked();
    assertEquals(await here.near(), []);
    assertEquals(here.asked(), []);
    await put(there.records, "a");
    leap(SEEN_MS);
    assertEquals(await here.near(), ["a"]);
    await put(here.records, "b");
    assertEquals(await here.near(), ["a", "b"]);
  }));

Deno.test("more than a few keys are listed each time", () =>
  withTwo(async (here) => {
    const accounts = ["a", "b", "c", "d", "e"];
    for (const account of accounts) await put(here.records, account);
    await here.near();
    here.asked();
    assertEquals(await here.near(), accounts);
    assertEquals(here.asked(), ["list connections"]);
    await here.records.commit({ deletes: [[...PREFIX, "e"]] });
    await here.near();
    here.asked();
    assertEquals(await here.near(), ["a", "b", "c", "d"]);
    assertEquals(here.asked(), ["get connections + connections + connections + connections"]);
  }));

Deno.test("a key that is added while somebody looks is not missed by the next", async () => {
  const seen = new SeenKeys();
  const key = [...PREFIX, "new"];
  const looking = Promise.withResolvers<{ key: RecordKey }[]>();
  const found = seen.look(PREFIX, () => looking.promise);
  seen.added([...PREFIX.slice(0, 2), "github", "1"]);
  seen.added(key);
  looking.resolve([]);
  assertEquals(await found, []);
  assertEquals(seen.under(PREFIX), undefined);
  await seen.look(PREFIX, () => Promise.resolve([{ key }]));
  assertEquals(seen.under(PREFIX), [key]);
});

Deno.test("a key is added below each of its beginnings", async () => {
  const seen = new SeenKeys();
  const key = [...PREFIX, "1"];
  for (const length of [1, 2, 3]) await seen.look(key.slice(0, length), () => Promise.resolve([]));
  seen.added([PREFIX[0]!, "voice:bob", "google", "1"]);
  const known = () => [1, 2, 3].map((length) => seen.under(key.slice(0, length)) !== undefined);
  assertEquals(known(), [false, true, true]);
  seen.added(key);
  assertEquals(known(), [false, false, false]);
});

Deno.test("a look that fails is remembered by nobody", async () => {
  const seen = new SeenKeys();
  const error = new Error("out");
  const failed = await seen.look(PREFIX, () => Promise.reject(error)).catch((thrown) => thrown);
  assertEquals(failed, error);
  assertEquals(seen.under(PREFIX), undefined);
});

Deno.test("of ever more prefixes the oldest are forgotten", async () => {
  const seen = new SeenKeys();
  for (let at = 0; at <= 4_000; at++) {
    await seen.look(["p", at], () => Promise.resolve([{ key: ["p", at, "k"] }]));
  }
  assertEquals(seen.under(["p", 0]), undefined);
  assertEquals(seen.under(["p", 1]), [["p", 1, "k"]]);
  assertEquals(seen.under(["p", 4_000]), [["p", 4_000, "k"]]);
});
