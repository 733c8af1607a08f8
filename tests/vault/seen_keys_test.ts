/** What was under a prefix a moment ago, at a file that two processes have open. */

import { assertEquals } from "@std/assert";
import { onKv, openKv } from "../../vault/deno_kv.ts";
import { addedKey, connectionPrefix } from "../../vault/keys.ts";
import { createKvTurns } from "../../vault/kv_turns.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { MOST_KEYS, SEEN_MS, SeenKeys } from "../../vault/seen_keys.ts";
import { countedKv } from "../support/counted_kv.ts";

const SUBJECT = "voice:ana" as Subject;
const PREFIX = connectionPrefix(SUBJECT, "google");
const MARK = addedKey(SUBJECT, "google");

/** One process: its records, and what it has asked the database. */
async function open(path: string) {
  const { kv, asked } = countedKv(await openKv(path));
  const records = onKv(kv, createKvTurns(() => "app voice"));
  return {
    records,
    asked,
    near: async () => (await records.near<string>(PREFIX, MARK)).map(({ value }) => value),
    /** As a connection is: what is new comes with its mark. */
    add: (account: string) =>
      records.commit({
        sets: [{ key: [...PREFIX, account], value: account }, { key: MARK, value: 1 }],
      }),
    put: (account: string, value: string) =>
      records.commit({ sets: [{ key: [...PREFIX, account], value }] }),
    drop: (account: string) => records.commit({ deletes: [[...PREFIX, account]] }),
    [Symbol.dispose]: () => records.close(),
  };
}
type Process = Awaited<ReturnType<typeof open>>;

/** Two processes, and `performance.now()` by hand. */
async function withTwo(
  run: (here: Process, there: Process, leap: (ms: number) => void) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const { now } = performance;
  try {
    using here = await open(`${folder}/kv.sqlite`);
    using there = await open(`${folder}/kv.sqlite`);
    // Whole, so that sums of it are what they say.
    let time = Math.floor(performance.now());
    performance.now = () => time;
    await run(here, there, (ms) => void (time += ms));
  } finally {
    performance.now = now;
    await Deno.remove(folder, { recursive: true });
  }
}

/** Looks twice: from then on it is known what there is. */
async function known(here: Process): Promise<void> {
  await here.near();
  await here.near();
  here.asked();
}

const LIST = "list connections";
const SEEN = (keys: number) => `get added${" + connections".repeat(keys)}`;

Deno.test("who looks once lists, who looks again reads the mark first, and then the keys by themselves", () =>
  withTwo(async (here, there) => {
    await there.add("b");
    await there.add("a");
    const asked = async () => (await here.near(), here.asked());
    assertEquals([await asked(), await asked(), await asked()], [[LIST], ["get added", LIST], [
      SEEN(2),
    ]]);
    await there.put("a", "another");
    assertEquals(await here.near(), ["another", "b"]);
    await there.drop("a");
    assertEquals(await here.near(), ["b"]);
    assertEquals(here.asked(), [SEEN(2), SEEN(2)]);
  }));

Deno.test("what any process adds is seen at once", () =>
  withTwo(async (here, there) => {
    await here.add("a");
    await known(here);
    await there.add("b");
    assertEquals(await here.near(), ["a", "b"]);
    assertEquals(here.asked(), [SEEN(1), "get added", LIST]);
    await here.add("c");
    assertEquals(await here.near(), ["a", "b", "c"]);
    here.asked();
    assertEquals(await here.near(), ["a", "b", "c"]);
    assertEquals(here.asked(), [SEEN(3)]);
    // One comes and another goes: the mark stays another one.
    await there.add("d");
    await there.drop("a");
    assertEquals(await here.near(), ["b", "c", "d"]);
  }));

Deno.test("that there is nothing is known as well, until something is added", () =>
  withTwo(async (here, there) => {
    await known(here);
    assertEquals([await here.near(), here.asked()], [[], [SEEN(0)]]);
    await there.add("a");
    assertEquals(await here.near(), ["a"]);
  }));

Deno.test("what is added without a mark, by an older version, is seen after five seconds", () =>
  withTwo(async (here, there, leap) => {
    await here.add("a");
    await known(here);
    await there.put("b", "b");
    leap(SEEN_MS - 1);
    assertEquals(await here.near(), ["a"]);
    leap(1);
    assertEquals(await here.near(), ["a", "b"]);
  }));

Deno.test("those who look in one go have one look, and see what was there when it began", () =>
  withTwo(async (here, there) => {
    await here.add("a");
    await known(here);
    const all = () => Promise.all(Array.from({ length: 8 }, here.near));
    assertEquals(await all(), Array(8).fill(["a"]));
    assertEquals(here.asked(), [SEEN(1)]);
    await there.put("a", "another");
    assertEquals(await all(), Array(8).fill(["another"]));
    await there.add("b");
    assertEquals(await all(), Array(8).fill(["another", "b"]));
  }));

Deno.test("more than a few keys are listed each time", () =>
  withTwo(async (here) => {
    for (let at = 0; at < MOST_KEYS; at++) await here.add(`${at}`);
    await known(here);
    await here.near();
    assertEquals(here.asked(), [SEEN(MOST_KEYS)]);
    await here.add("one more");
    await known(here);
    await here.near();
    assertEquals(here.asked(), [LIST]);
  }));

Deno.test("of ever more prefixes, and of old ones, nothing is kept", () => {
  const { now } = performance;
  let time = 0;
  performance.now = () => time;
  try {
    const seen = new SeenKeys();
    for (let at = 0; at <= 1_000; at++) seen.saw(["p", at], [["p", at, "k"]], "1", time);
    assertEquals(seen.under(["p", 0]), undefined);
    assertEquals(seen.under(["p", 1])?.keys, [["p", 1, "k"]]);
    time = SEEN_MS;
    seen.looked(["q"]);
    time = 0;
    // They are gone, not only too old.
    assertEquals(seen.under(["p", 1_000]), undefined);
  } finally {
    performance.now = now;
  }
});
