/**
 * Removal of what has expired: a database's own expiry is only the earliest
 * deletion.
 *
 * @module
 */

import type { ExpiringRecord } from "./expiring_records.ts";
import { expiringKinds } from "./keys.ts";
import type { Records } from "./records.ts";

/** Deletes expired records of every kind that expires. */
export async function sweepExpired(records: Records, now: number): Promise<void> {
  for (const kind of expiringKinds) {
    for await (const { key, value, version } of records.list<ExpiringRecord>({ prefix: [kind] })) {
      if (value.expires_at > now) continue;
      await records.commit({ checks: [{ key, version }], deletes: [key] });
    }
  }
}
