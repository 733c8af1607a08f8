/**
 * Keys that never seal again. `deno task rekey` retires a key before it says
 * that it can be destroyed, and then looks once more for what it has sealed.
 *
 * What keeps this true is no clock and no message between processes, but one
 * check: a commit that stores a box names the key of that box, and is done only
 * if that key has not been retired by then. The orders in which a process that
 * seals (P) and a rekey (R) can meet:
 *
 * - P commits, R retires the key, R looks: R finds the box and seals it anew.
 * - R retires the key, P commits: nothing is stored. P is told which key it
 *   was, seals with the next one of its ring, or reads the ring's file again,
 *   and commits that. Only a P whose ring has no other key fails, loudly.
 * - P reads a box under the old key, R seals it anew, P writes: the version has
 *   changed, P reads again, and seals with what its ring says by then.
 * - Two rekeys with opposite rings: retiring a key checks that the one that
 *   takes its place has not been retired, so they cannot retire both.
 *
 * Announcements (`sealers.ts`) are a courtesy on top: they keep rekey from
 * retiring a key that a living process still seals with.
 *
 * @module
 */

import { unique } from "../broker/core/lists.ts";
import { retiredKey, retiredPrefix, sealedKinds } from "./keys.ts";
import type { KeyRing } from "./key_ring.ts";
import type { Change, Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface RetiredRecord {
  /** Epoch ms. */
  at: number;
}

/** A box was made with a key that has been retired by now. Nothing was stored: seal again. */
export class RetiredKeyError extends Error {
  constructor(id: string) {
    super(`Key "${id}" was retired`);
    this.name = "RetiredKeyError";
  }
}

/**
 * The same records, but none takes a box of a retired key. `beforeSealed` runs
 * before each commit that holds a box.
 */
export function refuseRetired(
  records: Records,
  ring: Pick<KeyRing, "retire">,
  beforeSealed: () => Promise<void> = () => Promise.resolve(),
): Records {
  return {
    ...records,
    async commit(change) {
      const ids = sealersOf(change);
      if (ids.length === 0) return await records.commit(change);
      await beforeSealed();
      const notRetired = ids.map((id) => ({ key: retiredKey(id), version: null }));
      const checks = [...change.checks ?? [], ...notRetired];
      const version = await records.commit({ ...change, checks });
      if (version !== null) return version;
      for (const id of ids) {
        if (await records.get(retiredKey(id)) === null) continue;
        ring.retire(id);
        throw new RetiredKeyError(id);
      }
      return null;
    },
  };
}

/** The ids of all keys that were ever retired. */
export async function listRetired(records: Records): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of records.list<RetiredRecord>({ prefix: retiredPrefix })) {
    found.push(String(key.at(-1)));
  }
  return found;
}

/** Retires a key in favour of another; `false` where that one was retired itself. */
export async function retireKey(
  records: Records,
  { id, successor, now }: { id: string; successor: string; now: number },
): Promise<boolean> {
  const value: RetiredRecord = { at: now };
  const committed = await records.commit({
    checks: [{ key: retiredKey(successor), version: null }],
    sets: [{ key: retiredKey(id), value }],
  });
  return committed !== null;
}

/** Which keys sealed what a commit would store. */
function sealersOf({ sets = [] }: Change): string[] {
  const ids = sets.flatMap(({ key, value }) => {
    const { key: id } = value as { key?: unknown };
    return sealedKinds.some((kind) => kind === key[0]) && typeof id === "string" ? [id] : [];
  });
  return unique(ids);
}
