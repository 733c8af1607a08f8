/**
 * Seals everything anew under the key ring's first key, beside live traffic:
 * each record under a check of its version, so that nobody's write is undone.
 * What is done is done; a second run goes on where the first one stopped.
 *
 * @module
 */

import type { World } from "../broker/core/world.ts";
import { type Box, open, seal } from "./cipher.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { KeyRing } from "./key_ring.ts";
import { connectionPrefix, expiringKinds, grantPrefix, type TextKey } from "./keys.ts";
import type { Entry, Records } from "./records.ts";

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

interface SealedRecord extends Box {
  /** Of records that expire: epoch ms. */
  expires_at?: number | undefined;
}

/** Counts the sealed records by key. */
export async function countByKey(records: Records): Promise<KeyCounts> {
  const counts: KeyCounts = new Map();
  for await (const { value } of sealedRecords(records)) {
    counts.set(value.key, (counts.get(value.key) ?? 0) + 1);
  }
  return counts;
}

/** Moves every record that another key sealed under the first one. */
export async function rekey(
  records: Records,
  ring: KeyRing,
  clock: Clock,
  onProgress: (progress: RekeyProgress) => void = () => {},
): Promise<RekeyProgress> {
  const progress: RekeyProgress = { seen: 0, resealed: 0, failed: [] };
  const entries = sealedRecords(records);
  const worker = async () => {
    for (let next = await entries.next(); !next.done; next = await entries.next()) {
      await rekeyOne(records, ring, clock, next.value, progress);
      progress.seen += 1;
      onProgress(progress);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
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
    while (current !== null && current.value.key !== ring.primary()) {
      if (await reseal(records, ring, clock, current)) {
        progress.resealed += 1;
        return;
      }
      // Somebody wrote it meanwhile, or used it up.
      current = await records.get<SealedRecord>(entry.key);
    }
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    progress.failed.push(error.message);
  }
}

async function reseal(
  records: Records,
  ring: KeyRing,
  clock: Clock,
  { key, value, version }: Entry<SealedRecord>,
): Promise<boolean> {
  const at = key as TextKey;
  const box = await seal(ring, at, await open(ring, at, value));
  const { expires_at: expiresAt } = value;
  const expires = expiringKinds.some((kind) => kind === key[0]) && expiresAt !== undefined;
  const expireIn = expires ? Math.max(1, expiresAt - clock.now()) : undefined;
  const change = {
    checks: [{ key, version }],
    sets: [{ key, value: { ...value, ...box }, expireIn }],
  };
  return await records.commit(change) !== null;
}

async function* sealedRecords(records: Records): AsyncGenerator<Entry<SealedRecord>> {
  const kept = [connectionPrefix(), grantPrefix()];
  for (const prefix of [...kept, ...expiringKinds.map((kind) => [kind])]) {
    yield* records.list<SealedRecord>({ prefix });
  }
}
