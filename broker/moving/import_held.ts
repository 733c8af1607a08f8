/**
 * Where an import that is refreshed first is kept until it is a connection. The
 * refresh may use up the refresh token that was brought: what it gave is nowhere
 * else, and nobody has said yet whose account it is. So the token set is stored
 * under a subject that nobody can act for, made of its mark, and refreshed there
 * like any other: under a lease, stored before anything else is done with it,
 * tried again while the store is out. Whatever ends an import in between, the
 * same import goes on from there.
 *
 * One import at a time is about it, in all processes: else one would refresh
 * here what another one has just made a connection of.
 *
 * @module
 */

import type { Connection, ConnectionRef } from "../core/connection.ts";
import { digest } from "../core/secrets.ts";
import type { Lease, Stored } from "../core/store.ts";
import type { Subject } from "../core/subject.ts";
import { type HeldLease, renewLease, takeLease } from "../tokens/lease.ts";
import { type ImportDeps, type ImportItem, invalid, unavailable } from "./import_item.ts";
import { markOf, toRefresh } from "./import_tokens.ts";

/** No realm begins so: no API key, no sign-in and no sweep acts for it. */
const HELD_REALM = "~import";
/** So long one waits for who imports the same elsewhere. */
export const SAME_IMPORT_MS = 30_000;
const POLL_MS = 100;

export function heldRef({ server, subject, mark }: ImportItem): ConnectionRef {
  const id = digest(JSON.stringify([subject, server.name, mark]));
  const held: Subject = `${HELD_REALM}:${id}`;
  return { subject: held, provider: server.name, account: "?" };
}

/** Whether an earlier try has left something. */
export async function isHeld({ connections }: ImportDeps, item: ImportItem): Promise<boolean> {
  return item.given.refreshToken !== undefined && await connections.get(heldRef(item)) !== null;
}

/** Whether what is held has taken the place of what was brought. */
export async function isRenewed({ connections }: ImportDeps, item: ImportItem): Promise<boolean> {
  const held = await connections.get(heldRef(item));
  return held !== null && markOf(held.value.tokens) !== item.mark;
}

/** What is held, or from now on. @throws {Refusal} `invalid_request`. */
export async function hold(
  { connections, world }: ImportDeps,
  item: ImportItem,
): Promise<Stored<Connection>> {
  if (item.given.refreshToken === undefined) throw invalid("refresh_token is missing.");
  const ref = heldRef(item);
  const now = world.now();
  const tokens = toRefresh(item.given);
  const times = { connectedAt: now, updatedAt: now };
  const heldFor = item.subject;
  const first: Connection = { ...ref, label: "", status: "active", tokens, heldFor, ...times };
  for (;;) {
    const held = await connections.get(ref);
    if (held !== null) return held;
    const version = await connections.put(first, null);
    if (version !== null) return { value: first, version };
  }
}

/** It is a connection now. */
export async function dropHeld({ connections }: ImportDeps, item: ImportItem): Promise<void> {
  const ref = heldRef(item);
  for (;;) {
    const held = await connections.get(ref);
    if (held === null || await connections.delete(ref, held.version)) return;
  }
}

/** While no other process imports the same. @throws {Refusal} `provider_unavailable`; as `work`. */
export async function alone<T>(
  deps: ImportDeps,
  item: ImportItem,
  work: () => Promise<T>,
): Promise<T> {
  const lease = await leaseOf(deps, item);
  const done = new AbortController();
  // Each provider's question has its own end: whoever lives renews it for as long as it takes.
  const renewing = renewLease({ store: deps, world: deps.world }, lease, done.signal, () => {});
  try {
    return await work();
  } finally {
    done.abort();
    await deps.leases.release(await renewing)
      .catch(() => deps.world.log({ level: "warn", event: "lease_not_released" }));
  }
}

async function leaseOf(deps: ImportDeps, item: ImportItem): Promise<Lease> {
  const { world } = deps;
  // Beside the record's own lease, which is for its refresh.
  const ref = { ...heldRef(item), account: "!" };
  const owner = world.secret();
  let held: HeldLease | undefined;
  for (let waited = 0; waited < SAME_IMPORT_MS; waited += POLL_MS) {
    const taking = await takeLease({ store: deps, world }, ref, owner, held);
    if (taking.kind === "taken") return taking.lease;
    if (taking.kind === "held") held = taking.held;
    await world.sleep(POLL_MS * (0.5 + world.random()));
  }
  throw unavailable(item.server, POLL_MS);
}
