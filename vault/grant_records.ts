/**
 * Grants, sign-out epochs and rate limits in Deno KV.
 *
 * @module
 */

import type { EpochStore, Grant, GrantStore, RateLimits } from "../broker/core/connection.ts";
import { type Box, open, seal } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import { epochKey, grantKey, grantPrefix, limitKey, type TextKey } from "./keys.ts";
import { commit } from "./deno_kv.ts";

/** The stored value; see SCHEMA.md. */
interface GrantRecord extends Box {
  v: 1;
}

/** {@linkcode GrantStore} on Deno KV. */
export function createGrantStore(kv: Deno.Kv, ring: KeyRing): GrantStore {
  return {
    async get(subject, id) {
      const key = grantKey(subject, id);
      const { value, versionstamp } = await kv.get<GrantRecord>(key);
      if (versionstamp === null) return null;
      return { value: await open(ring, key, value) as Grant, version: versionstamp };
    },
    async list(subject) {
      const found: Grant[] = [];
      for await (const { key, value } of kv.list<GrantRecord>({ prefix: grantPrefix(subject) })) {
        found.push(await open(ring, key as TextKey, value) as Grant);
      }
      return found;
    },
    async put(grant, version) {
      const key = grantKey(grant.subject, grant.id);
      const record: GrantRecord = { v: 1, ...await seal(ring, key, grant) };
      const { ok } = await commit(
        kv,
        (operation) => operation.check({ key, versionstamp: version }).set(key, record),
      );
      return ok;
    },
    async delete(subject, id) {
      await commit(kv, (operation) => operation.delete(grantKey(subject, id)));
    },
  };
}

/** {@linkcode EpochStore} on Deno KV. */
export function createEpochStore(kv: Deno.Kv): EpochStore {
  return {
    get: async (subject) => Number((await kv.get<Deno.KvU64>(epochKey(subject))).value?.value ?? 0),
    async raise(subject) {
      await commit(kv, (operation) => operation.sum(epochKey(subject), 1n));
    },
  };
}

/** {@linkcode RateLimits} on Deno KV: one counter per key and window. */
export function createRateLimits(kv: Deno.Kv): RateLimits {
  return {
    async hit(key, limit, windowMs, now) {
      const at = limitKey(key, Math.floor(now / windowMs));
      for (;;) {
        const { value, versionstamp } = await kv.get<number>(at);
        const count = value ?? 0;
        if (count >= limit) return false;
        const { ok } = await commit(
          kv,
          (operation) =>
            operation.check({ key: at, versionstamp }).set(at, count + 1, {
              expireIn: 2 * windowMs,
            }),
        );
        if (ok) return true;
      }
    },
  };
}
