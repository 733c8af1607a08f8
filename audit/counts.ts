/**
 * Numbers for an operator: what is counted with the records, and the figures of
 * the last hours. Pure but for what the store is asked.
 *
 * @module
 */

import type { Figure } from "../broker/core/activity.ts";
import {
  type CountsReader,
  type CountStore,
  type FigureStore,
  type FigureSum,
  HOUR_MS,
  type HourFigures,
  hourOf,
  HOURS_SHOWN,
} from "../broker/core/counts.ts";
import type { World } from "../broker/core/world.ts";

/** What reading needs. */
export interface CountsDeps {
  store: { counts: CountStore; figures: FigureStore };
  world: Pick<World, "now">;
}

/** A reader of all of it. */
export function createCountsReader({ store, world }: CountsDeps): CountsReader {
  return {
    async read() {
      const first = hourOf(world.now()) - (HOURS_SHOWN - 1) * HOUR_MS;
      const [counts, sums] = await Promise.all([
        store.counts.read(),
        store.figures.since(first),
      ]);
      return { ...counts, hours: hoursOf(sums) };
    },
    dead: (range) => store.counts.dead(range),
  };
}

/** By hour and provider, the latest hour first. */
export function hoursOf(sums: FigureSum[]): HourFigures[] {
  const all = Map.groupBy(sums, ({ hour, provider }) => JSON.stringify([hour, provider]));
  const hours = [...all.values()].map((same): HourFigures => {
    const { hour, provider } = same[0]!;
    const of = (wanted: Figure) =>
      same.filter(({ figure }) => figure === wanted).reduce((sum, { by }) => sum + by, 0);
    return {
      hour,
      provider,
      connected: of("connected"),
      disconnected: of("disconnected"),
      toolCalls: of("tool_calls"),
      toolErrors: of("tool_errors"),
      refreshed: of("refreshed"),
      refreshFailed: {
        transient: of("refresh_transient"),
        over: of("refresh_over"),
        refused: of("refresh_refused"),
      },
    };
  });
  return hours.sort((a, b) => b.hour - a.hour || (a.provider < b.provider ? -1 : 1));
}
