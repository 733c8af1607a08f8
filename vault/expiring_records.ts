/**
 * Records that expire: pending authorizations, connect links, codes, sessions,
 * refresh tokens, registered clients. Sealed whole.
 *
 * @module
 */

import type { ExpiringStore } from "../broker/core/connection.ts";
import { type Box, open, seal } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import { expiringKey, type ExpiringKind, type TextKey } from "./keys.ts";
import { commit } from "./deno_kv.ts";

/** The stored value; see SCHEMA.md. */
export interface ExpiringRecord extends Box {
  v: 1;
  /** Epoch ms. KV's own expiry is only the earliest deletion, so readers check this one. */
  expires_at: number;
}

/** {@linkcode ExpiringStore} on Deno KV. */
export function createExpiringStore<T extends { expiresAt: number }>(
  kv: Deno.Kv,
  ring: KeyRing,
  kind: ExpiringKind,
): ExpiringStore<T> {
  return {
    async put(digest, value) {
      const key = expiringKey(kind, digest);
      const { record, options } = await toRecord(ring, key, value);
      await commit(kv, (operation) => operation.set(key, record, options));
    },
    async add(digest, value, now) {
      const key = expiringKey(kind, digest);
      const existing = await kv.get<ExpiringRecord>(key);
      if (existing.versionstamp !== null && existing.value.expires_at > now) return false;
      const { record, options } = await toRecord(ring, key, value);
      const { ok } = await commit(
        kv,
        (operation) => operation.check(existing).set(key, record, options),
      );
      return ok;
    },
    async replace(digest, value, version) {
      const key = expiringKey(kind, digest);
      const { record, options } = await toRecord(ring, key, value);
      const { ok } = await commit(
        kv,
        (operation) => operation.check({ key, versionstamp: version }).set(key, record, options),
      );
      return ok;
    },
    async peek(digest) {
      const key = expiringKey(kind, digest);
      const { value, versionstamp } = await kv.get<ExpiringRecord>(key);
      if (versionstamp === null) return null;
      return { value: await open(ring, key, value) as T, version: versionstamp };
    },
    async take(digest, version) {
      const key = expiringKey(kind, digest);
      const { ok } = await commit(
        kv,
        (operation) => operation.check({ key, versionstamp: version }).delete(key),
      );
      return ok;
    },
  };
}

async function toRecord(ring: KeyRing, key: TextKey, value: { expiresAt: number }) {
  const { expiresAt } = value;
  const record: ExpiringRecord = { v: 1, ...await seal(ring, key, value), expires_at: expiresAt };
  return { record, options: { expireIn: Math.max(1, expiresAt - Date.now()) } };
}
