/**
 * What was stored before connections were counted is counted once.
 *
 * **Counting beside those who write.** First the counting gets a name: from then
 * on every new record counts in it, since its commit checks the name. Then all
 * records are gone through, and each that does not say that it belongs to this
 * counting is written again, saying so, under a check of its version and of the
 * counting's name, in one commit with its counters. So a record is counted once
 * or not at all, whoever else writes or counts at the same time; one that is
 * written meanwhile is looked at again; one that comes after the place where the
 * counting is was counted when it came.
 *
 * @module
 */

import type { Connection, ConnectionRef } from "../broker/core/connection.ts";
import type { ServicesOf } from "../broker/core/counts.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import { type ConnectionRecord, toConnection } from "./connection_records.ts";
import { changeOf, countedOf, countingAt, countingOf } from "./counted.ts";
import { deadAt } from "./dead_connections.ts";
import type { KeyRing } from "./key_ring.ts";
import {
  connectionPrefix,
  countedKey,
  countingKey,
  countPrefix,
  deadPrefix,
  piecePrefix,
  subjectPrefix,
  type TextKey,
} from "./keys.ts";
import { isSomebody, peopleChange } from "./people_count.ts";
import { type Entry, type RecordKey, type Records, together } from "./records.ts";
import { listSealers } from "./sealers.ts";

/** One run counts at most so many records; the next goes on there. */
export const COUNTED_IN_A_RUN = 20_000;
/** So many are read at a time. */
const PAGE = 50;
/** So many counters of earlier countings are deleted by one commit. */
const AT_ONCE = 200;

/** When everything was counted, or the key from which on it is not. */
export type HowFar = number | RecordKey;

/** What counting needs. `records`: the database itself, since the very box is written back. */
export interface Recount {
  records: Records;
  ring: KeyRing;
  servicesOf: ServicesOf;
}

/** Counts a part of it; resolves with whether all is counted. */
export async function recount(
  deps: Recount,
  now: number,
  most = COUNTED_IN_A_RUN,
): Promise<boolean> {
  const { records } = deps;
  const sealers = await listSealers(records, now);
  if (sealers.some(({ counts }) => !counts)) {
    const isBegun = await records.get(countingKey) !== null;
    if (isBegun) await records.commit({ deletes: [countingKey, countedKey] });
    return false;
  }
  const counting = await begun(records, now);
  const said = await records.get<HowFar>(countedKey);
  if (typeof said?.value === "number") return true;
  let from = said?.value;
  for (let seen = 0; seen < most;) {
    const page = await pageAfter(records, from);
    for (const entry of page) await countOne(deps, counting, entry);
    seen += page.length;
    from = page.at(-1)?.key;
    const isDone = from === undefined;
    if (isDone) await forgetOthers(records, counting.name);
    const value = from ?? now;
    // Of another counting this one says nothing.
    const checks = [counting.check];
    if (await records.commit({ checks, sets: [{ key: countedKey, value }] }) === null) return false;
    if (isDone) return true;
  }
  return false;
}

/** The counting that is under way, by its name. */
interface Begun {
  name: string;
  check: { key: RecordKey; version: string };
}

async function begun(records: Records, now: number): Promise<Begun> {
  for (;;) {
    const found = await records.get<string>(countingKey);
    if (found !== null) {
      const { key, version } = found;
      return { name: found.value, check: { key, version } };
    }
    const checks = [{ key: countingKey, version: null }];
    const sets = [{ key: countingKey, value: nameOf(now) }];
    await records.commit({ checks, sets, deletes: [countedKey] });
  }
}

/** None is called as another one was, whatever clocks do. */
function nameOf(now: number): string {
  return `${Math.floor(now).toString(36)}-${crypto.randomUUID().slice(0, 8)}`;
}

async function pageAfter(
  records: Records,
  from: RecordKey | undefined,
): Promise<Entry<ConnectionRecord>[]> {
  const skipped = from === undefined ? 0 : 1;
  const range = { prefix: connectionPrefix(), start: from, limit: PAGE + skipped };
  const page = await Array.fromAsync(records.list<ConnectionRecord>(range));
  // The last one of the page before, unless it is gone.
  const isLast = (key: RecordKey) => JSON.stringify(key) === JSON.stringify(from);
  return page.filter(({ key }) => !isLast(key)).slice(0, PAGE);
}

/** Until it is counted, or gone. */
async function countOne(
  { records, ring, servicesOf }: Recount,
  { name, check }: Begun,
  found: Entry<ConnectionRecord>,
): Promise<void> {
  const key = found.key as TextKey;
  const [, subject, provider, account] = key as [string, Subject, string, string];
  if (!isSomebody(subject)) return;
  const ref: ConnectionRef = { subject, provider, account };
  for (let entry: typeof found | null = found; entry !== null;) {
    const before = countingAt(entry.value);
    if (before?.in === name) return;
    const connection = await opened(records, ring, entry);
    const { status, updated_at: updatedAt, ended_at: endedAt } = entry.value;
    const clear = { status, updatedAt, endedAt, givenUpUntil: connection?.givenUpUntil };
    const services = connection === undefined ? before?.services : servicesOf(connection);
    const after = countingOf(clear, name, { services: services ?? [], before });
    const people = await peopleChange(records, { subject, counting: name, by: 1 });
    const counted = { ...entry.value, counted: countedOf(after) };
    const pieces = await piecesOf(records, entry);
    const moved = changeOf(ref, undefined, after);
    const done = await records.commit(together(
      { checks: [{ key, version: entry.version }, check] },
      { sets: [{ key, value: counted }, ...pieces], deletes: await othersOf(records, ref, name) },
      moved,
      people,
    ));
    if (done !== null) return;
    // Another counting has begun; whoever began it counts this one.
    if ((await records.get(countingKey))?.version !== check.version) return;
    entry = await records.get<ConnectionRecord>(key);
  }
}

/** As far as it can be opened. */
async function opened(
  records: Records,
  ring: KeyRing,
  entry: Entry<ConnectionRecord>,
): Promise<Connection | undefined> {
  try {
    return (await toConnection(records, ring, entry))?.value;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return undefined;
  }
}

/** Pieces have their record's version: what writes it writes them, too. */
async function piecesOf(records: Records, { key, version, value }: Entry<ConnectionRecord>) {
  if (value.pieces === undefined) return [];
  const range = { prefix: piecePrefix(...key as TextKey) };
  const all = await Array.fromAsync(records.list<Uint8Array>(range));
  return all.filter((piece) => piece.version === version)
    .map(({ key, value }) => ({ key, value }));
}

/** What earlier countings know of a subject. */
async function othersOf(
  records: Records,
  { subject }: ConnectionRef,
  name: string,
): Promise<RecordKey[]> {
  const all = await Array.fromAsync(records.list({ prefix: subjectPrefix(subject) }));
  return all.map(({ key }) => key).filter((key) => key.at(-1) !== name);
}

/** What earlier countings have left: no record says any more that it belongs to one. */
async function forgetOthers(records: Records, name: string): Promise<void> {
  const keys: RecordKey[] = [];
  for await (const { key } of records.list({ prefix: countPrefix() })) {
    if (key[1] !== name) keys.push(key);
  }
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    await records.commit({ deletes: keys.slice(at, at + AT_ONCE) });
  }
  for await (const { key, version } of records.list({ prefix: deadPrefix })) {
    if (await deadAt(records, key) !== undefined) continue;
    await records.commit({ checks: [{ key, version }], deletes: [key] });
  }
}
