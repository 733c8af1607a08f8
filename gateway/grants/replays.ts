/**
 * What is recorded and told of refresh tokens that came again. A thief may come
 * ten thousand times: a grant is written, and a line is logged, once an hour
 * for each reason to refuse; a branch says how many came into it, and what goes
 * beyond {@linkcode TOLD_JOINS} is not told one by one.
 *
 * @module
 */

import type { Branch, Grant, RefusedReplay } from "../../broker/core/grant.ts";
import type { GrantDeps } from "./access.ts";
import { TRUNK, USED_AT_MS } from "./branches.ts";

/** So many copies that come into one branch are told of in the log. */
export const TOLD_JOINS = 100;

/** Tells that a grant has a branch more, or a branch a copy more. */
export function noteForked(
  { world }: Pick<GrantDeps, "world">,
  { id: branch, joined = 0 }: Branch,
  from = TRUNK,
): void {
  if (joined > TOLD_JOINS) return;
  world.log({ level: "warn", event: "grant_forked", branch, from, joined });
}

/** Records in the grant that a refresh token was refused, and tells it. */
export async function noteRefused(
  { store, world }: Pick<GrantDeps, "store" | "world">,
  { subject, id }: Grant,
  why: RefusedReplay,
): Promise<void> {
  for (;;) {
    const now = world.now();
    const stored = await store.grants.get(subject, id);
    if (stored === null) return;
    const { value: grant, version } = stored;
    if (Math.abs(now - (grant.refused?.[why] ?? 0)) < USED_AT_MS) return;
    const refused = { ...grant.refused, [why]: now };
    if (!await store.grants.put({ ...grant, refused }, version)) continue;
    return world.log({ level: "warn", event: "refresh_replay_refused", why });
  }
}

/** For the log. */
export function saidOfRefused(why: RefusedReplay): string {
  switch (why) {
    case "late":
      return "refresh token replayed, too late";
    case "too_often":
      return "refresh token replayed, too often";
    case "ended":
      return "refresh token of a chain that was ended";
    case "other_client":
      return "refresh token of another client";
    case "other_key":
      return "refresh token that is bound to another key";
  }
}
