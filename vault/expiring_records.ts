/**
 * Records that expire: pending authorizations, connect links, codes, sessions,
 * refresh tokens, registered clients. Sealed whole.
 *
 * @module
 */

import type { World } from "../broker/core/world.ts";
import type { ExpiringStore } from "../broker/core/store.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { KeyRing } from "./key_ring.ts";
import { expiringKey, type ExpiringKind } from "./keys.ts";
import {
  type CutBox,
  keysOf,
  opened,
  plainVersion,
  sealed,
  type SealedChange,
  versionAfter,
  versionOf,
} from "./pieces.ts";
import type { Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
export interface ExpiringRecord extends CutBox {
  v: 1;
  /** Epoch ms. KV's own expiry is only the earliest deletion, so readers check this one. */
  expires_at: number;
}

/** What can be kept so. Where it names a subject it is found with all else of that subject's. */
export interface Expiring {
  expiresAt: number;
  subject?: Subject | undefined;
}

/** What seals a record that expires. */
export interface ExpiringSealing<T extends Expiring> {
  kind: ExpiringKind;
  digest: string;
  value: T;
  /** The version of what was there; `null`: nothing. */
  before: string | null;
}

/** The change that puts a value there, in the place of what had the version `before`. */
export async function expiringChange<T extends Expiring>(
  ring: KeyRing,
  clock: Pick<World, "now">,
  { kind, digest, value, before }: ExpiringSealing<T>,
): Promise<SealedChange> {
  const key = expiringKey(kind, digest);
  const clear = { expires_at: value.expiresAt };
  const ends = { at: value.expiresAt, now: clock.now() };
  return await sealed(ring, { key, value, clear, before, ends, owner: value.subject });
}

/** {@linkcode ExpiringStore} on {@linkcode Records}. */
export function createExpiringStore<T extends Expiring>(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
  kind: ExpiringKind,
): ExpiringStore<T> {
  const change = (digest: string, value: T, before: string | null) =>
    expiringChange(ring, clock, { kind, digest, value, before });
  async function putOver(digest: string, value: T, version: string | null) {
    const checks = [{ key: expiringKey(kind, digest), version: plainVersion(version) }];
    const sealing = await change(digest, value, version);
    const committed = await records.commit({ checks, ...sealing });
    return committed && versionAfter(committed, sealing);
  }
  return {
    async put(digest, value) {
      await records.commit(await change(digest, value, null));
    },
    async add(digest, value, now) {
      // Nearly always there is none: it is not read for that.
      const added = await putOver(digest, value, null);
      if (added !== null) return added;
      const existing = await records.get<ExpiringRecord>(expiringKey(kind, digest));
      if (existing !== null && existing.value.expires_at > now) return null;
      return await putOver(digest, value, existing && versionOf(existing));
    },
    replace: putOver,
    async peek(digest) {
      const entry = await records.get<ExpiringRecord>(expiringKey(kind, digest));
      const found = entry && await opened(records, ring, entry);
      return found && { value: found.plain as T, version: versionOf(found.entry) };
    },
    async take(digest, version) {
      const key = expiringKey(kind, digest);
      const checks = [{ key, version: plainVersion(version) }];
      return await records.commit({ checks, deletes: keysOf(key, version) }) !== null;
    },
  };
}
