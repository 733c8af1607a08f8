/**
 * How pages say a day.
 *
 * @module
 */

export const DAY_MS = 24 * 60 * 60_000;

const format = new Intl.DateTimeFormat("en", { dateStyle: "long", timeZone: "UTC" });

/** "November 25, 2027". */
export function shownDate(at: number): string {
  return format.format(at);
}
