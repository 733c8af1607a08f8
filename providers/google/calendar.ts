/**
 * Tools for Google Calendar.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { answerInvitation } from "./calendar_answer.ts";
import { updateEvent } from "./calendar_change.ts";
import { createEvent } from "./calendar_create.ts";
import { deleteEvent } from "./calendar_delete.ts";
import { listEvents } from "./calendar_list.ts";
import { listCalendars } from "./calendars.ts";
import { findFreeTime } from "./free_time.ts";

/** Every tool of the `calendar` service. */
export const calendarTools: Tool[] = [
  createEvent,
  listEvents,
  updateEvent,
  deleteEvent,
  answerInvitation,
  findFreeTime,
  listCalendars,
];
