/**
 * The lease of one refresh: who may ask the provider while the others wait. It
 * is a courtesy; what decides in the end is the version of the connection.
 *
 * @module
 */

import type { Connection, ConnectionRef } from "../core/connection.ts";
import type { Lease, LeaseStore, Stored } from "../core/store.ts";
import type { World } from "../core/world.ts";
import { isLapsed, LEASE_MS, LEASE_RENEWAL_MS, MAX_RENEWALS } from "./refresh_rules.ts";

/** Where leases are, and by which clock they lapse. */
export interface LeaseDeps {
  store: { leases: LeaseStore };
  world: World;
}

/** Somebody else's lease, and since when we have seen it unchanged, by our own clock. */
export interface HeldLease {
  lease: Lease;
  since: number;
}

/** What became of the wish to have a lease. */
export type Taking =
  | { kind: "taken"; lease: Lease }
  | { kind: "held"; held: HeldLease }
  /** Somebody was faster just now: whoever wants it looks again. */
  | { kind: "changed_hands" };

/** Takes a lease that is free, or whose holder has died; `held` is what was seen the last time. */
export async function takeLease(
  { store, world }: LeaseDeps,
  ref: ConnectionRef,
  owner: string,
  held: HeldLease | undefined,
): Promise<Taking> {
  const now = world.now();
  const other = await store.leases.read(ref);
  if (other !== null) {
    // No later than now: the clock may have been set back since.
    const since = held?.lease.version === other.version ? Math.min(held.since, now) : now;
    if (!isLapsed(other, since, now)) return { kind: "held", held: { lease: other, since } };
  }
  const lease = await store.leases.take(ref, owner, now + LEASE_MS, other ?? undefined);
  if (lease === null) return { kind: "changed_hands" };
  if (other !== null) world.metrics.takeover(ref.provider);
  return { kind: "taken", lease };
}

/**
 * As {@linkcode takeLease}, for a connection that has just been read: whoever gets the lease need
 * not read it again. `undefined`: somebody has it, or has changed the connection.
 */
export async function takeLeaseFor(
  { store, world }: LeaseDeps,
  seen: Stored<Connection>,
  owner: string,
): Promise<Lease | undefined> {
  return await store.leases.takeFor(seen, owner, world.now() + LEASE_MS) ?? undefined;
}

/**
 * Until `done`: a holder that lives keeps its lease, one that died loses it
 * soon. One that the provider never answers gives it up after a while, here
 * (`giveUp`) and for the others; a late answer is still recorded. Returns the
 * lease as it was last renewed.
 */
export async function renewLease(
  { store, world }: LeaseDeps,
  lease: Lease,
  done: AbortSignal,
  giveUp: () => void,
): Promise<Lease> {
  const { provider } = lease.ref;
  let mine = lease;
  for (let renewals = 0; renewals < MAX_RENEWALS; renewals++) {
    await world.sleep(LEASE_RENEWAL_MS, done);
    if (done.aborted) return mine;
    try {
      const until = world.now() + LEASE_MS;
      const renewed = await store.leases.take(mine.ref, mine.owner, until, mine);
      // Somebody took it over. The record's version decides between us.
      if (renewed === null) return mine;
      mine = renewed;
    } catch {
      world.log({ level: "warn", event: "lease_not_renewed", provider });
    }
  }
  world.log({ level: "warn", event: "refresh_unanswered", provider });
  giveUp();
  return mine;
}
