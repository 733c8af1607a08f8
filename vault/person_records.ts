/**
 * All records of one person, whatever kind they are of: what stands under the
 * subject, and what the index of what is whose names.
 *
 * @module
 */

import type { ConnectionRef } from "../broker/core/connection.ts";
import type { Session } from "../broker/core/grant.ts";
import {
  CLOSED_MS,
  type Counts,
  type PersonStore,
  sum,
  type Tombstone,
  TOMBSTONE_MS,
} from "../broker/core/person_store.ts";
import { unique } from "../broker/core/lists.ts";
import type { ImportedFor } from "../broker/core/store.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import { partsOf, type Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { closeSubject } from "./closed_subjects.ts";
import { uncounted } from "./connection_counts.ts";
import type { ConnectionRecord } from "./connection_records.ts";
import { type Counting, countingAt } from "./counted.ts";
import type { EventRecord } from "./event_outbox.ts";
import { stampOf } from "./event_records.ts";
import type { KeyRing } from "./key_ring.ts";
import {
  accessKinds,
  accountKey,
  endKey,
  feedKey,
  keyOfOwned,
  kindsOf,
  lastKinds,
  ofSubjectPrefix,
  ownedPrefix,
  piecePrefix,
  type prefixes,
  type TextKey,
  tombstoneKey,
} from "./keys.ts";
import { indexOwnedOf } from "./owned_index.ts";
import { type CutBox, FORGOTTEN_AFTER_MS, keysOf, opened, versionOf } from "./pieces.ts";
import { type Change, type Entry, type RecordKey, type Records, together } from "./records.ts";

/** Where records of a kind are found. */
interface Kind {
  whose: "subject" | "named";
  name: (typeof prefixes)[number];
  prefix(subject: Subject): TextKey;
}

const HELD = "connections";
const EVENTS = "events";

const KINDS: Kind[] = [
  ...kindsOf("named").map((name): Kind => ({
    ...{ whose: "named", name },
    prefix: (subject) => ownedPrefix(subject, name),
  })),
  // An import that is held for somebody stands under a subject of its own.
  { whose: "named", name: HELD, prefix: (subject) => ownedPrefix(subject, HELD) },
  ...kindsOf("subject").map((name): Kind => ({
    ...{ whose: "subject", name },
    prefix: (subject) => ofSubjectPrefix(name, subject),
  })),
];

/** So many are deleted by one commit, which takes no more than 100 checks. */
const AT_ONCE = 25;

/** The stored value; see SCHEMA.md. */
interface TombstoneRecord extends Tombstone {
  v: 1;
  expires_at: number;
}

/** {@linkcode PersonStore} on {@linkcode Records}. */
export function createPersonStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): PersonStore {
  return {
    close: (subject, until) => closeSubject(records, ring, clock, { subject, until }),
    async count(subject) {
      await indexOwnedOf(records, ring, subject);
      const counts: Counts = {};
      for (const kind of KINDS) {
        for await (const _ of entriesOf(records, kind, subject)) {
          counts[kind.name] = (counts[kind.name] ?? 0) + 1;
        }
      }
      return counts;
    },
    async sessions(subject) {
      await indexOwnedOf(records, ring, subject);
      const sessions: Session[] = [];
      for await (const { key } of records.list({ prefix: ownedPrefix(subject, "sessions") })) {
        const session = await openedAt<Session>(records, ring, keyOfOwned(key));
        if (session?.subject === subject) sessions.push(session);
      }
      return sessions;
    },
    async held(subject) {
      const held: Subject[] = [];
      for await (const { key } of records.list({ prefix: ownedPrefix(subject, HELD) })) {
        held.push(refOf(keyOfOwned(key)).subject);
      }
      // Its connection may be gone, and what stood beside it not yet.
      for await (const { key } of records.list({ prefix: ownedPrefix(subject, "imports") })) {
        const found = await openedAt<ImportedFor>(records, ring, keyOfOwned(key));
        if (found?.subject === subject && found.held !== undefined) held.push(found.held);
      }
      return unique(held);
    },
    async remove(subject, part) {
      await indexOwnedOf(records, ring, subject);
      const isLast = ({ name }: Kind) => lastKinds.includes(name);
      const kinds = part === "access"
        ? KINDS.filter(({ name }) => accessKinds.includes(name))
        : [...KINDS.filter((kind) => !isLast(kind)), ...KINDS.filter(isLast)];
      const counts: Counts = {};
      for (const kind of kinds) {
        const removed = await removeKind(records, subject, kind);
        if (removed > 0) counts[kind.name] = (counts[kind.name] ?? 0) + removed;
      }
      return counts;
    },
    bury: (subject, tombstone) => bury(records, ring, clock, { subject, tombstone }),
  };
}

/** Of a kind of which a person has one record it stands at the very place that others stand below. */
async function* entriesOf(
  records: Records,
  kind: Kind,
  subject: Subject,
  limit?: number,
): AsyncGenerator<Entry<CutBox>> {
  const prefix = kind.prefix(subject);
  const only = kind.whose === "subject" ? await records.get<CutBox>(prefix) : null;
  if (only !== null) yield only;
  yield* records.list<CutBox>({ prefix, limit });
}

/** What cannot be opened says nothing. */
async function openedAt<T>(
  records: Records,
  ring: KeyRing,
  key: RecordKey,
): Promise<T | undefined> {
  const entry = await records.get<CutBox>(key);
  try {
    return entry === null
      ? undefined
      : (await opened(records, ring, entry))?.plain as T | undefined;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return undefined;
  }
}

/** Until none is found: of somebody who is closed none is added, and what was there is gone then. */
async function removeKind(records: Records, subject: Subject, kind: Kind): Promise<number> {
  let count = 0;
  for (;;) {
    const page = await Array.fromAsync(entriesOf(records, kind, subject, AT_ONCE));
    if (page.length === 0) break;
    const removals = await Promise.all(
      page.map((entry) => removalOf(records, subject, kind, entry)),
    );
    count += await commitAll(records, removals);
  }
  // Of records that were written over unread.
  for await (const { key } of records.list({ prefix: piecePrefix(kind.name, subject) })) {
    await records.commit({ deletes: [key] });
  }
  return count;
}

interface Removal {
  checks: NonNullable<Change["checks"]>;
  deletes: RecordKey[];
  isRecord: boolean;
  /** Of a connection: which one, and as what it is counted. */
  counted?: { ref: ConnectionRef; counting: Counting | undefined } | undefined;
}

async function removalOf(
  records: Records,
  subject: Subject,
  { whose }: Kind,
  found: Entry<CutBox>,
): Promise<Removal> {
  if (whose === "subject") return removalOfRecord(found, []);
  const key = keyOfOwned(found.key);
  const entry = await records.get<CutBox>(key);
  const { subject: named } = entry?.value ?? {};
  // An entry that was left behind: the record is gone, or has become somebody else's.
  if (entry === null || (named !== undefined && named !== subject)) {
    const checks = [{ key, version: entry?.version ?? null }];
    return { checks, deletes: [found.key], isRecord: false };
  }
  return removalOfRecord(entry, [found.key]);
}

function removalOfRecord(entry: Entry<CutBox>, also: RecordKey[]): Removal {
  const { key, version } = entry;
  const index = key[0] === HELD
    ? [accountKey(refOf(key))]
    : key[0] === EVENTS
    ? [feedKey(partsOf(key[1] as Subject).realm, stampOf(entry as Entry<EventRecord>))]
    : [];
  const deletes = [...keysOf(key as TextKey, versionOf(entry)), ...index, ...also];
  const counting = countingAt(entry.value as CutBox & ConnectionRecord);
  const counted = key[0] === HELD ? { ref: refOf(key), counting } : undefined;
  return { checks: [{ key, version }], deletes, isRecord: true, counted };
}

/** How many records went. What somebody has changed meanwhile stays, and is found again. */
async function commitAll(records: Records, removals: Removal[]): Promise<number> {
  const commit = async (some: Removal[]) => {
    const counts = await uncounted(records, some.flatMap(({ counted }) => counted ?? []));
    const change = some.map(({ checks, deletes }) => ({ checks, deletes }));
    return await records.commit(together(...change, counts)) !== null;
  };
  if (await commit(removals)) return removals.filter(({ isRecord }) => isRecord).length;
  let count = 0;
  for (const removal of removals) if (await commit([removal]) && removal.isRecord) count += 1;
  return count;
}

function refOf(key: RecordKey): ConnectionRef {
  const [, subject, provider, account] = key as [string, Subject, string, string];
  return { subject, provider, account };
}

async function bury(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
  { subject, tombstone: { at, removed } }: { subject: Subject; tombstone: Tombstone },
): Promise<void> {
  const keys = (await ring.pseudonyms(subject)).map(tombstoneKey);
  const end = at + TOMBSTONE_MS;
  const expireIn = Math.max(1, Math.ceil(end - clock.now())) + FORGOTTEN_AFTER_MS;
  for (;;) {
    const found = await Promise.all(keys.map((key) => records.get<TombstoneRecord>(key)));
    // Under a key of the ring that came first then.
    const before = found.find((entry) => entry !== null);
    const key = before?.key as TextKey | undefined ?? keys[0]!;
    // Of the same deletion, cut off and done again, or done twice at once.
    const isSame = before !== undefined && Math.abs(at - before.value.at) < CLOSED_MS;
    const all = isSame ? sum(before.value.removed, removed) : removed;
    const value: TombstoneRecord = { v: 1, at, removed: all, expires_at: end };
    const done = await records.commit({
      checks: [{ key, version: before?.version ?? null }],
      sets: [{ key, value, expireIn }, { key: endKey(key, end), value: 0 }],
      deletes: before === undefined || before.value.expires_at === end
        ? []
        : [endKey(key, before.value.expires_at)],
    });
    if (done !== null) return;
  }
}
