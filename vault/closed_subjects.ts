/**
 * Nothing new is kept of a person who is being deleted, or was a moment ago.
 *
 * What keeps this true is one check: a commit that adds a record of somebody
 * names the mark that closes them, and is done only if it is not there. Nobody
 * reads anything for that. A commit that changes a record which is there is not
 * asked: it names that record's version, and fails once it is deleted. So the
 * orders in which whoever keeps something (P) and a deletion (D) can meet are:
 *
 * - P commits, D closes, D looks: D finds the record, and deletes it.
 * - D closes, P adds: nothing is stored, and P is refused.
 * - P reads a record, D deletes it, P changes it: its version is gone.
 *
 * The mark stands under pseudonyms, one for each key of the ring: processes
 * whose rings differ while keys are rotated have a key in common.
 *
 * @module
 */

import { isToCome } from "../broker/core/clock.ts";
import { unique } from "../broker/core/lists.ts";
import { CLOSED_MS } from "../broker/core/person_store.ts";
import { Refusal } from "../broker/core/refusal.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import type { KeyRing } from "./key_ring.ts";
import { closedKey, duePrefix, endKey, ownerIn, type TextKey } from "./keys.ts";
import { FORGOTTEN_AFTER_MS } from "./pieces.ts";
import { type Change, type Entry, isSameKey, type RecordKey, type Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface ClosedRecord {
  /** Epoch ms. */
  expires_at: number;
}

type Names = Pick<KeyRing, "pseudonyms">;
type Clock = Pick<World, "now">;

/** Closes somebody until then. */
export async function closeSubject(
  records: Records,
  names: Names,
  clock: Clock,
  { subject, until }: { subject: Subject; until: number },
): Promise<void> {
  const keys = await closedKeys(names, [subject]);
  const expireIn = Math.max(1, Math.ceil(until - clock.now())) + FORGOTTEN_AFTER_MS;
  const before = await found(records, keys);
  await records.commit({
    sets: keys.flatMap((key) => [
      { key, value: { expires_at: until } satisfies ClosedRecord, expireIn },
      { key: endKey(key, until), value: 0 },
    ]),
    deletes: before.filter(({ value }) => value.expires_at !== until)
      .map(({ key, value }) => endKey(key as TextKey, value.expires_at)),
  });
}

/**
 * The same records, but none is added of somebody who is closed.
 *
 * @throws {Refusal} `user_deleted`, by `commit`.
 */
export function refuseClosed(records: Records, names: Names, clock: Clock): Records {
  return {
    ...records,
    async commit(change) {
      const added = addedFor(change);
      if (added.length === 0) return await records.commit(change);
      const keys = await closedKeys(names, added);
      const open = keys.map((key) => ({ key, version: null }));
      for (;;) {
        const checks = [...change.checks ?? [], ...open];
        const version = await records.commit({ ...change, checks });
        if (version !== null) return version;
        const closed = await found(records, keys);
        if (closed.length === 0) return null;
        const now = clock.now();
        const until = Math.max(...closed.map(({ value }) => value.expires_at));
        if (isToCome(until, now, CLOSED_MS)) {
          throw new Refusal({ code: "user_deleted", retryAfter: Math.ceil((until - now) / 1000) });
        }
        // It is over, and housekeeping has not been here yet.
        for (const { key, value, version } of closed) {
          const deletes = [key, endKey(key as TextKey, value.expires_at)];
          await records.commit({ checks: [{ key, version }], deletes });
        }
      }
    },
  };
}

/** Of whom a commit adds something. What is due is added with its connection, or was there. */
function addedFor({ checks = [], sets = [], increments = [] }: Change): Subject[] {
  const isThere = (key: RecordKey) =>
    checks.some((check) => check.version !== null && isSameKey(check.key, key));
  return unique(
    [...sets.map(({ key }) => key), ...increments].flatMap((key) => {
      const whose = ownerIn(key);
      const isAdded = whose !== undefined && whose.record[0] !== duePrefix[0] &&
        !isThere(whose.record);
      return isAdded ? [whose.subject] : [];
    }),
  );
}

async function closedKeys(names: Names, subjects: Subject[]): Promise<TextKey[]> {
  const all = await Promise.all(subjects.map((subject) => names.pseudonyms(subject)));
  return all.flat().map(closedKey);
}

async function found(records: Records, keys: TextKey[]): Promise<Entry<ClosedRecord>[]> {
  const entries = await Promise.all(keys.map((key) => records.get<ClosedRecord>(key)));
  return entries.filter((entry) => entry !== null);
}
