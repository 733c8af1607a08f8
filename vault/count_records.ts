/**
 * The counters of connections, read, and what was stored before there were any,
 * counted once.
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
import {
  type ConnectionCount,
  type CountStore,
  type DeadConnection,
  type DeadPage,
  LONGEST_DEAD_PAGE,
  type ServicesOf,
} from "../broker/core/counts.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { type ConnectionRecord, toConnection } from "./connection_records.ts";
import { changeOf, countedOf, countingAt, countingOf } from "./counted.ts";
import type { KeyRing } from "./key_ring.ts";
import {
  connectionKey,
  connectionPrefix,
  countedKey,
  countingKey,
  countPrefix,
  deadPrefix,
  peopleKey,
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
/** Characters: of the longest key, with room. */
const LONGEST_PLACE = 10_000;
/** So many counters of earlier countings are deleted by one commit. */
const AT_ONCE = 200;

/** When everything was counted, or the key from which on it is not. */
type HowFar = number | RecordKey;
type CountKey = [
  kind: string,
  counting: string,
  of: string,
  provider: string,
  state: ConnectionCount["state"],
  service?: string,
];
type DeadKey = [kind: string, at: number, Subject, provider: string, account: string];

/**
 * {@linkcode CountStore} on {@linkcode Records}: the database itself. What is written back is the very
 * box that was there.
 */
export function createCountStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): CountStore {
  return {
    async read() {
      const name = (await records.get<string>(countingKey))?.value;
      if (name === undefined) return { isWhole: false, people: 0, connections: [] };
      const connections: ConnectionCount[] = [];
      const prefix = countPrefix(name, "connections");
      for await (const { key, value: count } of records.list<number>({ prefix })) {
        const [, , , provider, state, service] = key as unknown as CountKey;
        if (count > 0) connections.push({ provider, service, state, count });
      }
      const people = (await records.get<number>(peopleKey(name)))?.value ?? 0;
      const said = await records.get<HowFar>(countedKey);
      return { isWhole: typeof said?.value === "number", people, connections };
    },
    dead: (range) => readDead(records, range),
    recount: (servicesOf, most = COUNTED_IN_A_RUN) =>
      recount({ records, ring, servicesOf }, clock.now(), most),
  };
}

/** An entry that was left behind counts for nothing: the record says what is true. */
async function readDead(
  records: Records,
  { limit: wanted, before }: { limit: number; before?: string | undefined },
): Promise<DeadPage> {
  const limit = Math.max(1, Math.min(wanted, LONGEST_DEAD_PAGE));
  const end = placeOf(before);
  const range = { prefix: deadPrefix, end, limit: limit + 1, reverse: true };
  const found = await Array.fromAsync(records.list(range));
  const page = found.slice(0, limit);
  const connections = await Promise.all(page.map(({ key }) => deadAt(records, key)));
  const last = page.at(-1);
  const isMore = found.length > limit;
  return {
    connections: connections.filter((each) => each !== undefined),
    ...(isMore ? { next: textOf(last!.key) } : {}),
  };
}

/** What an entry says, if its connection still says so, too. */
async function deadAt(records: Records, key: RecordKey): Promise<DeadConnection | undefined> {
  const [, at, subject, provider, account] = key as unknown as DeadKey;
  const ref = { subject, provider, account };
  const entry = await records.get<ConnectionRecord>(connectionKey(ref));
  const { dead, services = [] } = entry?.value.counted ?? {};
  return dead?.at === at ? { ...ref, at, reason: dead.why, services } : undefined;
}

/** Letters, digits, `_`, `-` and `.`: it stands in addresses. */
function textOf(key: RecordKey): string {
  const text = btoa(encodeURIComponent(JSON.stringify(key.slice(deadPrefix.length))));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ".");
}

/** A text that came from outside. */
function placeOf(text: string | undefined): RecordKey | undefined {
  if (text === undefined || text.length > LONGEST_PLACE) return undefined;
  const coded = text.replaceAll("-", "+").replaceAll("_", "/").replaceAll(".", "=");
  try {
    const parts: unknown = JSON.parse(decodeURIComponent(atob(coded)));
    const isPlace = Array.isArray(parts) && parts.length === 4 && typeof parts[0] === "number" &&
      parts.slice(1).every((part) => typeof part === "string");
    return isPlace ? [...deadPrefix, ...parts as [number, string, string, string]] : undefined;
  } catch {
    return undefined;
  }
}

interface Recount {
  records: Records;
  ring: KeyRing;
  servicesOf: ServicesOf;
}

async function recount(deps: Recount, now: number, most: number): Promise<boolean> {
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
