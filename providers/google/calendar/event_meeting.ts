/**
 * Where an event takes place online: Google Meet, another maker's conference,
 * or a link that somebody wrote into the place or the notes.
 *
 * https://developers.google.com/workspace/calendar/api/concepts/conferencing
 *
 * @module
 */

import { z } from "zod";
import { shorten, shortLine } from "../../text.ts";
import { htmlToText } from "../text/html_text.ts";

/** Of each kind of way in. */
const MAX_PHONES = 5;
const MAX_URL = 1_300;

const EntryPoint = z.object({
  entryPointType: z.string().nullish(),
  uri: z.string().nullish(),
  label: z.string().nullish(),
  regionCode: z.string().nullish(),
  meetingCode: z.string().nullish(),
  accessCode: z.string().nullish(),
  passcode: z.string().nullish(),
  password: z.string().nullish(),
  pin: z.string().nullish(),
});
type EntryPoint = z.output<typeof EntryPoint>;

export const ConferenceData = z.object({
  entryPoints: z.array(EntryPoint).nullish(),
  conferenceSolution: z.object({
    name: z.string().nullish(),
    key: z.object({ type: z.string().nullish() }).nullish(),
  }).nullish(),
  createRequest: z.object({
    status: z.object({ statusCode: z.string().nullish() }).nullish(),
  }).nullish(),
  notes: z.string().nullish(),
});

/** What of an event says how to join it. */
export interface Meets {
  conferenceData?: z.output<typeof ConferenceData> | null | undefined;
  hangoutLink?: string | null | undefined;
  location?: string | null | undefined;
  description?: string | null | undefined;
}

/** The members of an event's summary. */
export const MeetingFields = {
  meeting_url: z.string().optional(),
  meeting: z.object({
    by: z.string().optional(),
    status: z.enum(["ready", "pending", "failed"]),
    code: z.string().optional(),
    phones: z.array(z.object({
      number: z.string(),
      pin: z.string().optional(),
      region: z.string().optional(),
    })).optional(),
    sip: z.string().optional(),
    more_url: z.string().optional(),
    notes: z.string().optional(),
  }).optional(),
};

/** `ready`: there is a way in; `pending`: Google is still making it; `none`: there is no conference. */
export type MeetingState = "ready" | "pending" | "failed" | "none";

/** How an event's own conference stands. */
export function meetingState({ conferenceData, hangoutLink }: Meets): MeetingState {
  if (webLink(hangoutLink) !== undefined) return "ready";
  if ((conferenceData?.entryPoints ?? []).length > 0) return "ready";
  const status = conferenceData?.createRequest?.status?.statusCode;
  if (status === "pending") return "pending";
  if (status === "failure") return "failed";
  return "none";
}

/** Who makes the conference, in words. */
export function meetingMaker({ conferenceData, hangoutLink }: Meets): string | undefined {
  const { name, key } = conferenceData?.conferenceSolution ?? {};
  if (name) return shortLine(name, 80);
  return key?.type === "hangoutsMeet" || webLink(hangoutLink) ? "Google Meet" : undefined;
}

/** The ways in. */
export function summarizeMeeting(event: Meets, length: number) {
  const state = meetingState(event);
  const points = event.conferenceData?.entryPoints ?? [];
  const of = (type: string) => points.filter(({ entryPointType }) => entryPointType === type);
  const [video] = of("video");
  const url = webLink(video?.uri) ?? webLink(event.hangoutLink) ??
    linkIn(event.location) ?? linkIn(event.description);
  if (state === "none") return { meeting_url: url, meeting: undefined };
  const phones = of("phone").slice(0, MAX_PHONES).map((phone) => ({
    number: short(phone.label || (phone.uri ?? "").replace(/^tel:/, "")),
    pin: codeOf(phone),
    region: phone.regionCode ? short(phone.regionCode) : undefined,
  })).filter(({ number }) => number !== "");
  const [sip] = of("sip");
  const [more] = of("more");
  const notes = htmlToText((event.conferenceData?.notes ?? "").slice(0, 4_096));
  return {
    meeting_url: url,
    meeting: {
      by: meetingMaker(event),
      status: state,
      code: video && codeOf(video),
      phones: phones.length > 0 ? phones : undefined,
      sip: sip?.uri ? short(sip.uri.replace(/^sip:/, "")) : undefined,
      more_url: webLink(more?.uri),
      notes: notes === "" ? undefined : shorten(notes, length),
    },
  };
}

/** Makers call it by different names; only those that are filled in mean anything. */
function codeOf(point: EntryPoint): string | undefined {
  const { pin, passcode, password, accessCode, meetingCode } = point;
  const code = pin || passcode || password || accessCode || meetingCode;
  return code ? short(code) : undefined;
}

/** The request by which Google makes a Meet conference; an id that was used before is passed over. */
export function meetRequest(requestId: string) {
  return {
    createRequest: { requestId, conferenceSolutionKey: { type: "hangoutsMeet" } },
  };
}

/** What became of a Meet link that was asked for, as a sentence. */
export function speakMade(state: MeetingState): string {
  switch (state) {
    case "ready":
      return "It has a Google Meet link.";
    case "pending":
      return "Google is still making the Google Meet link: look at the event again in a moment.";
    case "failed":
      return "Google could not make the Google Meet link.";
    case "none":
      return "It has no Google Meet link: this calendar may not allow them.";
  }
}

/** Pages on which people meet: a link to another one in somebody's notes is no way in. */
const MEETING_HOSTS =
  /^(?:meet\.google\.com|(?:[a-z0-9-]+\.)?zoom\.(?:us|com)|zoomgov\.com|teams\.(?:microsoft|live)\.com|(?:[a-z0-9-]+\.)?webex\.com|(?:[a-z0-9-]+\.)?whereby\.com|meet\.jit\.si|(?:app\.|meet\.)?goto(?:meeting|meet)?\.(?:com|me)|(?:[a-z0-9-]+\.)?gotomeeting\.com|chime\.aws|(?:[a-z0-9-]+\.)?bluejeans\.com)$/;

/** The first link to such a page. */
function linkIn(text: string | null | undefined): string | undefined {
  const written = (text ?? "").slice(0, 16_384).replaceAll("&amp;", "&");
  for (const [link] of written.matchAll(/https:\/\/[^\s"'<>\\]{4,1300}/g)) {
    const url = URL.parse(withoutStop(link));
    if (url !== null && url.pathname.length > 1 && MEETING_HOSTS.test(url.hostname)) {
      return url.href;
    }
  }
  return undefined;
}

/** A sentence ends after a link with signs that are not its own. */
function withoutStop(link: string): string {
  let end = link.length;
  while (end > 0 && ").,;:!?]".includes(link[end - 1]!)) end--;
  return link.slice(0, end);
}

/** A link as sent, if it is one of the web. */
function webLink(text: string | null | undefined): string | undefined {
  const url = text && text.length <= MAX_URL ? URL.parse(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? text ?? undefined : undefined;
}

function short(text: string): string {
  return shortLine(text, 128);
}
