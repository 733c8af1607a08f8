/**
 * Google calendars: which there are, and what every tool for them takes.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/calendarList
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, tool } from "../../provider.ts";
import { count, enumerate, fitting, oneLine, shorten } from "../../text.ts";
import { listScopes } from "./scopes.ts";
import { isTimeZone, readTime } from "./event_time.ts";

/** A time as tools take it; see {@linkcode readTime}. */
export const TimeText = z.string().max(40).refine((text) => readTime(text) !== undefined, {
  message: "must be like 2026-11-24T14:00, 2026-11-24T14:00:00-05:00 or 2026-11-24",
});

/** An IANA time zone, or nothing. */
export const TimeZoneName = z.string().max(64)
  .refine(isTimeZone, { message: "must be an IANA time zone such as America/New_York" })
  .optional();

/** A calendar's id; other people's are their e-mail addresses. */
export const CalendarId = z.string().min(1).max(254)
  // The id becomes a part of a URL's path, where "." and ".." would lead to another one.
  .refine((id) => id !== "." && id !== "..", { message: "must be a calendar's id" });

/** The API path of a calendar's events. */
export function eventsPath(calendarId: string): string {
  return `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`;
}

const Calendar = z.object({ timeZone: z.string().nullish() });

/** The calendar's own time zone. The list of events has it, and needs no further scope. */
export async function zoneOf(api: ApiClient, calendarId: string): Promise<string> {
  const { timeZone } = await api.json(eventsPath(calendarId), Calendar, {
    query: { maxResults: 1, fields: "timeZone" },
  });
  // Google always names the zone. Its emulator, in the tests, does not.
  return timeZone && isTimeZone(timeZone) ? timeZone : "UTC";
}

const ListEntry = z.object({
  id: z.string(),
  summary: z.string().nullish(),
  /** The name that the person gave to somebody else's calendar. */
  summaryOverride: z.string().nullish(),
  description: z.string().nullish(),
  primary: z.boolean().nullish(),
  hidden: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  accessRole: z.string().nullish(),
  timeZone: z.string().nullish(),
});
type ListEntry = z.output<typeof ListEntry>;

const CalendarPage = z.object({
  items: z.array(ListEntry).nullish(),
  nextPageToken: z.string().nullish(),
});

/** https://developers.google.com/workspace/calendar/api/v3/reference/calendarList/list */
export const listCalendars = tool({
  name: "calendar_list_calendars",
  aliases: ["list_calendars"],
  service: "calendar",
  title: "List calendars",
  description:
    "List the calendars in the person's Google Calendar, their own and others', with the " +
    "calendar_id that the other tools take.",
  input: z.strictObject({
    limit: z.int().min(1).max(100).default(50),
    page_token: z.string().min(1).max(2_048).optional(),
  }),
  output: z.object({
    calendars: z.array(z.object({
      id: z.string(),
      name: z.string(),
      primary: z.boolean(),
      access: z.enum(["busy_times", "read", "write", "own", "unknown"]),
      can_write: z.boolean(),
      private_events: z.boolean().optional()
        .describe("False: of private events only that the time is taken."),
      hidden: z.boolean().optional(),
      description: z.string().optional(),
      time_zone: z.string().optional(),
    })),
    has_more: z.boolean(),
    next_page_token: z.string().optional(),
  }),
  hints: { readOnly: true },
  scopes: listScopes,
  async run({ limit, page_token }, { api }) {
    const { items, nextPageToken } = await api.json(
      "/calendar/v3/users/me/calendarList",
      CalendarPage,
      { query: { maxResults: limit, pageToken: page_token, showHidden: true } },
    );
    const calendars = (items ?? []).filter(({ deleted }) => deleted !== true);
    const names = calendars.map(speakCalendar);
    const list = names.length === 0 ? "" : `: ${enumerate(names)}`;
    return {
      text: `Found ${count(calendars.length, "calendar")}${list}.` +
        (nextPageToken ? " There are more." : ""),
      data: {
        calendars: fitting(calendars, (entry, length) => ({
          id: entry.id,
          name: shorten(nameOf(entry), length),
          primary: entry.primary ?? false,
          ...accessOf(entry),
          hidden: entry.hidden || undefined,
          description: entry.description ? shorten(entry.description, length) : undefined,
          time_zone: entry.timeZone || undefined,
        })),
        has_more: Boolean(nextPageToken),
        next_page_token: nextPageToken || undefined,
      },
    };
  },
});

function nameOf({ summaryOverride, summary, id }: ListEntry): string {
  return summaryOverride || summary || id;
}

/**
 * What a role is good for. Of one that is not known yet nothing is promised: what it does not allow
 * would be promised in vain, and what it does allow Google tells whoever tries.
 */
function accessOf({ accessRole }: ListEntry) {
  switch (accessRole) {
    case "owner":
      return { access: "own", can_write: true } as const;
    case "writer":
      return { access: "write", can_write: true } as const;
    case "writerWithoutPrivateAccess":
      return { access: "write", can_write: true, private_events: false } as const;
    case "reader":
      return { access: "read", can_write: false, private_events: false } as const;
    case "freeBusyReader":
      return { access: "busy_times", can_write: false } as const;
    default:
      return { access: "unknown", can_write: false } as const;
  }
}

/** `Team, only to read` */
function speakCalendar(entry: ListEntry): string {
  const { access } = accessOf(entry);
  const limits = {
    own: "",
    write: "",
    read: ", only to read",
    busy_times: ", of which only busy times are seen",
    unknown: "",
  }[access];
  return `${oneLine(nameOf(entry))}${limits}${entry.hidden ? ", hidden" : ""}`;
}
