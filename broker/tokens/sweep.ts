/**
 * Refreshing ahead of need, so that a person seldom waits. A connection is on
 * the list of refreshes to come as long as somebody used it lately, and somebody
 * can use it; one that was given up is there once a day.
 *
 * A run goes on until nothing is due or its time is over; what is left stands on
 * the list for the next. Each provider has a lane of its own, so that one that
 * is slow, or asks for time, holds up nobody else's. Several processes share the
 * list: whoever moves an entry ahead has it until then, and where a process dies
 * over it it is due again. The lease and the version of the connection decide, as
 * for everybody else; this keeps processes from being in each other's way.
 *
 * @module
 */

import { AHEAD_MS, USED_LATELY_MS } from "./refresh_rules.ts";
import type { Refresher } from "./refresher.ts";
import { lookAtEnd, PUT_OFF_AGAIN_MS, puttingOff } from "./expiry.ts";
import { heldOffFor, isStale } from "./freshness.ts";
import { AT_ONCE, type ProviderPace } from "./pace.ts";
import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Connection } from "../core/connection.ts";
import { kindOf } from "../core/own_words.ts";
import type { Servers } from "../core/scopes.ts";
import { sideBySide } from "../core/side_by_side.ts";
import type { ConnectionStore, Due, Stored } from "../core/store.ts";
import { VaultError } from "../core/store_errors.ts";
import { partsOf } from "../core/subject.ts";
import type { World } from "../core/world.ts";
import { Lanes } from "./lanes.ts";

/** What a sweep needs: the list of what is due, and who refreshes it. */
export interface SweepDeps {
  servers: Servers;
  connections: ConnectionStore;
  refresher: Refresher;
  pace: ProviderPace;
  world: World;
  /** Whether anybody can act for a realm's subjects today: its API key may have been removed. */
  isServed(realm: string): boolean;
  /** Goes on with a disconnect that was cut off after the connection was laid down. */
  finish(server: AuthorizationServer, stored: Stored<Connection>): Promise<unknown>;
}

/** A run begins nothing after this; there is one every minute. */
export const RUN_MS = 50_000;
/** A provider that takes longer keeps its place on the list. */
const WAIT_MS = 30_000;
/** What came to nothing and is held off by nobody is tried again after this. */
const AGAIN_MS = 60_000;

/** How long a run goes on. */
export interface RunOptions {
  /** @default RUN_MS */
  runMs?: number | undefined;
  /**
   * Aborted when the program is about to end: from then on no refresh is begun. One that is cut off
   * may cost its connection, where refresh tokens are used up.
   */
  ending?: AbortSignal | undefined;
}

/** Refreshes what is due; returns how many entries were dealt with. */
export async function sweepDue(
  deps: SweepDeps,
  { runMs = RUN_MS, ending }: RunOptions = {},
): Promise<number> {
  const { world, pace } = deps;
  const begun = world.now();
  const isOver = () => ending?.aborted === true || Math.abs(world.now() - begun) >= runMs;
  const lanes = new Lanes(deps, (provider) => isOver() || pace.isPaused(provider, world.now()));
  let done = 0;
  await lanes.each(async (entries) => {
    await sideBySide(entries, AT_ONCE, async (due) => {
      done += 1;
      await sweepOne(deps, lanes, { due, ending });
    });
  });
  return done;
}

async function sweepOne(
  deps: SweepDeps,
  lanes: Lanes,
  { due, ending }: { due: Due; ending: AbortSignal | undefined },
): Promise<void> {
  const { world } = deps;
  try {
    const { againMs, seen } = await refreshOne(deps, due, ending);
    // After its refresh, which may have moved its end on.
    if (seen !== undefined) await warnOfEnd(deps, seen);
    if (againMs === undefined) await lanes.settle(due);
    else await lanes.postpone(due, againMs);
  } catch (error) {
    const detail = kindOf(error);
    world.log({ level: "warn", event: "sweep_failed", provider: due.ref.provider, detail });
    // What cannot be opened would come again and again.
    if (error instanceof VaultError) await leaveOut(deps, due);
  }
}

/** Its app is told that its end is near, where it is; or it is looked at again in time. */
async function warnOfEnd(
  { connections, servers, world }: SweepDeps,
  { value, version }: Stored<Connection>,
): Promise<void> {
  const { knownEnds: ends } = servers.get(value.provider) ?? {};
  const looked = lookAtEnd(value, { ends, now: world.now() });
  if (looked.kind === "nothing") return;
  const cause = looked.kind === "warn" ? { expiring: looked.end } : { warnAt: looked.warnAt };
  const stored = await connections.put(looked.connection, version, { ...cause, before: value });
  // Somebody wrote it meanwhile: the entry has to stay until it was looked at.
  if (stored === null) throw new Error("the connection has changed meanwhile");
}

/** What became of one that was due. */
interface Swept {
  /** In how many ms it is to be tried again; absent: there is no more to do. */
  againMs?: number | undefined;
  /** As it is now, where it was read. */
  seen?: Stored<Connection> | undefined;
}

async function refreshOne(
  deps: SweepDeps,
  { ref }: Due,
  ending: AbortSignal | undefined,
): Promise<Swept> {
  const { servers, connections, refresher, pace, world } = deps;
  const { realm } = partsOf(ref.subject);
  const stored = await connections.get(ref);
  const server = servers.get(ref.provider);
  if (stored?.value.endedBy !== undefined && server !== undefined) {
    await deps.finish(server, stored);
    return {};
  }
  // It stays as it is; whoever uses it when the key is back puts it on the list again.
  if (!deps.isServed(realm)) return {};
  if (stored === null || server === undefined) return {};
  const { knownEnds: ends } = server;
  const isUsed = isWorth(stored.value, world.now());
  const putOff = isUsed ? undefined : puttingOff(stored.value, { ends, now: world.now() });
  if (!isUsed && putOff === undefined) return { seen: stored };
  // Where the refresh is for its end, the access token may be good for long.
  const need = { ahead: true, minTtl: isUsed ? AHEAD_MS.most : Infinity };
  if (isStale(stored.value.tokens, world.now(), need.minTtl)) {
    const turnMs = pace.turn(server.name, world.now());
    if (turnMs > 0) await world.sleep(turnMs, ending);
  }
  // Another process has it at once.
  if (ending?.aborted) return { againMs: 0 };
  const refreshed = await refresher.ensure(server, stored, need, WAIT_MS);
  if (refreshed.kind === "gone" || refreshed.kind === "reauthorize") return {};
  const now = world.now();
  const { stored: seen } = refreshed;
  const { value } = seen;
  if (refreshed.kind === "ready" && !isStale(value.tokens, now, need.minTtl)) return { seen };
  const heldMs = heldOffFor(value, now);
  if (putOff !== undefined) {
    return { againMs: PUT_OFF_AGAIN_MS, ...(putOff.mayWait ? {} : { seen }) };
  }
  // Nobody waits any more, and nothing is known. One that was given up is not asked for.
  if (heldMs === 0 && value.givenUpUntil === undefined) pace.unanswered(server.name, now);
  return { againMs: heldMs > 0 ? heldMs : AGAIN_MS, seen };
}

/** Somebody used it lately, or it was given up, and may have healed. */
function isWorth({ usedAt = 0, givenUpUntil }: Connection, now: number): boolean {
  return now - usedAt <= USED_LATELY_MS || givenUpUntil !== undefined;
}

async function leaveOut({ connections, world }: SweepDeps, due: Due): Promise<void> {
  try {
    await connections.settle([due]);
  } catch (error) {
    const detail = kindOf(error);
    world.log({ level: "warn", event: "sweep_failed", provider: due.ref.provider, detail });
  }
}
