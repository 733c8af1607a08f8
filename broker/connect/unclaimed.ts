/**
 * Hand-offs that no app has claimed in time: somebody opened a link that was
 * forwarded to them, or the app forgot. Nobody will ever hold what was given,
 * so it is ended at the provider.
 *
 * @module
 */

import type { Activity, ActivityActor } from "../core/activity.ts";
import { noteEnd } from "./trail.ts";
import type { GivenAccess } from "../core/refusal.ts";
import type { Servers } from "../core/scopes.ts";
import { sideBySide } from "../core/side_by_side.ts";
import type { KeptHandoff, Stored } from "../core/store.ts";
import type { Handoff } from "../core/connection.ts";
import { kindOf } from "../core/own_words.ts";
import type { World } from "../core/world.ts";
import { type HeldDeps, heldOn, isClaimable } from "../tokens/held.ts";
import { ended } from "./take_back.ts";

/** What giving up needs. */
export interface UnclaimedDeps extends HeldDeps {
  servers: Servers;
  world: World;
  activity?: Activity | undefined;
}

/** Who ends it: nobody has asked for that. */
const PROGRAM: ActivityActor = { kind: "system", id: "unclaimed" };
/** One run takes at most so many; what a provider does not take back is tried again in the next. */
export const UNCLAIMED_LIMIT = 100;
/** So many are ended side by side: a provider that does not answer holds the others up. */
const CONCURRENCY = 5;

/** Ends what nobody has claimed; returns how many hand-offs it was about. */
export async function endUnclaimed(deps: UnclaimedDeps): Promise<number> {
  const now = deps.world.now();
  const { opened } = await deps.store.handoffs.survey();
  const queue = opened.filter(({ value }) => !isClaimable(value, now)).slice(0, UNCLAIMED_LIMIT);
  await sideBySide(queue, CONCURRENCY, (kept) => endOne(deps, kept));
  return queue.length;
}

async function endOne(deps: UnclaimedDeps, kept: KeptHandoff): Promise<void> {
  const { store: { handoffs }, servers, world } = deps;
  const { digest, value: { provider, account, tokens } } = kept;
  // Its provider was taken out of the configuration: there is nobody to tell.
  const server = servers.get(provider);
  if (server === undefined) return;
  try {
    const givenUp = await giveUp(deps, kept);
    if (givenUp === null) return;
    const held = await heldOn(deps, provider, account.id);
    const revocation = await ended(world, server, tokens, held);
    // What may still be claimed hangs on the same grant, or may do so: it will be known.
    if (revocation === null && held !== "connection") return;
    const access: GivenAccess = revocation === null
      ? "held_before"
      : revocation.kind === "revoked"
      ? "taken_back"
      : "not_taken_back";
    world.log({ level: "warn", event: "handoff_unclaimed", provider, access });
    // Once, however often the provider has to be asked.
    if (kept.value.usableUntil !== 0) {
      noteEnd(deps, kept.value, "not_claimed", { by: PROGRAM });
    }
    // It is tried again for as long as the record is kept.
    if (revocation?.kind !== "failed") await handoffs.take(digest, givenUp.version);
  } catch (error) {
    const detail = kindOf(error);
    world.log({ level: "warn", event: "unclaimed_not_ended", provider, detail });
  }
}

/**
 * From here on nobody can claim it, by whatever clock. `null`: it was claimed at
 * the last moment, or another process is giving it up.
 */
export async function giveUp(
  { store: { handoffs } }: { store: Pick<UnclaimedDeps["store"], "handoffs"> },
  { digest, value, version }: KeptHandoff,
): Promise<Stored<Handoff> | null> {
  if (value.usableUntil === 0) return { value, version };
  const givenUp = { ...value, usableUntil: 0 };
  const written = await handoffs.replace(digest, givenUp, version);
  return written === null ? null : { value: givenUp, version: written };
}
