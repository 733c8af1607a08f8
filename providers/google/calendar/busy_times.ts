/**
 * When calendars are busy, as Google counts it: what was declined, is shown as
 * free, or says only where somebody works, does not count; out of office does,
 * and so does what is not certain yet.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query
 *
 * @module
 */

import { lookUp, unique } from "../../../broker/core/lists.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { z } from "zod";
import { type ApiClient, ApiError } from "../../provider.ts";
import { enumerate } from "../../text.ts";
import { eventsPath } from "./calendars.ts";
import { Event } from "./event.ts";
import { isBusy, isTentative } from "./event_state.ts";
import type { Slot } from "./free_slots.ts";

/** More than that nobody listens to. */
const MAX_UNSURE = 20;
const MAX_READ = 250;

const Errors = z.array(z.object({ reason: z.string().nullish() })).nullish();
const FreeBusy = z.object({
  calendars: z.record(
    z.string(),
    z.object({
      errors: Errors,
      busy: z.array(z.object({ start: z.string().nullish(), end: z.string().nullish() }))
        .nullish(),
    }),
  ).nullish(),
  // The address of a group stands here, and its members among the calendars.
  groups: z.record(
    z.string(),
    z.object({ errors: Errors, calendars: z.array(z.string()).nullish() }),
  ).nullish(),
});
type FreeBusy = z.output<typeof FreeBusy>;

/** In RFC 3339, with the zone of the answer. */
export interface AskedRange {
  from: string;
  to: string;
  timeZone: string;
}

/** A calendar of which Google says nothing, and why. */
export interface Unknown {
  id: string;
  reason: string;
}

/** The busy times of calendars and groups, and those of which Google says nothing. */
export async function askBusy(
  api: ApiClient,
  { from, to, timeZone }: AskedRange,
  wanted: string[],
): Promise<{ busy: Slot[]; unknown: Unknown[] }> {
  const answer = await api.json("/calendar/v3/freeBusy", FreeBusy, {
    method: "POST",
    reads: true,
    body: { timeMin: from, timeMax: to, timeZone, items: wanted.map((id) => ({ id })) },
  });
  const busy: Slot[] = [];
  const unknown: Unknown[] = [];
  const asked = wanted.flatMap((id) => {
    const group = lookUp(answer.groups ?? {}, id);
    if (group === undefined) return [id];
    if (reasonOf(group.errors) === undefined) return group.calendars ?? [];
    unknown.push({ id, reason: reasonOf(group.errors)! });
    return [];
  });
  for (const id of unique(asked)) {
    const found = lookUp(answer.calendars ?? {}, id);
    const slots = (found?.busy ?? []).map(({ start, end }) => ({
      from: Date.parse(start ?? ""),
      to: Date.parse(end ?? ""),
    }));
    const isRead = slots.every(({ from, to }) => !Number.isNaN(from + to));
    const reason = found?.busy == null || !isRead ? "" : undefined;
    const error = reasonOf(found?.errors) ?? reason;
    if (error === undefined) busy.push(...slots);
    else unknown.push({ id, reason: error });
  }
  return { busy, unknown };
}

function reasonOf(errors: z.output<typeof Errors>): string | undefined {
  return errors?.length ? errors[0]?.reason ?? "" : undefined;
}

/** Why nothing is said of some calendars. */
export function unknownWords(unknown: Unknown[]): string {
  const reasons = unique(unknown.map(({ reason }) => reason));
  return reasons.map((reason) => {
    const ids = enumerate(unknown.filter((one) => one.reason === reason).map(({ id }) => id));
    return `Google does not say when ${ids} is free${whyOf(reason)}.`;
  }).join(" ");
}

function whyOf(reason: string): string {
  switch (reason) {
    case "notFound":
      return ": there is no such calendar, or it is not shared with you";
    case "groupTooBig":
      return ": the group is too big";
    case "tooManyCalendarsRequested":
      return ": these are too many calendars for one question";
    case "internalError":
    case "backendError":
      return " at the moment: try again";
    default:
      return "";
  }
}

const NOTHING = { unsure: [], isAll: true };

/**
 * Events of the person's own that count as busy and are not certain: tentative, or not answered.
 * Who was not given the events is told nothing of it: the busy times are what was asked for.
 */
export async function askUnsure(
  api: ApiClient,
  { from, to, timeZone }: AskedRange,
): Promise<{ unsure: Event[]; isAll: boolean }> {
  const Events = z.object({
    items: z.array(Event).nullish(),
    nextPageToken: z.string().nullish(),
  });
  try {
    const { items, nextPageToken } = await api.json(eventsPath("primary"), Events, {
      query: {
        timeMin: from,
        timeMax: to,
        timeZone,
        singleEvents: true,
        orderBy: "startTime",
        maxResults: MAX_READ,
        fields: "nextPageToken,items(id,status,summary,start,end,transparency,eventType,attendees)",
      },
    });
    const unsure = (items ?? []).filter((event) => isBusy(event) && isTentative(event));
    return {
      unsure: unsure.slice(0, MAX_UNSURE),
      isAll: !nextPageToken && unsure.length <= MAX_UNSURE,
    };
  } catch (error) {
    // A token that covers busy times alone leads to a link elsewhere, and here to nothing.
    if (error instanceof ApiError || error instanceof Refusal) return NOTHING;
    throw error;
  }
}
