/**
 * Refreshing ahead of need, so that a person seldom waits. A connection is on
 * the list of refreshes to come as long as somebody used it lately, and somebody
 * can use it; one that was given up is there once a day.
 *
 * @module
 */

import { AHEAD_MS, USED_LATELY_MS } from "./refresh_rules.ts";
import type { Refresher } from "./refresher.ts";
import { isStale } from "./freshness.ts";
import type { Connection } from "../core/connection.ts";
import { kindOf } from "../core/own_words.ts";
import type { Servers } from "../core/scopes.ts";
import { sideBySide } from "../core/side_by_side.ts";
import type { ConnectionStore, Due } from "../core/store.ts";
import { VaultError } from "../core/store_errors.ts";
import { partsOf } from "../core/subject.ts";
import type { World } from "../core/world.ts";

/** What a sweep needs: the list of what is due, and who refreshes it. */
export interface SweepDeps {
  servers: Servers;
  connections: ConnectionStore;
  refresher: Refresher;
  world: World;
  /** Whether anybody can act for a realm's subjects today: its API key may have been removed. */
  isServed(realm: string): boolean;
}

/** One run takes at most so many; the rest stands on the list for the next run. */
export const SWEEP_LIMIT = 500;
/** So many are refreshed side by side: enough to be done in time, few enough for any provider. */
const CONCURRENCY = 5;
/** A provider that takes longer keeps its place on the list. */
const WAIT_MS = 30_000;

/** Refreshes what is due; returns how many entries were dealt with. */
export async function sweepDue(deps: SweepDeps, limit = SWEEP_LIMIT): Promise<number> {
  const queue = await deps.connections.due(deps.world.now(), limit);
  await sideBySide(queue, CONCURRENCY, (due) => sweepOne(deps, due));
  return queue.length;
}

async function sweepOne(deps: SweepDeps, due: Due): Promise<void> {
  const { servers, connections, refresher, world } = deps;
  const { realm } = partsOf(due.ref.subject);
  try {
    // It stays as it is; whoever uses it when the key is back puts it on the list again.
    if (!deps.isServed(realm)) return await connections.settle(due);
    const stored = await connections.get(due.ref);
    const server = servers.get(due.ref.provider);
    if (stored !== null && server !== undefined && isWorth(stored.value, world.now())) {
      const need = { ahead: true, minTtl: AHEAD_MS.most };
      const refreshed = await refresher.ensure(server, stored, need, WAIT_MS);
      // Still due: the next run tries again.
      if (refreshed.kind === "unavailable") return;
      const tokens = refreshed.kind === "ready" ? refreshed.stored.value.tokens : undefined;
      if (tokens !== undefined && isStale(tokens, world.now(), need.minTtl)) return;
    }
    await connections.settle(due);
  } catch (error) {
    const detail = kindOf(error);
    world.log({ level: "warn", event: "sweep_failed", provider: due.ref.provider, detail });
    // What cannot be opened would keep its place at the head of the list, and the others waiting.
    if (error instanceof VaultError) await leaveOut(deps, due);
  }
}

/** Somebody used it lately, or it was given up, and may have healed. */
function isWorth({ usedAt = 0, givenUpUntil }: Connection, now: number): boolean {
  return now - usedAt <= USED_LATELY_MS || givenUpUntil !== undefined;
}

async function leaveOut({ connections, world }: SweepDeps, due: Due): Promise<void> {
  try {
    await connections.settle(due);
  } catch (error) {
    const detail = kindOf(error);
    world.log({ level: "warn", event: "sweep_failed", provider: due.ref.provider, detail });
  }
}
