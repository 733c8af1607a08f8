/**
 * All connections that have to be connected again, read a page at a time.
 *
 * @module
 */

import {
  type CountStore,
  type DeadConnection,
  type DeadRange,
  LONGEST_DEAD_PAGE,
} from "../../broker/core/counts.ts";

/** The latest first. */
export async function* allDead(counts: CountStore): AsyncGenerator<DeadConnection> {
  const range: DeadRange = { limit: LONGEST_DEAD_PAGE };
  for (;;) {
    const { connections, next } = await counts.dead(range);
    yield* connections;
    if (next === undefined) return;
    range.before = next;
  }
}
