/**
 * All connections, counted: how many there are at each provider, how they
 * stand, and which of them no key of the ring opens. Changes nothing.
 *
 * @module
 */

import type { ConnectionStatus } from "../broker/core/connection.ts";
import type { ConnectionRecord } from "./connection_records.ts";
import { connectionPrefix, entryKinds } from "./keys.ts";
import type { KeyRing } from "./key_ring.ts";
import { opens } from "./pieces.ts";
import type { Records } from "./records.ts";

/** Connections at one provider. */
export interface ProviderCount {
  provider: string;
  connections: number;
  byStatus: Record<ConnectionStatus, number>;
  /** Those that cannot be opened, by the id of the key that they were sealed under. */
  unopened: Record<string, number>;
}

/** Tries to open every connection. In the order of the providers' names. */
export async function surveyConnections(records: Records, ring: KeyRing): Promise<ProviderCount[]> {
  const found = new Map<string, ProviderCount>();
  const prefix = connectionPrefix();
  for await (const entry of records.list<ConnectionRecord>({ prefix })) {
    const provider = String(entry.key[2]);
    const counted = found.get(provider) ?? none(provider);
    found.set(provider, counted);
    const { status, key } = entry.value;
    counted.connections += 1;
    counted.byStatus[status] += 1;
    if (await opens(records, ring, entry)) continue;
    counted.unopened[key] = (counted.unopened[key] ?? 0) + 1;
  }
  return [...found.values()].sort((a, b) => (a.provider < b.provider ? -1 : 1));
}

function none(provider: string): ProviderCount {
  const byStatus = { active: 0, reauthorization_required: 0, moved: 0 };
  return { provider, connections: 0, byStatus, unopened: {} };
}

/** How many records there are by which somebody gets in, also such as ended and were not swept yet. */
export async function countAccess(
  records: Records,
): Promise<Record<(typeof entryKinds)[number], number>> {
  const counts = { grants: 0, session_tokens: 0, clients: 0, sessions: 0 };
  for (const kind of entryKinds) {
    for await (const _ of records.list({ prefix: [kind] })) counts[kind] += 1;
  }
  return counts;
}
