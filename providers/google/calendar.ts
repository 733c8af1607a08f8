/**
 * Tools for Google Calendar.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, type Tool, tool } from "../provider.ts";
import { count, enumerate } from "../text.ts";
import { Event, EventSummary, speakEvent, summarizeEvent } from "./event.ts";
import { rangeNeedsZone, rangeOf, spanNeedsZone, spanOf } from "./event_span.ts";
import { isTimeZone, readTime } from "./event_time.ts";
import { Email } from "./mime.ts";

const time = z.string().max(40).refine((text) => readTime(text) !== undefined, {
  message: "must be like 2026-11-24T14:00, 2026-11-24T14:00:00-05:00 or 2026-11-24",
});
const timeZone = z.string().max(64)
  .refine(isTimeZone, { message: "must be an IANA time zone such as America/New_York" })
  .optional();
const calendarId = z.string().min(1).max(254)
  // As a part of a path these two would climb up in it.
  .refine((id) => id !== "." && id !== "..", { message: "must be a calendar's id" })
  .default("primary").describe("Which calendar: primary, or the id of another one.");

const Calendar = z.object({ timeZone: z.string().nullish() });
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
    calendar_id: calendarId,
  }),
  output: EventSummary,
  hints: { readOnly: false },
  scopes: ["https://www.googleapis.com/auth/calendar.events"],
  async run({ calendar_id, attendees = [], ...args }, { api, now }) {
    const zone = args.time_zone ??
      (spanNeedsZone(args) ? await zoneOf(api, calendar_id) : undefined);
    const event = await api.json(eventsPath(calendar_id), Event, {
      method: "POST",
      query: { sendUpdates: attendees.length > 0 ? "all" : undefined },
      body: {
        summary: args.title,
        description: args.description,
        location: args.location,
        ...spanOf(args, zone),
        ...(attendees.length > 0 ? { attendees: attendees.map((email) => ({ email })) } : {}),
      },
    });
    const invited = attendees.length === 0 ? "" : ` Invited ${enumerate(attendees)}.`;
    return {
      text: `Added ${speakEvent(event, now, zone)}.${invited}`,
      data: summarizeEvent(event),
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
  scopes: ["https://www.googleapis.com/auth/calendar.readonly"],
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
        // Recurring events one by one, without which there is no order of time.
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
        events: events.map(summarizeEvent),
        ...range,
        has_more: Boolean(nextPageToken),
        ...(nextPageToken ? { next_page_token: nextPageToken } : {}),
      },
    };
  },
});

/** Every tool of the `calendar` service. */
export const calendarTools: Tool[] = [createEvent, listEvents];

function eventsPath(calendarId: string): string {
  return `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`;
}

/** The calendar's own time zone. The list of events has it, and needs no further scope. */
async function zoneOf(api: ApiClient, calendarId: string): Promise<string> {
  const { timeZone } = await api.json(eventsPath(calendarId), Calendar, {
    query: { maxResults: 1, fields: "timeZone" },
  });
  // Google always says it; its emulator does not.
  return timeZone && isTimeZone(timeZone) ? timeZone : "UTC";
}
