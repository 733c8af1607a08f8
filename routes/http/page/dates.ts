/**
 * How pages say a day, and a time of the day.
 *
 * @module
 */

export const DAY_MS = 24 * 60 * 60_000;

const format = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });

const withTime = new Intl.DateTimeFormat("en", {
  dateStyle: "long",
  timeStyle: "short",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** "November 25, 2027 at 14:05 UTC". */
export function shownTime(at: number): string {
  return `${withTime.format(at)} UTC`;
}

/** "November 25, 2027". */
export function shownDate(at: number): string {
  return format.format(at);
}
