/**
 * A calendar event as the tools give it back.
 *
 * @module
 */

import { z } from "zod";
import { oneLine, shorten } from "../../text.ts";
import {
  type CalendarView,
  type Event,
  isAllDay,
  lastDay,
  type Person,
  startOf,
  timeText,
} from "./event.ts";
import { GuestFields, summarizeGuests } from "./event_guests.ts";
import { MeetingFields, summarizeMeeting } from "./event_meeting.ts";
import { notesText } from "./event_notes.ts";
import { detailsHidden, isBusy, kindOf, titleOf } from "./event_state.ts";
import { speakRecurrence } from "./recurrence.ts";

const TITLE_LENGTH = 256;
const DESCRIPTION_LENGTH = 500;
const MAX_ATTACHMENTS = 10;
const MAX_LINK = 1_000;

/** An event in a tool's answer. */
export const EventSummary = z.object({
  id: z.string(),
  title: z.string(),
  start: z.string(),
  end: z.string().describe("Of an all-day event the last day."),
  all_day: z.boolean(),
  time_zone: z.string().optional(),
  kind: z.string(),
  status: z.string(),
  busy: z.boolean(),
  details_hidden: z.boolean().optional(),
  location: z.string().optional(),
  description: z.string().optional(),
  ...GuestFields,
  organizer: z.string().optional(),
  organized_by_you: z.boolean().optional(),
  creator: z.string().optional(),
  visibility: z.string().optional(),
  series_id: z.string().optional().describe("As event_id it means the whole series."),
  recurrence: z.array(z.string()).optional(),
  repeats: z.string().optional(),
  original_start: z.string().optional(),
  reminders: z.array(z.object({ minutes_before: z.number(), by: z.string() })).optional(),
  default_reminders: z.boolean().optional(),
  details_left_out: z.boolean().optional()
    .describe("In a list that is long: ask for less of it to see the rest."),
  attachments: z.array(z.object({ title: z.string(), url: z.string().optional() })).optional(),
  url: z.string().optional(),
  ...MeetingFields,
});

type Summary = z.input<typeof EventSummary>;

/** What is told of an event that was just written: what was not asked for costs a model its attention. */
export const EventBrief = EventSummary.pick({
  id: true,
  title: true,
  start: true,
  end: true,
  all_day: true,
  time_zone: true,
  location: true,
  description: true,
  attendees: true,
  attendees_left_out: true,
  your_answer: true,
  series_id: true,
  recurrence: true,
  repeats: true,
  url: true,
  meeting_url: true,
  meeting: true,
});

/** As {@linkcode EventBrief} has it. */
export function briefEvent(event: Event): z.output<typeof EventBrief> {
  return EventBrief.parse(summarizeEvent(event));
}

/** Lists whose texts must be shorter than this do without what nobody asks a list for. */
const SHORT_LIST = 150;
const DETAILS = [
  "guests",
  "rooms",
  "creator",
  "recurrence",
  "original_start",
  "reminders",
  "attachments",
  "meeting",
] as const;

/** Shortens an event, each text and list to at most `length`. */
export function summarizeEvent(
  event: Event,
  length = DESCRIPTION_LENGTH,
  calendar: CalendarView = {},
): Summary {
  const whole = describeEvent(event, length, calendar);
  if (length >= SHORT_LIST) return whole;
  const bare = { ...whole };
  for (const detail of DETAILS) delete bare[detail];
  const isLess = DETAILS.some((detail) => whole[detail] !== undefined);
  return { ...bare, details_left_out: isLess || undefined };
}

function describeEvent(event: Event, length: number, calendar: CalendarView): Summary {
  const short = (text: string) => shorten(text, Math.min(TITLE_LENGTH, length));
  const start = startOf(event);
  const original = timeText(event.originalStartTime);
  const organizer = nameOf(event.organizer);
  const creator = nameOf(event.creator);
  const attachments = (event.attachments ?? []).slice(0, Math.min(MAX_ATTACHMENTS, length / 20));
  return {
    id: event.id,
    title: short(titleOf(event, calendar)),
    start: timeText(start),
    end: event.end?.dateTime || lastDay(event) || "",
    all_day: isAllDay(event),
    time_zone: start?.timeZone || undefined,
    kind: kindOf(event),
    status: short(event.status || "confirmed"),
    busy: isBusy(event),
    details_hidden: detailsHidden(event, calendar) || undefined,
    location: event.location ? short(event.location) : undefined,
    description: event.description ? shorten(notesText(event.description), length) : undefined,
    ...summarizeGuests(event, length),
    organizer: organizer === undefined ? undefined : short(organizer),
    organized_by_you: event.organizer?.self || undefined,
    creator: creator === undefined || creator === organizer ? undefined : short(creator),
    visibility: event.visibility && event.visibility !== "default"
      ? short(event.visibility)
      : undefined,
    series_id: event.recurringEventId || undefined,
    recurrence: event.recurrence?.slice(0, 10).map((line) => shorten(line, length)) ?? undefined,
    repeats: event.recurrence?.length ? speakRecurrence(event.recurrence) : undefined,
    original_start: original !== "" && original !== timeText(start) ? original : undefined,
    ...remindersOf(event, calendar),
    attachments: attachments.length === 0 ? undefined : attachments.map(({ title, fileUrl }) => ({
      title: short(title || "(No name)"),
      url: link(fileUrl),
    })),
    url: link(event.htmlLink),
    ...summarizeMeeting(event, length),
  };
}

function remindersOf({ reminders }: Event, { defaultReminders }: CalendarView) {
  const isDefault = reminders?.useDefault === true;
  const known = isDefault ? defaultReminders : reminders?.overrides;
  const list = (known ?? []).slice(0, 5).flatMap(({ minutes, method }) =>
    minutes == null ? [] : [{ minutes_before: minutes, by: shorten(method || "popup", 40) }]
  );
  return {
    reminders: list.length > 0 ? list : undefined,
    default_reminders: isDefault || undefined,
  };
}

/** Half a link leads nowhere. */
function link(url: string | null | undefined): string | undefined {
  return url && url.length <= MAX_LINK ? url : undefined;
}

function nameOf(person: Person | null | undefined): string | undefined {
  return oneLine(person?.displayName || person?.email || "") || undefined;
}
