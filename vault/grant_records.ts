/**
 * Grants and sign-out epochs.
 *
 * @module
 */

import type { EpochStore, GrantStore } from "../broker/core/store.ts";
import type { Grant } from "../broker/core/grant.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { KeyRing } from "./key_ring.ts";
import { epochKey, grantKey, grantPrefix } from "./keys.ts";
import { type CutBox, keysOf, opened, plainVersion, sealed, versionOf } from "./pieces.ts";
import type { Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface GrantRecord extends CutBox {
  v: 1;
}

/** {@linkcode GrantStore} on {@linkcode Records}. */
export function createGrantStore(records: Records, ring: KeyRing): GrantStore {
  return {
    async get(subject, id) {
      const entry = await records.get<GrantRecord>(grantKey(subject, id));
      const found = entry && await opened(records, ring, entry);
      return found && { value: found.plain as Grant, version: versionOf(found.entry) };
    },
    async list(subject) {
      const found: Grant[] = [];
      const grants = records.list<GrantRecord>({ prefix: grantPrefix(subject) });
      for await (const entry of grants) {
        try {
          const grant = await opened(records, ring, entry);
          if (grant !== null) found.push(grant.plain as Grant);
        } catch (error) {
          // It lets nobody in, and must not hide those that do.
          if (!(error instanceof VaultError)) throw error;
        }
      }
      return found;
    },
    async put(grant, version) {
      const key = grantKey(grant.subject, grant.id);
      const checks = [{ key, version: plainVersion(version) }];
      const change = await sealed(ring, { key, value: grant, clear: {}, before: version });
      return await records.commit({ checks, ...change }) !== null;
    },
    async delete(subject, id) {
      const key = grantKey(subject, id);
      for (;;) {
        const entry = await records.get<GrantRecord>(key);
        if (entry === null) return;
        const checks = [{ key, version: entry.version }];
        const deletes = keysOf(key, versionOf(entry));
        if (await records.commit({ checks, deletes }) !== null) return;
      }
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
