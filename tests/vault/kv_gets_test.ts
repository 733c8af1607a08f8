/** Keys that wait are read together: whose come first, and what one of them can do to the others. */

import { assertEquals, assertRejects } from "@std/assert";
import { GETS_TOGETHER, type Gettable, KvGets } from "../../vault/kv_gets.ts";

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

/** Until the first read has begun. */
const begun = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("who asks in one go is read in one go, whoever comes meanwhile with the next ones", async () => {
  const { asked, gets, open } = slow();
  const first = [gets.get("a", ["1"]), gets.get("a", ["2"])];
  await begun();
  const later = ["3", "4", "5"].map((key) => gets.get("b", [key]));
  assertEquals(gets.waiting("b"), 3);
  open();
  const values = (await Promise.all([...first, ...later])).map(({ value }) => value);
  assertEquals(values, ["of 1", "of 2", "of 3", "of 4", "of 5"]);
  assertEquals(asked, [["1", "2"], ["3", "4", "5"]]);
  await gets.get("c", ["6"]);
  assertEquals(asked.at(-1), ["6"]);
});

Deno.test("one of each caller in turn, and never more than the database takes", async () => {
  const { asked, gets, open } = slow();
  const all = [gets.get("greedy", ["first"])];
  await begun();
  for (let at = 0; at < 25; at++) all.push(gets.get("greedy", [`g${at}`]));
  all.push(gets.get("honest", ["h"]), gets.get("other", ["o0"]), gets.get("other", ["o1"]));
  open();
  await Promise.all(all);
  assertEquals(asked.map(({ length }) => length), [1, GETS_TOGETHER, GETS_TOGETHER, 8]);
  assertEquals(asked[1], ["g0", "h", "o0", "g1", "o1", "g2", "g3", "g4", "g5", "g6"]);
});

Deno.test("a key that the database does not take fails alone", async () => {
  const { asked, gets, open } = slow((keys) =>
    keys.some(([part]) => part === "bad") ? new TypeError("Key too large") : undefined
  );
  const first = gets.get("a", ["0"]);
  await begun();
  const [good, bad, better] = ["good", "bad", "better"].map((key) => gets.get("a", [key]));
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
  const all = ["1", "2", "3"].map((key) => gets.get("a", [key]));
  for (const one of await Promise.allSettled(all)) assertEquals(one.status, "rejected");
  isOut = false;
  assertEquals((await gets.get("a", ["4"])).value, "of 4");
});

Deno.test("what Deno KV takes in one read is what is read together", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(["1"], "one");
  const gets = new KvGets(kv);
  const all = Array.from({ length: GETS_TOGETHER * 2 }, (_, at) => gets.get("a", [String(at)]));
  const found = (await Promise.all(all)).filter(({ versionstamp }) => versionstamp !== null);
  assertEquals(found.map(({ value }) => value), ["one"]);
  const keys = Array.from({ length: GETS_TOGETHER + 1 }, (_, at) => [String(at)]);
  await assertRejects(() => kv.getMany(keys), TypeError);
});
