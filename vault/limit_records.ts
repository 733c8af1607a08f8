/**
 * What processes have taken of limits: numbers, under pseudonyms. They end with
 * their windows, and housekeeping finds them by the index of ends; an entry is
 * written with a window's first record, since the others end with it.
 *
 * @module
 */

import type { LimitRecord, LimitStore } from "../broker/core/limits.ts";
import type { World } from "../broker/core/world.ts";
import type { KeyRing } from "./key_ring.ts";
import { endKey, limitKey } from "./keys.ts";
import { FORGOTTEN_AFTER_MS } from "./pieces.ts";
import type { Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface StoredLimit {
  /** Epoch ms. */
  expires_at: number;
  at: number;
  used: number;
  by: string[];
}

/** {@linkcode LimitStore} on {@linkcode Records}. */
export function createLimitStore(
  records: Records,
  names: Pick<KeyRing, "pseudonyms">,
  clock: Pick<World, "now">,
): LimitStore {
  // By the key that seals: it is in all processes, but for the moment in which a new one comes.
  const keyOf = async (name: string, key: string) => {
    const [pseudonym] = await names.pseudonyms(JSON.stringify(["limit", name, key]));
    return limitKey(pseudonym!);
  };
  return {
    async read(name, key) {
      const entry = await records.get<StoredLimit>(await keyOf(name, key));
      if (entry === null) return null;
      const { expires_at: endsAt, ...rest } = entry.value;
      return { value: { endsAt, ...rest }, version: entry.version };
    },
    async put(name, key, { endsAt, ...rest }: LimitRecord, seen) {
      const record = await keyOf(name, key);
      const isNew = seen?.value.endsAt !== endsAt;
      const expireIn = Math.max(1, Math.ceil(endsAt - clock.now())) + FORGOTTEN_AFTER_MS;
      const value: StoredLimit = { expires_at: endsAt, ...rest };
      return await records.commit({
        checks: [{ key: record, version: seen?.version ?? null }],
        sets: [
          { key: record, value, expireIn },
          ...(isNew ? [{ key: endKey(record, endsAt), value: 0 }] : []),
        ],
        deletes: isNew && seen !== null ? [endKey(record, seen.value.endsAt)] : [],
      });
    },
  };
}
