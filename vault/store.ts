/**
 * Everything the broker keeps, on one Deno KV.
 *
 * @module
 */

import type { Store } from "../broker/core/connection.ts";
import { createConnectionStore } from "./connection_records.ts";
import { VaultError } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import { createEpochStore, createGrantStore, createRateLimits } from "./grant_records.ts";
import { healthKey } from "./keys.ts";
import { commit } from "./deno_kv.ts";
import { createLeaseStore } from "./lease_records.ts";
import { createExpiringStore } from "./expiring_records.ts";
import { createUpstreamStore } from "./upstream_records.ts";
import { StoreError } from "../broker/core/store_errors.ts";

/** The {@linkcode Store} of this program. Its operations throw `VaultError` or `StoreError`. */
export function createStore(kv: Deno.Kv, ring: KeyRing): Store {
  return {
    connections: guarded("connections", createConnectionStore(kv, ring)),
    leases: guarded("leases", createLeaseStore(kv)),
    pending: guarded("pending", createExpiringStore(kv, ring, "pending")),
    links: guarded("links", createExpiringStore(kv, ring, "links")),
    handoffs: guarded("handoffs", createExpiringStore(kv, ring, "handoffs")),
    codes: guarded("codes", createExpiringStore(kv, ring, "codes")),
    secrets: guarded("secrets", createExpiringStore(kv, ring, "secrets")),
    sessions: guarded("sessions", createExpiringStore(kv, ring, "sessions")),
    clients: guarded("clients", createExpiringStore(kv, ring, "clients")),
    calls: guarded("calls", createExpiringStore(kv, ring, "calls")),
    grants: guarded("grants", createGrantStore(kv, ring)),
    upstreams: guarded("upstreams", createUpstreamStore(kv)),
    epochs: guarded("epochs", createEpochStore(kv)),
    limits: guarded("limits", createRateLimits(kv)),
  };
}

type Operation = (...args: unknown[]) => Promise<unknown>;

/** The same operations; what KV throws becomes a {@linkcode StoreError}. */
function guarded<T extends object>(name: string, operations: T): T {
  const wrap = (
    [verb, run]: [string, Operation],
  ): [string, Operation] => [verb, async (...args) => {
    try {
      return await run(...args);
    } catch (error) {
      throw error instanceof VaultError ? error : new StoreError(`${verb} ${name}`, error);
    }
  }];
  return Object.fromEntries(Object.entries(operations as Record<string, Operation>).map(wrap)) as T;
}

/** Writes and reads a value; throws when KV is out. */
export async function roundTrip(kv: Deno.Kv): Promise<void> {
  const now = Date.now();
  await commit(kv, (operation) => operation.set(healthKey, now, { expireIn: 60_000 }));
  await kv.get(healthKey);
}
