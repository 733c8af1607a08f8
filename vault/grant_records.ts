/**
 * Grants, session tokens and sign-out epochs.
 *
 * @module
 */

import type { Grant, SessionToken } from "../broker/core/grant.ts";
import type { EndedSession } from "../broker/core/events.ts";
import type {
  EndedGrant,
  EpochStore,
  GrantStore,
  PutSecret,
  SessionTokenStore,
} from "../broker/core/store.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { EventOutbox } from "./event_outbox.ts";
import { Refusal } from "../broker/core/refusal.ts";
import type { World } from "../broker/core/world.ts";
import { expiringChange } from "./expiring_records.ts";
import type { KeyRing } from "./key_ring.ts";
import {
  epochKey,
  expiringKey,
  grantKey,
  grantPrefix,
  sessionTokenKey,
  sessionTokenPrefix,
} from "./keys.ts";
import { plainVersion } from "./pieces.ts";
import type { Change, Records } from "./records.ts";
import { createSubjectStore } from "./subject_records.ts";

/** {@linkcode GrantStore} on {@linkcode Records}. */
export function createGrantStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
  outbox: EventOutbox,
): GrantStore {
  const grants = createSubjectStore<Grant>(records, ring, { key: grantKey, prefix: grantPrefix });
  const secretChange = async ({ digest, value, version }: PutSecret): Promise<Change> => ({
    checks: [{ key: expiringKey("secrets", digest), version: plainVersion(version) }],
    ...await expiringChange(ring, clock, { kind: "secrets", digest, value, before: version }),
  });
  return {
    ...grants,
    put: async (grant, version, secrets = []) =>
      await grants.put(grant, version, await Promise.all(secrets.map(secretChange))),
    delete: (subject, id, ended) =>
      told(
        outbox,
        { subject, id, kind: "grant", ended },
        (change) => grants.delete(subject, id, change),
      ),
    take: (subject, id, version, ended) =>
      told(
        outbox,
        { subject, id, kind: "grant", ended },
        (change) => grants.take(subject, id, version, change),
      ),
  };
}

/** Whose access has ended. */
interface Ended {
  subject: Subject;
  id: string;
  kind: EndedSession["kind"];
  ended: EndedGrant | undefined;
}

/** Deletes it, and has its app told of that where somebody ended it. */
async function told(
  outbox: EventOutbox,
  { subject, id, kind, ended }: Ended,
  remove: (beside: Change | undefined) => Promise<boolean>,
): Promise<boolean> {
  const event = ended && await outbox.writing({
    type: "session.revoked",
    subject,
    at: outbox.now(),
    reason: ended.by,
    session: { id, kind, name: ended.name },
  });
  const isDone = await remove(event?.change);
  if (isDone) outbox.written(event);
  return isDone;
}

/** {@linkcode SessionTokenStore} on {@linkcode Records}. */
export function createSessionTokenStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
  outbox: EventOutbox,
): SessionTokenStore {
  const tokens = createSubjectStore<SessionToken>(records, ring, {
    key: sessionTokenKey,
    prefix: sessionTokenPrefix,
    ends: { at: ({ expiresAt }) => expiresAt, now: () => clock.now() },
  });
  return {
    ...tokens,
    delete: (subject, id, ended) =>
      told(
        outbox,
        { subject, id, kind: "session_token", ended },
        (change) => tokens.delete(subject, id, change),
      ),
  };
}

/** {@linkcode EpochStore} on {@linkcode Records}. */
export function createEpochStore(records: Records): EpochStore {
  return {
    get: async (subject) => (await records.get<number>(epochKey(subject)))?.value ?? 0,
    async raise(subject) {
      try {
        await records.commit({ increments: [epochKey(subject)] });
      } catch (error) {
        // They were deleted, with all of their sessions: there is none left to be signed out.
        if (!(error instanceof Refusal)) throw error;
      }
    },
  };
}
