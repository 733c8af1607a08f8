/**
 * Which keys were under a prefix a moment ago: whoever may be answered with
 * what is a little old is answered by reading those, which can be read together
 * with what others want (`kv_gets.ts`). What stands under a key is read anew
 * each time; what another process has put under a new one is missed for as long
 * as they are remembered.
 *
 * @module
 */

import type { RecordKey } from "./records.ts";

/** Milliseconds for which keys are remembered. */
export const SEEN_MS = 5_000;
/** Prefixes that are remembered at a time. */
const MOST_PREFIXES = 4_000;
/** Of more keys under one prefix none are remembered: they are as quickly listed. */
const MOST_KEYS = 4;

interface Seen {
  keys: readonly RecordKey[];
  /** As `performance.now()`. */
  at: number;
}

/** The keys that one process has seen of late. */
export class SeenKeys {
  /** By prefix, the oldest first. */
  readonly #seen = new Map<string, Seen>();
  readonly #looks = new Set<{ name: string; isLate: boolean }>();

  /** The keys under a prefix; `undefined`: look. */
  under(prefix: RecordKey): readonly RecordKey[] | undefined {
    const name = nameOf(prefix);
    const seen = this.#seen.get(name);
    if (seen === undefined) return undefined;
    if (performance.now() - seen.at < SEEN_MS) return seen.keys;
    this.#seen.delete(name);
    return undefined;
  }

  /** What is found under a prefix, by whoever looks there; its keys are remembered. */
  async look<E extends { key: RecordKey }>(
    prefix: RecordKey,
    find: () => Promise<E[]>,
  ): Promise<E[]> {
    const look = { name: nameOf(prefix), isLate: false };
    const at = performance.now();
    this.#looks.add(look);
    try {
      const found = await find();
      // What was added meanwhile may have been missed.
      if (!look.isLate && found.length <= MOST_KEYS) {
        this.#remember(look.name, { keys: found.map(({ key }) => key), at });
      }
      return found;
    } finally {
      this.#looks.delete(look);
    }
  }

  /** A key has come into being here, if it was not there: below each beginning of it. */
  added(key: RecordKey): void {
    if (this.#seen.size === 0 && this.#looks.size === 0) return;
    for (let length = 1; length < key.length; length++) {
      const name = nameOf(key.slice(0, length));
      this.#seen.delete(name);
      for (const look of this.#looks) look.isLate ||= look.name === name;
    }
  }

  #remember(name: string, seen: Seen): void {
    this.#seen.delete(name);
    this.#seen.set(name, seen);
    if (this.#seen.size <= MOST_PREFIXES) return;
    const [oldest] = this.#seen.keys();
    this.#seen.delete(oldest!);
  }
}

function nameOf(prefix: RecordKey): string {
  return JSON.stringify(prefix);
}
