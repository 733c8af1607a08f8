/**
 * Grants, sign-out epochs and rate limits.
 *
 * @module
 */

import type { EpochStore, GrantStore, RateLimits } from "../broker/core/store.ts";
import type { Grant } from "../broker/core/grant.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import { type Box, open, seal } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import { epochKey, grantKey, grantPrefix, limitKey, type TextKey } from "./keys.ts";
import type { Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface GrantRecord extends Box {
  v: 1;
}

/** {@linkcode GrantStore} on {@linkcode Records}. */
export function createGrantStore(records: Records, ring: KeyRing): GrantStore {
  return {
    async get(subject, id) {
      const key = grantKey(subject, id);
      const entry = await records.get<GrantRecord>(key);
      if (entry === null) return null;
      return { value: await open(ring, key, entry.value) as Grant, version: entry.version };
    },
    async list(subject) {
      const found: Grant[] = [];
      const grants = records.list<GrantRecord>({ prefix: grantPrefix(subject) });
      for await (const { key, value } of grants) {
        try {
          found.push(await open(ring, key as TextKey, value) as Grant);
        } catch (error) {
          // It lets nobody in, and must not hide those that do.
          if (!(error instanceof VaultError)) throw error;
        }
      }
      return found;
    },
    async put(grant, version) {
      const key = grantKey(grant.subject, grant.id);
      const value: GrantRecord = { v: 1, ...await seal(ring, key, grant) };
      return await records.commit({ checks: [{ key, version }], sets: [{ key, value }] }) !== null;
    },
    async delete(subject, id) {
      await records.commit({ deletes: [grantKey(subject, id)] });
    },
  };
}

/** {@linkcode EpochStore} on {@linkcode Records}. */
export function createEpochStore(records: Records): EpochStore {
  return {
    get: async (subject) => (await records.get<number>(epochKey(subject)))?.value ?? 0,
    async raise(subject) {
      await records.commit({ increments: [epochKey(subject)] });
    },
  };
}

/** {@linkcode RateLimits} on {@linkcode Records}: one counter per key and window. */
export function createRateLimits(records: Records): RateLimits {
  return {
    async hit(name, limit, windowMs, now) {
      const key = limitKey(name, Math.floor(now / windowMs));
      for (;;) {
        const entry = await records.get<number>(key);
        const count = entry?.value ?? 0;
        if (count >= limit) return false;
        const committed = await records.commit({
          checks: [{ key, version: entry?.version ?? null }],
          sets: [{ key, value: count + 1, expireIn: 2 * windowMs }],
        });
        if (committed !== null) return true;
      }
    },
  };
}
