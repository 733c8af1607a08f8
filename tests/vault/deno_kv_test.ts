/** What Deno KV throws, and what becomes of it. */

import { assertEquals, assertRejects } from "@std/assert";
import { GIVE_UP_AFTER_MS, onKv } from "../../vault/deno_kv.ts";
import type { KvTurns } from "../../vault/kv_turns.ts";
import type { Records } from "../../vault/records.ts";

/** A database each of whose operations fails as it is told. */
async function failing(
  fail: () => unknown,
  run: (records: Records) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const work = () => Promise.reject(fail());
  await run(onKv(kv, { read: work, commit: work } as KvTurns));
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
  const other = new Error("something new");
  await failing(() => other, async (records) => {
    assertEquals(await assertRejects(write(records)), other);
  });
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
