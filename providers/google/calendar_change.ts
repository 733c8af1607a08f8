/**
 * Tools that change and delete events of Google Calendar.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { tool } from "../provider.ts";
import {
  calendarId,
  eventsPath,
  TimeText as time,
  TimeZoneName as timeZone,
  zoneOf,
} from "./calendars.ts";
import { Event, EventSummary, speakEvent, summarizeEvent } from "./event.ts";
import { movedSpan, rangeNeedsZone } from "./event_span.ts";
import { Email } from "./mime.ts";

const eventId = z.string().min(1).max(1_024)
  // The id becomes a part of a URL's path, where "." and ".." would lead to another one.
  .refine((id) => id !== "." && id !== "..", { message: "must be an event's id" })
  .describe("The event's id, from calendar_list_events; a series_id means the whole series.");

const notify = z.boolean().default(true)
  .describe("Whether Google tells the attendees by e-mail.");

/** What must be read before a change: attendees with all that Google knows of them. */
const OldEvent = z.object({
  ...Event.shape,
  attendees: z.array(z.looseObject({ email: z.string().nullish() })).nullish(),
});
type OldEvent = z.output<typeof OldEvent>;

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/patch */
export const updateEvent = tool({
  name: "calendar_update_event",
  aliases: ["update_event"],
  service: "calendar",
  title: "Change a calendar event",
  description: "Move an event of the person's Google Calendar, or change its title, place, notes " +
    "or attendees. Use it when an existing event is to be different. What is not given stays as " +
    "it is; with a new start alone the event keeps its length. Of a series it changes the one " +
    "occurrence whose id is given.",
  input: z.strictObject({
    event_id: eventId,
    title: z.string().min(1).max(256).optional().describe("A new title."),
    start: time.optional().describe(
      "When it starts now: 2026-11-24T14:00 on the clocks of time_zone, " +
        "2026-11-24T14:00:00-05:00, or 2026-11-24 for all day.",
    ),
    end: time.optional().describe("When it ends now, written like start."),
    time_zone: timeZone.describe(
      "IANA time zone such as America/New_York. Left out, the calendar's own.",
    ),
    location: z.string().max(1_024).optional()
      .describe("A new address, room or link; empty for none."),
    description: z.string().max(8_192).optional().describe("New notes; empty for none."),
    add_attendees: z.array(Email).max(100).optional()
      .describe("E-mail addresses of people to invite as well."),
    remove_attendees: z.array(Email).max(100).optional()
      .describe("E-mail addresses of people who are no longer invited."),
    notify_attendees: notify,
    calendar_id: calendarId,
  }),
  output: EventSummary,
  hints: { readOnly: false, idempotent: true },
  content: ["title", "start", "end", "time_zone"],
  scopes: [["https://www.googleapis.com/auth/calendar.events"]],
  async run({ calendar_id, event_id, notify_attendees, ...changes }, { api, now }) {
    const { title, start, end, time_zone, location, description, ...people } = changes;
    const moves = start !== undefined || end !== undefined;
    const invites = Object.values(people).some((list) => list !== undefined);
    if (!moves && !invites && [title, location, description].every((x) => x === undefined)) {
      throw invalid("Say what to change: title, start, end, location, description or attendees.");
    }
    const path = `${eventsPath(calendar_id)}/${encodeURIComponent(event_id)}`;
    const old = moves || invites ? await api.json(path, OldEvent) : undefined;
    const needsZone = rangeNeedsZone({ from: start, to: end });
    const zone = time_zone ?? (needsZone ? await zoneOf(api, calendar_id) : undefined);
    const event = await api.json(path, Event, {
      method: "PATCH",
      query: { sendUpdates: notify_attendees ? "all" : "none" },
      body: {
        summary: title,
        location,
        description,
        ...(old !== undefined && moves ? movedSpan(old, { start, end }, zone) : {}),
        attendees: old !== undefined && invites ? attendeesAfter(old, people) : undefined,
      },
    });
    return {
      text: `Changed ${speakEvent(event, now, zone)}.`,
      data: summarizeEvent(event),
    };
  },
});

/**
 * The attendees after a change. Google replaces the whole list, so each of them
 * is sent back as read: one without an answer would lose the one they gave.
 */
function attendeesAfter(
  { attendees }: OldEvent,
  { add_attendees = [], remove_attendees = [] }: {
    add_attendees?: string[] | undefined;
    remove_attendees?: string[] | undefined;
  },
) {
  const away = new Set(remove_attendees.map(lower));
  const kept = (attendees ?? []).filter(({ email }) => !away.has(lower(email ?? "")));
  const there = new Set(kept.map(({ email }) => lower(email ?? "")));
  return [
    ...kept,
    ...add_attendees.filter((email) => !there.has(lower(email))).map((email) => ({ email })),
  ];
}

function lower(email: string): string {
  return email.toLowerCase();
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/delete */
export const deleteEvent = tool({
  name: "calendar_delete_event",
  aliases: ["delete_event"],
  service: "calendar",
  title: "Delete a calendar event",
  description: "Delete an event from the person's Google Calendar, for all who are invited. Use " +
    "it only when they asked for it and agree which event it is. Of a series it deletes the one " +
    "occurrence whose id is given, or all of them by its series_id.",
  input: z.strictObject({
    event_id: eventId,
    notify_attendees: notify,
    calendar_id: calendarId,
  }),
  output: z.object({ id: z.string(), deleted: z.boolean() }),
  hints: { readOnly: false, destructive: true, idempotent: true },
  scopes: [["https://www.googleapis.com/auth/calendar.events"]],
  async run({ calendar_id, event_id, notify_attendees }, { api }) {
    await api.json(
      `${eventsPath(calendar_id)}/${encodeURIComponent(event_id)}`,
      z.unknown(),
      { method: "DELETE", query: { sendUpdates: notify_attendees ? "all" : "none" } },
    );
    return {
      text: "Deleted the event from the calendar.",
      data: { id: event_id, deleted: true },
    };
  },
});
