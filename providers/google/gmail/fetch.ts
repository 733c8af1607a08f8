/**
 * Asking Gmail for many things of one person: a few at a time, and once more
 * where it asks to slow down. One that cannot be read does not cost the others.
 *
 * @module
 */

import { ApiError } from "../../provider.ts";

/** So many requests are under way at once: Gmail answers 429 to a larger burst for one person. */
const CONCURRENCY = 5;
const ATTEMPTS = 2;

/** What came of many requests. */
export interface Readings<R> {
  /** In the order of what was asked for. */
  results: R[];
  /** How many are not there any more. */
  gone: number;
  /** How many are there, and could not be read. */
  failed: number;
}

/** Asks once more where Gmail asks to slow down; only for what changes nothing. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isRateLimit(error)) throw error;
    return await ask();
  }
}

/**
 * Reads each. After the first refusal because of too many requests the rest is
 * read one by one; only one that is refused twice ends it.
 *
 * @throws {ApiError} where none could be read, for another reason than that all are gone.
 */
export async function readEach<T, R>(
  items: T[],
  read: (item: T) => Promise<R>,
): Promise<Readings<R>> {
  const results = new Map<number, R>();
  const faults = new Map<number, ApiError>();
  const attempts = new Map<number, number>();
  let isSlow = false;
  async function attempt(index: number, item: T): Promise<void> {
    attempts.set(index, (attempts.get(index) ?? 0) + 1);
    try {
      results.set(index, await read(item));
      faults.delete(index);
    } catch (error) {
      if (!(error instanceof ApiError) || isOver(error)) throw error;
      faults.set(index, error);
      isSlow ||= isRateLimit(error);
    }
  }
  const queue = items.entries();
  async function work(): Promise<void> {
    while (!isSlow) {
      const { value, done } = queue.next();
      if (done) return;
      await attempt(...value);
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  for (const [index, item] of items.entries()) {
    if (results.has(index) || (faults.has(index) && !isRateLimit(faults.get(index)))) continue;
    while (!results.has(index) && (attempts.get(index) ?? 0) < ATTEMPTS) {
      await attempt(index, item);
      if (faults.has(index) && !isRateLimit(faults.get(index))) break;
    }
    if (isRateLimit(faults.get(index))) break;
  }
  const gone = [...faults.values()].filter(({ fault }) => fault.kind === "not_found").length;
  const failed = items.length - results.size - gone;
  if (results.size === 0 && failed > 0) {
    throw [...faults.values()].find(({ fault }) => fault.kind !== "not_found")!;
  }
  const inOrder = [...results].sort(([one], [other]) => one - other).map(([, result]) => result);
  return { results: inOrder, gone, failed };
}

function isRateLimit(error: unknown): boolean {
  return error instanceof ApiError && error.fault.kind === "rate_limited";
}

/** What the other requests would hear as well, and a link cures. */
function isOver({ fault }: ApiError): boolean {
  return fault.kind === "unauthorized" || fault.kind === "missing_scope";
}
