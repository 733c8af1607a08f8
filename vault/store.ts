/**
 * Everything that is kept, on one database.
 *
 * @module
 */

import type { Store } from "../broker/core/store.ts";
import { createActivityStore } from "./activity_records.ts";
import { createClocks } from "./clocks.ts";
import { createConnectionStore } from "./connection_records.ts";
import { createCountStore } from "./count_records.ts";
import { EventOutbox } from "./event_outbox.ts";
import { createEventStore } from "./event_records.ts";
import { createFigureStore } from "./figure_records.ts";
import { createHandoffStore } from "./handoff_records.ts";
import type { KeyRing } from "./key_ring.ts";
import { createEpochStore, createGrantStore, createSessionTokenStore } from "./grant_records.ts";
import { type ExpiringKind, healthKey } from "./keys.ts";
import { type Records, TooLargeError } from "./records.ts";
import type { World } from "../broker/core/world.ts";
import { createLeaseStore } from "./lease_records.ts";
import { createLimitStore } from "./limit_records.ts";
import { createProviderStore } from "./provider_records.ts";
import { createExpiringStore } from "./expiring_records.ts";
import { createDiscoveryStore } from "./discovery_records.ts";
import { createSettingsStore } from "./settings_records.ts";
import { createTrailStore } from "./trail_records.ts";
import { createUpstreamStore } from "./upstream_records.ts";
import { StoreError, VaultError } from "../broker/core/store_errors.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { refuseClosed } from "./closed_subjects.ts";
import { createPersonStore } from "./person_records.ts";
import { RetiredKeyError } from "./retired_keys.ts";
import { createSealer, type Sealer } from "./sealers.ts";

/**
 * The {@linkcode Store} of this program. Its operations throw `VaultError` or `StoreError`, and the
 * refusal `user_deleted` where something new would be kept of somebody who was just deleted.
 */
export function createStore(
  database: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
  sealer: Pick<Sealer, "records"> & Partial<Pick<Sealer, "id">> = createSealer(
    database,
    ring,
    clock,
  ),
): Store {
  const records = refuseClosed(sealer.records, ring, clock);
  const outbox = new EventOutbox(ring, clock);
  const expiring = <T extends { expiresAt: number }>(kind: ExpiringKind) =>
    guarded(kind, createExpiringStore<T>(records, ring, clock, kind));
  return {
    connections: guarded("connections", createConnectionStore(records, ring, outbox)),
    leases: guarded("leases", createLeaseStore(records)),
    providers: guarded("providers", createProviderStore(records, outbox)),
    pending: expiring("pending"),
    links: expiring("links"),
    handoffs: guarded("handoffs", createHandoffStore(records, ring, clock)),
    codes: expiring("codes"),
    secrets: expiring("secrets"),
    sessions: expiring("sessions"),
    clients: expiring("clients"),
    calls: expiring("calls"),
    imports: expiring("imports"),
    lists: expiring("lists"),
    proofs: expiring("proofs"),
    setups: expiring("setups"),
    grants: guarded("grants", createGrantStore(records, ring, clock, outbox)),
    sessionTokens: guarded("session_tokens", createSessionTokenStore(records, ring, clock, outbox)),
    upstreams: guarded("upstreams", createUpstreamStore(records)),
    discoveries: guarded("discoveries", createDiscoveryStore(records, ring)),
    settings: guarded("settings", createSettingsStore(records, ring)),
    clocks: guarded("clocks", createClocks(database, sealer)),
    epochs: guarded("epochs", createEpochStore(records)),
    people: guarded("people", createPersonStore(records, ring, clock)),
    trails: guarded("trails", createTrailStore(records, ring, clock)),
    activity: guarded("activity", createActivityStore(records, ring, clock)),
    events: guarded("events", createEventStore(records, ring, outbox)),
    figures: guarded("figures", createFigureStore(records)),
    limits: guarded("limits", createLimitStore(records, ring, clock)),
    counts: guarded("counts", createCountStore(database, ring, clock)),
  };
}

type Operation = (...args: unknown[]) => Promise<unknown>;

/**
 * The same operations. What the database throws becomes a {@linkcode StoreError};
 * what was sealed with a key that has been retired meanwhile is sealed again.
 */
function guarded<T extends object>(name: string, operations: T): T {
  const wrap = (
    [verb, run]: [string, Operation],
  ): [string, Operation] => [verb, async (...args) => {
    for (;;) {
      try {
        return await run(...args);
      } catch (error) {
        // It ends: each time the ring has one key less to seal with.
        if (error instanceof RetiredKeyError) continue;
        if (error instanceof VaultError || error instanceof Refusal) throw error;
        throw new StoreError(`${verb} ${name}`, error, error instanceof TooLargeError);
      }
    }
  }];
  return Object.fromEntries(Object.entries(operations as Record<string, Operation>).map(wrap)) as T;
}

/** Writes and reads a value; rejects when the database is out. */
export async function roundTrip(records: Records, now: number): Promise<void> {
  const expireIn = 60_000;
  await records.commit({ sets: [{ key: healthKey, value: now, expireIn }] });
  await records.get(healthKey);
}
