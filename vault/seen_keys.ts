/**
 * Which keys were under a prefix a moment ago, and in which version a mark was
 * then: a key that is written with whatever is added there. As long as the mark
 * is the same nothing was added, by no process, and who wants all that is there
 * is answered by reading the mark and those keys, at one moment and together
 * with what others want (`kv_gets.ts`). So it is as if it were listed.
 *
 * What looks twice within seconds is worth it: only then the mark is read.
 *
 * @module
 */

import type { RecordKey } from "./records.ts";

/**
 * Milliseconds for which keys are remembered. Processes of versions before 0.2.0 write no marks: what
 * they add is missed for so long at most.
 */
export const SEEN_MS = 5_000;
/** Prefixes that are remembered at a time. */
const MOST_PREFIXES = 1_000;
/** More keys under one prefix are not remembered: they are as quickly listed. */
export const MOST_KEYS = 4;

/** What was seen under a prefix. */
interface Seen {
  /** As `performance.now()`. */
  at: number;
  /** That of the mark, and those that were there. Absent: it was looked at for the first time. `null`: too many. */
  keys?: readonly Deno.KvKey[] | null | undefined;
  /** The mark's version; `null`: there was none. */
  mark?: string | null | undefined;
}

/** The keys that one process has seen of late. */
export class SeenKeys {
  /** By prefix, the oldest first. */
  readonly #seen = new Map<string, Seen>();

  /** What was seen under a prefix within {@linkcode SEEN_MS}. */
  under(prefix: RecordKey): Seen | undefined {
    const seen = this.#seen.get(JSON.stringify(prefix));
    return seen !== undefined && performance.now() - seen.at < SEEN_MS ? seen : undefined;
  }

  /** It was looked at just now. */
  looked(prefix: RecordKey): void {
    this.#remember(prefix, { at: performance.now() });
  }

  /**
   * That of the mark and the keys that were there, and the version that the mark had before they were
   * looked for, at `at`.
   */
  saw(prefix: RecordKey, keys: readonly RecordKey[], mark: string | null, at: number): void {
    const kept = keys.length > 1 + MOST_KEYS ? null : keys.map((key) => [...key]);
    this.#remember(prefix, { at, keys: kept, mark });
  }

  #remember(prefix: RecordKey, seen: Seen): void {
    const name = JSON.stringify(prefix);
    this.#seen.delete(name);
    this.#seen.set(name, seen);
    // Nobody's ids are kept for longer than they are of use.
    for (const [oldest, { at }] of this.#seen) {
      if (this.#seen.size <= MOST_PREFIXES && seen.at - at < SEEN_MS) return;
      this.#seen.delete(oldest);
    }
  }
}
