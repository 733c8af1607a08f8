/**
 * Everything the broker keeps, on one Deno KV.
 *
 * @module
 */

import type { Store } from "../broker/types.ts";
import { createConnectionStore } from "./connections.ts";
import type { KeyRing } from "./key_ring.ts";
import { healthKey } from "./keys.ts";
import { commit } from "./kv.ts";
import { createLeaseStore } from "./leases.ts";
import { createOneTimeStore } from "./one_time.ts";

/** The {@linkcode Store} of this program. */
export function createStore(kv: Deno.Kv, ring: KeyRing): Store {
  return {
    connections: createConnectionStore(kv, ring),
    leases: createLeaseStore(kv),
    pending: createOneTimeStore(kv, ring, "pending"),
    links: createOneTimeStore(kv, ring, "links"),
    handoffs: createOneTimeStore(kv, ring, "handoffs"),
  };
}

/** Writes and reads a value; throws when KV is out. */
export async function roundTrip(kv: Deno.Kv): Promise<void> {
  const now = Date.now();
  await commit(kv, (operation) => operation.set(healthKey, now, { expireIn: 60_000 }));
  await kv.get(healthKey);
}
