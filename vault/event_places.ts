/**
 * Places of events from a moment or a place on: they are found by halves,
 * however many there are.
 *
 * @module
 */

import { MAX_CLOCK_SKEW_MS } from "../broker/core/clock.ts";
import type { ReplayFrom } from "../broker/core/events.ts";
import type { FeedRecord } from "./event_outbox.ts";
import { feedKey, feedPrefix } from "./keys.ts";
import type { Range, Records } from "./records.ts";

/** An event's place, and whose it is. */
export interface Placed {
  realm: string;
  stamp: string;
  place: FeedRecord;
}

/** From there on, one more than is wanted. */
export async function placesFrom(
  records: Records,
  realm: string,
  from: ReplayFrom,
  limit: number,
): Promise<Placed[]> {
  const first = "after" in from ? `${from.after}0` : await stampSince(records, realm, from.since);
  if (first === undefined) return [];
  const found: Placed[] = [];
  const range = { prefix: feedPrefix(realm), start: feedKey(realm, first) };
  for await (const { key, value: place } of records.list<FeedRecord>(range)) {
    if ("since" in from && place.at < from.since) continue;
    found.push({ realm, stamp: String(key.at(-1)), place });
    if (found.length > limit) break;
  }
  return found;
}

/**
 * A place before which nothing happened since then; `undefined`: nothing did at all. Places have the
 * order of commits, which is that of their times but for what clocks differ by: it is found by
 * halves, however many there are.
 */
async function stampSince(
  records: Records,
  realm: string,
  since: number,
): Promise<string | undefined> {
  const wanted = since - MAX_CLOCK_SKEW_MS;
  const prefix = feedPrefix(realm);
  const at = async (range: Partial<Range>) => {
    for await (const entry of records.list<FeedRecord>({ ...range, prefix, limit: 1 })) {
      return { number: BigInt(`0x${entry.key.at(-1)}`), isOld: entry.value.at < wanted };
    }
    return undefined;
  };
  const [oldest, latest] = await Promise.all([at({}), at({ reverse: true })]);
  if (oldest === undefined || latest === undefined || latest.isOld) return undefined;
  let [low, high] = [oldest.isOld ? oldest.number : oldest.number - 1n, latest.number];
  while (high - low > 1n) {
    const middle = low + (high - low) / 2n;
    const found = await at({ start: feedKey(realm, stampOfNumber(middle)) });
    if (found?.isOld) low = found.number;
    else high = middle;
  }
  return stampOfNumber(high);
}

function stampOfNumber(number: bigint): string {
  return number.toString(16).padStart(20, "0");
}
