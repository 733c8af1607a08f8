/**
 * Grants, session tokens and sign-out epochs.
 *
 * @module
 */

import type { Grant, SessionToken } from "../broker/core/grant.ts";
import type { EpochStore, GrantStore, SessionTokenStore } from "../broker/core/store.ts";
import type { World } from "../broker/core/world.ts";
import type { KeyRing } from "./key_ring.ts";
import { epochKey, grantKey, grantPrefix, sessionTokenKey, sessionTokenPrefix } from "./keys.ts";
import type { Records } from "./records.ts";
import { createSubjectStore } from "./subject_records.ts";

/** {@linkcode GrantStore} on {@linkcode Records}. */
export function createGrantStore(records: Records, ring: KeyRing): GrantStore {
  return createSubjectStore<Grant>(records, ring, { key: grantKey, prefix: grantPrefix });
}

/** {@linkcode SessionTokenStore} on {@linkcode Records}. */
export function createSessionTokenStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): SessionTokenStore {
  return createSubjectStore<SessionToken>(records, ring, {
    key: sessionTokenKey,
    prefix: sessionTokenPrefix,
    ends: { at: ({ expiresAt }) => expiresAt, now: () => clock.now() },
  });
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
