/** What was under a prefix a moment ago, at a file that two processes have open. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { onKv, openKv } from "../../vault/deno_kv.ts";
import { connectionKey, connectionPrefix, markKey } from "../../vault/keys.ts";
import { createKvTurns, NO_TURNS } from "../../vault/kv_turns.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { MOST_BYTES, MOST_ENTRIES, SEEN_MS, SeenEntries } from "../../vault/seen_entries.ts";
import { countedKv } from "../support/counted_kv.ts";

const SUBJECT = "voice:ana" as Subject;
const PREFIX = connectionPrefix(SUBJECT, "google");

/** One process: its records, and what it has asked the database. */
async function open(path: string) {
  const { kv, asked } = countedKv(await openKv(path));
  const records = onKv(kv, createKvTurns(() => "app voice"));
  const keyOf = (account: string) => [...PREFIX, account];
  return {
    records,
    asked,
    near: async () => (await records.near<string>(PREFIX)).map(({ value }) => value),
    put: (account: string, value: string) =>
      records.commit({ sets: [{ key: keyOf(account), value }] }),
    drop: (...accounts: string[]) => records.commit({ deletes: accounts.map(keyOf) }),
    /** As a version that writes no marks does. */
    putUnmarked: (account: string, value: string) =>
      kv.atomic().set(keyOf(account), value).commit(),
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
const SEEN = "get marks";

Deno.test("who looks once lists, who looks again reads the mark first, and then the mark alone", () =>
  withTwo(async (here, there) => {
    await there.put("b", "b");
    await there.put("a", "a");
    const asked = async () => (await here.near(), here.asked());
    assertEquals([await asked(), await asked(), await asked()], [[LIST], [SEEN, LIST], [SEEN]]);
    assertEquals(await here.near(), ["a", "b"]);
  }));

Deno.test("what any process adds, changes or deletes is seen at once", () =>
  withTwo(async (here, there) => {
    await there.put("a", "a");
    for (const by of [there, here]) {
      const steps: [change: () => Promise<unknown>, after: string[]][] = [
        [() => by.put("b", "b"), ["a", "b"]],
        [() => by.put("a", "another"), ["another", "b"]],
        // The same once more is a version of its own.
        [() => by.put("a", "another"), ["another", "b"]],
        [() => by.drop("a"), ["b"]],
        // One comes and another goes.
        [() => by.put("c", "c"), ["b", "c"]],
        [() => by.drop("b", "c"), []],
        [() => by.put("a", "a"), ["a"]],
      ];
      for (const [change, after] of steps) {
        await known(here);
        await change();
        here.asked();
        assertEquals(await here.near(), after);
        assertEquals(here.asked(), [SEEN, SEEN, LIST]);
        assertEquals(await here.near(), after);
        assertEquals(here.asked(), [SEEN]);
      }
    }
  }));

Deno.test("a commit that does nothing leaves what is known as it is", () =>
  withTwo(async (here, there) => {
    await here.put("a", "a");
    await known(here);
    const key = [...PREFIX, "a"];
    const checks = [{ key, version: null }];
    assertEquals(await there.records.commit({ checks, deletes: [key] }), null);
    assertEquals(
      await there.records.commit({ sets: [{ key: ["grants", "g"], value: 1 }] }) !== null,
      true,
    );
    assertEquals([await here.near(), here.asked()], [["a"], [SEEN]]);
  }));

Deno.test("what is changed while it is listed is seen by the next who looks", () =>
  withTwo(async (here, there) => {
    await here.put("a", "a");
    await here.near();
    // Between the mark and the list, and after both.
    const looking = here.near();
    await there.put("a", "another");
    await looking;
    assertEquals(await here.near(), ["another"]);
    await there.put("b", "b");
    assertEquals(await here.near(), ["another", "b"]);
  }));

Deno.test("that there is nothing is known as well, until something is added", () =>
  withTwo(async (here, there) => {
    await known(here);
    assertEquals([await here.near(), here.asked()], [[], [SEEN]]);
    await there.put("a", "a");
    assertEquals(await here.near(), ["a"]);
  }));

Deno.test("what an older version changes, without a mark, is seen after five seconds", () =>
  withTwo(async (here, there, leap) => {
    await here.put("a", "a");
    await known(here);
    await there.putUnmarked("b", "b");
    leap(SEEN_MS - 1);
    assertEquals(await here.near(), ["a"]);
    leap(1);
    assertEquals(await here.near(), ["a", "b"]);
  }));

Deno.test("those who look in one go have one look, and see what was there when it began", () =>
  withTwo(async (here, there) => {
    await here.put("a", "a");
    await known(here);
    const all = () => Promise.all(Array.from({ length: 8 }, here.near));
    assertEquals(await all(), Array(8).fill(["a"]));
    assertEquals(here.asked(), [SEEN]);
    await there.put("a", "another");
    assertEquals(await all(), Array(8).fill(["another"]));
    await there.drop("a");
    assertEquals(await all(), Array(8).fill([]));
  }));

Deno.test("more than a few, or larger ones, are listed each time", () =>
  withTwo(async (here, _there, leap) => {
    const asked = async () => {
      leap(SEEN_MS);
      await known(here);
      await here.near();
      return here.asked();
    };
    for (let at = 0; at < MOST_ENTRIES; at++) await here.put(`${at}`, "small");
    assertEquals(await asked(), [SEEN]);
    await here.put("one more", "small");
    assertEquals(await asked(), [LIST]);
    await here.drop("0", "1", "2", "3", "one more");
    const putBoxes = (...sizes: number[]) =>
      here.records.commit({
        sets: sizes.map((size, at) => ({
          key: [...PREFIX, `${at}`],
          value: { box: new Uint8Array(size) },
        })),
      });
    await putBoxes(MOST_BYTES / 2, MOST_BYTES / 2);
    assertEquals(await asked(), [SEEN]);
    await putBoxes(MOST_BYTES / 2, MOST_BYTES / 2 + 1);
    assertEquals(await asked(), [LIST]);
  }));

Deno.test("a database elsewhere is listed each time, and gets no marks", async () => {
  const { kv, asked } = countedKv(await Deno.openKv(":memory:"));
  const records = onKv(kv, NO_TURNS, false);
  try {
    await records.commit({ sets: [{ key: [...PREFIX, "a"], value: "a" }] });
    for (let at = 0; at < 3; at++) await records.near(PREFIX);
    assertEquals(asked(), ["commit set connections", LIST, LIST, LIST]);
  } finally {
    records.close();
  }
});

Deno.test("one mark says that a connection of one subject at one provider was changed, and nothing else has one", () => {
  const connection = connectionKey({ subject: SUBJECT, provider: "google", account: "1" });
  const mark = markKey(PREFIX);
  assertEquals(markKey(connection), mark);
  assert(mark !== undefined && mark[0] === "marks" && !JSON.stringify(mark).includes("ana"));
  assertNotEquals(markKey(connectionPrefix(SUBJECT, "github")), mark);
  assertNotEquals(markKey(connectionPrefix("voice:ben" as Subject, "google")), mark);
  for (const other of [["connections"], connectionPrefix(SUBJECT), ["pieces", ...connection]]) {
    assertEquals(markKey(other), undefined);
  }
});

Deno.test("of ever more prefixes, and of old ones, nothing is kept", () => {
  const { now } = performance;
  let time = 0;
  performance.now = () => time;
  try {
    const seen = new SeenEntries();
    const entries = [{ key: ["p", "k"], value: "v", version: "1" }];
    const mark = { key: ["marks", 1], version: "1" };
    for (let at = 0; at <= 1_000; at++) seen.saw(["p", at], entries, mark, time);
    assertEquals(seen.under(["p", 0]), undefined);
    assertEquals(seen.under(["p", 1])?.found, { marks: [["marks", 1]], version: "1", entries });
    // What is seen again is the newest then.
    seen.saw(["p", 1], entries, mark, time);
    seen.looked(["one more"]);
    assert(seen.under(["p", 1]) !== undefined);
    assertEquals(seen.under(["p", 2]), undefined);
    time = SEEN_MS;
    seen.looked(["q"]);
    time = 0;
    // They are gone, not only too old.
    assertEquals(seen.under(["p", 1_000]), undefined);
  } finally {
    performance.now = now;
  }
});
