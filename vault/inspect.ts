/**
 * Everything that is in a database, looked at once: how much of each kind, what
 * the keys open, and how new it is. Changes nothing.
 *
 * @module
 */

import type { ConnectionRecord } from "./connection_records.ts";
import { connectionPrefix, kindOfKey, type RecordKind, sealedKinds } from "./keys.ts";
import type { KeyRing } from "./key_ring.ts";
import { type CutBox, opens } from "./pieces.ts";
import type { Records } from "./records.ts";
import { readSchema, type SchemaRecord } from "./schema.ts";

/** What was found. */
export interface Inspection {
  records: number;
  kinds: Partial<Record<RecordKind, number>>;
  /** How many boxes each key has sealed, by its id. */
  keys: Map<string, number>;
  /** How many of these the ring does not open: the key is missing, or the box was changed. */
  unopened: Map<string, number>;
  /** When the newest connection was written; absent where there is none. */
  newestAt?: number | undefined;
  /** The form that it has, and the oldest that a program must know to read it. */
  schema: Pick<SchemaRecord, "version" | "reads">;
  /** Keys of a kind that this program does not know: another program's, or a newer version's. */
  unknown: number;
}

/** Opens every box, one after the other. */
export async function inspect(records: Records, ring: KeyRing): Promise<Inspection> {
  const found: Inspection = {
    ...{ records: 0, kinds: {}, unknown: 0, schema: { version: 1, reads: 1 } },
    ...{ keys: new Map(), unopened: new Map() },
  };
  const { version, reads } = (await readSchema(records)).value;
  found.schema = { version, reads };
  const [connections] = connectionPrefix();
  for await (const entry of records.list<CutBox>({ prefix: [] })) {
    found.records += 1;
    const kind = kindOfKey(entry.key);
    if (kind === undefined) {
      found.unknown += 1;
      continue;
    }
    found.kinds[kind] = (found.kinds[kind] ?? 0) + 1;
    if (!sealedKinds.some((sealed) => sealed === kind)) continue;
    const { key: id } = entry.value;
    found.keys.set(id, (found.keys.get(id) ?? 0) + 1);
    if (!await opens(records, ring, entry)) {
      found.unopened.set(id, (found.unopened.get(id) ?? 0) + 1);
    }
    if (kind === connections) {
      const { updated_at: at } = entry.value as ConnectionRecord;
      found.newestAt = Math.max(found.newestAt ?? 0, at);
    }
  }
  return found;
}
