/**
 * Listing events of Google Calendar.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/list
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, tool } from "../../provider.ts";
import { count, enumerate, fitting } from "../../text.ts";
import { calendarId } from "./calendar_event.ts";
import { readScopes, readScopesFor } from "./scopes.ts";
import { eventsPath, TimeText as time, TimeZoneName as timeZone, zoneOf } from "./calendars.ts";
import { Event, Reminder } from "./event.ts";
import { speakGuests } from "./event_guests.ts";
import { rangeNeedsZone, rangeOf } from "./event_span.ts";
import { EventSummary, summarizeEvent } from "./event_summary.ts";
import { speakEvent } from "./event_words.ts";

/** Google may send a page with less than there is, or with nothing, and a token for the next. */
const MAX_PAGES = 5;

const EventPage = z.object({
  items: z.array(Event).nullish(),
  nextPageToken: z.string().nullish(),
  accessRole: z.string().nullish(),
  defaultReminders: z.array(Reminder).nullish(),
});
type EventPage = z.output<typeof EventPage>;

export const listEvents = tool({
  name: "calendar_list_events",
  aliases: ["list_events"],
  service: "calendar",
  title: "List calendar events",
  description: "List the events in Google Calendar in order of time, with who comes and how " +
    "to join.",
  input: z.strictObject({
    from: time.optional().describe("ISO 8601, a date or time; left out, now."),
    to: time.optional().describe("A date includes that day. Left out, a week after from."),
    time_zone: timeZone.describe("IANA; left out, the calendar's."),
    query: z.string().min(1).max(256).optional().describe(
      "Words in title, place, notes or attendees.",
    ),
    limit: z.int().min(1).max(100).default(20),
    calendar_id: calendarId,
    page_token: z.string().min(1).max(2_048).optional().describe(
      "An answer's next_page_token, with its from and to.",
    ),
  }),
  output: z.object({
    events: z.array(EventSummary),
    from: z.string(),
    to: z.string(),
    only_busy_times: z.boolean().optional()
      .describe("Google shows only when time is taken."),
    has_more: z.boolean(),
    next_page_token: z.string().optional(),
  }),
  hints: { readOnly: true },
  scopes: readScopes,
  scopesFor: readScopesFor,
  async run({ calendar_id, query, limit, page_token, ...args }, { api, now }) {
    const zone = args.time_zone ??
      (rangeNeedsZone(args) ? await zoneOf(api, calendar_id) : undefined);
    const range = rangeOf(args, now, zone);
    const found = await collect(api, eventsPath(calendar_id), {
      timeMin: range.from,
      timeMax: range.to,
      timeZone: zone,
      q: query,
      maxResults: limit,
      pageToken: page_token,
      // Each occurrence by itself: Google does not sort series by time.
      singleEvents: true,
      orderBy: "startTime",
    });
    const { events, next } = found;
    const spoken = events.map((event) => speakEvent(event, now, zone, found));
    const list = spoken.length === 0 ? "" : `: ${enumerate(spoken)}`;
    const hidden = found.accessRole === "freeBusyReader";
    const notes = [
      // Of one event a listener wants to know who comes.
      events.length === 1 ? speakGuests(events[0]!) : "",
      hidden ? "Google shows of this calendar only when time is taken, not by what." : "",
    ].filter(Boolean);
    const more = next === undefined ? [] : ["There are more in this time."];
    return {
      text: [`Found ${count(events.length, "event")}${list}.`, ...notes, ...more].join(" "),
      data: {
        events: fitting(events, (event, length) => summarizeEvent(event, length, found)),
        ...range,
        only_busy_times: hidden || undefined,
        has_more: next !== undefined,
        next_page_token: next,
      },
      notes,
    };
  },
});

type Query = Record<string, string | number | boolean | undefined>;

/** As many events as were asked for, from as many pages as it takes, within a bound. */
async function collect(api: ApiClient, path: string, query: Query & { maxResults: number }) {
  const events: Event[] = [];
  let { pageToken } = query;
  let page: EventPage = {};
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const maxResults = query.maxResults - events.length;
    page = await api.json(path, EventPage, { query: { ...query, pageToken, maxResults } });
    events.push(...page.items ?? []);
    pageToken = page.nextPageToken || undefined;
    if (pageToken === undefined || events.length >= query.maxResults) break;
  }
  const { accessRole, defaultReminders } = page;
  return {
    events,
    accessRole,
    defaultReminders,
    next: pageToken === undefined ? undefined : String(pageToken),
  };
}
