/**
 * Tools for Google Calendar.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { type Tool, tool } from "../provider.ts";
import { count, enumerate, fitting } from "../text.ts";
import {
  calendarId,
  eventsPath,
  listCalendars,
  TimeText as time,
  TimeZoneName as timeZone,
  zoneOf,
} from "./calendars.ts";
import { deleteEvent, updateEvent } from "./calendar_change.ts";
import { Event, EventSummary, speakEvent, summarizeEvent } from "./event.ts";
import { isAllDay, rangeNeedsZone, rangeOf, spanNeedsZone, spanOf } from "./event_span.ts";
import { findFreeTime } from "./free_time.ts";
import { Email } from "./mime.ts";
import { RecurrenceLine, speakRecurrence } from "./recurrence.ts";

const EventPage = z.object({
  items: z.array(Event).nullish(),
  nextPageToken: z.string().nullish(),
});

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/insert */
const createEvent = tool({
  name: "calendar_create_event",
  aliases: ["create_event"],
  service: "calendar",
  title: "Add a calendar event",
  description: "Add an event to the person's Google Calendar. Use it when they want to schedule, " +
    "book or block a time. Work out the date first; without an end the event lasts one hour. " +
    "Attendees get an invitation by e-mail.",
  input: z.strictObject({
    title: z.string().min(1).max(256).describe("What the event is called."),
    start: time.describe(
      "When it starts: 2026-11-24T14:00 on the clocks of time_zone, " +
        "2026-11-24T14:00:00-05:00, or 2026-11-24 for an all-day event.",
    ),
    end: time.optional().describe(
      "When it ends, written like start; for an all-day event its last day. " +
        "Left out, it is one hour, or one day, after start.",
    ),
    time_zone: timeZone.describe(
      "IANA time zone such as America/New_York. Left out, the calendar's own.",
    ),
    all_day: z.boolean().optional()
      .describe("True for an all-day event, whose start and end are dates. Dates alone do too."),
    description: z.string().max(8_192).optional().describe("Notes, shown with the event."),
    location: z.string().max(1_024).optional().describe("Address, room or link."),
    attendees: z.array(Email).max(100).optional().describe("E-mail addresses of people to invite."),
    recurrence: z.array(RecurrenceLine).min(1).max(10).optional().describe(
      "How it repeats, in RFC 5545: RRULE:FREQ=WEEKLY;COUNT=10, or " +
        "RRULE:FREQ=MONTHLY;BYDAY=1MO;UNTIL=20271231T235959Z. Left out, it takes place once.",
    ),
    calendar_id: calendarId,
  }),
  output: EventSummary.extend({
    recurrence: z.array(z.string()).optional().describe("How it repeats, in RFC 5545."),
  }),
  hints: { readOnly: false },
  content: ["end", "time_zone", "all_day", "description", "location", "recurrence"],
  scopes: [["https://www.googleapis.com/auth/calendar.events"]],
  async run({ calendar_id, attendees = [], recurrence, ...args }, { api, now }) {
    if (recurrence !== undefined && !recurrence.some((line) => line.startsWith("RRULE:"))) {
      throw invalid("recurrence needs an RRULE.");
    }
    // A series needs a zone even where its first time has an offset, for in summer the offset is another.
    const needsZone = spanNeedsZone(args) || (recurrence !== undefined && !isAllDay(args));
    const zone = args.time_zone ?? (needsZone ? await zoneOf(api, calendar_id) : undefined);
    const event = await api.json(eventsPath(calendar_id), Event, {
      method: "POST",
      query: { sendUpdates: attendees.length > 0 ? "all" : undefined },
      body: {
        summary: args.title,
        description: args.description,
        location: args.location,
        ...spanOf(args, zone),
        recurrence,
        attendees: attendees.length > 0 ? attendees.map((email) => ({ email })) : undefined,
      },
    });
    const invited = attendees.length === 0 ? "" : ` Invited ${enumerate(attendees)}.`;
    const repeats = recurrence === undefined ? "" : `, ${speakRecurrence(recurrence)}`;
    return {
      text: `Added ${speakEvent(event, now, zone)}${repeats}.${invited}`,
      data: { ...summarizeEvent(event), recurrence },
    };
  },
});

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/list */
const listEvents = tool({
  name: "calendar_list_events",
  aliases: ["list_events"],
  service: "calendar",
  title: "List calendar events",
  description:
    "List the events in the person's Google Calendar in order of time, by default those " +
    "of the next seven days. Use it when they ask what is on, whether they are free, or when " +
    "something takes place.",
  input: z.strictObject({
    from: time.optional().describe(
      "Start of the range, as in 2026-11-24 or 2026-11-24T14:00; now.",
    ),
    to: time.optional()
      .describe("End of the range; a date includes that day. Left out, a week after from."),
    time_zone: timeZone.describe(
      "IANA time zone for from, to and the answer. Left out, the calendar's own.",
    ),
    query: z.string().min(1).max(256).optional()
      .describe("Only events that hold these words in the title, place, notes or attendees."),
    limit: z.int().min(1).max(100).default(20).describe("How many to return at most, 1 to 100."),
    calendar_id: calendarId,
    page_token: z.string().min(1).max(2_048).optional()
      .describe("`next_page_token` of an earlier answer, with its from and to."),
  }),
  output: z.object({
    events: z.array(EventSummary),
    from: z.string(),
    to: z.string(),
    has_more: z.boolean().describe("Whether the range holds events that are not listed."),
    next_page_token: z.string().optional().describe("Pass it as page_token to go on."),
  }),
  hints: { readOnly: true },
  scopes: [["https://www.googleapis.com/auth/calendar.readonly"]],
  async run({ calendar_id, query, limit, page_token, ...args }, { api, now }) {
    const zone = args.time_zone ??
      (rangeNeedsZone(args) ? await zoneOf(api, calendar_id) : undefined);
    const range = rangeOf(args, now, zone);
    const { items, nextPageToken } = await api.json(eventsPath(calendar_id), EventPage, {
      query: {
        timeMin: range.from,
        timeMax: range.to,
        timeZone: zone,
        q: query,
        maxResults: limit,
        pageToken: page_token,
        // Each occurrence by itself: Google does not sort series by time.
        singleEvents: true,
        orderBy: "startTime",
      },
    });
    const events = items ?? [];
    const spoken = events.map((event) => speakEvent(event, now, zone));
    const found = `Found ${count(events.length, "event")}`;
    return {
      text: `${found}${spoken.length === 0 ? "" : `: ${enumerate(spoken)}`}.` +
        (nextPageToken ? " There are more in this time." : ""),
      data: {
        events: fitting(events, summarizeEvent),
        ...range,
        has_more: Boolean(nextPageToken),
        next_page_token: nextPageToken || undefined,
      },
    };
  },
});

/** Every tool of the `calendar` service. */
export const calendarTools: Tool[] = [
  createEvent,
  listEvents,
  updateEvent,
  deleteEvent,
  findFreeTime,
  listCalendars,
];
