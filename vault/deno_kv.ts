/**
 * {@linkcode Records} on Deno KV: the one place that opens, reads and writes it.
 *
 * Deno opens SQLite without a busy time-out: with several processes on one
 * file a commit with a check fails at once with "database is locked" (measured
 * with Deno 2.9: two of three such commits at six writing processes; commits
 * without a check and reads never). Such a commit has changed nothing, so it is tried again.
 * What is too large stays too large: that is said at once.
 *
 * @module
 */

import { inOwnWords } from "../broker/core/own_words.ts";
import { NotOpenedError } from "../broker/core/store_errors.ts";
import type { Timing } from "../broker/core/time_spent.ts";
import { markKey } from "./keys.ts";
import { closeKvFiles, kvFileOf, makeKvFile, type Opened } from "./kv_files.ts";
import { type KvTurns, NO_TURNS, timed } from "./kv_turns.ts";
import { type Entry, type Range, type RecordKey, type Records, TooLargeError } from "./records.ts";
import { SeenEntries } from "./seen_entries.ts";

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;
/** Entries of a list that are read at once. */
const BATCH = 100;
/** A commit takes under 1 ms: who waits this long has a stuck writer beside it. */
export const GIVE_UP_AFTER_MS = 10_000;

/**
 * Opens a KV: a file, which is made with its folder, a URL, or the platform's
 * own. A file is closed to other users; `onOpened` hears of one that was open.
 *
 * @throws {NotOpenedError}
 */
export async function openKv(
  path: string | undefined,
  onOpened: (opened: Opened) => void = () => {},
): Promise<Deno.Kv> {
  try {
    const file = kvFileOf(path);
    if (file !== undefined) {
      await makeKvFile(file);
      const opened = await closeKvFiles(file);
      if (opened.closed + opened.left > 0) onOpened(opened);
    }
    // Opening writes too: it sets the journal mode and makes the tables.
    return await whileLocked(() => Deno.openKv(path));
  } catch (cause) {
    const { whyNotOpened } = await import("./not_opened.ts");
    throw new NotOpenedError(await whyNotOpened(path, cause), { cause });
  }
}

/** As {@linkcode openKv}. For a file who wants something of it takes turns. */
export async function openRecords(
  path: string | undefined,
  onOpened?: (opened: Opened) => void,
  turns: KvTurns = NO_TURNS,
  timing?: Timing,
): Promise<Records> {
  const kv = await openKv(path, onOpened);
  const isFile = kvFileOf(path) !== undefined;
  const taken = isFile ? turns : NO_TURNS;
  return onKv(kv, timing === undefined ? taken : timed(taken, timing), isFile);
}

/**
 * {@linkcode Records} on a KV that is open. `withMarks`: whether what is changed is marked as well, for
 * all processes that read keys together; elsewhere none does, and each write has its price.
 */
export function onKv(kv: Deno.Kv, turns: KvTurns = NO_TURNS, withMarks = true): Records {
  const read = turns.gets(kv);
  const seen = turns.gathers ? new SeenEntries() : undefined;
  const get = async <T>(key: RecordKey): Promise<Entry<T> | null> => {
    const [entry] = await known(() => read([[...key]])) as [Deno.KvEntryMaybe<T>];
    return entry.versionstamp === null ? null : entryOf(entry);
  };
  const listNear = async <T>(prefix: RecordKey): Promise<Entry<T>[]> => {
    const entries = kv.list<T>({ prefix: [...prefix] }, { consistency: "eventual" });
    return await known(() => turns.read(() => Array.fromAsync(entries, entryOf)));
  };
  /** The same, where keys are read together. */
  const lookNear = async <T>(seen: SeenEntries, prefix: RecordKey) => {
    const before = seen.under(prefix);
    if (before?.found === null) return await listNear<T>(prefix);
    if (before?.found !== undefined) {
      const { marks, version, entries } = before.found;
      const [marked] = await known(() => read(marks));
      if (marked!.versionstamp === version) return entries as readonly Entry<T>[];
    }
    const mark = markKey(prefix);
    if (mark === undefined) return await listNear<T>(prefix);
    if (before === undefined) {
      seen.looked(prefix);
      return await listNear<T>(prefix);
    }
    const at = performance.now();
    // Before it is listed: what is written meanwhile has another mark then.
    const version = (await get(mark))?.version ?? null;
    const found = await listNear<T>(prefix);
    seen.saw(prefix, found, { key: mark, version }, at);
    return found;
  };
  return {
    get,
    near<T>(prefix: RecordKey) {
      return seen === undefined ? listNear<T>(prefix) : lookNear<T>(seen, prefix);
    },
    async *list<T>({ limit, reverse = false, ...range }: Range) {
      const batchSize = Math.min(limit ?? BATCH, BATCH);
      const options = { batchSize, reverse, ...(limit === undefined ? {} : { limit }) };
      const entries = kv.list<T>(selectorOf(range), options);
      for (let count = 0;; count++) {
        const next = () => entries.next();
        // What belongs to a batch that was read is here already.
        const { done, value } = await (count % batchSize === 0 ? turns.read(next) : next());
        if (done) return;
        yield entryOf(value);
      }
    },
    async commit(
      { checks = [], sets = [], deletes = [], stamped = [], increments = [], sums = [] },
    ) {
      const marked = withMarks ? marksOf([...sets.map(({ key }) => key), ...deletes]) : [];
      const result = await known(() =>
        whileLocked(() => {
          const operation = kv.atomic();
          for (const { key, version } of checks) {
            operation.check({ key: [...key], versionstamp: version });
          }
          for (const { key, value, expireIn } of sets) {
            operation.set([...key], value, expireIn === undefined ? {} : { expireIn });
          }
          for (const key of deletes) operation.delete([...key]);
          for (const key of marked) operation.set([...key], 1);
          for (const { prefix, value } of stamped) {
            // KV puts the version in its place.
            const key = [...prefix, kv.commitVersionstamp()] as Deno.KvKey;
            operation.set(key, value);
          }
          for (const key of increments) operation.sum([...key], 1n);
          for (const { key, by } of sums) operation.sum([...key], summand(by));
          return turns.commit(() => operation.commit());
        })
      );
      return result.ok ? result.versionstamp : null;
    },
    async *watch(key, signal) {
      const reader = kv.watch<[unknown]>([[...key]]).getReader();
      // The stream is over either way; what it says of its end interests nobody.
      const stop = () => void reader.cancel().catch(() => {});
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return;
          yield value[0].versionstamp;
        }
      } finally {
        signal.removeEventListener("abort", stop);
        stop();
      }
    },
    close: () => kv.close(),
  };
}

/** The marks of what is written and deleted, each once. */
function marksOf(keys: RecordKey[]): RecordKey[] {
  const marks = new Map<string, RecordKey>();
  for (const key of keys) {
    const mark = markKey(key);
    if (mark !== undefined) marks.set(mark.join("/"), mark);
  }
  return [...marks.values()];
}

/** KV takes two of the three. */
function selectorOf({ prefix, start, end }: Range): Deno.KvListSelector {
  if (start !== undefined && end !== undefined) return { start: [...start], end: [...end] };
  const bound = start !== undefined
    ? { start: [...start] }
    : end !== undefined
    ? { end: [...end] }
    : {};
  return { prefix: [...prefix], ...bound };
}

/** KV's counters have 64 bits and go round: to take one away is to add 2^64 - 1. */
function summand(by: number): bigint {
  return BigInt.asUintN(64, BigInt(by));
}

/** Counters are numbers to everybody else. */
function entryOf<T>({ key, value, versionstamp }: Deno.KvEntry<T>): Entry<T> {
  const plain = value instanceof Deno.KvU64 ? Number(value.value) as T : value;
  return { key: key as RecordKey, value: plain, version: versionstamp };
}

async function whileLocked<T>(run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  for (let pause = FIRST_PAUSE_MS;; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await run();
    } catch (error) {
      if (!isLocked(error) || performance.now() - start > GIVE_UP_AFTER_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
}

/** What KV says of its limits, by a TypeError, for a key, a value or a commit. */
const BEYOND_LIMITS = /[a-z ]{0,40}too (?:large|many)[a-z ]{0,40}(?:\(max \d{1,9}[a-z ]{0,40}\))?/i;
/** What SQLite says where an operator can help. */
const OUT_OF_ORDER =
  /database (?:table )?is locked|readonly database|disk I\/O error|database or disk is full|unable to open database file|database disk image is malformed|file is not a database/i;

/** Runs it; of what KV throws only the words that are known are repeated. */
async function known<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const [beyond] = cause instanceof TypeError ? BEYOND_LIMITS.exec(cause.message) ?? [] : [];
    if (beyond !== undefined) throw new TooLargeError(beyond, { cause });
    const [said] = OUT_OF_ORDER.exec(cause.message) ?? [];
    throw said === undefined ? cause : inOwnWords(new Error(said, { cause }));
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database (table )?is locked|SQLITE_BUSY/i.test(error.message);
}
