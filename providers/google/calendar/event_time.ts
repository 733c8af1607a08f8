/**
 * Times of calendar events: how a person or a model writes them, how Google
 * wants them, and how a voice says them. No I/O, no clock.
 *
 * @module
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * A date that is further away than this is spoken with its year, so that a
 * person hears it when a model took the wrong one.
 */
const SAME_YEAR_MS = 300 * DAY_MS;

const WRITTEN =
  /^([12]\d{3}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.\d+)?)?(?:(Z)|([+-])([01]\d|2[0-3]):?([0-5]\d))?)?$/i;

/** A time as written: a day, a time on somebody's wall clock, or a moment. */
export type WrittenTime =
  | { form: "date"; date: string }
  /** `wall` is what the clock shows, in the epoch ms at which a clock in UTC shows the same. */
  | { form: "local"; wall: number }
  | { form: "offset"; moment: Moment };

/** A point in time together with how it is shown. */
export interface Moment {
  /** Epoch ms. */
  at: number;
  /** Ms east of UTC. */
  offset: number;
  /** IANA name, where one was given. */
  timeZone?: string | undefined;
}

/** Reads RFC 3339, the same without an offset, or a date; `undefined` for anything else. */
export function readTime(text: string): WrittenTime | undefined {
  const [, date, minutes, seconds = "00", zulu, sign, hours, rest] = WRITTEN.exec(text) ?? [];
  if (date === undefined) return undefined;
  const wall = Date.parse(`${date}T${minutes ?? "00:00"}:${seconds}Z`);
  // Date.parse() takes February 30 for March 2: a date that comes out differently is none.
  if (Number.isNaN(wall) || dateOf(wall) !== date) return undefined;
  if (minutes === undefined) return { form: "date", date };
  if (zulu === undefined && sign === undefined) return { form: "local", wall };
  const east = sign === undefined ? 0 : (Number(hours) * 60 + Number(rest)) * 60_000;
  const offset = sign === "-" ? -east : east;
  return { form: "offset", moment: { at: wall - offset, offset } };
}

/** Whether this names an IANA time zone. Intl takes offsets such as +02:00 too, Google does not. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(name)) return false;
  try {
    offsetFormat(name);
    return true;
  } catch {
    return false;
  }
}

/** Made once per zone: making one costs as much as a hundred uses, and memory outside the heap. */
const offsetFormats = new Map<string, Intl.DateTimeFormat>();
/**
 * More zones than people live in at a time. Names are taken in any case, so that there are endless
 * spellings, and each takes 34 KB that no collection of garbage knows of (Deno 2.9, November 2026).
 */
const MOST_FORMATS = 200;

/** @throws {RangeError} when it is no zone. */
function offsetFormat(timeZone: string): Intl.DateTimeFormat {
  const known = offsetFormats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  if (offsetFormats.size >= MOST_FORMATS) offsetFormats.clear();
  offsetFormats.set(timeZone, format);
  return format;
}

/**
 * The moment at which a zone's clocks show `wall`. Where they show it twice it
 * is the first time; where they skip it, it is as much later as they skip (the
 * rule of RFC 5545 §3.3.5, and Temporal's "compatible").
 */
export function momentIn(timeZone: string, wall: number): Moment {
  const before = offsetAt(timeZone, wall - DAY_MS);
  const offsets = [before, offsetAt(timeZone, wall + DAY_MS)];
  const offset = offsets.find((offset) => offsetAt(timeZone, wall - offset) === offset) ?? before;
  return shownIn(timeZone, wall - offset);
}

/**
 * The moment that was meant; a date is its midnight.
 *
 * @throws {TypeError} without a time zone, unless the time has an offset.
 */
export function resolveTime(time: WrittenTime, timeZone?: string): Moment {
  if (time.form === "offset") {
    return timeZone === undefined ? time.moment : shownIn(timeZone, time.moment.at);
  }
  if (timeZone === undefined) throw new TypeError("Cannot resolve a local time: no time zone");
  return momentIn(timeZone, time.form === "date" ? Date.parse(time.date) : time.wall);
}

/** The same moment on another zone's clocks. */
export function shownIn(timeZone: string, at: number): Moment {
  return { at, offset: offsetAt(timeZone, at), timeZone };
}

/** So many ms later, on the same clocks. */
export function later(moment: Moment, ms: number): Moment {
  const at = moment.at + ms;
  return moment.timeZone === undefined ? { ...moment, at } : shownIn(moment.timeZone, at);
}

/** A zone's distance from UTC in ms. */
function offsetAt(timeZone: string, at: number): number {
  const name =
    offsetFormat(timeZone).formatToParts(at).find(({ type }) => type === "timeZoneName")?.value ??
      "";
  const [, sign, hours, minutes, seconds = "0"] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ??
    [];
  if (sign === undefined) return 0;
  const east = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
  return sign === "-" ? -east : east;
}

/** RFC 3339 with the moment's own offset. */
export function toRfc3339({ at, offset }: Moment): string {
  const minutes = Math.trunc(Math.abs(offset) / 60_000);
  const pad = (number: number) => String(number).padStart(2, "0");
  const zone = `${offset < 0 ? "-" : "+"}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
  return new Date(at + offset).toISOString().slice(0, 19) + zone;
}

/** The date so many days after a date such as `2026-11-24`. */
export function addDays(date: string, days: number): string {
  return dateOf(Date.parse(date) + days * DAY_MS);
}

function dateOf(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10);
}

/** `Tuesday, November 24 at 2:00 PM`, on the moment's own clocks. */
export function speakMoment({ at, offset }: Moment, now: number): string {
  return speak(at + offset, now, { hour: "numeric", minute: "2-digit" });
}

/** `Tuesday, November 24 from 2:00 PM to 3:30 PM`, on the clocks of the first moment. */
export function speakSlot(from: Moment, to: Moment, now: number): string {
  const [first, last] = [from, to].map(({ at, offset }) => dateOf(at + offset));
  const end = first === last
    ? speakWall(to.at + to.offset, { hour: "numeric", minute: "2-digit" })
    : speakMoment(to, now);
  return `${speakMoment(from, now).replace(" at ", " from ")} to ${end}`;
}

/** `Tuesday, November 24` */
export function speakDate(date: string, now: number): string {
  return speak(Date.parse(date), now, {});
}

function speak(wall: number, now: number, time: Intl.DateTimeFormatOptions): string {
  return speakWall(wall, {
    weekday: "long",
    month: "long",
    day: "numeric",
    year: Math.abs(wall - now) > SAME_YEAR_MS ? "numeric" : undefined,
    ...time,
  });
}

/** By their options, of which there are a handful here. */
const wallFormats = new Map<string, Intl.DateTimeFormat>();

function speakWall(wall: number, options: Intl.DateTimeFormatOptions): string {
  const name = JSON.stringify(options);
  let format = wallFormats.get(name);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
    wallFormats.set(name, format);
  }
  return format.format(wall)
    // Some versions of ICU put a narrow no-break space before PM.
    .replace(/\u202F/g, " ");
}
