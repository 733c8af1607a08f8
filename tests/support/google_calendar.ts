/**
 * Google Calendar's events as Google's documentation has them, for one person:
 * a state that can be read back, and who was told what by mail. The emulator
 * neither gives nor changes a single event, and forgets what it deletes.
 *
 * https://developers.google.com/workspace/calendar/api/v3/reference/events
 *
 * @module
 */

import type { Json } from "./api.ts";

/** Whose calendar it is. */
export const ME = "ana@example.com";
const EVENTS = /^\/calendar\/v3\/calendars\/([^/]+)\/events(?:\/([^/]+))?$/;

/** One request that changed something. */
export interface Change {
  method: string;
  event: string;
  query: Record<string, string>;
  body: Json;
}

/** A calendar in memory; `answer` is what its API answers. */
export class GoogleCalendar {
  readonly events = new Map<string, Json>();
  readonly changes: Change[] = [];
  /** What happens to a Meet link that is asked for, and whether the next answer knows it. */
  meet: "success" | "pending" | "failure" | "ignored" = "pending";
  /** Before a change is made: what somebody else does at the same moment. */
  meanwhile: (() => void) | undefined;
  accessRole = "owner";
  readonly #me: string;
  #made = 0;
  #kept = 0;

  constructor(events: Json[] = [], { me = ME }: { me?: string } = {}) {
    this.#me = me;
    for (const event of events) this.#keep({ ...ORDINARY, ...event });
  }

  readonly answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const { method } = request;
    const query = Object.fromEntries(url.searchParams);
    const [, , id] = EVENTS.exec(url.pathname)?.map((part) => part && decodeURIComponent(part)) ??
      [];
    if (!EVENTS.test(url.pathname)) return refused(404, "notFound");
    const body = method === "PATCH" || method === "POST" ? await request.json() : undefined;
    if (method === "GET" && id === undefined) return this.#list(query);
    if (method === "POST") return this.#insert(body, query);
    const old = this.events.get(id ?? "");
    if (old === undefined) return refused(404, "notFound");
    if (method === "GET") return this.#show(old);
    this.meanwhile?.();
    const now = this.events.get(id!);
    const ifMatch = request.headers.get("If-Match");
    if (ifMatch !== null && ifMatch !== now.etag) return refused(412, "conditionNotMet");
    this.changes.push({ method, event: id!, query, body });
    if (method === "DELETE") {
      if (now.status === "cancelled") return refused(410, "deleted");
      this.#keep({ ...now, status: "cancelled" });
      return new Response(null, { status: 204 });
    }
    return this.#patch(now, body, query);
  };

  /** Puts an event there that nobody asked the API for. */
  add(event: Json): void {
    this.#keep({ ...ORDINARY, ...event });
  }

  /** What is on between two times. */
  between({ timeMin, timeMax, q }: { timeMin?: string; timeMax?: string; q?: string }): Json[] {
    return [...this.events.values()].filter((event) =>
      event.status !== "cancelled" && !event.recurrence &&
      (timeMin === undefined || at(event.end) > Date.parse(timeMin)) &&
      (timeMax === undefined || at(event.start) < Date.parse(timeMax)) &&
      (q === undefined || JSON.stringify(event).toLowerCase().includes(q.toLowerCase()))
    );
  }

  #list(query: Record<string, string>): Response {
    const found = this.between(query);
    if (query.orderBy === "startTime") found.sort((a, b) => at(a.start) - at(b.start));
    const from = Number(query.pageToken ?? 0);
    const to = from + Number(query.maxResults ?? 250);
    const defaultReminders = [{ method: "popup", minutes: 10 }];
    const { accessRole } = this;
    return Response.json({
      timeZone: "UTC",
      accessRole,
      defaultReminders,
      items: found.slice(from, to),
      ...(to < found.length ? { nextPageToken: String(to) } : {}),
    });
  }

  #insert(body: Json, query: Record<string, string>): Response {
    const id = `made${++this.#made}`;
    this.changes.push({ method: "POST", event: id, query, body });
    const me = { email: this.#me, self: true };
    const own = { organizer: me, creator: me };
    return this.#show(
      this.#keep(this.#withMeet({ ...ORDINARY, ...own, ...body, id }, body, query)),
    );
  }

  /** Google takes changes of a deleted event, and it stays deleted. */
  #patch(old: Json, body: Json, query: Record<string, string>): Response {
    const { attendees, attendeesOmitted, conferenceData: _, ...rest } = body;
    const next = { ...old, ...rest };
    for (const key of ["start", "end"]) {
      if (body[key] === undefined) continue;
      const merged = Object.entries({ ...old[key], ...body[key] });
      next[key] = Object.fromEntries(merged.filter(([, value]) => value !== null));
    }
    if (attendeesOmitted) {
      // Then nobody's answer changes but that of the one who asks.
      const mine = attendees.find((guest: Json) => guest.email === this.#me);
      next.attendees = old.attendees.map((guest: Json) => guest.email === this.#me ? mine : guest);
    } else if (attendees !== undefined) {
      next.attendees = attendees.map((guest: Json) => ({
        responseStatus: "needsAction",
        ...guest,
      }));
    }
    return this.#show(this.#keep(this.#withMeet(next, body, query)));
  }

  /** Only a client that says that it knows of conferences gets one; it comes a moment later. */
  #withMeet(event: Json, { conferenceData }: Json, query: Record<string, string>): Json {
    const { conferenceData: kept, ...rest } = event;
    const isAsked = conferenceData !== undefined && query.conferenceDataVersion === "1";
    if (!isAsked || this.meet === "ignored") {
      return kept?.createRequest?.status === undefined && kept?.entryPoints === undefined
        ? rest
        : event;
    }
    const { requestId } = conferenceData.createRequest;
    return { ...rest, conferenceData: this.#conference(this.meet, requestId) };
  }

  #conference(statusCode: string, requestId: string): Json {
    const createRequest = { requestId, status: { statusCode } };
    if (statusCode !== "success") return { createRequest };
    const uri = "https://meet.google.com/abc-defg-hij";
    return {
      createRequest,
      conferenceSolution: { key: { type: "hangoutsMeet" }, name: "Google Meet" },
      entryPoints: [{ entryPointType: "video", uri, label: "meet.google.com/abc-defg-hij" }],
    };
  }

  /** As it is now; what Google was still making is there the next time. */
  #show(event: Json): Response {
    const request = event.conferenceData?.createRequest;
    if (this.meet === "pending" && request?.status.statusCode === "pending") {
      const conferenceData = this.#conference("success", request.requestId);
      this.#keep({ ...event, conferenceData });
    }
    return Response.json(event);
  }

  #keep(event: Json): Json {
    const attendees = event.attendees?.map(({ self: _, ...guest }: Json) =>
      guest.email === this.#me ? { ...guest, self: true } : guest
    );
    const kept = { ...event, ...(attendees && { attendees }), etag: `"${++this.#kept}"` };
    this.events.set(event.id, kept);
    return kept;
  }
}

/** A time of an event, in epoch ms; a whole day begins at midnight UTC. */
function at(time: Json): number {
  return Date.parse(time?.dateTime ?? time?.date ?? "");
}

const ORDINARY = {
  kind: "calendar#event",
  status: "confirmed",
  htmlLink: "https://www.google.com/calendar/event?eid=abc",
  start: { dateTime: "2026-11-24T14:00:00Z", timeZone: "UTC" },
  end: { dateTime: "2026-11-24T15:00:00Z", timeZone: "UTC" },
  reminders: { useDefault: true },
};

/** As this API says no. */
export function refused(code: number, reason: string, message = "No."): Response {
  const errors = [{ domain: "global", reason, message }];
  return Response.json({ error: { code, message, errors } }, { status: code });
}
