/**
 * Removal of what has ended, by the index of ends: a database's own expiry is
 * only the earliest deletion.
 *
 * @module
 */

import { unique } from "../broker/core/lists.ts";
import type { Ending } from "./end_index.ts";
import { endKey, endPrefix, ownedKey, sealerPrefix, type TextKey } from "./keys.ts";
import { type EndEntry, ofEndEntry, piecesFrom } from "./pieces.ts";
import type { Entry, RecordKey, Records } from "./records.ts";

/** One run deletes at most so many; the next goes on. */
export const SWEPT_IN_A_RUN = 50_000;
/** So many entries are read at a time. */
const PAGE = 200;
/** And so many records deleted: KV takes no more than 100 checks. */
const AT_ONCE = 50;

/** How a run goes about it. */
export interface SweepOptions {
  /** @default SWEPT_IN_A_RUN */
  most?: number | undefined;
  /** From 0 to 1, as `Math.random`: where in a backlog it looks next. @default 0, the oldest */
  random?: (() => number) | undefined;
}

/**
 * Deletes what ended by `until`, and what processes left that were killed; resolves with how many
 * entries it was about. Nothing is read of what has not ended.
 *
 * Several processes may do it at once: each deletion is checked. In a backlog each goes to a
 * random place after its first page, so that they seldom meet. Whoever is cut off loses nothing.
 */
export async function sweepExpired(
  records: Records,
  until: number,
  { most = SWEPT_IN_A_RUN, random = () => 0 }: SweepOptions = {},
): Promise<number> {
  await sweepSealers(records, until);
  const range = { prefix: endPrefix, end: [...endPrefix, until + 1] };
  let start: RecordKey | undefined;
  for (let done = 0;;) {
    const limit = Math.min(PAGE, most - done);
    const page = await Array.fromAsync(records.list<EndEntry>({ ...range, start, limit }));
    const over = page.filter((entry) => timeOf(entry) <= until);
    for (let at = 0; at < over.length; at += AT_ONCE) {
      await removeAll(records, until, over.slice(at, at + AT_ONCE));
    }
    done += page.length;
    const isBacklog = page.length === limit;
    if (done >= most || !isBacklog && start === undefined) return done;
    const oldest = isBacklog ? timeOf(page[0]!) : until;
    start = isBacklog ? [...endPrefix, oldest + random() * (until - oldest)] : undefined;
  }
}

/** An announcement is no record of the vault; there is one for each process. */
async function sweepSealers(records: Records, until: number): Promise<void> {
  for await (const { key, value, version } of records.list<Ending>({ prefix: sealerPrefix })) {
    if (value.expires_at > until) continue;
    await records.commit({ checks: [{ key, version }], deletes: [key] });
  }
}

/** Entries and their records, by the versions that they have in common. */
async function removeAll(records: Records, until: number, some: Entry<EndEntry>[]): Promise<void> {
  const checks = some.map((entry) => ({ key: recordOf(entry), version: entry.version }));
  const deletes = some.flatMap((entry) => {
    const key = recordOf(entry);
    const { pieces, owner } = ofEndEntry(entry.value);
    const owned = owner === undefined ? [] : [ownedKey(owner, key)];
    return [key, ...piecesFrom(key, 1, pieces), ...owned, entry.key];
  });
  if (some.length === 0 || await records.commit({ checks, deletes }) !== null) return;
  // Another process was here, or an entry was left behind. Which one it was is not said.
  for (const entry of some) await removeOne(records, until, entry);
}

/** By the record as it is. What is changed at this moment is left to the next run. */
async function removeOne(records: Records, until: number, entry: Entry<EndEntry>): Promise<void> {
  const key = recordOf(entry);
  const record = await records.get<Ending>(key);
  const checks = [{ key, version: record?.version ?? null }];
  const { pieces = 0, expires_at: end = Infinity, subject } = record?.value ??
    {} as Partial<Ending>;
  const isOver = record !== null && end <= until;
  // Of a record that lives, or that a database has forgotten, what the entry knows of goes alone.
  const kept = record === null || isOver ? 0 : pieces;
  const known = ofEndEntry(entry.value);
  const rest = piecesFrom(key, kept + 1, Math.max(known.pieces, isOver ? pieces : 0));
  const lives = record !== null && !isOver;
  const owned = unique([known.owner, subject])
    // Of one that lives, and is the same person's, the entry in that index is its own.
    .filter((owner) => owner !== undefined && !(lives && owner === subject))
    .map((owner) => ownedKey(owner!, key));
  const deletes = [entry.key, ...rest, ...owned, ...(isOver ? [key, endKey(key, end)] : [])];
  await records.commit({ checks, deletes });
}

function timeOf({ key }: Entry<EndEntry>): number {
  return key[endPrefix.length] as number;
}

function recordOf({ key }: Entry<EndEntry>): TextKey {
  return key.slice(endPrefix.length + 1) as TextKey;
}
