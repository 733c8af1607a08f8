/** What Deno KV throws, and what becomes of it. */

import { assertEquals, assertRejects } from "@std/assert";
import { GIVE_UP_AFTER_MS, onKv } from "../../vault/deno_kv.ts";
import type { KvTurns } from "../../vault/kv_turns.ts";
import { type Records, TooLargeError } from "../../vault/records.ts";

/** A database each of whose operations fails as it is told. */
async function failing(
  fail: () => unknown,
  run: (records: Records) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const work = () => Promise.reject(fail());
  const turns: KvTurns = { gets: () => work, gathers: false, read: work, commit: work };
  await run(onKv(kv, turns));
}

const write = (records: Records) => () => records.commit({ sets: [{ key: ["a"], value: 1 }] });

Deno.test("of what KV throws only the words that help an operator are repeated", async () => {
  const said = "disk I/O error";
  await failing(() => new Error(`${said}: ["sessions", "of ana"]`), async (records) => {
    for (const run of [() => records.get(["a"]), write(records)]) {
      const error = await assertRejects(run, Error);
      assertEquals(error.message, said);
    }
  });
  // Of KV only a TypeError says what is too large for ever.
  for (const other of [new Error("something new"), new Error("too large to say")]) {
    await failing(() => other, async (records) => {
      assertEquals(await assertRejects(write(records)), other);
    });
  }
  await failing(
    () => new TypeError("Value too large (max 65536 bytes): secret"),
    async (records) => {
      const error = await assertRejects(write(records), TooLargeError);
      assertEquals(error.message, "Value too large (max 65536 bytes)");
    },
  );
});

Deno.test("a commit to a file that stays locked is given up in the end", async () => {
  const { now } = performance;
  let [tries, ahead] = [0, 0];
  performance.now = () => now.call(performance) + ahead;
  try {
    const locked = () => {
      tries += 1;
      if (tries === 3) ahead += GIVE_UP_AFTER_MS + 1;
      return new Error(tries > 3 ? "it was tried again" : "database is locked");
    };
    await failing(locked, async (records) => {
      await assertRejects(write(records), Error, "database is locked");
    });
    assertEquals(tries, 3);
  } finally {
    performance.now = now;
  }
});
