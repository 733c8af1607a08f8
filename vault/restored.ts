/**
 * What is done to a database that was restored, before anybody works with it: it
 * is as it was at the backup, and the world has gone on.
 *
 * - What is good for one use may have been used since: it goes.
 * - Who was signed out, or whose access was ended since, would be back: all
 *   access goes, unless nothing has happened since.
 * - Who was deleted since would be back: they go, as far as their tombstones are
 *   known.
 * - Nobody works with it yet: whose turn it was is over.
 *
 * What was noted as used (proofs, calls, imports) stays: without it, it could be
 * used again.
 *
 * @module
 */

import type { Subject } from "../broker/core/subject.ts";
import type { PersonStore, Tombstone } from "../broker/core/person_store.ts";
import type { World } from "../broker/core/world.ts";
import {
  endKey,
  kindsOf,
  ownedKindPrefix,
  restoredAccessKinds,
  singleUseKinds,
  type TextKey,
  tombstoneKey,
  tombstonePrefix,
  workingKinds,
} from "./keys.ts";
import type { KeyRing } from "./key_ring.ts";
import { type CutBox, FORGOTTEN_AFTER_MS, keysOf, versionOf } from "./pieces.ts";
import type { Records } from "./records.ts";

/** That somebody was deleted: under which pseudonym, and when. */
export interface KnownTombstone extends Tombstone {
  pseudonym: string;
  expiresAt: number;
}

/** The stored value; see SCHEMA.md. */
interface TombstoneRecord extends Tombstone {
  expires_at: number;
}

/** All that are in a database. */
export async function* tombstonesIn(records: Records): AsyncGenerator<KnownTombstone> {
  for await (const entry of records.list<TombstoneRecord>({ prefix: tombstonePrefix })) {
    const { at, removed, expires_at: expiresAt } = entry.value;
    yield { pseudonym: String(entry.key.at(-1)), at, removed, expiresAt };
  }
}

/** What is known of the time since. */
export interface Since {
  /** Of people who were deleted, by pseudonym; also such as the backup knows itself. */
  tombstones: ReadonlyMap<string, KnownTombstone>;
  /** People who have to go in any case. */
  forget: ReadonlySet<Subject>;
  /** Nothing was served since the backup: who had access keeps it. */
  keepAccess: boolean;
}

/** How much was taken away. */
export interface Settled {
  singleUse: number;
  access: number;
  people: number;
}

/** Does all of it; a second time nothing is left to do. */
export async function settleRestored(
  records: Records,
  ring: KeyRing,
  people: PersonStore,
  clock: Pick<World, "now">,
  since: Since,
): Promise<Settled> {
  await dropAll(records, workingKinds);
  const singleUse = await dropAll(records, singleUseKinds);
  const access = since.keepAccess ? 0 : await dropAll(records, restoredAccessKinds);
  return { singleUse, access, people: await forgetDeleted(records, ring, people, clock, since) };
}

async function dropAll(records: Records, kinds: readonly string[]): Promise<number> {
  let count = 0;
  for (const kind of kinds) {
    for await (const entry of records.list<CutBox>({ prefix: [kind] })) {
      await records.commit({ deletes: keysOf(entry.key as TextKey, versionOf(entry)) });
      count += 1;
    }
  }
  return count;
}

async function forgetDeleted(
  records: Records,
  ring: KeyRing,
  people: PersonStore,
  clock: Pick<World, "now">,
  { tombstones, forget }: Since,
): Promise<number> {
  // Those that the backup has are of before it: who came back after that is there rightly.
  const known = new Map<string, number>();
  for await (const { pseudonym, at } of tombstonesIn(records)) known.set(pseudonym, at);
  const later = new Map([...tombstones].filter(([name, { at }]) => known.get(name) !== at));
  if (later.size === 0 && forget.size === 0) return 0;
  let count = 0;
  for await (const subject of subjectsIn(records)) {
    const names = later.size === 0 ? [] : await ring.pseudonyms(subject);
    if (!forget.has(subject) && !names.some((name) => later.has(name))) continue;
    for (const held of await people.held(subject)) await people.remove(held, "everything");
    await people.remove(subject, "everything");
    count += 1;
  }
  for (const [name, { at, removed, expiresAt }] of later) {
    if (expiresAt <= clock.now()) continue;
    const key = tombstoneKey(name);
    const expireIn = Math.ceil(expiresAt - clock.now()) + FORGOTTEN_AFTER_MS;
    const value = { v: 1, at, removed, expires_at: expiresAt };
    await records.commit({
      sets: [{ key, value, expireIn }, { key: endKey(key, expiresAt), value: 0 }],
    });
  }
  return count;
}

/** Everybody of whom anything is kept; some more than once. */
async function* subjectsIn(records: Records): AsyncGenerator<Subject> {
  const prefixes = [...kindsOf("subject").map((kind) => [kind]), ownedKindPrefix];
  for (const prefix of prefixes) {
    let last: Subject | undefined;
    for await (const { key } of records.list({ prefix })) {
      const subject = key[1] as Subject;
      if (subject === last) continue;
      last = subject;
      yield subject;
    }
  }
}
