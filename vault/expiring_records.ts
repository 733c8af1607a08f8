/**
 * Records that expire: pending authorizations, connect links, codes, sessions,
 * refresh tokens, registered clients. Sealed whole.
 *
 * @module
 */

import type { World } from "../broker/core/world.ts";
import type { ExpiringStore } from "../broker/core/store.ts";
import { type Box, open, seal } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import { expiringKey, type ExpiringKind, type TextKey } from "./keys.ts";
import type { Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
export interface ExpiringRecord extends Box {
  v: 1;
  /** Epoch ms. KV's own expiry is only the earliest deletion, so readers check this one. */
  expires_at: number;
}

/** {@linkcode ExpiringStore} on {@linkcode Records}. */
export function createExpiringStore<T extends { expiresAt: number }>(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
  kind: ExpiringKind,
): ExpiringStore<T> {
  async function set(key: TextKey, value: T) {
    const { expiresAt } = value;
    const record: ExpiringRecord = { v: 1, ...await seal(ring, key, value), expires_at: expiresAt };
    return { key, value: record, expireIn: Math.max(1, expiresAt - clock.now()) };
  }
  return {
    async put(digest, value) {
      await records.commit({ sets: [await set(expiringKey(kind, digest), value)] });
    },
    async add(digest, value, now) {
      const key = expiringKey(kind, digest);
      const existing = await records.get<ExpiringRecord>(key);
      if (existing !== null && existing.value.expires_at > now) return false;
      const checks = [{ key, version: existing?.version ?? null }];
      return await records.commit({ checks, sets: [await set(key, value)] }) !== null;
    },
    async replace(digest, value, version) {
      const key = expiringKey(kind, digest);
      const change = { checks: [{ key, version }], sets: [await set(key, value)] };
      return await records.commit(change) !== null;
    },
    async peek(digest) {
      const key = expiringKey(kind, digest);
      const entry = await records.get<ExpiringRecord>(key);
      if (entry === null) return null;
      return { value: await open(ring, key, entry.value) as T, version: entry.version };
    },
    async take(digest, version) {
      const key = expiringKey(kind, digest);
      return await records.commit({ checks: [{ key, version }], deletes: [key] }) !== null;
    },
  };
}
