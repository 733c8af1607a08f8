/**
 * Turns at a database that one thread works for, as SQLite's does: what is
 * asked first is done first there, so whoever asks much at once would have all
 * others wait behind it. Here it waits, and the callers take turns. Measured
 * with 200 requests of one caller in flight, and another caller's one at a
 * time: half of the latter were answered after 8 ms instead of 158.
 *
 * A database that is elsewhere does many things at once, and has no use for it.
 *
 * @module
 */

import { FairTurns } from "../broker/core/fair_turns.ts";
import type { Timing } from "../broker/core/time_spent.ts";
import { type Gettable, KvGets, readKeys } from "./kv_gets.ts";

/**
 * The thread does one after the other. It should find the next one there when it is done: where it
 * has to be woken for each, and wakes for each whoever waits, a token costs a quarter more (seen with
 * Deno 2.9 and eight callers, November 2026).
 */
export const READS_AT_ONCE = 3;
/** Commits that wait together are written to the disk together. */
export const COMMITS_AT_ONCE = 8;

/** Reads keys, all as they are at one moment. */
export type Get = (keys: readonly Deno.KvKey[]) => Promise<Deno.KvEntryMaybe<unknown>[]>;

/** When something may go to the database. */
export interface KvTurns {
  /** How single keys of a database are read. */
  gets(kv: Gettable): Get;
  /** Whether keys that wait are read together, so that to know them is worth something. */
  gathers: boolean;
  /** Of a list, each batch. */
  read<T>(work: () => Promise<T>): Promise<T>;
  /** Of a commit, each try. */
  commit<T>(work: () => Promise<T>): Promise<T>;
}

/** Everything at once. */
export const NO_TURNS: KvTurns = {
  gets: (kv) => (keys) => readKeys(kv, keys),
  gathers: false,
  read: (work) => work(),
  commit: (work) => work(),
};

/** The same turns; what waits for them, and is done then, is the database's part of a request's time. */
export function timed(turns: KvTurns, timing: Timing): KvTurns {
  const measured = async <T>(take: () => Promise<T>): Promise<T> => {
    const end = timing.begin("vault");
    try {
      return await take();
    } finally {
      end();
    }
  };
  return {
    gets(kv) {
      const get = turns.gets(kv);
      return (keys) => measured(() => get(keys));
    },
    gathers: turns.gathers,
    read: (work) => measured(() => turns.read(work)),
    commit: (work) => measured(() => turns.commit(work)),
  };
}

/** Turns for those who call, and how much of a caller's work waits. */
export interface CallersTurns extends KvTurns {
  waiting(caller: string): number;
}

/** Fair to all callers; `caller`: whose work it is that comes now. */
export function createKvTurns(caller: () => string): CallersTurns {
  const reads = new FairTurns(READS_AT_ONCE);
  const commits = new FairTurns(COMMITS_AT_ONCE);
  const gets: KvGets[] = [];
  return {
    gets(kv) {
      const own = new KvGets(kv);
      gets.push(own);
      return (keys) => own.get(caller(), keys);
    },
    gathers: true,
    read: (work) => reads.take(caller(), work),
    commit: (work) => commits.take(caller(), work),
    waiting: (caller) =>
      gets.reduce(
        (sum, own) => sum + own.waiting(caller),
        reads.waiting(caller) + commits.waiting(caller),
      ),
  };
}
