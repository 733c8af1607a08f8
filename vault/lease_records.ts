/**
 * Leases: the timed right to refresh one connection.
 *
 * @module
 */

import type { LeaseStore } from "../broker/core/store.ts";
import { connectionKey, leaseKey } from "./keys.ts";
import { plainVersion } from "./pieces.ts";
import type { Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface LeaseRecord {
  owner: string;
  until: number;
}

/** What nobody gave back is swept away after this. */
const KEEP_MS = 60 * 60 * 1000;

/** {@linkcode LeaseStore} on {@linkcode Records}. */
export function createLeaseStore(records: Records): LeaseStore {
  return {
    async read(ref) {
      const entry = await records.get<LeaseRecord>(leaseKey(ref));
      return entry && { ref, ...entry.value, version: entry.version };
    },
    async take(ref, owner, until, over) {
      const key = leaseKey(ref);
      const value: LeaseRecord = { owner, until };
      const version = await records.commit({
        checks: [{ key, version: over?.version ?? null }],
        sets: [{ key, value, expireIn: KEEP_MS }],
      });
      return version === null ? null : { ref, owner, until, version };
    },
    async takeFor({ value: { subject, provider, account }, version: seen }, owner, until) {
      const ref = { subject, provider, account };
      const key = leaseKey(ref);
      const value: LeaseRecord = { owner, until };
      const version = await records.commit({
        checks: [{ key, version: null }, {
          key: connectionKey(ref),
          version: plainVersion(seen),
        }],
        sets: [{ key, value, expireIn: KEEP_MS }],
      });
      return version === null ? null : { ref, owner, until, version };
    },
    async release({ ref, version }) {
      const key = leaseKey(ref);
      await records.commit({ checks: [{ key, version }], deletes: [key] });
    },
  };
}
