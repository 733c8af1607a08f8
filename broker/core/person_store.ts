/**
 * The store, by person: all that is kept of one of them, whatever kind it is of,
 * and the end of it.
 *
 * @module
 */

import type { Session } from "./grant.ts";
import type { Subject } from "./subject.ts";

/**
 * After a deletion nothing new is kept of that person for this long: what was begun before it (a
 * sign-in at a provider, a call, an exchange of tokens) is over by then, by whichever clock.
 */
export const CLOSED_MS = 15 * 60_000;

/** So long it is known that somebody was deleted, and when. Then nothing at all is left. */
export const TOMBSTONE_MS = 365 * 24 * 60 * 60_000;

/** How many records, by the names of their kinds as the vault's schema has them. */
export type Counts = Record<string, number>;

/** All of them together. */
export function sum(...all: Counts[]): Counts {
  const total: Counts = {};
  for (const [kind, count] of all.flatMap((counts) => Object.entries(counts))) {
    total[kind] = (total[kind] ?? 0) + count;
  }
  return total;
}

/** What of a person's is removed: all that lets anybody in for them, or everything. */
export type Part = "access" | "everything";

/** What stays of somebody who was deleted. */
export interface Tombstone {
  /** Epoch ms. */
  at: number;
  removed: Counts;
}

/**
 * All records of one person. Whoever deletes somebody closes them first: from then on a record can
 * be changed that is there, and deleted, and none is added; so what was found and deleted does not
 * come back, whatever is under way.
 */
export interface PersonStore {
  /** Nothing new is kept of them until then; who tries is refused with `user_deleted`. */
  close(subject: Subject, until: number): Promise<void>;
  /** How many records there are, also of those that cannot be opened. */
  count(subject: Subject): Promise<Counts>;
  /** Their browsers; without those that cannot be opened. */
  sessions(subject: Subject): Promise<Session[]>;
  /** Under whom imports of theirs are kept that are refreshed before it is known whose account it is. */
  held(subject: Subject): Promise<Subject[]>;
  /**
   * Deletes records, and returns how many. Sessions and sign-outs go last: who is cut off is still
   * signed in, and can do it again. Ends nothing at providers.
   */
  remove(subject: Subject, part: Part): Promise<Counts>;
  /** Leaves a tombstone; of two deletions at the same time there is one, for both. */
  bury(subject: Subject, tombstone: Tombstone): Promise<void>;
}
