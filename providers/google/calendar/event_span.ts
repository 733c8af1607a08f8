/**
 * From when to when: what a tool's arguments mean. No I/O, no clock.
 *
 * @module
 */

import { invalid } from "../../api_errors.ts";
import {
  addDays,
  later,
  type Moment,
  readTime,
  resolveTime,
  shownIn,
  toRfc3339,
  type WrittenTime,
} from "./event_time.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;

/** A time of Google's event resource: a date, or a time with its offset and, if known, zone. */
export type EventTime = { date: string } | { dateTime: string; timeZone?: string | undefined };

/** Arguments of a tool that say when an event takes place. */
export interface SpanArguments {
  start: string;
  end?: string | undefined;
  all_day?: boolean | undefined;
}

/** When an event takes place, as Google sends it. */
export interface OldSpan {
  start?: OldTime | null | undefined;
  end?: OldTime | null | undefined;
}
interface OldTime {
  date?: string | null | undefined;
  dateTime?: string | null | undefined;
}

/**
 * Start and end in a PATCH. Google merges it into the old event: where a date
 * takes the place of a time, the old time must be set to null, and the reverse.
 */
export interface Moved {
  start: PatchedTime;
  end: PatchedTime;
}
type PatchedTime = {
  date: string | null;
  dateTime: string | null;
  timeZone?: string | null | undefined;
};

/** Arguments of a tool that say where to look. */
export interface RangeArguments {
  from?: string | undefined;
  to?: string | undefined;
}

/** Whether an event takes whole days. */
export function isAllDay({ start }: SpanArguments): boolean {
  return parse(start).form === "date";
}

/** Whether an event's times mean nothing without a time zone. */
export function spanNeedsZone({ start, all_day }: SpanArguments): boolean {
  return all_day !== true && parse(start).form === "local";
}

/**
 * Start and end of a new event.
 *
 * @throws {ApiError} `invalid` when they do not fit together.
 */
export function spanOf(
  { start, end, all_day }: SpanArguments,
  timeZone?: string,
): { start: EventTime; end: EventTime } {
  const first = parse(start);
  const last = end === undefined ? undefined : parse(end);
  if (all_day === true && first.form !== "date") {
    throw invalid("An all-day event takes dates: write start and end like 2026-11-24.");
  }
  if (all_day === false && first.form === "date") {
    throw invalid("start needs a time of day, as in 2026-11-24T14:00, unless all_day is true.");
  }
  if (last !== undefined && last.form !== first.form) {
    throw invalid("end must be written the way start is, with a time and an offset or without.");
  }
  if (first.form === "date") {
    return daysOf(first.date, last?.form === "date" ? last.date : first.date);
  }
  const from = resolveTime(first, timeZone);
  const to = last === undefined ? later(from, HOUR_MS) : resolveTime(last, timeZone);
  if (to.at < from.at) throw invalid("end is before start.");
  return { start: eventTime(from), end: eventTime(to) };
}

/**
 * Start and end of an event that is moved: with a start alone it keeps its
 * length, with an end alone its start.
 *
 * @throws {ApiError} `invalid` when they do not fit together.
 */
export function movedSpan(
  old: OldSpan,
  { start, end }: { start?: string | undefined; end?: string | undefined },
  timeZone?: string,
): Moved {
  const [oldStart, oldEnd] = [old.start, old.end ?? old.start].map(readOld);
  const first = start === undefined ? oldStart : parse(start);
  const last = end === undefined
    ? first && oldStart && oldEnd && keptEnd(first, oldStart, oldEnd, timeZone)
    : parse(end);
  if (first === undefined || last === undefined) throw invalid("The event has no time to keep.");
  if ((first.form === "date") !== (last.form === "date")) {
    throw invalid("start and end must both be dates, or both have a time of day: give both.");
  }
  if (first.form === "date" && last.form === "date") {
    const days = daysOf(first.date, last.date);
    return { start: patched(days.start), end: patched(days.end) };
  }
  const [from, to] = [resolveTime(first, timeZone), resolveTime(last, timeZone)];
  if (to.at < from.at) throw invalid("end is before start.");
  return { start: patched(eventTime(from)), end: patched(eventTime(to)) };
}

/**
 * A time of the old event as a tool would write it. Google ends an event of whole
 * days on the day after its last one; here, as in the tools, it is the last day.
 */
function readOld(time: OldTime | null | undefined, index: number): WrittenTime | undefined {
  const { date, dateTime } = time ?? {};
  const read = readTime(date || dateTime || "");
  return read?.form === "date" && index > 0 ? { ...read, date: addDays(read.date, -1) } : read;
}

/**
 * The end that keeps the event's length after a new start. Where an event of
 * whole days gets a time, or the reverse, there is no length to keep: it is an
 * hour then, or a day.
 */
function keptEnd(
  first: WrittenTime,
  oldStart: WrittenTime,
  oldEnd: WrittenTime,
  timeZone?: string,
): WrittenTime {
  if (first.form === "date") {
    const both = oldStart.form === "date" && oldEnd.form === "date";
    const days = both ? (Date.parse(oldEnd.date) - Date.parse(oldStart.date)) / DAY_MS : 0;
    return { form: "date", date: addDays(first.date, days) };
  }
  const both = oldStart.form === "offset" && oldEnd.form === "offset";
  const ms = both ? oldEnd.moment.at - oldStart.moment.at : HOUR_MS;
  return { form: "offset", moment: later(resolveTime(first, timeZone), ms) };
}

function patched(time: EventTime): PatchedTime {
  if ("date" in time) return { date: time.date, dateTime: null, timeZone: null };
  return { date: null, ...time };
}

/** Both days are part of the event; Google's end is the day after. */
function daysOf(first: string, last: string): { start: EventTime; end: EventTime } {
  if (last < first) throw invalid("end is before start.");
  return { start: { date: first }, end: { date: addDays(last, 1) } };
}

function eventTime(moment: Moment): EventTime {
  const { timeZone } = moment;
  return { dateTime: toRfc3339(moment), timeZone };
}

/** Whether a range means nothing without a time zone. */
export function rangeNeedsZone({ from, to }: RangeArguments): boolean {
  return [from, to].some((text) => text !== undefined && parse(text).form !== "offset");
}

/**
 * A range of time in RFC 3339, by default the week from now.
 *
 * @throws {ApiError} `invalid` when it ends before it starts.
 */
export function rangeOf(
  { from, to }: RangeArguments,
  now: number,
  timeZone?: string,
): { from: string; to: string } {
  const first = from === undefined
    ? shownIn(timeZone ?? "UTC", now)
    : resolveTime(parse(from), timeZone);
  const last = to === undefined ? later(first, WEEK_MS) : resolveTime(endOf(to), timeZone);
  if (last.at <= first.at) throw invalid("to must be after from.");
  return { from: toRfc3339(first), to: toRfc3339(last) };
}

/** A range that ends with a date holds all of that day: it ends where the next one begins. */
function endOf(text: string): WrittenTime {
  const time = parse(text);
  return time.form === "date" ? { ...time, date: addDays(time.date, 1) } : time;
}

function parse(text: string): WrittenTime {
  const time = readTime(text);
  if (time === undefined) throw invalid(`Cannot read the time ${text}.`);
  return time;
}
