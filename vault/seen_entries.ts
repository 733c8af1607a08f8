/**
 * What stood under a prefix a moment ago, and in which version a mark was then:
 * a key that is written by each commit that adds, changes or deletes something
 * there, whoever makes it. As long as the mark is the same so is all the rest,
 * and who wants it is answered by reading the mark alone, together with what
 * others want (`kv_gets.ts`). So it is as if it were listed: what is
 * disconnected here or by another process is gone for the very next one who asks.
 *
 * Kept is what the database has: boxes that are sealed.
 *
 * What looks twice within seconds is worth it: only then the mark is read.
 *
 * @module
 */

import type { Entry, RecordKey } from "./records.ts";

/**
 * Milliseconds for which something is remembered. Processes of versions before 0.2.0 write no marks: what
 * they change is missed for so long at most.
 */
export const SEEN_MS = 5_000;
/** Prefixes that are remembered at a time. */
const MOST_PREFIXES = 1_000;
/** What has more entries, or larger boxes in all, is not remembered: it is listed each time. */
export const MOST_ENTRIES = 4;
export const MOST_BYTES = 8 * 1024;

/** What was seen under a prefix. */
interface Seen {
  /** As `performance.now()`. */
  at: number;
  /** Absent: it was looked at for the first time. `null`: too much. */
  found?: Found | null | undefined;
}

interface Found {
  /** The mark's key alone: the same list for all who ask, who share what is read of it. */
  marks: readonly Deno.KvKey[];
  /** The mark's version; `null`: there was none. */
  version: string | null;
  entries: readonly Entry<unknown>[];
}

/** What one process has seen of late. */
export class SeenEntries {
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

  /** What was found at `at`, and the mark, with the version that it had before that. */
  saw(
    prefix: RecordKey,
    entries: readonly Entry<unknown>[],
    mark: { key: RecordKey; version: string | null },
    at: number,
  ): void {
    const isMuch = entries.length > MOST_ENTRIES || bytesOf(entries) > MOST_BYTES;
    const marks = [[...mark.key]];
    this.#remember(prefix, {
      at,
      found: isMuch ? null : { marks, version: mark.version, entries },
    });
  }

  #remember(prefix: RecordKey, seen: Seen): void {
    const name = JSON.stringify(prefix);
    this.#seen.delete(name);
    this.#seen.set(name, seen);
    // What is of no use any more makes way, with the next that is looked for.
    for (const [oldest, { at }] of this.#seen) {
      if (this.#seen.size <= MOST_PREFIXES && seen.at - at < SEEN_MS) return;
      this.#seen.delete(oldest);
    }
  }
}

/** Of their boxes: what stands in clear beside one is short. */
function bytesOf(entries: readonly Entry<unknown>[]): number {
  return entries.reduce((sum, { value }) => {
    const { box } = Object(value) as { box?: unknown };
    return sum + (box instanceof Uint8Array ? box.byteLength : 0);
  }, 0);
}
