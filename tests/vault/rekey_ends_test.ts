/** What a record keeps of its end when it is sealed anew. */

import { assert, assertEquals } from "@std/assert";
import type { Change, RecordKey, Records } from "../../vault/records.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { endPrefix } from "../../vault/keys.ts";
import { FORGOTTEN_AFTER_MS } from "../../vault/pieces.ts";
import { rekey } from "../../vault/rekey.ts";
import { createStore } from "../../vault/store.ts";
import { storedOf } from "../broker/fixtures.ts";
import { memoryRecords } from "../support/memory_records.ts";

const NOW = 1_000;
const HOUR_MS = 60 * 60_000;
const CLOCK = { now: () => NOW };

const specOf = (id: string) => ({ id, bytes: new Uint8Array(32).fill(id.charCodeAt(1)) });

/** The same records; `sets` hears of all that is set. */
function heard(records: Records, sets: NonNullable<Change["sets"]>): Records {
  return {
    ...records,
    commit(change) {
      sets.push(...change.sets ?? []);
      return records.commit(change);
    },
  };
}

Deno.test("rekey deletes no connection with its access token, and lets what expires end when it did", async () => {
  const records = memoryRecords();
  const store = createStore(records, await importKeyRing([specOf("k1")]), CLOCK);
  const { value } = storedOf("1", ["mail"]);
  // Of several pieces: each has an end of its own.
  const tokens = { ...value.tokens, accessToken: "x".repeat(150_000), expiresAt: NOW + HOUR_MS };
  await store.connections.put({ ...value, tokens }, null);
  const link = (expiresAt: number) => ({ userId: "u", expiresAt }) as never;
  await store.links.add("lives", link(NOW + HOUR_MS), NOW);
  await store.links.add("over", link(NOW - 1), NOW);

  const sets: NonNullable<Change["sets"]> = [];
  const ring = await importKeyRing([specOf("k2"), specOf("k1")]);
  const { resealed, failed } = await rekey(heard(records, sets), ring, CLOCK);
  assertEquals([resealed, failed], [3, []]);
  const isEntry = ({ key: [kind] }: { key: RecordKey }) => kind === endPrefix[0];
  const endsOf = (...key: string[]) =>
    sets.filter((set) => key.every((part) => set.key.includes(part)) && !isEntry(set))
      .map((set) => set.expireIn);
  const ends = endsOf("connections");
  assert(ends.length > 2, "with its pieces");
  assertEquals(ends.filter((end) => end !== undefined), []);
  // Housekeeping comes first, and a database by itself much later.
  assertEquals(endsOf("links", "lives"), [HOUR_MS + FORGOTTEN_AFTER_MS]);
  // KV takes no end that is over.
  assertEquals(endsOf("links", "over"), [1 + FORGOTTEN_AFTER_MS]);
});

Deno.test("in clear beside a box stands what is known, and no name of what is not", async () => {
  const records = memoryRecords();
  const store = createStore(records, await importKeyRing([specOf("k1")]), CLOCK);
  const { value } = storedOf("1", ["mail"]);
  const clearOf = async (more: object, tokens: object) => {
    const version = (await store.connections.get(value))?.version ?? null;
    const changed = { ...value, ...more, tokens: { ...value.tokens, ...tokens } };
    await store.connections.put(changed, version);
    const [entry] = await Array.fromAsync(
      records.list<Record<string, unknown>>({ prefix: ["connections"] }),
    );
    return Object.keys(entry!.value).filter((name) => !["v", "key", "box"].includes(name)).sort();
  };
  assertEquals(await clearOf({}, {}), ["status", "updated_at"]);
  assertEquals(await clearOf({}, { expiresAt: 7 }), ["expires_at", "status", "updated_at"]);
  assertEquals(await clearOf({ status: "reauthorization_required", endedAt: 7 }, {}), [
    "ended_at",
    "status",
    "updated_at",
  ]);
});
