/**
 * The way from an old key to a new one, and when the old one can be destroyed:
 * not before it has been retired (`retired_keys.ts`) and everything has been
 * looked through once more after that.
 *
 * @module
 */

import type { World } from "../broker/core/world.ts";
import type { KeyRing } from "./key_ring.ts";
import type { Records } from "./records.ts";
import { countByKey, type KeyCounts, rekey, type RekeyProgress } from "./rekey.ts";
import { listRetired, retireKey } from "./retired_keys.ts";
import { type Announcement, listSealers } from "./sealers.ts";

/** What became of a rotation. */
export interface Rotated {
  /** Processes that cannot open what the first key seals. Where there are any, nothing is done. */
  unready: Announcement[];
  resealed: number;
  /** Records that this ring cannot open, with the reason. */
  failed: string[];
  counts: KeyCounts;
  /** Every key of the ring but the first. */
  oldKeys: OldKey[];
}

/** A key that is not the first any more. */
export interface OldKey {
  id: string;
  /** How many records it has sealed that are still there. */
  left: number;
  /** Living processes that seal with it. */
  sealers: Announcement[];
  /** Nothing can be sealed with it any more, and nothing is left that was. */
  canGo: boolean;
}

/** Seals everything under the ring's first key, and retires the others where nobody needs them. */
export async function rotate(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
  onProgress?: (progress: RekeyProgress) => void,
): Promise<Rotated> {
  for (const id of await listRetired(records)) ring.retire(id);
  const primary = await ring.primary();
  const others = (await ring.ids()).filter((id) => id !== primary);
  const unready = (await listSealers(records, clock.now()))
    .filter(({ opens }) => !opens.includes(primary));
  if (unready.length > 0) {
    return { unready, resealed: 0, failed: [], counts: await countByKey(records), oldKeys: [] };
  }
  const first = await rekey(records, ring, clock, onProgress);
  const before = await countByKey(records);
  const sealers = await listSealers(records, clock.now());
  for (const id of others) {
    const isUsed = before.has(id) || sealers.some(({ key }) => key === id);
    if (!isUsed) await retireKey(records, { id, successor: primary, now: clock.now() });
  }
  // From here on nothing is sealed with those. What was sealed until here is found now.
  const second = await rekey(records, ring, clock);
  const retired = await listRetired(records);
  const counts = await countByKey(records);
  return {
    unready,
    resealed: first.resealed + second.resealed,
    failed: second.failed,
    counts,
    oldKeys: others.map((id) => {
      const left = counts.get(id) ?? 0;
      const canGo = left === 0 && retired.includes(id);
      return { id, left, sealers: sealers.filter(({ key }) => key === id), canGo };
    }),
  };
}
