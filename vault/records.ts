/**
 * The port below the seal: sealed and plain values under keys, read and
 * written under a check of their versions. Everything in this folder goes
 * through it, so that another database is one more file beside `deno_kv.ts`.
 *
 * @module
 */

import { inOwnWords } from "../broker/core/own_words.ts";

/**
 * What every database must take; these are Deno KV's own limits (2.9, on
 * SQLite and on Deploy). A value is as large as its structured clone, a commit
 * as all its values and keys.
 */
export const RECORD_LIMITS = {
  keyBytes: 2048,
  valueBytes: 64 * 1024,
  commitBytes: 800 * 1024,
};

/** A key, a value or a commit is larger than the database takes, now and at every later try. */
export class TooLargeError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TooLargeError";
    inOwnWords(this);
  }
}

/** Texts and numbers; numbers sort as numbers. */
export type RecordKey = readonly (string | number)[];

/** Whether two keys are one. */
export function isSameKey(a: RecordKey, b: RecordKey): boolean {
  return a.length === b.length && a.every((part, at) => part === b[at]);
}

/** A value as it stands in the database. */
export interface Entry<T> {
  key: RecordKey;
  value: T;
  /** Changes with every write of this key, and never comes back. Letters and digits. */
  version: string;
}

/** What a commit does, all of it or nothing. */
export interface Change {
  /** Each must still have this version; `null`: must not be there. */
  checks?: { key: RecordKey; version: string | null }[] | undefined;
  sets?: { key: RecordKey; value: unknown; expireIn?: number | undefined }[] | undefined;
  deletes?: RecordKey[] | undefined;
  /**
   * Values under keys that end in the version that this commit gives: below one prefix they sort in
   * the order of their commits, whoever makes them.
   */
  stamped?: { prefix: RecordKey; value: unknown }[] | undefined;
  /** Counters; one that is not there counts from 0. */
  increments?: RecordKey[] | undefined;
  /** The same, by any whole number. Nothing may fall below 0: it would begin again at the top. */
  sums?: { key: RecordKey; by: number }[] | undefined;
}

/** The parts of a commit that are put together with others. */
export type PartialChange = {
  [Part in "checks" | "sets" | "deletes" | "sums"]: NonNullable<Change[Part]>;
};

/** All of several changes, as one. */
export function together(
  ...changes: Change[]
): PartialChange & { stamped: NonNullable<Change["stamped"]> } {
  return {
    stamped: changes.flatMap(({ stamped = [] }) => stamped),
    checks: changes.flatMap(({ checks = [] }) => checks),
    sets: changes.flatMap(({ sets = [] }) => sets),
    deletes: changes.flatMap(({ deletes = [] }) => deletes),
    sums: changes.flatMap(({ sums = [] }) => sums),
  };
}

/** Which entries of a range are wanted, and how fresh. */
export interface Range {
  prefix: RecordKey;
  /** The first key that is wanted; it is below the prefix. */
  start?: RecordKey | undefined;
  /** The first key that is not wanted any more. */
  end?: RecordKey | undefined;
  limit?: number | undefined;
  /** From the last key to the first. */
  reverse?: boolean | undefined;
}

/**
 * A database. Every operation rejects when it is out or does not answer, and
 * with a {@linkcode TooLargeError} where no later try can succeed.
 */
export interface Records {
  get<T>(key: RecordKey): Promise<Entry<T> | null>;
  /**
   * All that is under a prefix, in the order of their keys, as a copy near by has it: it may be a
   * little old. It may be others' as well: nobody changes it.
   */
  near<T>(prefix: RecordKey): Promise<readonly Entry<T>[]>;
  /** In the order of their keys, or against it. */
  list<T>(range: Range): AsyncIterable<Entry<T>>;
  /**
   * The new version of what was set, one for all of it; `null` when a check
   * failed and nothing was done. `expireIn` (ms) is the earliest time at which a database may
   * forget the value: readers check deadlines themselves.
   */
  commit(change: Change): Promise<string | null>;
  /**
   * The version of a key, now and whenever it changes, as far as the database
   * tells; ends when `signal` aborts. Some never tell of other processes'
   * writes: who must know has to read as well.
   */
  watch(key: RecordKey, signal: AbortSignal): AsyncIterable<string | null>;
  close(): void;
}
