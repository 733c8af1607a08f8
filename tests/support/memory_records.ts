/**
 * `Records` in memory: a second database below the seal. What a real one
 * promises is promised here too, and `tests/vault/records_test.ts` holds both
 * to it. It forgets nothing by itself: `expireIn` is the earliest deletion. It
 * takes no more than it must, so that nobody counts on more.
 *
 * @module
 */

import { serialize } from "node:v8";
import {
  type Change,
  type Entry,
  type Range,
  RECORD_LIMITS,
  type RecordKey,
  type Records,
  TooLargeError,
} from "../../vault/records.ts";

/** Told apart from a number that was set, which nobody may count on. */
class Counter {
  constructor(readonly count: bigint) {}

  /** Of 64 bits, and goes round. */
  plus(by: number): bigint {
    return BigInt.asUintN(64, this.count + BigInt(by));
  }
}

/** A database that a search can leave as it is, and go on with a copy. */
export interface MemoryRecords extends Records {
  copy(): MemoryRecords;
}

/** An empty database that ends with the process. */
export function memoryRecords(): MemoryRecords {
  return recordsOf(new Map(), 0);
}

function recordsOf(entries: Map<string, Entry<unknown>>, commits: number): MemoryRecords {
  /** Those who wait for a write. */
  const waiting = new Set<() => void>();
  let isOpen = true;

  function requireOpen(): void {
    if (!isOpen) throw new Error("The database is closed");
  }

  function versionOf(key: RecordKey): string | null {
    return entries.get(idOf(key))?.version ?? null;
  }

  /** All of it or nothing: what can fail is looked at before anything is written. */
  function apply(change: Change): string | null {
    const { checks = [], sets = [], deletes = [], stamped = [], increments = [], sums = [] } =
      change;
    requireSizes(change);
    if (checks.some(({ key, version }) => versionOf(key) !== version)) return null;
    const values = sets.map(({ key, value }) => ({ key, value: structuredClone(value) }));
    const added = [...increments.map((key) => ({ key, by: 1 })), ...sums];
    for (const { key } of added) counterAt(key);
    const version = String(++commits).padStart(20, "0");
    const put = (key: RecordKey, value: unknown) =>
      entries.set(idOf(key), { key: [...key], value, version });
    for (const { key, value } of values) put(key, value);
    for (const key of deletes) entries.delete(idOf(key));
    for (const { prefix, value } of stamped) put([...prefix, version], structuredClone(value));
    for (const { key, by } of added) put(key, new Counter(counterAt(key).plus(by)));
    for (const wake of [...waiting]) wake();
    return version;
  }

  function counterAt(key: RecordKey): Counter {
    const { value = new Counter(0n) } = entries.get(idOf(key)) ?? {};
    if (value instanceof Counter) return value;
    throw new TypeError("Cannot count: the value is no counter");
  }

  /** Until something is written, or the caller goes away. */
  function written(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  async function* list<T>({ prefix, start, end, limit = Infinity, reverse = false }: Range) {
    requireOpen();
    const found = [...entries.values()]
      .filter(({ key }) =>
        isBelow(key, prefix) && (start === undefined || compare(key, start) >= 0) &&
        (end === undefined || compare(key, end) < 0)
      )
      .toSorted((a, b) => reverse ? compare(b.key, a.key) : compare(a.key, b.key));
    for (const entry of found.slice(0, limit)) yield copyOf<T>(entry);
  }

  return {
    // deno-lint-ignore require-await -- it rejects where it would throw
    async get<T>(key: RecordKey) {
      requireOpen();
      keySize(key);
      const entry = entries.get(idOf(key));
      return entry === undefined ? null : copyOf<T>(entry);
    },
    near: <T>(prefix: RecordKey) => Array.fromAsync(list<T>({ prefix })),
    list,
    // deno-lint-ignore require-await -- it rejects where it would throw
    async commit(change) {
      requireOpen();
      return apply(change);
    },
    async *watch(key, signal) {
      requireOpen();
      for (let told: string | null | undefined; !signal.aborted;) {
        const version = versionOf(key);
        if (version === told) await written(signal);
        else yield told = version;
      }
    },
    close() {
      isOpen = false;
    },
    // Entries are never changed, only put in the place of others.
    copy: () => recordsOf(new Map(entries), commits),
  };
}

/** What is beyond the limits is refused whole, before its checks are looked at. */
function requireSizes(
  { checks = [], sets = [], deletes = [], increments = [], sums = [] }: Change,
): void {
  const keys = [...[...checks, ...sums].map(({ key }) => key), ...deletes, ...increments];
  keys.forEach(keySize);
  const size = sets.reduce((sum, { key, value }) => sum + keySize(key) + valueSize(value), 0);
  if (size > RECORD_LIMITS.commitBytes) throw new TooLargeError("The commit is too large");
}

function keySize(key: RecordKey): number {
  const parts = key.map((part) =>
    typeof part === "number" ? 9 : new TextEncoder().encode(part).byteLength + 2
  );
  const size = parts.reduce((sum, part) => sum + part, 0);
  if (size > RECORD_LIMITS.keyBytes) throw new TooLargeError("The key is too large");
  return size;
}

/** Bytes are stored as they are, everything else as its structured clone. */
function valueSize(value: unknown): number {
  const { byteLength } = value instanceof Uint8Array ? value : serialize(value);
  if (byteLength > RECORD_LIMITS.valueBytes) throw new TooLargeError("The value is too large");
  return byteLength;
}

/** `1` and `"1"` are two keys. */
function idOf(key: RecordKey): string {
  return JSON.stringify(key);
}

/** What a caller does with a value is its own affair. */
function copyOf<T>({ key, value, version }: Entry<unknown>): Entry<T> {
  const plain = value instanceof Counter ? Number(value.count) : structuredClone(value);
  return { key: [...key], value: plain as T, version };
}

/** A prefix is no key of its own range. */
function isBelow(key: RecordKey, prefix: RecordKey): boolean {
  return key.length > prefix.length && prefix.every((part, at) => part === key[at]);
}

/** Part by part: texts by their bytes and before numbers, numbers as numbers, the shorter first. */
function compare(a: RecordKey, b: RecordKey): number {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    const order = compareParts(part, other);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareParts(a: string | number, b: string | number): number {
  if (typeof a === "number") return typeof b === "number" ? a - b : 1;
  return typeof b === "number" ? -1 : compareTexts(a, b);
}

/** JavaScript compares UTF-16, databases compare UTF-8: they differ beyond U+FFFF. */
function compareTexts(a: string, b: string): number {
  const [one, other] = [[...a], [...b]];
  for (const [at, character] of one.entries()) {
    const order = character.codePointAt(0)! - (other[at]?.codePointAt(0) ?? -1);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}
