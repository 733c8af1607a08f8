/**
 * Answering invitations.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events/patch
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, tool } from "../../provider.ts";
import {
  calendarId,
  changedEvent,
  eventId,
  eventPath,
  isSeries,
  type Named,
  onlyAsRead,
  readEvent,
} from "./calendar_event.ts";
import { writeScopes, writeScopesFor } from "./scopes.ts";
import { Event } from "./event.ts";
import { answerOf, ANSWERS, type Attendee, hidesGuests, selfOf } from "./event_guests.ts";
import { briefEvent, EventBrief } from "./event_summary.ts";
import { speakEvent } from "./event_words.ts";

export const answerInvitation = tool({
  name: "calendar_answer_invitation",
  aliases: ["answer_invitation"],
  service: "calendar",
  title: "Answer an invitation",
  description:
    "Say yes, no or maybe to an event that the person is invited to, for them alone: one " +
    "occurrence, or by its series_id the series.",
  input: z.strictObject({
    event_id: eventId,
    answer: z.enum(["yes", "no", "maybe"]),
    note: z.string().max(1_000).optional().describe("What the organizer and the guests read."),
    calendar_id: calendarId,
  }),
  output: EventBrief.extend({
    answer: z.enum(["yes", "no", "maybe"]),
    changed: z.boolean().describe("False: this was the answer already."),
    whole_series: z.boolean().optional(),
  }),
  hints: { readOnly: false, idempotent: true },
  content: ["note"],
  scopes: writeScopes,
  scopesFor: writeScopesFor,
  async run({ answer, note, ...named }, { api, now }) {
    const old = await readEvent(api, named, now);
    const self = selfOf(old) ?? notInvited(old, speakEvent(old, now));
    const isNew = answerOf(self) !== answer ||
      (note !== undefined && note !== (self.comment ?? ""));
    const event = isNew ? await send(api, named, { old, self, answer, note }) : old;
    const series = isSeries(event);
    const whole = series ? "the whole series " : "";
    // In a calendar that is shared with the person it is its owner who answers.
    const forWhom = named.calendar_id === "primary" || !self.email ? "" : ` for ${self.email}`;
    const what = `${answer} to ${whole}${speakEvent(withAnswer(event), now)}${forWhom}`;
    return {
      text: isNew
        ? `Answered ${what}.${note ? " The note went with it." : ""} The organizer is told.`
        : `The answer was ${what}, already. Nothing was changed.`,
      data: { ...briefEvent(event), answer, changed: isNew, whole_series: series || undefined },
    };
  },
});

interface Said {
  old: Event;
  self: Attendee;
  answer: keyof typeof ANSWERS;
  note: string | undefined;
}

/** @throws {ApiError} where Google did not take the answer. */
async function send(api: ApiClient, named: Named, said: Said): Promise<Event> {
  const sent = await api.json(eventPath(named), Event, {
    method: "PATCH",
    // The organizer is among those who are told.
    query: { sendUpdates: "all" },
    headers: onlyAsRead(said.old),
    body: answered(said),
  });
  const event = changedEvent(sent, named);
  const kept = selfOf(event);
  if (kept !== undefined && answerOf(kept) === said.answer) return event;
  throw new ApiError({
    kind: "conflict",
    message: kept === undefined
      ? "Google does not say whether it took the answer. It may have: look at the event first."
      : "Google did not take the answer, and left the one that was there.",
  });
}

/**
 * With `attendeesOmitted` Google changes the answer of the one who asks, and of nobody else. The
 * others are sent along as they were read, for calendars that know nothing of it.
 */
function answered({ old, self, answer, note }: Said) {
  return {
    attendeesOmitted: true,
    attendees: (old.attendees ?? []).map((guest) =>
      guest === self
        ? {
          ...guest,
          responseStatus: ANSWERS[answer],
          ...(note === undefined ? {} : { comment: note }),
        }
        : guest
    ),
  };
}

/** The event without what was answered, which the sentence says by itself. */
function withAnswer({ attendees: _, ...event }: Event): Event {
  return event;
}

function notInvited(event: Event, what: string): never {
  const isOwn = event.organizer?.self === true;
  throw new ApiError({
    kind: "forbidden",
    message: isOwn
      ? `You organize ${what}: there is no invitation to answer.`
      : `You are not invited to ${what}, so there is nothing to answer.` +
        (hidesGuests(event) ? " Google did not name all who are invited." : ""),
  });
}
