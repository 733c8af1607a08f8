/**
 * A calendar event as Google sends it.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 *
 * @module
 */

import { z } from "zod";
import { Attendee } from "./event_guests.ts";
import { ConferenceData } from "./event_meeting.ts";
import { addDays, readTime } from "./event_time.ts";

const Time = z.object({
  date: z.string().nullish(),
  dateTime: z.string().nullish(),
  timeZone: z.string().nullish(),
});
export type Time = z.output<typeof Time>;
const Person = z.object({
  email: z.string().nullish(),
  displayName: z.string().nullish(),
  self: z.boolean().nullish(),
});
export type Person = z.output<typeof Person>;
const Label = z.object({ label: z.string().nullish() });
export const Reminder = z.object({ method: z.string().nullish(), minutes: z.number().nullish() });

/**
 * What the tools use of an event. Only the id is always there: a person who sees only busy times
 * gets no summary, a cancelled occurrence has no start, and a deleted event may have nothing else.
 */
export const Event = z.object({
  id: z.string(),
  etag: z.string().nullish(),
  status: z.string().nullish(),
  summary: z.string().nullish(),
  description: z.string().nullish(),
  location: z.string().nullish(),
  htmlLink: z.string().nullish(),
  hangoutLink: z.string().nullish(),
  conferenceData: ConferenceData.nullish(),
  start: Time.nullish(),
  end: Time.nullish(),
  originalStartTime: Time.nullish(),
  attendees: z.array(Attendee).nullish(),
  attendeesOmitted: z.boolean().nullish(),
  // Only one occurrence of a series has it: the id of the series.
  recurringEventId: z.string().nullish(),
  // Only the series itself has it.
  recurrence: z.array(z.string()).nullish(),
  eventType: z.string().nullish(),
  transparency: z.string().nullish(),
  visibility: z.string().nullish(),
  organizer: Person.nullish(),
  creator: Person.nullish(),
  locked: z.boolean().nullish(),
  privateCopy: z.boolean().nullish(),
  guestsCanModify: z.boolean().nullish(),
  guestsCanInviteOthers: z.boolean().nullish(),
  guestsCanSeeOtherGuests: z.boolean().nullish(),
  reminders: z.object({
    useDefault: z.boolean().nullish(),
    overrides: z.array(Reminder).nullish(),
  }).nullish(),
  attachments: z.array(z.object({ title: z.string().nullish(), fileUrl: z.string().nullish() }))
    .nullish(),
  workingLocationProperties: z.object({
    type: z.string().nullish(),
    homeOffice: z.unknown().optional(),
    officeLocation: Label.nullish(),
    customLocation: Label.nullish(),
  }).nullish(),
});
export type Event = z.output<typeof Event>;

/** What a list says of the calendar that its events are in. */
export interface CalendarView {
  /** `freeBusyReader`: Google shows no more of the events than when they are. */
  accessRole?: string | null | undefined;
  defaultReminders?: z.output<typeof Reminder>[] | null | undefined;
}

/** The start; of a cancelled occurrence, which has none, the one that it had. */
export function startOf({ start, originalStartTime }: Event) {
  return start?.date || start?.dateTime ? start : originalStartTime ?? start ?? undefined;
}

export function timeText(time: Time | null | undefined): string {
  return time?.dateTime || time?.date || "";
}

export function isAllDay(event: Event): boolean {
  return Boolean(startOf(event)?.date);
}

/** Google's end date is the day after. */
export function lastDay({ end }: Event): string | undefined {
  const isDate = readTime(end?.date ?? "")?.form === "date";
  return isDate ? addDays(end!.date!, -1) : undefined;
}
