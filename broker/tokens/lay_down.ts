/**
 * A connection that is about to end is laid down first: from then on nobody is
 * served from it, no refresh that is under way brings it back, and it holds
 * nothing at the provider any more, so that of two that end at once the later
 * one knows that it is the last.
 *
 * @module
 */

import type { Connection } from "../core/connection.ts";
import type { AlsoPut, ConnectionStore, Stored } from "../core/store.ts";

/** A disconnect that is not over after this was cut off, and is finished by whoever comes by. */
export const CUT_OFF_MS = 2 * 60_000;

/** The connection as it is laid down. */
export function laidDown(connection: Connection, now: number): Connection {
  const { holdOffUntil: _held, givenUpUntil: _given, refusedSince: _since, ...rest } = connection;
  return { ...rest, status: "reauthorization_required", endedAt: now, updatedAt: now };
}

/**
 * Lays it down, unless it is; `null`: somebody else wrote first. `endedBy`: it is deleted next, and
 * that is what its app is told; whatever happens to this process, the sweep comes by.
 */
export async function layDown(
  connections: ConnectionStore,
  stored: Stored<Connection>,
  now: number,
  { endedBy }: Pick<Connection, "endedBy"> = {},
): Promise<Stored<Connection> | null> {
  if (stored.value.endedAt !== undefined) return stored;
  const value = { ...laidDown(stored.value, now), endedBy };
  const also: AlsoPut = endedBy === undefined ? {} : { ending: true, dueAt: now + CUT_OFF_MS };
  const version = await connections.put(value, stored.version, { ...also, before: stored.value });
  return version === null ? null : { value, version };
}
