/**
 * Seals everything anew under the key ring's first key, beside live traffic:
 * each record under a check of its version, so that nobody's write is undone.
 * What is done is done; a second run goes on where the first one stopped.
 *
 * @module
 */

import { type Box, open, seal, VaultError } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import { connectionPrefix, expiringKinds, grantPrefix, type TextKey } from "./keys.ts";
import { commit } from "./deno_kv.ts";

/** At the same time. */
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
  expires_at?: number;
}

/** Counts the sealed records by key. */
export async function countByKey(kv: Deno.Kv): Promise<KeyCounts> {
  const counts: KeyCounts = new Map();
  for await (const { value } of sealedRecords(kv)) {
    counts.set(value.key, (counts.get(value.key) ?? 0) + 1);
  }
  return counts;
}

/** Moves every record that another key sealed under the first one. */
export async function rekey(
  kv: Deno.Kv,
  ring: KeyRing,
  onProgress: (progress: RekeyProgress) => void = () => {},
): Promise<RekeyProgress> {
  const progress: RekeyProgress = { seen: 0, resealed: 0, failed: [] };
  const entries = sealedRecords(kv);
  const worker = async () => {
    for (let next = await entries.next(); !next.done; next = await entries.next()) {
      await rekeyOne(kv, ring, next.value, progress);
      progress.seen += 1;
      onProgress(progress);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return progress;
}

async function rekeyOne(
  kv: Deno.Kv,
  ring: KeyRing,
  entry: Deno.KvEntry<SealedRecord>,
  progress: RekeyProgress,
): Promise<void> {
  let current: Deno.KvEntryMaybe<SealedRecord> = entry;
  try {
    while (current.versionstamp !== null && current.value.key !== ring.primary()) {
      if (await reseal(kv, ring, current)) {
        progress.resealed += 1;
        return;
      }
      // Somebody wrote it meanwhile, or used it up.
      current = await kv.get<SealedRecord>(entry.key);
    }
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    progress.failed.push(error.message);
  }
}

async function reseal(
  kv: Deno.Kv,
  ring: KeyRing,
  { key, value, versionstamp }: Deno.KvEntry<SealedRecord>,
): Promise<boolean> {
  const at = key as TextKey;
  const box = await seal(ring, at, await open(ring, at, value));
  const expires = expiringKinds.some((kind) => kind === key[0]);
  const options = expires ? { expireIn: Math.max(1, value.expires_at! - Date.now()) } : {};
  const { ok } = await commit(
    kv,
    (operation) => operation.check({ key, versionstamp }).set(key, { ...value, ...box }, options),
  );
  return ok;
}

async function* sealedRecords(kv: Deno.Kv): AsyncGenerator<Deno.KvEntry<SealedRecord>> {
  const kept = [connectionPrefix(), grantPrefix()];
  for (const prefix of [...kept, ...expiringKinds.map((kind) => [kind])]) {
    yield* kv.list<SealedRecord>({ prefix });
  }
}
