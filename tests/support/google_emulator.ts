/**
 * Google, emulated whole: its emulator signs people in and has Gmail; calendars and Drive are the
 * doubles of the tools' own tests, with what the emulator was seeded with. It can neither read nor
 * change a single event, and of a file it knows a name and a text alone.
 *
 * @module
 */

import type { Emulator } from "emulate";
import type { Json } from "./api.ts";
import { DriveDouble } from "./drive_double.ts";
import { IssuedTokens, startBehind } from "./emulator_front.ts";
import { freePort } from "./free_port.ts";
import { GoogleCalendar, refused } from "./google_calendar.ts";

const API = /^\/(gmail|calendar|drive|upload)\//;
const EVENTS = /^\/calendar\/v3\/calendars\/([^/]+)\/events(\/|$)/;
const FILES = /^(\/upload)?\/drive\/v3\/files(\/|$)/;
const APPS = "application/vnd.google-apps.";

/** Starts it for one person, whose address is `me`. */
export async function startGoogleEmulator(
  seed: Record<string, unknown>,
  me: string,
  port = freePort(),
): Promise<Emulator> {
  const tokens = new IssuedTokens();
  const account = Promise.withResolvers<Account>();
  const emulator = await startBehind("google", seed, port, async (request, forward) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/oauth2/token") return await tokens.note(await forward(request));
    if (pathname === "/oauth2/revoke") {
      tokens.revoke(new URLSearchParams(await request.clone().text()).get("token") ?? "");
      return undefined;
    }
    if (!API.test(pathname)) return undefined;
    // Until it is filled, only what fills it asks.
    if (request.headers.has(FILLING)) return undefined;
    if (!tokens.knows(request)) return refused(401, "authError", "Invalid Credentials");
    const { calendars, drive } = await account.promise;
    if (FILES.test(pathname)) return await drive.answer(asToAllDrives(request));
    if (pathname === "/calendar/v3/freeBusy") return freeBusy(calendars, await request.json());
    const [, asked] = EVENTS.exec(pathname) ?? [];
    if (asked === undefined) return undefined;
    const calendar = calendars.get(decodeURIComponent(asked));
    if (calendar === undefined) return refused(404, "notFound");
    const answer = await calendar.answer(request);
    if (request.method === "POST" && answer.ok) repeat(calendar, await answer.clone().json());
    if (request.method === "DELETE" && answer.ok) endSeries(calendar, pathname);
    return answer;
  });
  // It makes its signing key when it is imported: this waits for it.
  await (await fetch(`${emulator.url}/oauth2/v3/certs`)).json();
  account.resolve(await seeded(emulator.url, me));
  return emulator;
}

/** A header of the requests that read what the emulator was seeded with. */
const FILLING = "X-Filling";

interface Account {
  calendars: Map<string, GoogleCalendar>;
  drive: DriveDouble;
}

/** The doubles, with what the emulator has. */
async function seeded(url: string, me: string): Promise<Account> {
  const read = async (path: string) => {
    const headers = { Authorization: "Bearer filling", [FILLING]: "yes" };
    return await fetch(url + path, { headers });
  };
  const list = async (path: string): Promise<Json> => await (await read(path)).json();
  const calendars = new Map<string, GoogleCalendar>();
  for (const { id, primary } of (await list("/calendar/v3/users/me/calendarList")).items) {
    const { items } = await list(`/calendar/v3/calendars/${encodeURIComponent(id)}/events`);
    const calendar = new GoogleCalendar(items, { me });
    calendars.set(id, calendar);
    if (primary) calendars.set("primary", calendar).set(me, calendar);
  }
  const drive = new DriveDouble({
    me,
    now: () => new Date().toISOString(),
    details: detailsFor(me),
  });
  drive.add({ id: "top", name: "My Drive", mimeType: `${APPS}folder`, parents: [] });
  for (const file of (await list("/drive/v3/files?pageSize=100")).files) {
    const content = await (await read(`/drive/v3/files/${file.id}?alt=media`)).text();
    const parents = (file.parents ?? []).map((id: string) => id === "root" ? "top" : id);
    drive.add({ ...file, parents, content });
  }
  return { calendars, drive };
}

function detailsFor(me: string) {
  return ({ id, mimeType, content }: Json): Json => {
    const isFolder = mimeType === `${APPS}folder`;
    return {
      owners: [{ emailAddress: me, me: true }],
      webViewLink: `https://drive.google.com/${isFolder ? "drive/folders" : "file/d"}/${id}`,
      ...(mimeType.startsWith(APPS)
        ? {}
        : { size: String(new TextEncoder().encode(content).length) }),
    };
  };
}

/** The double answers only who knows of shared drives; here anybody is answered. */
function asToAllDrives(request: Request): Request {
  const url = new URL(request.url);
  url.searchParams.set("supportsAllDrives", "true");
  return new Request(url, request);
}

/** How often an event without an end is there. */
const REPEATS = 10;
const STEP_DAYS: Record<string, number> = { DAILY: 1, WEEKLY: 7, MONTHLY: 28, YEARLY: 364 };

/** The single events of a series: by its steps and their number, with the weekday as it is. */
function repeat(calendar: GoogleCalendar, { recurrence, ...series }: Json): void {
  const rule = recurrence?.find((line: string) => line.startsWith("RRULE:")) ?? "";
  const days = STEP_DAYS[/FREQ=(\w+)/.exec(rule)?.[1] ?? ""];
  if (days === undefined) return;
  const step = days * Number(/INTERVAL=(\d+)/.exec(rule)?.[1] ?? 1) * 24 * 3_600_000;
  const times = Math.min(REPEATS, Number(/COUNT=(\d+)/.exec(rule)?.[1] ?? REPEATS));
  const later = ({ dateTime, date, ...zone }: Json, by: number): Json => {
    const moved = new Date(Date.parse(dateTime ?? date) + by).toISOString();
    return { ...zone, ...(dateTime ? { dateTime: moved } : { date: moved.slice(0, 10) }) };
  };
  for (let at = 0; at < times; at++) {
    const [start, end] = [later(series.start, at * step), later(series.end, at * step)];
    const id = `${series.id}_${at + 1}`;
    calendar.add({ ...series, id, recurringEventId: series.id, start, end });
  }
}

function endSeries(calendar: GoogleCalendar, pathname: string): void {
  const series = decodeURIComponent(pathname.split("/").at(-1) ?? "");
  for (const event of calendar.events.values()) {
    if (event.recurringEventId === series) calendar.add({ ...event, status: "cancelled" });
  }
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/freebusy/query */
function freeBusy(calendars: Map<string, GoogleCalendar>, asked: Json): Response {
  const { timeMin, timeMax, items } = asked;
  const time = ({ dateTime, date }: Json) => dateTime ?? `${date}T00:00:00Z`;
  const busyIn = (calendar: GoogleCalendar) =>
    calendar.between({ timeMin, timeMax })
      .filter(({ transparency }) => transparency !== "transparent")
      .map(({ start, end }) => ({ start: time(start), end: time(end) }));
  const found = items.map(({ id }: { id: string }) => {
    const calendar = calendars.get(id);
    const busy = calendar === undefined
      ? { errors: [{ domain: "global", reason: "notFound" }], busy: [] }
      : { busy: busyIn(calendar) };
    return [id, busy];
  });
  return Response.json({ timeMin, timeMax, calendars: Object.fromEntries(found) });
}
