/**
 * Removal of what has expired: a database's own expiry is only the earliest
 * deletion.
 *
 * @module
 */

import { endingKinds, piecePrefix, sealerPrefix, type TextKey } from "./keys.ts";
import { type CutBox, keysOf, versionOf } from "./pieces.ts";
import type { Records } from "./records.ts";

interface Expiring extends CutBox {
  expires_at: number;
}

/**
 * Deletes expired records of every kind that expires, what processes left that were killed, and
 * pieces that belong to no record any more.
 */
export async function sweepExpired(records: Records, now: number): Promise<void> {
  for (const prefix of [...endingKinds.map((kind) => [kind]), sealerPrefix]) {
    for await (const entry of records.list<Expiring>({ prefix })) {
      if (entry.value.expires_at > now) continue;
      const { key, version } = entry;
      const deletes = keysOf(key as TextKey, versionOf(entry));
      await records.commit({ checks: [{ key, version }], deletes });
    }
  }
  await sweepPieces(records);
}

/** A database may forget a record before its pieces, or be written over without them. */
async function sweepPieces(records: Records): Promise<void> {
  for await (const { key, version } of records.list({ prefix: piecePrefix() })) {
    const record = await records.get(key.slice(1, -1));
    if (record?.version === version) continue;
    // Of this version, and of no other: what is written meanwhile stays.
    await records.commit({ checks: [{ key, version }], deletes: [key] });
  }
}
