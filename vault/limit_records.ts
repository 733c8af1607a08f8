/**
 * What processes have taken of limits: numbers, under pseudonyms. They end two
 * windows after they were written, and housekeeping finds them by the index of
 * ends. A record that is written again keeps its end while that is far enough
 * away: so its entry there moves twice in a window at most.
 *
 * @module
 */

import type { LimitLease, LimitPart, LimitStore } from "../broker/core/limits.ts";
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
  by: string;
  parts: LimitPart[];
  leases: LimitLease[];
}

/** Records of an earlier form end with their windows: they are left alone. */
const KIND = "sliding";
/** How long it is kept, and how long it has to be, in windows. */
const [KEPT, LEAST] = [2, 1.5];

/** {@linkcode LimitStore} on {@linkcode Records}. */
export function createLimitStore(
  records: Records,
  names: Pick<KeyRing, "pseudonyms">,
  clock: Pick<World, "now">,
): LimitStore {
  // By the key that seals: it is in all processes, but for the moment in which a new one comes.
  const keyOf = async (name: string, key: string) => {
    const [pseudonym] = await names.pseudonyms(JSON.stringify(["limit", KIND, name, key]));
    return limitKey(pseudonym!);
  };
  return {
    async read(name, key) {
      const entry = await records.get<StoredLimit>(await keyOf(name, key));
      if (entry === null) return null;
      const { expires_at: endsAt, ...value } = entry.value;
      return { value, version: entry.version, endsAt };
    },
    async put(name, key, { record: value, windowMs }, seen) {
      const record = await keyOf(name, key);
      const now = clock.now();
      const goesOn = seen !== null && seen.endsAt >= now + LEAST * windowMs &&
        seen.endsAt <= now + KEPT * windowMs;
      const endsAt = goesOn ? seen.endsAt : Math.ceil(now + KEPT * windowMs);
      const stored: StoredLimit = { expires_at: endsAt, ...value };
      const expireIn = Math.ceil(endsAt - now) + FORGOTTEN_AFTER_MS;
      const version = await records.commit({
        checks: [{ key: record, version: seen?.version ?? null }],
        sets: [
          { key: record, value: stored, expireIn },
          ...(goesOn ? [] : [{ key: endKey(record, endsAt), value: 0 }]),
        ],
        deletes: goesOn || seen === null ? [] : [endKey(record, seen.endsAt)],
      });
      return version === null ? null : { value, version, endsAt };
    },
  };
}
