/**
 * Deleting events of Google Calendar.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/delete
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, tool } from "../../provider.ts";
import { notify, toldWords } from "./change.ts";
import {
  calendarId,
  eventId,
  eventPath,
  isSeries,
  type Named,
  standing,
} from "./calendar_event.ts";
import { writeScopes, writeScopesFor } from "./scopes.ts";
import { Event } from "./event.ts";
import { peopleOf } from "./event_guests.ts";
import { isGuestCopy } from "./event_state.ts";
import { briefEvent, EventBrief } from "./event_summary.ts";
import { speakEvent } from "./event_words.ts";

export const deleteEvent = tool({
  name: "calendar_delete_event",
  aliases: ["delete_event"],
  service: "calendar",
  title: "Delete a calendar event",
  description:
    "Delete an event from Google Calendar, for all who are invited if it is the person's. " +
    "Use it only when they agree which event it is, and whether one occurrence or the series.",
  input: z.strictObject({
    event_id: eventId,
    notify_attendees: notify,
    calendar_id: calendarId,
  }),
  output: z.object({
    id: z.string(),
    deleted: z.boolean(),
    event: EventBrief.optional(),
    whole_series: z.boolean().optional(),
    only_your_copy: z.boolean().optional().describe("The organizer and the others still have it."),
    attendees_told: z.boolean().optional().describe("Absent: nobody else is invited."),
  }),
  hints: { readOnly: false, destructive: true, idempotent: true },
  scopes: writeScopes,
  scopesFor: writeScopesFor,
  async run({ notify_attendees, ...named }, { api, now }) {
    // Where it cannot be read, Google's answer to the deletion says why.
    const event = await readIfThere(api, named, now);
    await api.json(eventPath(named), z.unknown(), {
      method: "DELETE",
      query: { sendUpdates: notify_attendees ? "all" : "none" },
    });
    const series = event !== undefined && isSeries(event);
    const isCopy = event !== undefined && (isGuestCopy(event) || event.privateCopy === true);
    const others = event !== undefined && !isCopy &&
      peopleOf(event).some(({ self }) => self !== true);
    const notes = [
      isCopy ? "The organizer and the others still have it." : "",
      others ? toldWords(notify_attendees) : "",
    ].filter(Boolean);
    return {
      text: [`Deleted ${spoken(event, now)} from the calendar.`, ...notes].join(" "),
      data: {
        id: named.event_id,
        deleted: true,
        event: event && briefEvent(event),
        whole_series: series || undefined,
        only_your_copy: isCopy || undefined,
        attendees_told: others ? notify_attendees : undefined,
      },
      notes,
    };
  },
});

function spoken(event: Event | undefined, now: number): string {
  if (event === undefined) return "the event";
  const { status: _, attendees: __, ...plain } = event;
  return `${isSeries(event) ? "the whole series " : ""}${speakEvent(plain, now)}`;
}

async function readIfThere(
  api: ApiClient,
  named: Named,
  now: number,
): Promise<Event | undefined> {
  let event: Event;
  try {
    event = await api.json(eventPath(named), Event);
  } catch (error) {
    if (error instanceof ApiError && error.fault.kind === "not_found") return undefined;
    throw error;
  }
  return standing(event, named, now);
}
