/**
 * The time that is left between busy times. No I/O, no clock.
 *
 * @module
 */

import { momentIn, shownIn } from "./event_time.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** From when to when, in epoch ms. */
export interface Slot {
  from: number;
  to: number;
}

/** Where to look. */
export interface Search {
  range: Slot;
  /** In any order; they may overlap. */
  busy: Slot[];
  /** Shorter slots do not count. */
  minutes: number;
  timeZone: string;
  /** Minutes after midnight on the clocks of the zone; all day where absent. */
  hours?: Slot | undefined;
  weekdaysOnly: boolean;
}

/** The free slots of a range in order of time, each as long as it is. */
export function freeSlots(search: Search): Slot[] {
  const busy = search.busy.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  return windowsOf(search)
    .flatMap((window) => gaps(window, busy))
    .filter(({ from, to }) => to - from >= search.minutes * MINUTE_MS);
}

/** The parts of the range in which a slot may lie. */
function windowsOf({ range, timeZone, hours, weekdaysOnly }: Search): Slot[] {
  if (hours === undefined && !weekdaysOnly) return [range];
  const { from, to } = hours ?? { from: 0, to: DAY_MS / MINUTE_MS };
  const { at, offset } = shownIn(timeZone, range.from);
  const windows: Slot[] = [];
  let day = Math.floor((at + offset) / DAY_MS) * DAY_MS;
  for (;; day += DAY_MS) {
    const window = {
      from: Math.max(range.from, momentIn(timeZone, day + from * MINUTE_MS).at),
      to: Math.min(range.to, momentIn(timeZone, day + to * MINUTE_MS).at),
    };
    if (window.from >= range.to) return windows;
    const isWeekend = [0, 6].includes(new Date(day).getUTCDay());
    if (!(weekdaysOnly && isWeekend) && window.from < window.to) {
      const last = windows.at(-1);
      // Without hours the days are not cut at midnight: a slot may go through the night.
      if (last?.to === window.from) last.to = window.to;
      else windows.push(window);
    }
  }
}

function gaps(window: Slot, busy: Slot[]): Slot[] {
  const found: Slot[] = [];
  let free = window.from;
  for (const { from, to } of busy) {
    if (from >= window.to) break;
    if (from > free) found.push({ from: free, to: from });
    free = Math.max(free, to);
  }
  if (free < window.to) found.push({ from: free, to: window.to });
  return found;
}
