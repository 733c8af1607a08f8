/**
 * How many grants one person holds: MCP clients that were allowed, and personal
 * tokens, each kind by itself. Those that have ended do not count; their records
 * stay for as long as the operator may let them go on by another lifetime, and
 * make room once there are as many of them as may live.
 *
 * @module
 */

import type { Grant, GrantLifetimes } from "../../broker/core/grant.ts";
import { QUOTAS, type Quotas, requireRoom } from "../../broker/core/quotas.ts";
import type { Store } from "../../broker/core/store.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { World } from "../../broker/core/world.ts";
import { hasEnded } from "./grant_life.ts";

/** Where grants are kept, when they end, and how many there may be. */
interface Deps {
  store: Pick<Store, "grants">;
  world: Pick<World, "now">;
  lifetimes: GrantLifetimes;
  quotas?: Quotas | undefined;
}

/** Before one more is made. @throws {Refusal} `quota_exceeded`. */
export async function requireGrantRoom(
  { store, world, lifetimes, quotas = QUOTAS }: Deps,
  subject: Subject,
  of: "clients" | "personal_tokens",
): Promise<void> {
  const now = world.now();
  const isOfKind = ({ clientId }: Grant) => (clientId === undefined) === (of === "personal_tokens");
  const all = (await store.grants.list(subject)).filter(isOfKind);
  const ended = all.filter((grant) => hasEnded(grant, lifetimes, now));
  requireRoom(quotas, of, all.length - ended.length);
  const tooMany = ended.length - quotas[of];
  if (tooMany <= 0) return;
  const lastUse = ({ usedAt, createdAt }: Grant) => usedAt ?? createdAt;
  const oldest = ended.sort((a, b) => lastUse(a) - lastUse(b)).slice(0, tooMany);
  for (const { id } of oldest) await store.grants.delete(subject, id);
}
