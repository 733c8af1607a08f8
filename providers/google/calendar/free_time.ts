/**
 * Finding time in calendars.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../../api_errors.ts";
import { tool } from "../../provider.ts";
import { count, enumerate, shortLine } from "../../text.ts";
import { askBusy, askUnsure, unknownWords } from "./busy_times.ts";
import { CalendarId, TimeText, TimeZoneName, zoneOf } from "./calendars.ts";
import { busyScopes } from "./scopes.ts";
import { rangeOf } from "./event_span.ts";
import { shownIn, speakSlot, toRfc3339 } from "./event_time.ts";
import { timeText } from "./event.ts";
import { titleOf } from "./event_state.ts";
import { speakEvent } from "./event_words.ts";
import { freeSlots, type Slot } from "./free_slots.ts";

const MINUTE_MS = 60_000;
/** Of one request to Google. */
const MAX_CALENDARS = 50;
const MAX_RANGE_MS = 62 * 24 * 60 * MINUTE_MS;
/** Nobody meets at 14:03: a free time that would begin now begins at the next multiple of this. */
const STEP_MS = 5 * MINUTE_MS;

const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "must be like 09:00")
  .optional();

export const findFreeTime = tool({
  name: "calendar_find_free_time",
  aliases: ["find_free_time"],
  service: "calendar",
  title: "Find free time",
  description:
    "Find when the person, or several people, are free by their calendars, day and night " +
    "unless working hours are given.",
  input: z.strictObject({
    duration_minutes: z.int().min(5).max(1_440).default(30),
    from: TimeText.optional().describe("ISO 8601; left out, now."),
    to: TimeText.optional().describe("A date includes that day. Left out, a week after from."),
    time_zone: TimeZoneName.describe("IANA; left out, the person's own."),
    working_hours_from: ClockTime.describe("Such as 09:00; with working_hours_to."),
    working_hours_to: ClockTime,
    weekdays_only: z.boolean().default(false),
    calendars: z.array(CalendarId).min(1).max(MAX_CALENDARS).default(["primary"]).describe(
      "All must be free: primary, ids, or people's e-mail addresses.",
    ),
    limit: z.int().min(1).max(50).default(10),
  }),
  output: z.object({
    slots: z.array(z.object({
      start: z.string(),
      end: z.string(),
      minutes: z.number(),
    })),
    from: z.string(),
    to: z.string(),
    time_zone: z.string(),
    duration_minutes: z.number(),
    total: z.number(),
    has_more: z.boolean(),
    not_checked: z.array(z.string()).optional(),
    not_certain: z.array(z.object({
      id: z.string(),
      title: z.string(),
      start: z.string(),
      end: z.string(),
    })).optional(),
  }),
  hints: { readOnly: true },
  scopes: busyScopes,
  async run({ calendars, limit, duration_minutes: minutes, ...args }, { api, now }) {
    const hours = hoursOf(args.working_hours_from, args.working_hours_to);
    const timeZone = args.time_zone ?? await zoneOf(api, "primary");
    const range = rangeOf(args, Math.ceil(now / STEP_MS) * STEP_MS, timeZone);
    const within = { from: Date.parse(range.from), to: Date.parse(range.to) };
    if (within.to - within.from > MAX_RANGE_MS) throw invalid("The range is at most 62 days.");
    const { busy, unknown } = await askBusy(api, { ...range, timeZone }, calendars);
    const ids = unknown.map(({ id }) => id);
    if (unknown.length === calendars.length) throw notFound(unknownWords(unknown));
    const weekdaysOnly = args.weekdays_only;
    const slots = freeSlots({ range: within, busy, minutes, timeZone, hours, weekdaysOnly });
    const shown = slots.slice(0, limit);
    const mine = calendars.includes("primary") && !ids.includes("primary");
    const { unsure, isAll } = mine
      ? await askUnsure(api, { ...range, timeZone })
      : { unsure: [], isAll: true };
    const notes = [
      unknown.length === 0 ? "" : unknownWords(unknown),
      unsure.length === 0
        ? ""
        : `Counted as busy, though not certain: ${
          enumerate(unsure.map((event) => speakEvent(event, now, timeZone)))
        }.`,
      isAll ? "" : "More of what counts as busy may not be certain.",
    ].filter(Boolean);
    return {
      text: [speakSlots(shown, slots.length, { minutes, timeZone, now }), ...notes].join(" "),
      data: {
        slots: shown.map(({ from, to }) => ({
          start: toRfc3339(shownIn(timeZone, from)),
          end: toRfc3339(shownIn(timeZone, to)),
          minutes: Math.floor((to - from) / MINUTE_MS),
        })),
        ...range,
        time_zone: timeZone,
        duration_minutes: minutes,
        total: slots.length,
        has_more: slots.length > shown.length,
        not_checked: ids.length === 0 ? undefined : ids,
        not_certain: unsure.length === 0 ? undefined : unsure.map((event) => ({
          id: event.id,
          title: shortLine(titleOf(event), 120),
          start: timeText(event.start),
          end: timeText(event.end),
        })),
      },
      notes,
    };
  },
});

function hoursOf(from?: string, to?: string): Slot | undefined {
  if (from === undefined && to === undefined) return undefined;
  const minutesOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const hours = { from: minutesOf(from ?? "00:00"), to: minutesOf(to ?? "24:00") };
  if (hours.to <= hours.from) throw invalid("working_hours_to must be after working_hours_from.");
  return hours;
}

function speakSlots(
  shown: Slot[],
  total: number,
  { minutes, timeZone, now }: { minutes: number; timeZone: string; now: number },
): string {
  const wanted = `${count(minutes, "minute")} or more`;
  if (shown.length === 0) return `There is no free time of ${wanted} then.`;
  const spoken = shown.map(({ from, to }) =>
    speakSlot(shownIn(timeZone, from), shownIn(timeZone, to), now)
  );
  const more = total > shown.length ? ` And ${total - shown.length} more.` : "";
  return `Found ${count(total, "free time")} of ${wanted}: ${enumerate(spoken)}.${more}`;
}
