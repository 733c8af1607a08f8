/**
 * An event as a voice says it.
 *
 * @module
 */

import { oneLine } from "../../text.ts";
import { type CalendarView, type Event, isAllDay, lastDay, startOf, type Time } from "./event.ts";
import { speakState, spokenKind, titleOf } from "./event_state.ts";
import {
  isTimeZone,
  momentIn,
  readTime,
  shownIn,
  speakDate,
  speakMoment,
  speakSlot,
} from "./event_time.ts";

const DAY_MS = 24 * 3_600_000;

/** `"Dentist" on Tuesday, November 24 at 2:00 PM`, in a zone or as Google shows it. */
export function speakEvent(
  event: Event,
  now: number,
  timeZone?: string,
  calendar: CalendarView = {},
): string {
  const kind = spokenKind(event);
  const what = `${kind === "" ? "" : `${kind} `}"${oneLine(titleOf(event, calendar))}"`;
  return [`${what} ${speakWhen(event, now, timeZone)}`, ...speakState(event)].join(", ");
}

/** Google sends an offset. Without one it is a time on the clocks of its zone, or on any clock. */
function momentOf(time: Time | null | undefined) {
  const read = readTime(time?.dateTime ?? "");
  if (read?.form !== "local") return read;
  const zone = time?.timeZone ?? "";
  return {
    form: "offset" as const,
    moment: isTimeZone(zone) ? momentIn(zone, read.wall) : { at: read.wall, offset: 0 },
  };
}

/** `on Tuesday, November 24 at 2:00 PM` */
export function speakWhen(event: Event, now: number, timeZone?: string): string {
  const start = startOf(event);
  if (isAllDay(event)) {
    const first = start?.date ?? "";
    if (readTime(first)?.form !== "date") return "at an unknown time";
    const last = lastDay(event) ?? first;
    if (last <= first) return `on ${speakDate(first, now)}, all day`;
    return `from ${speakDate(first, now)} to ${speakDate(last, now)}, all day`;
  }
  const [from, to] = [start, event.end].map((time) => momentOf(time));
  if (from?.form !== "offset") return "at an unknown time";
  const shown = (moment: typeof from.moment) =>
    timeZone === undefined ? moment : shownIn(timeZone, moment.at);
  // One that goes on for days is said with its end.
  if (to?.form === "offset" && to.moment.at - from.moment.at >= DAY_MS) {
    return `on ${speakSlot(shown(from.moment), shown(to.moment), now)}`;
  }
  return `on ${speakMoment(shown(from.moment), now)}`;
}
