/**
 * Giving a connection to another server. From the moment when it is marked as
 * moved nobody here refreshes it, hands it out or ends it: where refresh tokens
 * rotate, two servers that refresh one connection lose it. The mark is set
 * under the lease of its refresh, so that what leaves is the newest there is.
 *
 * @module
 */

import { isRenewable } from "../core/credential.ts";
import type { Connection, ConnectionRef } from "../core/connection.ts";
import type { ConnectionStore, LeaseStore } from "../core/store.ts";
import type { World } from "../core/world.ts";
import { isAlive } from "../tokens/freshness.ts";
import { type HeldLease, takeLease } from "../tokens/lease.ts";

/** So long one waits for a refresh that is under way. */
export const MOVE_WAIT_MS = 30_000;
const POLL_MS = 100;

/** What moving needs. */
export interface MoveDeps {
  connections: ConnectionStore;
  leases: LeaseStore;
  world: World;
}

/** To whom, and whether what went there before goes once more. */
export interface Move {
  /** The thumbprint of the key that it is sealed to. */
  to: string;
  again: boolean;
}

/** What became of it. */
export type Moved =
  /** It is marked now, or was before and goes once more. */
  | { kind: "moved"; connection: Connection }
  | { kind: "moved_before" | "over" | "key" | "found" | "gone" | "busy" };

/** What would become of it, as it stands. Pure. */
export function moveOf(connection: Connection, { to, again }: Move, now: number): Moved {
  const { status, moved, tokens } = connection;
  if (status === "moved") {
    return again && moved?.to === to ? { kind: "moved", connection } : { kind: "moved_before" };
  }
  if (tokens.tokenType === "ApiKey" || tokens.renewal !== undefined) return { kind: "key" };
  // Whom they were issued to, and where, is known here alone.
  if (tokens.via !== undefined) return { kind: "found" };
  const lives = status === "active" && (isRenewable(tokens) || isAlive(tokens, now));
  return lives ? { kind: "moved", connection } : { kind: "over" };
}

/** Marks it as moved. May throw what the store throws. */
export async function moveOut(deps: MoveDeps, ref: ConnectionRef, move: Move): Promise<Moved> {
  const { connections, leases, world } = deps;
  const owner = world.secret();
  let held: HeldLease | undefined;
  for (let waited = 0; waited < MOVE_WAIT_MS; waited += POLL_MS) {
    const taking = await takeLease({ store: deps, world }, ref, owner, held);
    if (taking.kind === "taken") {
      try {
        return await mark(connections, ref, move, world);
      } finally {
        await leases.release(taking.lease);
      }
    }
    if (taking.kind === "held") held = taking.held;
    await world.sleep(POLL_MS);
  }
  return { kind: "busy" };
}

async function mark(
  connections: ConnectionStore,
  ref: ConnectionRef,
  move: Move,
  { now }: World,
): Promise<Moved> {
  for (;;) {
    const stored = await connections.get(ref);
    if (stored === null) return { kind: "gone" };
    const { value, version } = stored;
    const outcome = moveOf(value, move, now());
    if (outcome.kind !== "moved" || value.status === "moved") return outcome;
    const at = now();
    const moved = { to: move.to, at };
    const marked: Connection = { ...value, status: "moved", moved, updatedAt: at };
    // Sealed anew, or chosen as the default meanwhile: it is read again.
    if (await connections.put(marked, version) !== null) {
      return { kind: "moved", connection: marked };
    }
  }
}
