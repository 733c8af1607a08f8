/**
 * Leases in Deno KV.
 *
 * @module
 */

import type { Lease, LeaseStore } from "../broker/core/connection.ts";
import { leaseKey } from "./keys.ts";
import { commit } from "./deno_kv.ts";

/** The stored value; see SCHEMA.md. */
interface LeaseRecord {
  owner: string;
  until: number;
}

/** What nobody gave back is swept away after this. */
const KEEP_MS = 60 * 60 * 1000;

/** {@linkcode LeaseStore} on Deno KV. */
export function createLeaseStore(kv: Deno.Kv): LeaseStore {
  return {
    async read(ref) {
      const { value, versionstamp } = await kv.get<LeaseRecord>(leaseKey(ref));
      return versionstamp === null ? null : { ref, ...value, version: versionstamp };
    },
    async take(ref, owner, until, over) {
      const key = leaseKey(ref);
      const result = await commit(kv, (operation) =>
        operation
          .check({ key, versionstamp: over?.version ?? null })
          .set(key, { owner, until } satisfies LeaseRecord, { expireIn: KEEP_MS }));
      return result.ok ? { ref, owner, until, version: result.versionstamp } satisfies Lease : null;
    },
    async release({ ref, version }) {
      const key = leaseKey(ref);
      await commit(kv, (operation) => operation.check({ key, versionstamp: version }).delete(key));
    },
  };
}
