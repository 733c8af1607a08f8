/**
 * What is counted by the hour: one counter for each figure, in clear, and of
 * nobody in particular. A counter of the database has no end of its own, so
 * housekeeping deletes what is too old.
 *
 * @module
 */

import {
  type FigureStore,
  type FigureSum,
  HOUR_MS,
  hourOf,
  HOURS_SHOWN,
} from "../broker/core/counts.ts";
import { figureKey, figurePrefix } from "./keys.ts";
import type { Records } from "./records.ts";

/** Counters of one commit. */
const AT_ONCE = 200;
/** So many are deleted in a round of housekeeping; the next goes on. */
const FORGOTTEN_IN_A_RUN = 10_000;

type FigureKey = [kind: string, hour: number, provider: string, figure: FigureSum["figure"]];

/** {@linkcode FigureStore} on {@linkcode Records}. */
export function createFigureStore(records: Records): FigureStore {
  return {
    async add(sums) {
      for (let at = 0; at < sums.length; at += AT_ONCE) {
        await records.commit({
          sums: sums.slice(at, at + AT_ONCE).map(({ hour, provider, figure, by }) => ({
            key: figureKey(hour, provider, figure),
            by,
          })),
        });
      }
    },
    async since(from) {
      const found: FigureSum[] = [];
      const range = { prefix: figurePrefix, start: [...figurePrefix, from], end: undefined };
      for await (const { key, value: by } of records.list<number>(range)) {
        const [, hour, provider, figure] = key as unknown as FigureKey;
        found.push({ hour, provider, figure, by });
      }
      return found;
    },
  };
}

/** Deletes figures of hours that nobody is shown any more. */
export async function forgetFigures(records: Records, now: number): Promise<void> {
  const end = [...figurePrefix, hourOf(now) - (HOURS_SHOWN - 1) * HOUR_MS];
  const range = { prefix: figurePrefix, end, limit: FORGOTTEN_IN_A_RUN };
  const keys = (await Array.fromAsync(records.list(range))).map(({ key }) => key);
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    await records.commit({ deletes: keys.slice(at, at + AT_ONCE) });
  }
}
