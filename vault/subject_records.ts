/**
 * Records of a subject, each under an id of its own. Sealed whole.
 *
 * @module
 */

import type { Stored } from "../broker/core/store.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { KeyRing } from "./key_ring.ts";
import type { TextKey } from "./keys.ts";
import { type CutBox, keysOf, opened, plainVersion, sealed, versionOf } from "./pieces.ts";
import { type Change, type Records, together } from "./records.ts";

/** What such a record says of itself. */
interface Owned {
  subject: Subject;
  id: string;
}

/** The stored value; see SCHEMA.md. */
interface SubjectRecord extends CutBox {
  v: 1;
}

/** Where records stand, and when they end. */
export interface SubjectKind<T> {
  key(subject: Subject, id: string): TextKey;
  prefix(subject: Subject): TextKey;
  /** When one ends by itself, in epoch ms, and what time it is; absent: none does. */
  ends?: { at(value: T): number; now(): number } | undefined;
}

/** What can be done with them. */
export interface SubjectStore<T> {
  get(subject: Subject, id: string): Promise<Stored<T> | null>;
  list(subject: Subject): Promise<T[]>;
  /** What is changed `beside` it is so in the same commit, or not at all. */
  put(value: T, version: string | null, beside?: Change[]): Promise<boolean>;
  /** `false`: there was none, and nothing was changed. */
  delete(subject: Subject, id: string, beside?: Change): Promise<boolean>;
  /** Deletes it only as it was read; `false`: somebody wrote first. */
  take(subject: Subject, id: string, version: string, beside?: Change): Promise<boolean>;
}

/** A store of one kind. */
export function createSubjectStore<T extends Owned>(
  records: Records,
  ring: KeyRing,
  { key: keyOf, prefix, ends }: SubjectKind<T>,
): SubjectStore<T> {
  return {
    async get(subject, id) {
      const entry = await records.get<SubjectRecord>(keyOf(subject, id));
      const found = entry && await opened(records, ring, entry);
      return found && { value: found.plain as T, version: versionOf(found.entry) };
    },
    async list(subject) {
      const found: T[] = [];
      for await (const entry of records.list<SubjectRecord>({ prefix: prefix(subject) })) {
        try {
          const value = await opened(records, ring, entry);
          if (value !== null) found.push(value.plain as T);
        } catch (error) {
          // It lets nobody in, and must not hide those that do.
          if (!(error instanceof VaultError)) throw error;
        }
      }
      return found;
    },
    async put(value, version, beside = []) {
      const key = keyOf(value.subject, value.id);
      const check = { key, version: plainVersion(version) };
      const end = ends?.at(value);
      const clear = end === undefined ? {} : { expires_at: end };
      const ending = end === undefined ? undefined : { at: end, now: ends!.now() };
      const change = await sealed(ring, { key, value, clear, before: version, ends: ending });
      const changes = [{ checks: [check], ...change }, ...beside];
      return await records.commit({
        checks: changes.flatMap(({ checks = [] }) => checks),
        sets: changes.flatMap(({ sets = [] }) => sets),
        deletes: changes.flatMap(({ deletes = [] }) => deletes),
      }) !== null;
    },
    async delete(subject, id, beside = {}) {
      const key = keyOf(subject, id);
      for (;;) {
        const entry = await records.get<SubjectRecord>(key);
        if (entry === null) return false;
        const checks = [{ key, version: entry.version }];
        const deletes = keysOf(key, versionOf(entry));
        if (await records.commit(together({ checks, deletes }, beside)) !== null) return true;
      }
    },
    async take(subject, id, version, beside = {}) {
      const key = keyOf(subject, id);
      const checks = [{ key, version: plainVersion(version) }];
      const change = together({ checks, deletes: keysOf(key, version) }, beside);
      return await records.commit(change) !== null;
    },
  };
}
