/**
 * What another process wrote of a limit, by the clock here. Clocks differ, by
 * minutes where one is wrong: then what another counted looks as if it had ended
 * long ago, or would later than it does. What is certain is used against that:
 * nothing was written after it was read, nor before what it replaced.
 *
 * @module
 */

import type { LimitRecord } from "./limits.ts";

/** Processes whose clocks are known. */
const MOST_KNOWN = 64;

/** How far a clock is ahead of the one here, at least and at most, in ms; behind is below 0. */
type Ahead = [least: number, most: number];

/** The clocks of others, as far as this process knows. */
export class LimitClock {
  readonly #ahead = new Map<string, Ahead>();

  /**
   * What was read just now, in times of the clock here. `seenAt`: when what it replaced stood there
   * still; absent: that is not known.
   */
  ownTimes(record: LimitRecord, now: number, seenAt = -Infinity): LimitRecord {
    const { at, by } = record;
    const [least, most] = this.#learn(by, [at - now, at - seenAt]);
    // As near to the clock here as it can be: most often they are the same.
    const ahead = Math.min(Math.max(0, least), most);
    const wrote = Math.max(seenAt, Math.min(now, at - ahead));
    const shift = wrote - at;
    if (shift === 0) return record;
    return {
      at: wrote,
      by,
      parts: record.parts.map(([first, last, units]) => [first + shift, last + shift, units]),
      leases: record.leases.map(([of, units, until]) => [of, units, until + shift]),
    };
  }

  #learn(process: string, [least, most]: Ahead): Ahead {
    const known = this.#ahead.get(process);
    const both: Ahead = known === undefined
      ? [least, most]
      : [Math.max(least, known[0]), Math.min(most, known[1])];
    // One of the clocks was set: what was known of it is over.
    const ahead: Ahead = both[0] <= both[1] ? both : [least, most];
    this.#ahead.delete(process);
    if (this.#ahead.size >= MOST_KNOWN) this.#ahead.delete(this.#ahead.keys().next().value!);
    this.#ahead.set(process, ahead);
    return ahead;
  }
}
