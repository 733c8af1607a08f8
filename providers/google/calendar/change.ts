/**
 * Changing events of Google Calendar.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/patch
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../../api_errors.ts";
import { tool } from "../../provider.ts";
import { enumerate } from "../../text.ts";
import {
  calendarId,
  changedEvent,
  eventId,
  eventPath,
  isSeries,
  onlyAsRead,
  readEvent,
} from "./calendar_event.ts";
import { askForMeet, meetAsked } from "./meet.ts";
import { refuseWhatIsNotTheirs } from "./rights.ts";
import { writeScopes, writeScopesFor } from "./scopes.ts";
import { TimeText as time, TimeZoneName as timeZone, zoneOf } from "./calendars.ts";
import { Event } from "./event.ts";
import { addressOf, hidesGuests, peopleOf } from "./event_guests.ts";
import { movedSpan, rangeNeedsZone } from "./event_span.ts";
import { staysInCopy } from "./event_state.ts";
import { briefEvent, EventBrief } from "./event_summary.ts";
import { readTime } from "./event_time.ts";
import { speakEvent } from "./event_words.ts";
import { Email } from "../gmail/mime.ts";

/** The input field `notify_attendees`. */
export const notify = z.boolean().default(true);

export const updateEvent = tool({
  name: "calendar_update_event",
  aliases: ["update_event"],
  service: "calendar",
  title: "Change a calendar event",
  description: "Move an event of Google Calendar, or change its title, place, notes or " +
    "attendees. What is not given stays; with a new start alone it keeps its length.",
  input: z.strictObject({
    event_id: eventId,
    title: z.string().min(1).max(256).optional(),
    start: time.optional().describe("ISO 8601, offset optional; a date alone is all day."),
    end: time.optional().describe("Written like start."),
    time_zone: timeZone.describe("IANA; left out, the calendar's."),
    location: z.string().max(1_024).optional().describe("Empty for none."),
    description: z.string().max(8_192).optional().describe("Empty for none."),
    add_attendees: z.array(Email).max(100).optional().describe("E-mail addresses."),
    remove_attendees: z.array(Email).max(100).optional().describe("E-mail addresses."),
    add_meet: z.boolean().default(false),
    notify_attendees: notify,
    calendar_id: calendarId,
  }),
  output: EventBrief.extend({
    whole_series: z.boolean().optional(),
    attendees_told: z.boolean().optional().describe("Absent: nobody else is invited."),
    only_your_copy: z.boolean().optional()
      .describe("The change is seen in this calendar alone, not by the organizer and the others."),
    not_changed: z.array(z.string()).optional(),
  }),
  hints: { readOnly: false, idempotent: true },
  content: ["title", "start", "end", "time_zone"],
  scopes: writeScopes,
  scopesFor: writeScopesFor,
  async run({ calendar_id, event_id, notify_attendees, add_meet, ...changes }, { api, now }) {
    const { title, start, end, time_zone, location, description, ...people } = changes;
    const moves = start !== undefined || end !== undefined;
    const invites = Object.values(people).some((list) => list !== undefined);
    const edits = moves || [title, location, description].some((x) => x !== undefined);
    if (!edits && !invites && !add_meet) {
      throw invalid("Say what to change: title, start, end, location, description or attendees.");
    }
    const named = { calendar_id, event_id };
    const old = await readEvent(api, named, now);
    refuseWhatIsNotTheirs(old, { edits, ...people }, speakEvent(old, now));
    const meet = add_meet ? askForMeet(old) : undefined;
    const needsZone = rangeNeedsZone({ from: start, to: end });
    const zone = time_zone ?? (needsZone ? await zoneOf(api, calendar_id) : undefined);
    const span = moves ? movedSpan(old, { start, end }, zone) : undefined;
    const body = {
      summary: title,
      location,
      description,
      ...span,
      attendees: invites ? attendeesAfter(old, people) : undefined,
      conferenceData: meet?.conferenceData,
    };
    if (Object.values(body).every((value) => value === undefined)) {
      return {
        text: `Nothing was changed: ${speakEvent(old, now, zone)}. ${meet?.words ?? ""}`.trim(),
        data: { ...briefEvent(old), whole_series: isSeries(old) || undefined },
        notes: meet?.words ? [meet.words] : [],
      };
    }
    const sent = await api.json(eventPath(named), Event, {
      method: "PATCH",
      query: {
        sendUpdates: notify_attendees ? "all" : "none",
        conferenceDataVersion: meet?.conferenceData === undefined ? undefined : 1,
      },
      headers: invites ? onlyAsRead(old) : {},
      body,
    });
    const patched = changedEvent(sent, named);
    const made = await meetAsked(api, named, patched, meet);
    const event = made.event;
    const others = hidesGuests(event) ||
      [...peopleOf(event), ...peopleOf(old)].some(({ self }) => self !== true);
    const inCopy = edits && staysInCopy(old);
    const not_changed = notTaken(event, { title, location, span, ...people });
    const series = isSeries(event);
    const notes = [
      inCopy ? "Only the copy in this calendar was changed: the event is somebody else's." : "",
      made.words,
      others && !inCopy ? toldWords(notify_attendees) : "",
    ].filter(Boolean);
    const what = `${series ? "the whole series " : ""}${speakEvent(event, now, zone)}`;
    const kept = not_changed.length === 0
      ? []
      : [`Google did not change: ${enumerate(not_changed)}.`];
    return {
      text: [`Changed ${what}.`, ...kept, ...notes].join(" "),
      data: {
        ...briefEvent(event),
        whole_series: series || undefined,
        attendees_told: others && !inCopy ? notify_attendees : undefined,
        only_your_copy: inCopy || undefined,
        not_changed: not_changed.length === 0 ? undefined : not_changed,
      },
      notes,
    };
  },
});

/** Whether the attendees hear of a change. */
export function toldWords(isTold: boolean): string {
  return isTold ? "Those invited are told by e-mail." : "Those invited are not told.";
}

interface People {
  add_attendees?: string[] | undefined;
  remove_attendees?: string[] | undefined;
}

/**
 * The attendees after a change. Google replaces the whole list, so each of them
 * is sent back as read: one without an answer would lose the one they gave.
 */
function attendeesAfter(
  { attendees }: Event,
  { add_attendees = [], remove_attendees = [] }: People,
) {
  const away = new Set(remove_attendees.map((email) => email.toLowerCase()));
  const kept = (attendees ?? []).filter((guest) => !away.has(addressOf(guest)));
  const there = new Set(kept.map(addressOf));
  return [
    ...kept,
    ...add_attendees.filter((email) => !there.has(email.toLowerCase())).map((email) => ({ email })),
  ];
}

interface Wanted extends People {
  title: string | undefined;
  location: string | undefined;
  span: ReturnType<typeof movedSpan> | undefined;
}

/** What was asked for, and is not so in the event that came back. */
function notTaken(event: Event, wanted: Wanted): string[] {
  const { title, location, span, add_attendees = [], remove_attendees = [] } = wanted;
  const is = (text: string | null | undefined) => (text ?? "").replace(/\s+/g, " ").trim();
  const there = new Set((event.attendees ?? []).map(addressOf));
  const missing = (email: string) => !there.has(email.toLowerCase());
  return [
    title !== undefined && is(event.summary) !== is(title) ? "title" : "",
    location !== undefined && is(event.location) !== is(location) ? "location" : "",
    span !== undefined && !isSame(event.start, span.start) ? "start" : "",
    span !== undefined && !isSame(event.end, span.end) ? "end" : "",
    // Of a list that is cut short nobody can say who is missing.
    ...(hidesGuests(event) ? [] : [
      ...add_attendees.filter(missing),
      ...remove_attendees.filter((email) => !missing(email)),
    ]),
  ].filter(Boolean);
}

/** The same day, or the same moment on whatever clocks. */
function isSame(
  kept: Event["start"],
  sent: { date: string | null; dateTime: string | null },
): boolean {
  if (sent.date !== null) return kept?.date === sent.date;
  const [one, other] = [kept?.dateTime, sent.dateTime].map((text) => readTime(text ?? ""));
  return one?.form === "offset" && other?.form === "offset" && one.moment.at === other.moment.at;
}
