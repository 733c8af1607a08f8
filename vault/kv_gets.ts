/**
 * Gets that wait together are read together: SQLite's one thread is woken once
 * for ten of them, and wakes once whoever waits. Each costs a third of what it
 * costs by itself (seen with Deno 2.9, November 2026), and waits no longer than
 * the read before it.
 *
 * Who wants the very same list of keys shares what is read of it: a person's
 * assistant calls several tools in one go. It is all of theirs, and nobody's to
 * change.
 *
 * @module
 */

import { FairQueue } from "../broker/core/fair_turns.ts";

/** Deno KV takes no more keys in one read. */
export const GETS_TOGETHER = 10;
/** So many are told together, however few keys they want: all that they do then comes in one go. */
export const TOLD_TOGETHER = 20;

type Key = Deno.KvKey;
type Entry = Deno.KvEntryMaybe<unknown>;

/** A database, as far as single keys are read. */
export type Gettable = Pick<Deno.Kv, "get" | "getMany">;

/** Reads keys, all as they are at one moment. */
export async function readKeys(kv: Gettable, keys: readonly Key[]): Promise<Entry[]> {
  const [only, ...others] = keys;
  return only !== undefined && others.length === 0
    ? [await kv.get(only)]
    : await kv.getMany([...keys]) as Entry[];
}

/** Keys that somebody wants, and how they are told. */
interface Wanted {
  keys: readonly Key[];
  resolve(entries: Entry[]): void;
  reject(error: unknown): void;
}

/** One read at a time; whoever comes meanwhile shares the next one, fair to all callers. */
export class KvGets {
  readonly #kv: Gettable;
  readonly #waiting = new FairQueue<Wanted>();
  #isReading = false;

  constructor(kv: Gettable) {
    this.#kv = kv;
  }

  /** Reads keys in the name of a caller, all as they are at one moment: {@linkcode GETS_TOGETHER} at most. */
  get(caller: string, keys: readonly Key[]): Promise<Entry[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(caller, { keys, resolve, reject });
      if (!this.#isReading) this.#readAll().catch(reject);
    });
  }

  /** How much of a caller's waits. */
  waiting(caller: string): number {
    return this.#waiting.of(caller);
  }

  /** How a read ends is told to those who wait for it. */
  async #readAll(): Promise<void> {
    this.#isReading = true;
    try {
      // What else has come to this program by now is asked first, and may want a key as well.
      await turnOfLoop();
      for (let some = this.#next(); some.length > 0; some = this.#next()) await this.#read(some);
    } finally {
      this.#isReading = false;
    }
  }

  #next(): Wanted[] {
    const some: Wanted[] = [];
    const lists = new Set<readonly Key[]>();
    let room = GETS_TOGETHER;
    const fits = ({ keys }: Wanted) => keys.length <= room || lists.has(keys);
    while (some.length < TOLD_TOGETHER) {
      const next = this.#waiting.next(fits);
      if (next === undefined) break;
      some.push(next);
      if (lists.has(next.keys)) continue;
      lists.add(next.keys);
      room -= next.keys.length;
    }
    return some;
  }

  async #read(some: Wanted[]): Promise<void> {
    const lists = Map.groupBy(some, ({ keys }) => keys);
    try {
      const entries = await readKeys(this.#kv, [...lists.keys()].flat());
      const found = new Map<readonly Key[], Entry[]>();
      let at = 0;
      for (const keys of lists.keys()) found.set(keys, entries.slice(at, at += keys.length));
      for (const { keys, resolve } of some) resolve(found.get(keys)!);
    } catch (error) {
      // One key that the database does not take is no matter of the others'.
      if (lists.size > 1) { for (const alike of lists.values()) await this.#read(alike); }
      else for (const { reject } of some) reject(error);
    }
  }
}

/** Resolves once the event loop has looked at all that has come. */
function turnOfLoop(): Promise<void> {
  // What it returns would end it.
  const soon = (run: () => void) => (setImmediate as unknown as (run: () => void) => number)(run);
  return new Promise((resolve) => void soon(resolve));
}
