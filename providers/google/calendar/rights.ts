/**
 * What somebody may not change of an event, said before it is tried: Google
 * refuses some of it, and lets other changes pass without effect.
 *
 * @module
 */

import { ApiError } from "../../provider.ts";
import type { Event } from "./event.ts";
import { isGuestCopy } from "./event_state.ts";

/** What a change is about. */
export interface Change {
  /** The title, the time, the place or the notes. */
  edits: boolean;
  add_attendees?: string[] | undefined;
  remove_attendees?: string[] | undefined;
}

/** @throws {ApiError} `forbidden`, in words; `what` is the event as it is spoken. */
export function refuseWhatIsNotTheirs(event: Event, change: Change, what: string): void {
  const why = refusal(event, change);
  if (why === undefined) return;
  throw new ApiError({ kind: "forbidden", message: `Nothing was changed: ${what}. ${why}` });
}

function refusal(
  event: Event,
  { edits, add_attendees = [], remove_attendees = [] }: Change,
): string | undefined {
  if (edits && event.locked === true) {
    return "It is a locked copy: only its organizer can change its title, time, place and notes.";
  }
  if (edits && event.eventType === "fromGmail") {
    return "Google took it from a mail, and keeps its title, time, place and notes as they are.";
  }
  const invites = add_attendees.length > 0;
  const isGuest = isGuestCopy(event) && event.guestsCanModify !== true;
  if (isGuest && remove_attendees.length > 0) {
    return "Only its organizer can take people off the list.";
  }
  if (isGuest && invites && event.guestsCanInviteOthers === false) {
    return "Its organizer does not let guests invite others.";
  }
  if (event.privateCopy === true && invites) {
    return "It is a private copy: nobody who is added to it would be told.";
  }
  if ((invites || remove_attendees.length > 0) && event.attendeesOmitted === true) {
    return "Google does not name all who are invited, so that the list cannot be changed from here.";
  }
  return undefined;
}
