/**
 * Removal of what has expired: a database's own expiry is only the earliest
 * deletion.
 *
 * @module
 */

import { expiringKinds, sealerPrefix } from "./keys.ts";
import type { Records } from "./records.ts";

/** Deletes expired records of every kind that expires, and what processes left that were killed. */
export async function sweepExpired(records: Records, now: number): Promise<void> {
  for (const prefix of [...expiringKinds.map((kind) => [kind]), sealerPrefix]) {
    for await (const { key, value, version } of records.list<{ expires_at: number }>({ prefix })) {
      if (value.expires_at > now) continue;
      await records.commit({ checks: [{ key, version }], deletes: [key] });
    }
  }
}
