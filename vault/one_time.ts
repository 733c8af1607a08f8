/**
 * Records that are used at most once: pending authorizations, connect links,
 * hand-offs. Sealed whole.
 *
 * @module
 */

import type { OneTimeStore } from "../broker/types.ts";
import { type Box, open, seal } from "./cipher.ts";
import type { KeyRing } from "./key_ring.ts";
import { oneTimeKey, type OneTimeKind } from "./keys.ts";
import { commit } from "./kv.ts";

/** The stored value; see SCHEMA.md. */
export interface OneTimeRecord extends Box {
  v: 1;
  /** Epoch ms. KV's own expiry is only the earliest deletion, so readers check this one. */
  expires_at: number;
}

/** {@linkcode OneTimeStore} on Deno KV. */
export function createOneTimeStore<T extends { expiresAt: number }>(
  kv: Deno.Kv,
  ring: KeyRing,
  kind: OneTimeKind,
): OneTimeStore<T> {
  return {
    async put(digest, value) {
      const key = oneTimeKey(kind, digest);
      const record: OneTimeRecord = {
        v: 1,
        ...await seal(ring, key, value),
        expires_at: value.expiresAt,
      };
      const expireIn = Math.max(1, value.expiresAt - Date.now());
      await commit(kv, (operation) => operation.set(key, record, { expireIn }));
    },
    async peek(digest) {
      const key = oneTimeKey(kind, digest);
      const { value, versionstamp } = await kv.get<OneTimeRecord>(key);
      if (versionstamp === null) return null;
      return { value: await open(ring, key, value) as T, version: versionstamp };
    },
    async take(digest, version) {
      const key = oneTimeKey(kind, digest);
      const { ok } = await commit(
        kv,
        (operation) => operation.check({ key, versionstamp: version }).delete(key),
      );
      return ok;
    },
  };
}
