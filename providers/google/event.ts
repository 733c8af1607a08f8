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
  url: z.string().optional(),
  meeting_url: z.string().optional(),
});

/** Shortens an event. */
export function summarizeEvent(event: Event): z.output<typeof EventSummary> {
  const attendees = (event.attendees ?? []).map(({ email }) => email ?? "").filter(Boolean);
  return {
    id: event.id,
    title: titleOf(event),
    start: event.start.dateTime ?? event.start.date ?? "",
    end: event.end?.dateTime ?? lastDay(event) ?? "",
    all_day: isAllDay(event),
    ...(event.start.timeZone ? { time_zone: event.start.timeZone } : {}),
    ...(event.location ? { location: event.location } : {}),
    ...(event.description ? { description: shorten(event.description, DESCRIPTION_LENGTH) } : {}),
    ...(attendees.length > 0 ? { attendees: attendees.slice(0, MAX_ATTENDEES) } : {}),
    ...(event.htmlLink ? { url: event.htmlLink } : {}),
    ...(event.hangoutLink ? { meeting_url: event.hangoutLink } : {}),
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
