/**
 * Who is invited to an event, and what each of them answered.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 *
 * @module
 */

import { z } from "zod";
import { count, shortLine } from "../../text.ts";

const MAX_GUESTS = 50;
const MAX_ROOMS = 10;

/** With all that Google says of them: a change sends them back as they were read. */
export const Attendee = z.looseObject({
  email: z.string().nullish(),
  displayName: z.string().nullish(),
  responseStatus: z.string().nullish(),
  comment: z.string().nullish(),
  additionalGuests: z.number().nullish(),
  optional: z.boolean().nullish(),
  organizer: z.boolean().nullish(),
  resource: z.boolean().nullish(),
  self: z.boolean().nullish(),
});
export type Attendee = z.output<typeof Attendee>;

/** What of an event says who comes. */
export interface Invited {
  attendees?: Attendee[] | null | undefined;
  attendeesOmitted?: boolean | null | undefined;
  guestsCanSeeOtherGuests?: boolean | null | undefined;
  organizer?: { self?: boolean | null | undefined } | null | undefined;
}

/** As the tools say it, and take it. */
export const ANSWERS = { yes: "accepted", no: "declined", maybe: "tentative" } as const;
export type Answer = keyof typeof ANSWERS | "not_answered" | "unknown";

/** The members of an event's summary. */
export const GuestFields = {
  attendees: z.array(z.string()).optional(),
  attendees_left_out: z.number().optional(),
  attendees_hidden: z.boolean().optional(),
  guests: z.array(z.object({
    email: z.string().optional(),
    name: z.string().optional(),
    answer: z.string(),
    optional: z.boolean().optional(),
    organizer: z.boolean().optional(),
    you: z.boolean().optional(),
    brings: z.number().optional().describe("Further people."),
    note: z.string().optional(),
  })).optional(),
  answers: z.object({
    yes: z.number(),
    no: z.number(),
    maybe: z.number(),
    not_answered: z.number(),
  }).optional(),
  your_answer: z.string().optional(),
  rooms: z.array(z.object({ name: z.string(), answer: z.string() })).optional(),
};

/** What somebody answered; a status that is not known yet is no answer that could be named. */
export function answerOf({ responseStatus }: Attendee): Answer {
  switch (responseStatus) {
    case "accepted":
      return "yes";
    case "declined":
      return "no";
    case "tentative":
      return "maybe";
    case "needsAction":
    case null:
    case undefined:
      return "not_answered";
    default:
      return "unknown";
  }
}

/** The one whose calendar it is, where they are invited. */
export function selfOf({ attendees }: Invited): Attendee | undefined {
  return (attendees ?? []).find(({ self }) => self === true);
}

/** Whether there may be more who are invited than Google names: guests may not see each other. */
export function hidesGuests(event: Invited): boolean {
  const { attendeesOmitted, guestsCanSeeOtherGuests, organizer } = event;
  return attendeesOmitted === true ||
    (guestsCanSeeOtherGuests === false && organizer?.self !== true);
}

/** Those who are invited and are no rooms. */
export function peopleOf({ attendees }: Invited): Attendee[] {
  return (attendees ?? []).filter(({ resource }) => resource !== true);
}

/** Lower case: addresses are compared so. */
export function addressOf({ email }: Attendee): string {
  return (email ?? "").toLowerCase();
}

/** In a long list of events `length` is small, and fewer people are named. */
export function summarizeGuests(event: Invited, length: number) {
  const people = peopleOf(event);
  const limit = Math.min(MAX_GUESTS, Math.floor(length / 10));
  const named = people.filter(({ email }) => Boolean(email));
  const shown = named.slice(0, limit);
  const self = selfOf(event);
  const rooms = (event.attendees ?? []).filter(({ resource }) => resource === true);
  const isOmitted = hidesGuests(event);
  return {
    attendees: some(shown.map(({ email }) => email ?? "")),
    attendees_left_out: named.length > shown.length ? named.length - shown.length : undefined,
    attendees_hidden: isOmitted || undefined,
    guests: some(
      people.slice(0, limit).map((guest) => ({
        email: guest.email || undefined,
        name: guest.displayName ? short(guest.displayName) : undefined,
        answer: answerOf(guest),
        optional: guest.optional || undefined,
        organizer: guest.organizer || undefined,
        you: guest.self || undefined,
        brings: guest.additionalGuests || undefined,
        note: guest.comment ? short(guest.comment) : undefined,
      })),
    ),
    answers: people.length > 0 && !isOmitted ? countAnswers(people) : undefined,
    your_answer: self === undefined ? undefined : answerOf(self),
    rooms: some(
      rooms.slice(0, MAX_ROOMS).map((room) => ({
        name: short(room.displayName || room.email || "A room"),
        answer: answerOf(room),
      })),
    ),
  };
}

function countAnswers(people: Attendee[]) {
  const counts = { yes: 0, no: 0, maybe: 0, not_answered: 0 };
  for (const person of people) {
    const answer = answerOf(person);
    // An answer of a kind that is not known yet is none of these.
    if (answer !== "unknown") counts[answer] += 1;
  }
  return counts;
}

/** `Of 4 people, 2 said yes, 1 said no and 1 has not answered.`; nothing where nobody is invited. */
export function speakGuests(event: Invited): string {
  if (hidesGuests(event)) return "Google does not name all who are invited.";
  const people = peopleOf(event);
  if (people.length === 0) return "";
  const { yes, no, maybe, not_answered: silent } = countAnswers(people);
  const parts = [
    yes > 0 ? `${yes} said yes` : "",
    no > 0 ? `${no} said no` : "",
    maybe > 0 ? `${maybe} said maybe` : "",
    silent > 0 ? `${silent} ${silent === 1 ? "has" : "have"} not answered` : "",
  ].filter(Boolean);
  return parts.length === 0
    ? ""
    : `Of ${count(people.length, "person", "people")}, ${parts.join(", ")}.`;
}

function some<T>(items: T[]): T[] | undefined {
  return items.length > 0 ? items : undefined;
}

function short(text: string): string {
  return shortLine(text, 120);
}
