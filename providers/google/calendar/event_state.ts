/**
 * What an event is to a person: a meeting, a place of work, time that is only
 * known to be taken; whether it still stands, and whose it is. No I/O, no clock.
 *
 * https://developers.google.com/workspace/calendar/api/guides/event-types
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";
import { shorten } from "../../text.ts";
import type { CalendarView, Event } from "./event.ts";
import { answerOf, selfOf } from "./event_guests.ts";

/** Google's `eventType`, and what it is called here and aloud. */
const KINDS: Record<string, [kind: string, spoken: string]> = {
  default: ["event", ""],
  workingLocation: ["working_location", "working location"],
  outOfOffice: ["out_of_office", "out of office"],
  focusTime: ["focus_time", "focus time"],
  birthday: ["birthday", "birthday"],
  fromGmail: ["from_gmail", ""],
};

export function kindOf({ eventType }: Event): string {
  return lookUp(KINDS, eventType || "default")?.[0] ?? shorten(eventType ?? "event", 40);
}

/** `working location "Home"`; an ordinary event is its title alone. */
export function spokenKind({ eventType }: Event): string {
  return lookUp(KINDS, eventType || "default")?.[1] ?? "";
}

/** Its title; where Google names none, what is known instead. */
export function titleOf(event: Event, calendar: CalendarView = {}): string {
  if (event.summary) return event.summary;
  if (event.eventType === "workingLocation") return placeOfWork(event);
  if (event.eventType === "outOfOffice") return "Out of office";
  return detailsHidden(event, calendar) ? "Busy" : "(No title)";
}

function placeOfWork({ workingLocationProperties: place }: Event): string {
  return place?.customLocation?.label || place?.officeLocation?.label ||
    (place?.type === "officeLocation" || place?.officeLocation
      ? "Office"
      : place?.type === "homeOffice" || place?.homeOffice
      ? "Home"
      : "Other");
}

/** Only that the time is taken is shown: for want of rights, or as the event is private. */
export function detailsHidden(
  { summary, visibility }: Event,
  { accessRole }: CalendarView,
): boolean {
  if (summary) return false;
  return accessRole === "freeBusyReader" || visibility === "private" ||
    visibility === "confidential";
}

/** It was deleted, or this occurrence of it was. */
export function isCancelled({ status }: Event): boolean {
  return status === "cancelled";
}

/** Whether it blocks the person's time, by the same rules as Google's free/busy. */
export function isBusy(event: Event): boolean {
  const self = selfOf(event);
  return !isCancelled(event) && event.transparency !== "transparent" &&
    event.eventType !== "workingLocation" && event.eventType !== "birthday" &&
    (self === undefined || answerOf(self) !== "no");
}

/** Not certain: the organizer's word, or the person's own, is still out. */
export function isTentative(event: Event): boolean {
  const self = selfOf(event);
  const answer = self === undefined ? "yes" : answerOf(self);
  return event.status === "tentative" || answer === "maybe" || answer === "not_answered";
}

/** What a listener must know beside the title and the time: `which you declined`. */
export function speakState(event: Event): string[] {
  if (isCancelled(event)) return ["which was cancelled"];
  const self = selfOf(event);
  const answer = self === undefined ? undefined : answerOf(self);
  const isPlain = kindOf(event) === "event" || kindOf(event) === "from_gmail";
  return [
    answer === "no" ? "which you declined" : "",
    answer === "maybe" ? "to which you said maybe" : "",
    answer === "not_answered" ? "which you have not answered" : "",
    kindOf(event) === "from_gmail" ? "taken from a mail" : "",
    event.status === "tentative" && answer !== "maybe" ? "which is not confirmed" : "",
    isPlain && event.transparency === "transparent" && answer !== "no" ? "shown as free" : "",
  ].filter(Boolean);
}

/** The person is only invited: somebody else's event, of which this is a copy. */
export function isGuestCopy(event: Event): boolean {
  return event.organizer != null && event.organizer.self !== true && selfOf(event) !== undefined &&
    selfOf(event)?.organizer !== true;
}

/** Changes of the main parts stay in this copy: nobody else sees them. */
export function staysInCopy(event: Event): boolean {
  return event.privateCopy === true || (isGuestCopy(event) && event.guestsCanModify !== true);
}
