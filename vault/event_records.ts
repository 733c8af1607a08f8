/**
 * Events, and what waits to be sent of them.
 *
 * Every step of a delivery is one commit under a check of its lane's lease, so
 * that whoever lost it notes nothing. A lane that has something waiting has a
 * wake as well, which goes only once nothing waits: whatever dies in between,
 * somebody comes by.
 *
 * @module
 */

import type {
  Delivery,
  EventStore,
  Happened,
  KeptEvent,
  ReceiverState,
  Wake,
} from "../broker/core/events.ts";
import { sideBySide } from "../broker/core/side_by_side.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { DeliveryRecord, EventOutbox, EventRecord, FeedRecord } from "./event_outbox.ts";
import { placesFrom } from "./event_places.ts";
import type { KeyRing } from "./key_ring.ts";
import {
  endKey,
  eventKey,
  feedKey,
  feedPrefix,
  laneKey,
  outboxPrefix,
  receiverKey,
  wakeKey,
  wakeKeys,
  wakePrefix,
} from "./keys.ts";
import { opened } from "./pieces.ts";
import type { Change, Entry, RecordKey, Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface LaneRecord {
  owner: string;
  until: number;
}

/** The stored value; see SCHEMA.md. */
interface ReceiverRecord {
  v: 1;
  state: ReceiverState;
}

/** So many people's events are sent once more at a time. */
const AT_ONCE = 8;

/** A lease that nobody gave back is swept away after this. */
const KEEP_MS = 60 * 60_000;

/** {@linkcode EventStore} on {@linkcode Records}. */
export function createEventStore(
  records: Records,
  ring: KeyRing,
  outbox: EventOutbox,
): EventStore {
  async function kept(lane: string, id: string): Promise<KeptEvent | null> {
    const entry = await records.get<EventRecord>(eventKey(lane, id));
    try {
      const found = entry && await opened(records, ring, entry);
      return found && {
        ...found.plain as Happened,
        id,
        stamp: stampOf(found.entry),
        delivery: toDelivery(found.entry.value.delivery),
      };
    } catch (error) {
      // Its key is gone, and it hides nothing but itself.
      if (error instanceof VaultError) return null;
      throw error;
    }
  }

  async function keptOf(page: Entry<FeedRecord>[]): Promise<KeptEvent[]> {
    const all = await Promise.all(page.map(({ value: { lane, id } }) => kept(lane, id)));
    return all.filter((event) => event !== null);
  }

  /** Has it wait after all of its lane that wait. One that waits keeps its place, and comes once. */
  async function sendOnce(
    realm: string,
    { lane, id }: FeedRecord,
    now: number,
  ): Promise<boolean> {
    const receiver = outbox.listener?.receiverOf(realm);
    if (receiver === undefined) return false;
    for (;;) {
      const entry = await records.get<EventRecord>(eventKey(lane, id));
      if (entry === null) return false;
      const { delivery, ...value } = entry.value;
      // What was delivered or given up waits no more.
      const isWaiting = (delivery === undefined || delivery.state === "failing") &&
        await firstOf(records, lane, id) !== null;
      const done = await records.commit(withWaiting(rewritten(entry, value), {
        ...{ lane, id, isWaiting },
        wakes: wakeKeys(receiver, now, lane),
      }));
      if (done === null) continue;
      outbox.written({ change: {}, receiver });
      return true;
    }
  }

  return {
    // deno-lint-ignore require-await -- as all operations of a store
    async listen(listener) {
      outbox.listener = listener;
    },
    async read({ realm, after, limit }) {
      const start = after === undefined ? undefined : feedKey(realm, `${after}0`);
      const range = { prefix: feedPrefix(realm), start, limit: limit + 1 };
      const page = await Array.fromAsync(records.list<FeedRecord>(range));
      const shown = page.slice(0, limit);
      const last = shown.at(-1);
      return {
        events: await keptOf(shown),
        cursor: last === undefined ? after : String(last.key.at(-1)),
        hasMore: page.length > limit,
      };
    },
    async latest(realm, limit) {
      const range = { prefix: feedPrefix(realm), limit, reverse: true };
      return await keptOf(await Array.fromAsync(records.list<FeedRecord>(range)));
    },
    async waits(receiver, until) {
      const range = { prefix: wakePrefix(receiver), end: [...wakePrefix(receiver), until + 1] };
      for await (const _ of records.list({ ...range, limit: 1 })) return true;
      return false;
    },
    async waiting(realm, most) {
      // All lanes of a realm begin with its name.
      const [start, end] = [outboxPrefix(`${realm}:`), outboxPrefix(`${realm};`)];
      let count = 0;
      for await (const _ of records.list({ prefix: outboxPrefix(), start, end, limit: most })) {
        count += 1;
      }
      return count;
    },
    async due(receiver, until, limit, after) {
      const found: Wake[] = [];
      const prefix = wakePrefix(receiver);
      const start = after && wakeKey(receiver, after.at, after.lane);
      const range = { prefix, start, end: [...prefix, until + 1], limit: limit + 1 };
      for await (const { key, version } of records.list(range)) {
        const [, , at, lane] = key as unknown as [string, string, number, string];
        const isSame = after !== undefined && at === after.at && lane === after.lane;
        if (found.length < limit && !isSame) found.push({ receiver, at, lane, version });
      }
      return found;
    },
    async takeLane(lane, owner, { now, until }) {
      const key = laneKey(lane);
      const entry = await records.get<LaneRecord>(key);
      if (entry !== null && entry.value.until > now && entry.value.until <= now + KEEP_MS) {
        return null;
      }
      const version = await records.commit({
        checks: [{ key, version: entry?.version ?? null }],
        sets: [{ key, value: { owner, until } satisfies LaneRecord, expireIn: KEEP_MS }],
      });
      return version === null ? null : { lane, owner, version };
    },
    async head(lane) {
      for await (
        const { key, value, version } of records.list<string>({ prefix: outboxPrefix(lane) })
      ) {
        const event = await kept(lane, value);
        if (event !== null) return event;
        // It has ended meanwhile, or nobody can open it.
        await records.commit({ checks: [{ key, version }], deletes: [key] });
      }
      return null;
    },
    async attempted(lease, event, delivery, until) {
      const { lane, owner } = lease;
      const key = laneKey(lane);
      for (;;) {
        const entry = await records.get<EventRecord>(eventKey(lane, event.id));
        const waiting = await firstOf(records, lane, event.id);
        const change = entry === null ? {} : rewritten(entry, {
          ...entry.value,
          delivery: toRecord(delivery),
        });
        const isOver = delivery.state !== "failing";
        const version = await records.commit({
          checks: [{ key, version: lease.version }, ...change.checks ?? []],
          sets: [
            { key, value: { owner, until } satisfies LaneRecord, expireIn: KEEP_MS },
            ...change.sets ?? [],
          ],
          deletes: isOver && waiting !== null ? [waiting.key] : [],
        });
        if (version !== null) return { lane, owner, version };
        if ((await records.get(key))?.version !== lease.version) return null;
      }
    },
    async leave({ lane, version }, seen, again) {
      const key = laneKey(lane);
      const sets = again === undefined
        ? []
        : wakeKeys(again.receiver, again.at, lane).map((key) => ({ key, value: 1 }));
      const checks = [{ key, version }];
      if (await records.commit({ checks, sets, deletes: [key] }) === null) return;
      for (const { receiver, at, version } of seen) {
        const wakes = wakeKeys(receiver, at, lane);
        // One that was written again meanwhile says that something came.
        if (again?.at === at) continue;
        await records.commit({ checks: [{ key: wakes[0], version }], deletes: wakes });
      }
    },
    async receiver(name) {
      const entry = await records.get<ReceiverRecord>(receiverKey(name));
      return entry && { state: entry.value.state, version: entry.version };
    },
    async putReceiver(name, state, version) {
      const key = receiverKey(name);
      const value: ReceiverRecord = { v: 1, state };
      return await records.commit({ checks: [{ key, version }], sets: [{ key, value }] }) !== null;
    },
    async sendAgain({ stamp }, realm, now) {
      const found = await records.get<FeedRecord>(feedKey(realm, stamp));
      return found !== null && await sendOnce(realm, found.value, now);
    },
    async replay(realms, from, limit, now) {
      const pages = await Promise.all(
        realms.map((realm) => placesFrom(records, realm, from, limit)),
      );
      // Places are of the whole database: one cursor goes for all realms.
      const all = pages.flat().toSorted((a, b) => a.stamp < b.stamp ? -1 : 1);
      const some = all.slice(0, limit);
      let count = 0;
      // Each person's in their order; a hundred people wait for no one.
      const lanes = Map.groupBy(some, ({ place }) => place.lane);
      await sideBySide(lanes.values(), AT_ONCE, async (lane) => {
        for (const { realm, place } of lane) {
          if (await sendOnce(realm, place, now)) count += 1;
        }
      });
      return { count, next: all.length > limit ? some.at(-1)?.stamp : undefined };
    },
  };
}

/** The first place at which an event of a lane waits. */
async function firstOf(
  records: Records,
  lane: string,
  id: string,
): Promise<Entry<string> | null> {
  for await (const entry of records.list<string>({ prefix: outboxPrefix(lane) })) {
    if (entry.value === id) return entry;
  }
  return null;
}

/** The change that writes an event's record again, box and all; its place goes with it. */
function rewritten(entry: Entry<EventRecord>, value: EventRecord): Change {
  const { key, version } = entry;
  const end = endKey(key as string[], value.expires_at);
  return {
    checks: [{ key, version }],
    sets: [
      { key, value: { ...value, stamp: stampOf(entry) } },
      // Its entry in the index of ends has its version.
      { key: end, value: 0 },
    ],
  };
}

function withWaiting(
  change: Change,
  { lane, id, wakes, isWaiting }: {
    lane: string;
    id: string;
    wakes: RecordKey[];
    isWaiting: boolean;
  },
): Change {
  return {
    ...change,
    sets: [...change.sets ?? [], ...wakes.map((key) => ({ key, value: 1 }))],
    stamped: isWaiting ? [] : [{ prefix: outboxPrefix(lane), value: id }],
  };
}

/** The place of an event among those of its realm. */
export function stampOf({ value, version }: Entry<EventRecord>): string {
  return value.stamp ?? version;
}

function toDelivery(record: DeliveryRecord | undefined): Delivery | undefined {
  if (record === undefined) return undefined;
  const { first_at: firstAt, next_at: nextAt, ...rest } = record;
  return { ...rest, firstAt, nextAt };
}

function toRecord({ firstAt, nextAt, ...rest }: Delivery): DeliveryRecord {
  return { ...rest, first_at: firstAt, next_at: nextAt };
}
