/**
 * A calendar event as Google sends it, and as the tools give it back.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 *
 * @module
 */

import { z } from "zod";
import { oneLine, shorten } from "../text.ts";
import { addDays, readTime, shownIn, speakDate, speakMoment } from "./event_time.ts";

const TITLE_LENGTH = 256;
const DESCRIPTION_LENGTH = 500;
const MAX_ATTENDEES = 50;

const Time = z.object({
  date: z.iso.date().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});

/** What the tools use of an event. A person who sees only busy times gets no summary. */
export const Event = z.object({
  id: z.string(),
  summary: z.string().nullish(),
  description: z.string().nullish(),
  location: z.string().nullish(),
  htmlLink: z.string().nullish(),
  hangoutLink: z.string().nullish(),
  start: Time,
  end: Time.nullish(),
  attendees: z.array(z.object({ email: z.string().nullish() })).nullish(),
  // Only one occurrence of a series has it: the id of the series.
  recurringEventId: z.string().nullish(),
});
export type Event = z.output<typeof Event>;

/** An event in a tool's answer. */
export const EventSummary = z.object({
  id: z.string(),
  title: z.string(),
  start: z.string().describe("RFC 3339, or a date for an all-day event."),
  end: z.string().describe("RFC 3339; for an all-day event its last day."),
  all_day: z.boolean(),
  time_zone: z.string().optional(),
  location: z.string().optional(),
  description: z.string().optional(),
  attendees: z.array(z.string()).optional(),
  attendees_left_out: z.number().optional(),
  series_id: z.string().optional().describe(
    "Where it is one occurrence of a series: as event_id it means the whole series.",
  ),
  url: z.string().optional(),
  meeting_url: z.string().optional(),
});

/** Shortens an event, each text and list to at most `length`. */
export function summarizeEvent(
  event: Event,
  length = DESCRIPTION_LENGTH,
): z.output<typeof EventSummary> {
  const all = (event.attendees ?? []).map(({ email }) => email ?? "").filter(Boolean);
  // A list of many events names fewer people of each.
  const attendees = all.slice(0, Math.min(MAX_ATTENDEES, length / 10));
  const short = (text: string) => shorten(text, Math.min(TITLE_LENGTH, length));
  return {
    id: event.id,
    title: short(titleOf(event)),
    start: event.start.dateTime ?? event.start.date ?? "",
    end: event.end?.dateTime ?? lastDay(event) ?? "",
    all_day: isAllDay(event),
    time_zone: event.start.timeZone || undefined,
    location: event.location ? short(event.location) : undefined,
    description: event.description ? shorten(event.description, length) : undefined,
    attendees: attendees.length > 0 ? attendees : undefined,
    attendees_left_out: all.length > attendees.length ? all.length - attendees.length : undefined,
    series_id: event.recurringEventId || undefined,
    url: event.htmlLink || undefined,
    meeting_url: event.hangoutLink || undefined,
  };
}

/** `"Dentist" on Tuesday, November 24 at 2:00 PM`, in a zone or as Google shows it. */
export function speakEvent(event: Event, now: number, timeZone?: string): string {
  return `"${oneLine(titleOf(event))}" ${speakWhen(event, now, timeZone)}`;
}

function speakWhen(event: Event, now: number, timeZone?: string): string {
  const first = event.start.date;
  if (first) {
    const last = lastDay(event) ?? first;
    if (last === first) return `on ${speakDate(first, now)}, all day`;
    return `from ${speakDate(first, now)} to ${speakDate(last, now)}, all day`;
  }
  const time = readTime(event.start.dateTime ?? "");
  if (time?.form !== "offset") return "at an unknown time";
  const moment = timeZone === undefined ? time.moment : shownIn(timeZone, time.moment.at);
  return `on ${speakMoment(moment, now)}`;
}

function titleOf({ summary }: Event): string {
  return summary || "(No title)";
}

function isAllDay({ start }: Event): boolean {
  return Boolean(start.date);
}

/** Google's end date is the day after. */
function lastDay({ end }: Event): string | undefined {
  return end?.date ? addDays(end.date, -1) : undefined;
}
