/**
 * The index of ends: each record that ends by itself has an entry under the time
 * of its end, so that housekeeping reads what has ended and not what is kept.
 * The very commit that writes, moves or deletes the record does the same to its
 * entry (`pieces.ts`), so both have one version, and an entry whose version is
 * the record's says all that there is to know of it.
 *
 * An entry is no truth. One that was left behind (a record was written over
 * without having been read, a database has forgotten it by itself, a process of
 * an older version has written it) costs a look at the record, and is deleted.
 * What was stored before there was the index is added once, page by page; as
 * long as a process is announced that writes no entries it is not done with.
 *
 * @module
 */

import { endingKinds, endKey, endsIndexedKey, piecePrefix, type TextKey } from "./keys.ts";
import { type CutBox, endEntry } from "./pieces.ts";
import { type Entry, isSameKey, type RecordKey, type Records } from "./records.ts";
import { listSealers } from "./sealers.ts";

/** Of a record that ends, what is read here. It is in clear: what cannot be opened counts, too. */
export interface Ending extends CutBox {
  /** Epoch ms. */
  expires_at: number;
}

/** One run takes over at most so many records; the next goes on there. */
export const TAKEN_OVER_IN_A_RUN = 20_000;
/** So many are read, and written, at a time: KV takes no more than 100 checks. */
const AT_ONCE = 50;

/** What `indexes` says of this one: when it was whole, or the key from which on it is not. */
type HowFar = number | RecordKey;

/**
 * Adds what is missing, if the index is not whole yet; resolves with whether it is. Several
 * processes may do it at once: what is added twice is there once.
 */
export async function indexEnds(
  records: Records,
  now: number,
  most = TAKEN_OVER_IN_A_RUN,
): Promise<boolean> {
  const said = await records.get<HowFar>(endsIndexedKey);
  const sealers = await listSealers(records, now);
  if (sealers.some(({ indexesEnds }) => !indexesEnds)) {
    if (said !== null) await records.commit({ deletes: [endsIndexedKey] });
    return false;
  }
  if (typeof said?.value === "number") return true;
  const from = said?.value;
  const pages = { kinds, from, most };
  for await (const { page, next } of pagesOf<Ending>(records, pages)) {
    if (page.length > 0) await takeOver(records, page);
    await records.commit({ sets: [{ key: endsIndexedKey, value: next ?? now }] });
    if (next === undefined) return true;
  }
  return false;
}

/** In this order; pieces come last, when every record that they may belong to has been seen. */
const kinds: TextKey[] = [...endingKinds.map((kind) => [kind]), piecePrefix()];

/** Which records to go through: all of these kinds, from a key on, at most so many. */
interface Pages {
  kinds: TextKey[];
  from: RecordKey | undefined;
  most: number;
}

/** Records in pages, and the key to go on from; without one that was all. */
export async function* pagesOf<T>(
  records: Records,
  { kinds, from = kinds[0], most }: Pages,
): AsyncGenerator<{ page: Entry<T>[]; next: RecordKey | undefined }> {
  for (let seen = 0; seen < most;) {
    const page = await pageAfter<T>(records, from!);
    seen += page.length;
    from = page.at(-1)?.key ?? kinds[kinds.findIndex(([kind]) => kind === from![0]) + 1];
    yield { page, next: from };
    if (from === undefined) return;
  }
}

/** The page after a key, of its kind. A kind alone is the place before its first. */
async function pageAfter<T>(records: Records, from: RecordKey): Promise<Entry<T>[]> {
  const prefix = from.slice(0, 1);
  const [start, skipped] = from.length === 1 ? [undefined, 0] : [from, 1];
  const page = await Array.fromAsync(records.list<T>({ prefix, start, limit: AT_ONCE + skipped }));
  // The last one of the page before, unless it is gone.
  return page.filter(({ key }) => start === undefined || !isSameKey(key, start)).slice(0, AT_ONCE);
}

async function takeOver(records: Records, page: Entry<Ending>[]): Promise<void> {
  const isOfPieces = page[0]!.key[0] === piecePrefix()[0];
  if (isOfPieces) return await sweepPieces(records, page);
  const changes = page.map(changeFor);
  const all = {
    checks: changes.flatMap(({ checks }) => checks),
    sets: changes.flatMap(({ sets }) => sets),
  };
  if (await records.commit(all) !== null) return;
  // Which one it was is not said. Whoever has written it meanwhile has written its entry, too.
  for (const change of changes) await records.commit(change);
}

/** What is over gets one, too: the sweep knows when it may go. */
function changeFor({ key, value, version }: Entry<Ending>) {
  const { expires_at: end, pieces = 0, subject } = value;
  const entry = { key: endKey(key as TextKey, end), value: endEntry(pieces, subject) };
  return { checks: [{ key, version }], sets: [entry] };
}

/** A database may have forgotten a record before its pieces, or it was written over without them. */
async function sweepPieces(records: Records, page: Entry<unknown>[]): Promise<void> {
  for (const { key, version } of page) {
    const record = await records.get(key.slice(1, -1));
    if (record?.version === version) continue;
    // Of this version, and of no other: what is written meanwhile stays.
    await records.commit({ checks: [{ key, version }], deletes: [key] });
  }
}
