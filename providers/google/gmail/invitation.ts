/**
 * Invitations to meetings, as mails bring them (RFC 5545, RFC 5546). The file is
 * a stranger's: one pass, a bounded piece of it, and only what is known is said.
 *
 * @module
 */

import { z } from "zod";
import { lookUp } from "../../../broker/core/lists.ts";
import { addDays } from "../calendar/event_time.ts";
import { tidy } from "./message.ts";
import { speakMailbox } from "./mime.ts";

const MAX_ICS = 256 * 1024;
const MAX_OPEN = 20;
const TITLE_LENGTH = 150;
const NAME_LENGTH = 80;

/** What a mail says about a meeting. */
export const Invitation = z.object({
  kind: z.enum(["invitation", "cancellation", "answer", "proposal", "event"]),
  title: z.string(),
  start: z.string().optional(),
  end: z.string().optional(),
  time_zone: z.string().optional(),
  place: z.string().optional(),
  organizer: z.string().optional(),
  answer: z.string().optional(),
  answered_by: z.string().optional(),
  repeats: z.boolean().optional(),
  other_events: z.number().optional(),
});
export type Invitation = z.output<typeof Invitation>;

interface Line {
  name: string;
  parameters: Map<string, string>;
  value: string;
}

const KINDS: Record<string, Invitation["kind"]> = {
  REQUEST: "invitation",
  ADD: "invitation",
  CANCEL: "cancellation",
  REPLY: "answer",
  COUNTER: "proposal",
};

const ANSWERS: Record<string, string> = {
  ACCEPTED: "accepts",
  DECLINED: "declines",
  TENTATIVE: "may come",
  DELEGATED: "sends somebody else",
};

/** The first event of a calendar file; `undefined` where it holds none. */
export function readInvitation(ics: string): Invitation | undefined {
  const { method, events } = readEvents(ics);
  const [event] = events;
  if (event === undefined) return undefined;
  const get = (name: string) => event.find((line) => line.name === name);
  const text = (name: string, length: number) =>
    tidy(unescape(get(name)?.value ?? ""), length) || undefined;
  const start = readWhen(get("DTSTART"));
  const end = readWhen(get("DTEND")) ?? afterDuration(start?.at, get("DURATION")?.value);
  const isCancelled = get("STATUS")?.value.trim().toUpperCase() === "CANCELLED";
  const kind = isCancelled ? "cancellation" : (lookUp(KINDS, method) ?? "event");
  const guest = kind === "answer" || kind === "proposal" ? get("ATTENDEE") : undefined;
  return {
    kind,
    title: text("SUMMARY", TITLE_LENGTH) ?? "",
    start: start?.at,
    end: typeof end === "string" ? end : end?.at,
    time_zone: start?.zone,
    place: text("LOCATION", TITLE_LENGTH),
    organizer: personOf(get("ORGANIZER")),
    answer: lookUp(ANSWERS, guest?.parameters.get("PARTSTAT")?.toUpperCase() ?? ""),
    answered_by: personOf(guest),
    repeats: get("RRULE") === undefined && get("RDATE") === undefined ? undefined : true,
    other_events: events.length > 1 ? events.length - 1 : undefined,
  };
}

/** The lines of each event, not those of its alarms. */
function readEvents(ics: string): { method: string; events: Line[][] } {
  const events: Line[][] = [];
  const open: string[] = [];
  let method = "";
  for (const source of ics.slice(0, MAX_ICS).replace(/\r?\n[ \t]/g, "").split(/\r\n?|\n/)) {
    const line = readLine(source);
    if (line === undefined) continue;
    const value = line.value.trim().toUpperCase();
    if (line.name === "BEGIN") {
      if (open.length < MAX_OPEN) open.push(value);
      if (value === "VEVENT") events.push([]);
    } else if (line.name === "END") {
      const at = open.lastIndexOf(value);
      if (at >= 0) open.length = at;
    } else if (open.at(-1) === "VEVENT") events.at(-1)!.push(line);
    else if (line.name === "METHOD" && open.length <= 1) method = value;
  }
  return { method, events };
}

/** `DTSTART;TZID="Europe/Berlin":20261124T140000` */
function readLine(source: string): Line | undefined {
  let [isQuoted, colon] = [false, -1];
  for (let at = 0; at < source.length && colon < 0; at++) {
    if (source[at] === '"') isQuoted = !isQuoted;
    else if (source[at] === ":" && !isQuoted) colon = at;
  }
  if (colon < 0) return undefined;
  const [name = "", ...rest] = source.slice(0, colon).match(/(?:[^;"]|"[^"]*"?)+/g) ?? [];
  const parameters = new Map(rest.map((one) => {
    const at = one.indexOf("=");
    return [one.slice(0, at).toUpperCase(), one.slice(at + 1).replace(/^"|"$/g, "")];
  }));
  return { name: name.trim().toUpperCase(), parameters, value: source.slice(colon + 1) };
}

function unescape(value: string): string {
  return value.replace(/\\(.)/g, (_, char: string) => /n/i.test(char) ? " " : char);
}

function personOf(line: Line | undefined): string | undefined {
  if (line === undefined) return undefined;
  const address = line.value.replace(/^\s*mailto:/i, "").trim();
  const name = line.parameters.get("CN") ?? "";
  return tidy(speakMailbox(`${tidy(name)} <${tidy(address)}>`), NAME_LENGTH) || undefined;
}

/** A day, or a moment on the clock of `zone`; a moment of UTC ends in Z. */
function readWhen(line: Line | undefined): { at: string; zone?: string | undefined } | undefined {
  const [, y, m, d, h, min, s, utc] =
    /^\s*(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?\s*$/i.exec(line?.value ?? "") ?? [];
  if (y === undefined) return undefined;
  const day = `${y}-${m}-${d}`;
  const at = h === undefined ? day : `${day}T${h}:${min}:${s === "60" ? "59" : s ?? "00"}`;
  // The thirtieth of February is none.
  const read = Date.parse(h === undefined ? day : `${at}Z`);
  if (Number.isNaN(read) || new Date(read).toISOString().slice(0, 10) !== day) return undefined;
  if (h === undefined) return { at };
  const zone = tidy(line?.parameters.get("TZID") ?? "", NAME_LENGTH).replace(/^\//, "");
  return utc === undefined ? { at, zone: zone || undefined } : { at: `${at}Z`, zone: "UTC" };
}

/** `PT1H30M` after a moment. */
function afterDuration(start: string | undefined, duration: string | undefined) {
  const [, weeks, days, hours, minutes] =
    /^\s*\+?P(?:(\d{1,3})W)?(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d+S)?)?\s*$/i
      .exec(duration ?? "") ?? [];
  if (start === undefined || duration === undefined) return undefined;
  const length = (Number(weeks ?? 0) * 7 + Number(days ?? 0)) * 1_440 + Number(hours ?? 0) * 60 +
    Number(minutes ?? 0);
  if (length === 0) return undefined;
  if (!start.includes("T")) return addDays(start, Math.floor(length / 1_440));
  const end = new Date(Date.parse(start.replace(/Z?$/, "Z")) + length * 60_000);
  return end.toISOString().slice(0, 19) + (start.endsWith("Z") ? "Z" : "");
}

/** `Ana invites to "Lunch" on Friday, November 27 from 12:00 PM to 1:00 PM, at Luigi's.` */
export function speakInvitation(invitation: Invitation, now: number): string {
  const { kind, title, place, organizer, answer, answered_by, other_events } = invitation;
  const what = title === "" ? "an event without a title" : `"${title}"`;
  const about = [
    what,
    speakWhen(invitation, now),
    ...(invitation.repeats ? ["and again after that"] : []),
  ].filter(Boolean).join(" ");
  const where = place === undefined ? "" : `, at ${place}`;
  const more = other_events === undefined ? "" : ` Further events in it: ${other_events}.`;
  const sentence = {
    invitation: `${organizer ?? "It"} invites to ${about}${where}.`,
    cancellation: `It cancels ${about}${where}.`,
    answer: `${answered_by ?? "Somebody"} ${
      answer === undefined
        ? `answers about ${about}`
        : answer === "may come"
        ? `may come to ${about}`
        : answer === "sends somebody else"
        ? `sends somebody else to ${about}`
        : `${answer} ${about}`
    }.`,
    proposal: `${answered_by ?? "Somebody"} proposes another time for ${about}${where}.`,
    event: `It has the event ${about}${where}${organizer ? `, by ${organizer}` : ""}.`,
  }[kind];
  return sentence + more;
}

function speakWhen({ start, end, time_zone }: Invitation, now: number): string {
  if (start === undefined) return "";
  const day = speakDay(start, now);
  if (!start.includes("T")) {
    // It ends on the day before its end (RFC 5545 §3.6.1).
    const last = end !== undefined && !end.includes("T") && end > start ? addDays(end, -1) : start;
    return last === start ? `on ${day}, all day` : `from ${day} to ${speakDay(last, now)}, all day`;
  }
  const zone = time_zone === undefined ? "" : ` (${time_zone})`;
  if (end === undefined || !end.includes("T") || end <= start) {
    return `on ${day} at ${speakTime(start)}${zone}`;
  }
  const isSameDay = end.slice(0, 10) === start.slice(0, 10);
  return isSameDay
    ? `on ${day} from ${speakTime(start)} to ${speakTime(end)}${zone}`
    : `from ${day} at ${speakTime(start)} to ${speakDay(end, now)} at ${speakTime(end)}${zone}`;
}

/** `Friday, November 27`, with the year where it is another one. */
export function speakDay(moment: string, now: number): string {
  const date = new Date(`${moment.slice(0, 10)}T00:00:00Z`);
  const isThisYear = date.getUTCFullYear() === new Date(now).getUTCFullYear();
  return date.toLocaleDateString("en-US", {
    timeZone: "UTC",
    weekday: "long",
    month: "long",
    day: "numeric",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
}

function speakTime(moment: string): string {
  return new Date(moment.replace(/Z?$/, "Z"))
    .toLocaleTimeString("en-US", { timeZone: "UTC", hour: "numeric", minute: "2-digit" });
}
