/**
 * Whether this ring opens what is stored. A key that was lost, or the ring of
 * another deployment, is to be noticed at the start and not by the first person.
 *
 * @module
 */

import { saidOf } from "../broker/core/own_words.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import { sealedKinds } from "./keys.ts";
import type { KeyRing } from "./key_ring.ts";
import { type CutBox, opened } from "./pieces.ts";
import type { Records } from "./records.ts";

/** So many records of each kind are looked at. */
export const CHECKED_RECORDS = 100;

/** A key none of whose records opens, and what opening the last of them said. */
export interface MissingKey {
  id: string;
  detail: string;
}

/** The keys of the first records of each kind, without those of which this ring opens one. */
export async function findMissingKeys(records: Records, ring: KeyRing): Promise<MissingKey[]> {
  const there = new Set<string>();
  const missing = new Map<string, MissingKey>();
  for (const kind of sealedKinds) {
    const range = { prefix: [kind], limit: CHECKED_RECORDS };
    for await (const entry of records.list<CutBox>(range)) {
      const { key: id } = entry.value;
      if (there.has(id)) continue;
      try {
        await opened(records, ring, entry);
        there.add(id);
        missing.delete(id);
      } catch (error) {
        // One record may have been changed or moved: that says nothing of its key.
        if (!(error instanceof VaultError)) throw error;
        missing.set(id, { id, detail: saidOf(error) });
      }
    }
  }
  return [...missing.values()];
}
