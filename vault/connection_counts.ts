/**
 * What writes of connections do to the counters. A change of a record that is
 * there moves it from one counter to another, by what its version says, and
 * reads nothing. A new record and a deletion read how many their subject has.
 *
 * @module
 */

import type { Connection, ConnectionRef } from "../broker/core/connection.ts";
import { changeOf, type Counting, countingOf } from "./counted.ts";
import { countedKey, countingKey } from "./keys.ts";
import { isSomebody, LatestCounting, peopleChange } from "./people_count.ts";
import {
  type Change,
  type PartialChange,
  type RecordKey,
  type Records,
  together,
} from "./records.ts";

/** What a record was before. */
interface Before {
  /** `null`: there was none. */
  version: string | null;
  before: Counting | undefined;
  /** What the connection is for; `undefined`: as before. */
  services: string[] | undefined;
}

/** One write, with what it does to the counters. */
export interface CountedWrite {
  /** What the record counts as from then on; `undefined`: nowhere. */
  counting: Counting | undefined;
  /** Of the same commit. Its checks say by what it counts right. */
  change: Change;
}

const UNCOUNTED: CountedWrite = { counting: undefined, change: {} };

/** Of one process. */
export class ConnectionCounts {
  readonly #records: Records;
  readonly #latest: LatestCounting;

  constructor(records: Records) {
    this.#records = records;
    this.#latest = new LatestCounting(records);
  }

  /** A connection is written. */
  async putting(
    connection: Connection,
    { version, before, services }: Before,
  ): Promise<CountedWrite> {
    if (!isSomebody(connection.subject)) return UNCOUNTED;
    if (before !== undefined) {
      // It stays in its counting; a later one will come by.
      const after = countingOf(connection, before.in, { services, before });
      return { counting: after, change: changeOf(connection, before, after) };
    }
    if (version !== null) return await this.#uncounted();
    const { name, check } = await this.#latest.get();
    // A counting that begins at this moment would miss it.
    if (name === undefined) return { counting: undefined, change: { checks: [check] } };
    const after = countingOf(connection, name, { services });
    const { subject } = connection;
    const people = await peopleChange(this.#records, { subject, counting: name, by: 1 });
    return {
      counting: after,
      change: together({ checks: [check] }, changeOf(connection, undefined, after), people),
    };
  }

  /** A connection is deleted. */
  async deleting(ref: ConnectionRef, before: Counting | undefined): Promise<CountedWrite> {
    if (!isSomebody(ref.subject)) return UNCOUNTED;
    if (before === undefined) return await this.#uncounted();
    const change = { subject: ref.subject, counting: before.in, by: -1 };
    const people = await peopleChange(this.#records, change);
    return { counting: undefined, change: together(changeOf(ref, before, undefined), people) };
  }

  /** Whether a write that was not done can be tried again: what it counted by has changed. */
  async isOvertaken({ change: { checks = [] } }: CountedWrite): Promise<boolean> {
    for (const { key, version } of checks) {
      const isLatest = key === countingKey;
      if (isLatest && await this.#latest.hasChanged(version)) return true;
      if (!isLatest && ((await this.#records.get(key))?.version ?? null) !== version) return true;
    }
    return false;
  }

  /**
   * A record that is not counted, though there was one: it will be. Where all was counted before, an
   * older version has written it, and nobody knows what else: all is counted anew.
   */
  async #uncounted(): Promise<CountedWrite> {
    const said = await this.#records.get<number | RecordKey>(countedKey);
    return typeof said?.value === "number"
      ? { counting: undefined, change: { deletes: [countingKey, countedKey] } }
      : UNCOUNTED;
  }
}

/** What goes with connections of one subject that are deleted together. */
export async function uncounted(
  records: Records,
  all: { ref: ConnectionRef; counting: Counting | undefined }[],
): Promise<PartialChange> {
  const counted = all.flatMap(({ ref, counting }) =>
    counting === undefined ? [] : [{ ref, counting }]
  );
  const moved = counted.map(({ ref, counting }) => changeOf(ref, counting, undefined));
  const people = [...Map.groupBy(counted, ({ counting }) => counting.in)]
    .map(([counting, same]) =>
      peopleChange(records, { subject: same[0]!.ref.subject, counting, by: -same.length })
    );
  return together(...moved, ...await Promise.all(people));
}
