/**
 * The event that a tool acts on: read first, so that nothing is done to one
 * that is gone, and compared afterwards, so that nothing is said to be done
 * that was not.
 *
 * @module
 */

import { z } from "zod";
import { notFound } from "../../api_errors.ts";
import { type ApiClient, ApiError } from "../../provider.ts";
import { CalendarId, eventsPath } from "./calendars.ts";
import { Event, startOf, timeText } from "./event.ts";
import { isCancelled } from "./event_state.ts";
import { speakEvent, speakWhen } from "./event_words.ts";

/** The input field `event_id`. */
export const eventId = z.string().min(1).max(1_024)
  // The id becomes a part of a URL's path, where "." and ".." would lead to another one.
  .refine((id) => id !== "." && id !== "..", { message: "must be an event's id" }).describe(
    "An id, or a series_id for the whole series.",
  );

/** The input field `calendar_id` of tools for one event. */
export const calendarId = CalendarId.default("primary");

/** Which event. */
export interface Named {
  calendar_id: string;
  event_id: string;
}

export function eventPath({ calendar_id, event_id }: Named): string {
  return `${eventsPath(calendar_id)}/${encodeURIComponent(event_id)}`;
}

/** @throws {ApiError} `not_found` where there is none, or none that stands. */
export async function readEvent(api: ApiClient, named: Named, now: number): Promise<Event> {
  return standing(await found(api, named), named, now);
}

/** Google says of what it does not find no more than that. */
async function found(api: ApiClient, named: Named): Promise<Event> {
  try {
    return await api.json(eventPath(named), Event);
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind !== "not_found") throw error;
    throw notFound(
      "Google Calendar has no such event there: it may be in another calendar, or deleted long " +
        "ago. Look it up first.",
    );
  }
}

/**
 * The event, which still stands: Google gives a deleted one back as well, and takes changes of it.
 *
 * @throws {ApiError} `not_found` where it is gone.
 */
export function standing(event: Event, named: Named, now: number): Event {
  if (event.id !== named.event_id) {
    throw notFound("Google answered with another event than the one that was named. Look it up.");
  }
  if (!isCancelled(event)) return event;
  // Where its organizer moved it to another calendar, nothing but the id is left behind.
  if (timeText(startOf(event)) === "") {
    throw notFound(
      "Google Calendar does not have this event any more: it was deleted already, or moved to " +
        "another calendar. Nothing was changed.",
    );
  }
  const { status: _, attendees: __, ...stood } = event;
  const one = event.recurringEventId ? "This occurrence" : "This event";
  const title = event.summary ? speakEvent(stood, now) : speakWhen(stood, now);
  throw notFound(`${one}, ${title}, was deleted already. Nothing was changed.`);
}

/**
 * What came back after a change, if it is the event that was named.
 *
 * @throws {ApiError} where it is another one, or none that stands.
 */
export function changedEvent(event: Event, { event_id }: Named): Event {
  if (event.id === event_id && !isCancelled(event)) return event;
  throw new ApiError({
    kind: "conflict",
    message: isCancelled(event)
      ? "Google says that the event was deleted in the meantime. Look it up first."
      : "Google answered with another event than the one that was named. The change may have " +
        "been made: look it up first.",
  });
}

/** RFC 9110 §8.8.3. What is none would be no header either. */
const ETAG = /^(?:W\/)?"[\x21\x23-\x7E]{1,200}"$/;

/** A list of people must not take the place of one that was changed meanwhile. */
export function onlyAsRead({ etag }: Event): Record<string, string> {
  return etag && ETAG.test(etag) ? { "If-Match": etag } : {};
}

/** The whole of a series, or one event. */
export function isSeries({ recurrence }: Event): boolean {
  return (recurrence ?? []).length > 0;
}
