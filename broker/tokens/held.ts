/**
 * What hangs on an account at a provider. A revocation ends the whole grant of
 * a person to the program at GitHub and Google, not the one token set that it
 * names: whoever ends one first asks here whether that would take away another,
 * of whichever subject.
 *
 * @module
 */

import { type Clocks, isOpen, isToCome } from "../core/clock.ts";
import type { Handoff } from "../core/connection.ts";
import type { Store } from "../core/store.ts";
import type { Subject } from "../core/subject.ts";
import type { World } from "../core/world.ts";

/** How long an app has to claim what its user connected. */
export const HANDOFF_LIFETIME_MS = 5 * 60 * 1000;
/** How long after that its tokens are kept, so that they can be ended; see `unclaimed.ts`. */
export const UNCLAIMED_MS = 60 * 60 * 1000;

/** What hangs on it. */
export type Held =
  /** A connection that works. */
  | "connection"
  /** What an app may still claim. */
  | "handoff"
  /** It cannot be told whether something does: it is of an account that nobody can name. */
  | "unknown"
  | "nothing";

/** As {@linkcode isClaimable}, by whichever clock it was made. */
export function isClaimableStill(
  clocks: Clocks,
  { usableUntil, expiresAt }: Pick<Handoff, "usableUntil" | "expiresAt">,
  now: number,
): Promise<boolean> {
  return isOpen(clocks, usableUntil ?? expiresAt, now, HANDOFF_LIFETIME_MS);
}

/** Where that is kept. */
export interface HeldDeps {
  store: Pick<Store, "connections" | "handoffs">;
  world: Pick<World, "now" | "log">;
}

/** Whether it can still become a connection. */
export function isClaimable(
  { usableUntil, expiresAt }: Pick<Handoff, "usableUntil" | "expiresAt">,
  now: number,
): boolean {
  return isToCome(usableUntil ?? expiresAt, now, HANDOFF_LIFETIME_MS);
}

/** What hangs on an account. May throw what the store throws. */
export async function heldOn(deps: HeldDeps, provider: string, account: string): Promise<Held> {
  if (await deps.store.connections.lives(provider, account)) return "connection";
  const { opened, unopened } = await claimable(deps, provider);
  if (opened.some((handoff) => handoff.account.id === account)) return "handoff";
  return unopened === 0 ? "nothing" : "unknown";
}

/** The same where the provider did not say whose account it is: it may be anybody's. */
export async function heldBy(deps: HeldDeps, subject: Subject, provider: string): Promise<Held> {
  const { connections } = deps.store;
  const { opened, unopened } = await connections.survey(subject, provider);
  // One that cannot be opened will open again once the key is back.
  const isOwn = unopened.length > 0 || opened.some(({ value }) => value.status === "active");
  if (isOwn) return "connection";
  if (await connections.lives(provider)) return "unknown";
  const handoffs = await claimable(deps, provider);
  return handoffs.opened.length + handoffs.unopened === 0 ? "nothing" : "unknown";
}

/** What apps may still claim of a provider, and how many hand-offs cannot be opened. */
async function claimable(
  { store, world }: HeldDeps,
  provider: string,
): Promise<{ opened: Handoff[]; unopened: number }> {
  const { opened, unopened } = await store.handoffs.survey();
  const now = world.now();
  const ofIt = opened.map(({ value }) => value)
    .filter((handoff) => handoff.provider === provider && isClaimable(handoff, now));
  return { opened: ofIt, unopened };
}
