/**
 * Asking for a Google Meet link, and what became of it.
 *
 * https://developers.google.com/workspace/calendar/api/guides/create-events#conferencing
 *
 * @module
 */

import { type ApiClient, ApiError } from "../../provider.ts";
import { eventPath, type Named } from "./calendar_event.ts";
import { Event } from "./event.ts";
import { meetingMaker, meetingState, meetRequest, speakMade } from "./event_meeting.ts";

/** What goes into the request, or why nothing does. */
export interface MeetWish {
  conferenceData?: ReturnType<typeof meetRequest> | undefined;
  words?: string | undefined;
}

/** Nobody gets a second conference beside the one that there is or is being made. */
export function askForMeet(old?: Event): MeetWish {
  const state = old === undefined ? "none" : meetingState(old);
  if (state === "pending") return { words: speakMade(state) };
  if (old === undefined || state !== "ready") {
    return { conferenceData: meetRequest(crypto.randomUUID()) };
  }
  const maker = meetingMaker(old) ?? "another conference";
  return {
    words: maker === "Google Meet"
      ? "It has a Google Meet link already."
      : `It has a link of ${maker} already, which was kept.`,
  };
}

/** The event with its conference. Google makes it after its answer: it is looked for once more. */
export async function meetAsked(
  api: ApiClient,
  named: Named,
  event: Event,
  wish: MeetWish | undefined,
): Promise<{ event: Event; words: string }> {
  if (wish === undefined) return { event, words: "" };
  if (wish.conferenceData === undefined) return { event, words: wish.words ?? "" };
  if (meetingState(event) !== "pending") return { event, words: speakMade(meetingState(event)) };
  const later = await readAgain(api, named) ?? event;
  return { event: later, words: speakMade(meetingState(later)) };
}

/** What was done stays done where it cannot be read once more. */
async function readAgain(api: ApiClient, named: Named): Promise<Event | undefined> {
  try {
    const event = await api.json(eventPath(named), Event);
    return event.id === named.event_id ? event : undefined;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
