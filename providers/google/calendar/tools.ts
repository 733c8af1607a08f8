/**
 * Tools for Google Calendar.
 *
 * @module
 */

import type { Tool } from "../../provider.ts";
import { answerInvitation } from "./answer.ts";
import { updateEvent } from "./change.ts";
import { createEvent } from "./create.ts";
import { deleteEvent } from "./delete.ts";
import { listEvents } from "./list.ts";
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
