/** Keys that wait are read together: whose come first, and what one of them can do to the others. */

import { assertEquals, assertRejects } from "@std/assert";
import { GETS_TOGETHER, type Gettable, KvGets, TOLD_TOGETHER } from "../../vault/kv_gets.ts";

type Key = Deno.KvKey;

/** A database that answers once it is told to, and what it was asked. */
function slow(fails: (keys: readonly Key[]) => unknown = () => undefined) {
  const asked: string[][] = [];
  const open = Promise.withResolvers<void>();
  const entry = (key: Key) => ({ key, value: `of ${key}`, versionstamp: "1" });
  const answer = async <T>(keys: readonly Key[], value: T): Promise<T> => {
    asked.push(keys.map(String));
    await open.promise;
    const error = fails(keys);
    if (error !== undefined) throw error;
    return value;
  };
  const kv = {
    get: (key: Key) => answer([key], entry(key)),
    getMany: (keys: Key[]) => answer(keys, keys.map(entry)),
  } as unknown as Gettable;
  return { asked, gets: new KvGets(kv), open: () => open.resolve() };
}

/** One key, by itself. */
const one = async (gets: KvGets, caller: string, key: Key) => (await gets.get(caller, [key]))[0]!;

/** Until the first read has begun. */
const begun = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("who asks in one go is read in one go, whoever comes meanwhile with the next ones", async () => {
  const { asked, gets, open } = slow();
  const first = [one(gets, "a", ["1"]), one(gets, "a", ["2"])];
  await begun();
  const later = ["3", "4", "5"].map((key) => one(gets, "b", [key]));
  assertEquals(gets.waiting("b"), 3);
  open();
  const values = (await Promise.all([...first, ...later])).map(({ value }) => value);
  assertEquals(values, ["of 1", "of 2", "of 3", "of 4", "of 5"]);
  assertEquals(asked, [["1", "2"], ["3", "4", "5"]]);
  await one(gets, "c", ["6"]);
  assertEquals(asked.at(-1), ["6"]);
});

Deno.test("one of each caller in turn, and never more than the database takes", async () => {
  const { asked, gets, open } = slow();
  const all = [one(gets, "greedy", ["first"])];
  await begun();
  for (let at = 0; at < 25; at++) all.push(one(gets, "greedy", [`g${at}`]));
  all.push(one(gets, "honest", ["h"]), one(gets, "other", ["o0"]), one(gets, "other", ["o1"]));
  open();
  await Promise.all(all);
  assertEquals(asked.map(({ length }) => length), [1, GETS_TOGETHER, GETS_TOGETHER, 8]);
  assertEquals(asked[1], ["g0", "h", "o0", "g1", "o1", "g2", "g3", "g4", "g5", "g6"]);
});

Deno.test("keys that are wanted together are read at one moment, even where they leave room", async () => {
  const { asked, gets, open } = slow();
  const first = one(gets, "a", ["0"]);
  await begun();
  const keys = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => [`${name}${at}`]);
  const all = ["b", "c", "d"].map((name) => gets.get(name, keys(name, 4)));
  open();
  const found = (await Promise.all(all)).map((entries) => entries.map(({ value }) => value));
  assertEquals(found, ["b", "c", "d"].map((name) => keys(name, 4).map(([key]) => `of ${key}`)));
  await first;
  assertEquals(asked.map(({ length }) => length), [1, 8, 4]);
});

Deno.test("a list that several want is read once, and leaves room for others", async () => {
  const { asked, gets, open } = slow();
  const first = one(gets, "a", ["0"]);
  await begun();
  const list: Key[] = [["mark"], ["record"]];
  const wanted: [caller: string, keys: Key[]][] = [
    ...Array.from({ length: 6 }, (): [string, Key[]] => ["a", list]),
    ["b", list],
    // Another list of the same key.
    ["c", [["record"]]],
    ["d", [["1"], ["2"], ["3"], ["4"], ["5"], ["6"]]],
    ["e", [["7"], ["8"]]],
  ];
  const all = wanted.map(([caller, keys]) => gets.get(caller, keys));
  open();
  const found = (await Promise.all(all)).map((entries) => entries.map(({ key }) => key));
  assertEquals(found, wanted.map(([, keys]) => keys));
  await first;
  assertEquals(asked, [
    ["0"],
    ["mark", "record", "record", "1", "2", "3", "4", "5", "6"],
    ["7", "8", "mark", "record"],
  ]);
});

Deno.test("a list that is shared fits where no other would", async () => {
  const { asked, gets, open } = slow();
  const first = one(gets, "a", ["0"]);
  await begun();
  const full = Array.from({ length: GETS_TOGETHER }, (_, at) => [`${at}`]);
  const all = [gets.get("a", full), gets.get("b", full), gets.get("c", [["x"]])];
  open();
  await Promise.all(all);
  await first;
  assertEquals(asked.map(({ length }) => length), [1, GETS_TOGETHER, 1]);
});

Deno.test("however many want one list, only so many are told in one go", async () => {
  const { asked, gets, open } = slow();
  const first = one(gets, "a", ["0"]);
  await begun();
  const list: Key[] = [["same"]];
  const all = Array.from({ length: 2 * TOLD_TOGETHER + 1 }, () => gets.get("a", list));
  open();
  for (const [entry] of await Promise.all(all)) assertEquals(entry?.value, "of same");
  await first;
  assertEquals(asked, [["0"], ["same"], ["same"], ["same"]]);
});

Deno.test("a key that the database does not take fails alone", async () => {
  const { asked, gets, open } = slow((keys) =>
    keys.some(([part]) => part === "bad") ? new TypeError("Key too large") : undefined
  );
  const first = one(gets, "a", ["0"]);
  await begun();
  const [good, bad, better] = ["good", "bad", "better"].map((key) => one(gets, "a", [key]));
  open();
  await assertRejects(() => bad!, TypeError, "Key too large");
  assertEquals((await good!).value, "of good");
  assertEquals((await better!).value, "of better");
  await first;
  assertEquals(asked, [["0"], ["good", "bad", "better"], ["good"], ["bad"], ["better"]]);
});

Deno.test("a database that is out rejects each, and is asked again by the next", async () => {
  let isOut = true;
  const { gets, open } = slow(() => isOut ? new Error("out") : undefined);
  open();
  const all = ["1", "2", "3"].map((key) => one(gets, "a", [key]));
  for (const one of await Promise.allSettled(all)) assertEquals(one.status, "rejected");
  isOut = false;
  assertEquals((await one(gets, "a", ["4"])).value, "of 4");
});

Deno.test("a list that several want is tried once more where the read fails, not once for each of them", async () => {
  const { asked, gets, open } = slow((keys) =>
    keys.some(([part]) => part === "bad") ? new TypeError("Key too large") : undefined
  );
  open();
  const [list, bad]: Key[][] = [[["mark"], ["record"]], [["bad"]]];
  const all = [list!, bad!, list!, bad!, list!].map((keys) => gets.get("a", keys));
  const found = (await Promise.allSettled(all)).map((one) =>
    one.status === "fulfilled" ? one.value.map(({ value }) => value) : one.reason.message
  );
  const read = ["of mark", "of record"];
  assertEquals(found, [read, "Key too large", read, "Key too large", read]);
  const alone = Array.from({ length: 5 }, () => gets.get("a", bad!));
  for (const one of await Promise.allSettled(alone)) assertEquals(one.status, "rejected");
  assertEquals(asked, [["mark", "record", "bad"], ["mark", "record"], ["bad"], ["bad"]]);
});

Deno.test("what Deno KV takes in one read is what is read together", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(["1"], "one");
  const gets = new KvGets(kv);
  const all = Array.from({ length: GETS_TOGETHER * 2 }, (_, at) => one(gets, "a", [String(at)]));
  const found = (await Promise.all(all)).filter(({ versionstamp }) => versionstamp !== null);
  assertEquals(found.map(({ value }) => value), ["one"]);
  const keys = Array.from({ length: GETS_TOGETHER + 1 }, (_, at) => [String(at)]);
  await assertRejects(() => kv.getMany(keys), TypeError);
});
