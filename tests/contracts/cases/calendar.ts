/**
 * Calls of Google Calendar's tools.
 *
 * @module
 */

import type { Cases, KnownFault } from "./case.ts";

const start = "2026-11-24T14:00";
const event_id = "e1";

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
    { args: { event_id, title: "New" } },
    { args: { event_id, start, add_attendees: ["b@example.com"], notify_attendees: false } },
    { args: { event_id, remove_attendees: ["p1@example.com"], location: "", description: "" } },
    { args: { event_id }, refuses: /what to change/ },
  ],
  calendar_delete_event: [{ args: { event_id } }],
  calendar_find_free_time: [
    { args: {} },
    {
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

export const calendarFaults: KnownFault[] = [
  { tool: /^calendar_/, check: "refusals", fault: "insufficientPermissions" },
  { tool: "calendar_find_free_time", check: "unreadable", fault: "may have been done" },
];
