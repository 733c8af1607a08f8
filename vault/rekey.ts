/**
 * Seals everything anew under the key ring's first key, beside live traffic:
 * each record under a check of its version, so that nobody's write is undone.
 * What is done is done; a second run goes on where the first one stopped.
 *
 * @module
 */

import { sideBySide } from "../broker/core/side_by_side.ts";
import { saidOf } from "../broker/core/own_words.ts";
import type { World } from "../broker/core/world.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { KeyRing } from "./key_ring.ts";
import { doesEnd, sealedKinds, type TextKey } from "./keys.ts";
import { type CutBox, opened, opens, sealed, versionOf } from "./pieces.ts";
import type { Entry, Records } from "./records.ts";
import { refuseRetired, RetiredKeyError } from "./retired_keys.ts";

type Clock = Pick<World, "now">;

/** Records that are sealed anew at the same time. */
const CONCURRENCY = 8;

/** How many records each key has sealed, by its id. */
export type KeyCounts = Map<string, number>;

/** What a run did so far. */
export interface RekeyProgress {
  seen: number;
  resealed: number;
  /** Records that this ring cannot open, with the reason. */
  failed: string[];
}

interface SealedRecord extends CutBox {
  /** Of records that expire: epoch ms. */
  expires_at?: number | undefined;
}

/** Records of one kind and one key that this ring cannot open. */
export interface Unopenable {
  kind: string;
  key: string;
  count: number;
}

/** Counts the sealed records by key. */
export async function countByKey(records: Records): Promise<KeyCounts> {
  const counts: KeyCounts = new Map();
  for await (const { value } of sealedRecords(records)) {
    counts.set(value.key, (counts.get(value.key) ?? 0) + 1);
  }
  return counts;
}

/** Tries to open every record, and counts those that it cannot. Changes nothing. */
export async function countUnopenable(records: Records, ring: KeyRing): Promise<Unopenable[]> {
  const found = new Map<string, Unopenable>();
  for await (const entry of sealedRecords(records)) {
    if (await opens(records, ring, entry)) continue;
    const { key, value } = entry;
    const what = { kind: String(key[0]), key: value.key };
    const id = JSON.stringify(what);
    found.set(id, { ...what, count: (found.get(id)?.count ?? 0) + 1 });
  }
  return [...found.values()];
}

/** Moves every record that another key sealed under the first one. */
export async function rekey(
  database: Records,
  ring: KeyRing,
  clock: Clock,
  onProgress: (progress: RekeyProgress) => void = () => {},
): Promise<RekeyProgress> {
  const records = refuseRetired(database, ring);
  const progress: RekeyProgress = { seen: 0, resealed: 0, failed: [] };
  await sideBySide(sealedRecords(records), CONCURRENCY, async (entry) => {
    await rekeyOne(records, ring, clock, entry, progress);
    progress.seen += 1;
    onProgress(progress);
  });
  return progress;
}

async function rekeyOne(
  records: Records,
  ring: KeyRing,
  clock: Clock,
  entry: Entry<SealedRecord>,
  progress: RekeyProgress,
): Promise<void> {
  let current: Entry<SealedRecord> | null = entry;
  try {
    while (current !== null && current.value.key !== await ring.primary()) {
      if (await reseal(records, ring, clock, current)) {
        progress.resealed += 1;
        return;
      }
      // Somebody wrote it meanwhile, or used it up.
      current = await records.get<SealedRecord>(entry.key);
    }
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    progress.failed.push(saidOf(error));
  }
}

async function reseal(
  records: Records,
  ring: KeyRing,
  clock: Clock,
  entry: Entry<SealedRecord>,
): Promise<boolean> {
  const found = await opened(records, ring, entry);
  if (found === null) return false;
  const { key, value, version } = found.entry;
  const { key: _key, box: _box, pieces: _pieces, subject: owner, ...rest } = value;
  // The place of an event is the version with which it came.
  const clear = key[0] === "events" ? { stamp: version, ...rest } : rest;
  const { expires_at: expiresAt } = clear;
  const expires = doesEnd(key) && expiresAt !== undefined;
  const ends = expires ? { at: expiresAt, now: clock.now() } : undefined;
  const at = { key: key as TextKey, before: versionOf(found.entry) };
  const change = await sealed(ring, { ...at, value: found.plain, clear, ends, owner });
  try {
    return await records.commit({ checks: [{ key, version }], ...change }) !== null;
  } catch (error) {
    // Another rekey, with another first key: the loop asks the ring again.
    if (error instanceof RetiredKeyError) return false;
    throw error;
  }
}

async function* sealedRecords(records: Records): AsyncGenerator<Entry<SealedRecord>> {
  for (const kind of sealedKinds) yield* records.list<SealedRecord>({ prefix: [kind] });
}
