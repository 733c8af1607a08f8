/**
 * Adding events to Google Calendar.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/insert
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../../api_errors.ts";
import { tool } from "../../provider.ts";
import { enumerate } from "../../text.ts";
import { notify } from "./change.ts";
import { calendarId } from "./calendar_event.ts";
import { askForMeet, meetAsked } from "./meet.ts";
import { writeScopes, writeScopesFor } from "./scopes.ts";
import { eventsPath, TimeText as time, TimeZoneName as timeZone, zoneOf } from "./calendars.ts";
import { Event } from "./event.ts";
import { addressOf, hidesGuests } from "./event_guests.ts";
import { isAllDay, spanNeedsZone, spanOf } from "./event_span.ts";
import { briefEvent, EventBrief } from "./event_summary.ts";
import { speakEvent } from "./event_words.ts";
import { Email } from "../gmail/mime.ts";
import { RecurrenceLine, speakRecurrence } from "./recurrence.ts";

export const createEvent = tool({
  name: "calendar_create_event",
  aliases: ["create_event"],
  service: "calendar",
  title: "Add a calendar event",
  description: "Add an event to Google Calendar. Work out the date first. Attendees get an " +
    "invitation by e-mail.",
  input: z.strictObject({
    title: z.string().min(1).max(256),
    start: time.describe("ISO 8601, offset optional; a date alone is all day."),
    end: time.optional().describe(
      "Of an all-day event the last day. Left out, one hour or day later.",
    ),
    time_zone: timeZone.describe("IANA; left out, the calendar's."),
    all_day: z.boolean().optional(),
    description: z.string().max(8_192).optional(),
    location: z.string().max(1_024).optional(),
    attendees: z.array(Email).max(100).optional().describe("E-mail addresses."),
    recurrence: z.array(RecurrenceLine).min(1).max(10).optional().describe(
      "RFC 5545: RRULE:FREQ=MONTHLY;BYDAY=1MO;UNTIL=20271231T235959Z.",
    ),
    add_meet: z.boolean().default(false),
    notify_attendees: notify,
    calendar_id: calendarId,
  }),
  output: EventBrief.extend({
    invitations_sent: z.boolean().optional().describe("Absent: nobody was invited."),
    not_invited: z.array(z.string()).optional(),
  }),
  hints: { readOnly: false },
  content: ["end", "time_zone", "all_day", "description", "location", "recurrence"],
  scopes: writeScopes,
  scopesFor: writeScopesFor,
  async run(args, { api, now }) {
    const { calendar_id, attendees = [], recurrence, notify_attendees, add_meet } = args;
    if (recurrence !== undefined && !recurrence.some((line) => line.startsWith("RRULE:"))) {
      throw invalid("recurrence needs an RRULE.");
    }
    // A series needs a zone even where its first time has an offset, for in summer the offset is another.
    const needsZone = spanNeedsZone(args) || (recurrence !== undefined && !isAllDay(args));
    const zone = args.time_zone ?? (needsZone ? await zoneOf(api, calendar_id) : undefined);
    const meet = add_meet ? askForMeet() : undefined;
    const created = await api.json(eventsPath(calendar_id), Event, {
      method: "POST",
      query: {
        sendUpdates: attendees.length === 0 ? undefined : notify_attendees ? "all" : "none",
        conferenceDataVersion: meet === undefined ? undefined : 1,
      },
      body: {
        summary: args.title,
        description: args.description,
        location: args.location,
        ...spanOf(args, zone),
        recurrence,
        attendees: attendees.length > 0 ? attendees.map((email) => ({ email })) : undefined,
        conferenceData: meet?.conferenceData,
      },
    });
    const { event, words } = await meetAsked(
      api,
      { calendar_id, event_id: created.id },
      created,
      meet,
    );
    const { invited, left } = invitedBy(created, attendees);
    const notes = [...inviteWords(invited, left, notify_attendees), words].filter(Boolean);
    const repeats = recurrence === undefined ? "" : `, ${speakRecurrence(recurrence)}`;
    return {
      text: [`Added ${speakEvent(event, now, zone)}${repeats}.`, ...notes].join(" "),
      data: {
        ...briefEvent(event),
        recurrence: event.recurrence ?? recurrence,
        repeats: recurrence === undefined ? undefined : speakRecurrence(recurrence),
        invitations_sent: invited.length === 0 ? undefined : notify_attendees,
        not_invited: left.length === 0 ? undefined : left,
      },
      notes,
    };
  },
});

/** Whom Google added of those who were asked for; of a list that is cut short nobody can say. */
function invitedBy(event: Event, asked: string[]): { invited: string[]; left: string[] } {
  const there = new Set((event.attendees ?? []).map(addressOf));
  const isThere = (email: string) => hidesGuests(event) || there.has(email.toLowerCase());
  return { invited: asked.filter(isThere), left: asked.filter((email) => !isThere(email)) };
}

function inviteWords(invited: string[], left: string[], isTold: boolean): string[] {
  return [
    invited.length === 0 ? "" : `Invited ${enumerate(invited)}.`,
    invited.length === 0 ? "" : isTold ? "They are told by e-mail." : "They are not told.",
    left.length === 0 ? "" : `Google did not invite ${enumerate(left)}.`,
  ];
}
