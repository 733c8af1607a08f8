/**
 * Calls of Google Calendar's tools.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Case, Cases, KnownFault } from "./case.ts";

const start = "2026-11-24T14:00";
const event_id = "e1";
const EVENT = "/calendar/v3/calendars/{calendarId}/events/{eventId}";

/** The event that was asked for, which still stands, and which the person may change. */
const standing = (event: Json) => ({
  ...event,
  id: event_id,
  status: "confirmed",
  eventType: "default",
  locked: false,
  privateCopy: false,
  attendeesOmitted: false,
});
const answers: Case["answers"] = { [`GET ${EVENT}`]: standing, [`PATCH ${EVENT}`]: standing };

/** An answer to it: the person is among those who are invited, and it is kept. */
const invited = (responseStatus: string): Case["answers"] => {
  const self = { email: "me@example.com", self: true };
  const before = (event: Json) => ({ ...standing(event), attendees: [self] });
  const after = (event: Json) => ({ ...standing(event), attendees: [{ ...self, responseStatus }] });
  return { [`GET ${EVENT}`]: before, [`PATCH ${EVENT}`]: after };
};

/** Of calendars, and not of groups by their names. */
const noGroups: Case["answers"] = {
  "POST /calendar/v3/freeBusy": ({ groups: _, ...body }: Json) => body,
};

export const calendarCases: Cases = {
  calendar_create_event: [
    { args: { title: "Dentist", start } },
    {
      args: {
        title: "Standup",
        start: "2026-11-24T09:00:00-05:00",
        end: "2026-11-24T09:15:00-05:00",
        time_zone: "America/New_York",
        description: "d",
        location: "l",
        attendees: ["a@example.com"],
        recurrence: ["RRULE:FREQ=WEEKLY;COUNT=10"],
      },
    },
    { args: { title: "Holiday", start: "2026-11-24", end: "2026-11-27" } },
    { args: { title: "Review", start, add_meet: true, notify_attendees: false } },
  ],
  calendar_list_events: [
    { args: {} },
    {
      args: {
        from: "2026-11-24",
        to: "2026-12-24",
        time_zone: "Asia/Kolkata",
        query: "door",
        limit: 100,
        calendar_id: "a@example.com",
        page_token: "p",
      },
    },
  ],
  calendar_update_event: [
    { args: { event_id, title: "New" }, answers },
    {
      args: { event_id, start, add_attendees: ["b@example.com"], notify_attendees: false },
      answers,
    },
    {
      args: { event_id, remove_attendees: ["p1@example.com"], location: "", description: "" },
      answers,
    },
    { args: { event_id, add_meet: true }, answers },
    { args: { event_id }, refuses: /what to change/ },
  ],
  calendar_answer_invitation: [
    { args: { event_id, answer: "yes" }, answers: invited("accepted") },
    {
      args: { event_id, answer: "no", note: "On leave", calendar_id: "a@example.com" },
      answers: invited("declined"),
    },
  ],
  calendar_delete_event: [{ args: { event_id }, answers }],
  calendar_find_free_time: [
    { args: {}, answers: noGroups },
    {
      answers: noGroups,
      args: {
        duration_minutes: 60,
        from: "2026-11-24",
        to: "2026-11-28",
        time_zone: "Europe/London",
        working_hours_from: "09:00",
        working_hours_to: "17:00",
        weekdays_only: true,
        calendars: ["primary", "b@example.com"],
        limit: 50,
      },
    },
  ],
  calendar_list_calendars: [{ args: {} }, { args: { limit: 100, page_token: "p" } }],
};

export const calendarFaults: KnownFault[] = [];
