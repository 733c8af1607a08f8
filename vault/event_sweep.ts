/**
 * Removal of what is left of events that have ended: their places among those of
 * their realm, and what waited for a receiver that nobody serves any more. The
 * events themselves go by the index of ends.
 *
 * @module
 */

import { EVENT_KEPT_MS } from "../broker/core/events.ts";
import { MAX_CLOCK_SKEW_MS } from "../broker/core/clock.ts";
import type { FeedRecord } from "./event_outbox.ts";
import { feedPrefix, outboxPrefix, wakeKeys, wakePrefix } from "./keys.ts";
import type { RecordKey, Records } from "./records.ts";

/** One run takes at most so many of each; the next goes on. */
export const EVENTS_SWEPT = 10_000;
/** So many are deleted by one commit. */
const AT_ONCE = 50;

/** Reads what is over, one entry more of each realm and receiver, and nothing else. */
export async function forgetEvents(
  records: Records,
  now: number,
  most = EVENTS_SWEPT,
): Promise<void> {
  const until = now - EVENT_KEPT_MS - MAX_CLOCK_SKEW_MS;
  for await (const realm of namesBelow(records, feedPrefix())) {
    const some: RecordKey[] = [];
    const range = { prefix: feedPrefix(realm), limit: most };
    for await (const { key, value } of records.list<FeedRecord>(range)) {
      if (value.at > until) break;
      some.push(key);
      if (some.length === AT_ONCE) await records.commit({ deletes: some.splice(0) });
    }
    if (some.length > 0) await records.commit({ deletes: some });
  }
  for await (const receiver of namesBelow(records, wakePrefix())) {
    const prefix = wakePrefix(receiver);
    const range = { prefix, end: [...prefix, until], limit: most };
    for await (const { key, version } of records.list(range)) {
      const [, , at, lane] = key as unknown as [string, string, number, string];
      const waiting = await Array.fromAsync(
        records.list({ prefix: outboxPrefix(lane), limit: AT_ONCE }),
      );
      const isLast = waiting.length < AT_ONCE;
      await records.commit({
        checks: [{ key, version }],
        deletes: [
          ...waiting.map(({ key }) => key),
          ...(isLast ? wakeKeys(receiver, at, lane) : []),
        ],
      });
    }
  }
}

/** The names that stand second, each by one read. */
async function* namesBelow(records: Records, prefix: string[]): AsyncGenerator<string> {
  let start: RecordKey | undefined;
  for (;;) {
    const [first] = await Array.fromAsync(records.list({ prefix, start, limit: 1 }));
    if (first === undefined) return;
    const name = String(first.key[1]);
    yield name;
    // After all that begin with it: no name goes on with this character.
    start = [...prefix, `${name}\u0000`];
  }
}
