/**
 * The scopes that each of Google Calendar's tools can do with, the least first.
 * What the greater ones include stands in `google.ts`. Checked against the
 * scopes that Google's description of the API lists for each method.
 *
 * @module
 */

const AUTH = "https://www.googleapis.com/auth/calendar";

/** To see events. The second reaches the person's own calendars only. */
const READ = [`${AUTH}.events.readonly`];
const READ_OWNED = [`${AUTH}.events.owned.readonly`];
const WRITE = [`${AUTH}.events`];
const WRITE_OWNED = [`${AUTH}.events.owned`];
const BUSY = [`${AUTH}.events.freebusy`];
const FREE = `${AUTH}.freebusy`;

interface OfCalendar {
  calendar_id?: string | undefined;
}

/** events.list, events.get */
export const readScopes = [READ];
export function readScopesFor({ calendar_id = "primary" }: OfCalendar): string[][] {
  return calendar_id === "primary" ? [READ, READ_OWNED] : [READ];
}

/**
 * events.insert, patch, delete, and get or list before them. What reaches all calendars comes
 * first, though it is more: it is what the service asks for, and a link that asked for less would
 * lead to a person who has to consent twice.
 */
export const writeScopes = [WRITE];
export function writeScopesFor({ calendar_id = "primary" }: OfCalendar): string[][] {
  return calendar_id === "primary" ? [WRITE, WRITE_OWNED] : [WRITE];
}

/** freebusy.query, and events.list for the person's time zone and for what is not certain. */
export const busyScopes = [BUSY, [FREE, ...READ], [FREE, ...READ_OWNED]];

/** calendarList.list */
export const listScopes = [[`${AUTH}.calendarlist.readonly`]];
