import { assertEquals, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { google } from "../../providers/google/google.ts";
import { answeredBy, callTool, faultOf, type Json, startApi, wrongFields } from "../support/api.ts";

const EMAIL = "ana@example.com";
const EVENTS = "/calendar/v3/calendars/primary/events";

/** An event as www.googleapis.com sends it. */
function realEvent(fields: Json = {}): Json {
  return {
    kind: "calendar#event",
    etag: '"3181161784712000"',
    id: "abc123",
    status: "confirmed",
    htmlLink: "https://www.google.com/calendar/event?eid=abc",
    summary: "Dentist",
    creator: { email: EMAIL, self: true },
    start: { dateTime: "2026-11-24T14:00:00-05:00", timeZone: "America/New_York" },
    end: { dateTime: "2026-11-24T15:30:00-05:00", timeZone: "America/New_York" },
    ...fields,
  };
}

/** Changes an event, and gives back what was sent to Google. */
async function update(args: Json, old: Json = realEvent()) {
  const seen: { method: string; url: URL; body: Json }[] = [];
  const api = answeredBy(google, async (request) => {
    const { method } = request;
    const url = new URL(request.url);
    const body = method === "GET" ? undefined : await request.json();
    seen.push({ method, url, body });
    if (url.searchParams.has("fields")) return Response.json({ timeZone: "Europe/Berlin" });
    if (method === "GET") return Response.json(old);
    const kept = (key: string) => ({ ...old[key], ...body[key] });
    return Response.json({ ...old, ...body, start: kept("start"), end: kept("end") });
  });
  const result = await callTool(
    calendarTools,
    "update_event",
    { event_id: "abc123", ...args },
    api,
  );
  const patch = seen.find(({ method }) => method === "PATCH")!;
  return { ...result, methods: seen.map(({ method }) => method), url: patch.url, body: patch.body };
}

Deno.test("calendar_update_event() sends what changes, and nothing else", async () => {
  const { text, methods, url, body, data } = await update({
    title: "Dentist, check-up",
    location: "12 Main Street",
    description: "",
  });
  assertEquals(methods, ["GET", "PATCH"]);
  assertEquals(url.pathname + url.search, `${EVENTS}/abc123?sendUpdates=all`);
  assertEquals(body, {
    summary: "Dentist, check-up",
    location: "12 Main Street",
    description: "",
  });
  assertEquals(text, 'Changed "Dentist, check-up" on Tuesday, November 24 at 2:00 PM.');
  assertEquals(data.location, "12 Main Street");
});

Deno.test("calendar_update_event() moves an event and keeps its length", async () => {
  const { methods, body, text } = await update({ start: "2026-11-25T09:00:00-05:00" });
  assertEquals(methods, ["GET", "PATCH"]);
  assertEquals(body, {
    start: { date: null, dateTime: "2026-11-25T09:00:00-05:00" },
    end: { date: null, dateTime: "2026-11-25T10:30:00-05:00" },
  });
  assertEquals(text, 'Changed "Dentist" on Wednesday, November 25 at 9:00 AM.');

  const local = await update({ start: "2026-11-25T09:00", time_zone: "America/New_York" });
  assertEquals(local.body.end, {
    date: null,
    dateTime: "2026-11-25T10:30:00-05:00",
    timeZone: "America/New_York",
  });
  // On the clocks of the person's calendar, whatever zone the event was made in.
  const berlin = await update({ start: "2026-11-25T09:00" });
  assertEquals(berlin.body.start, {
    date: null,
    dateTime: "2026-11-25T09:00:00+01:00",
    timeZone: "Europe/Berlin",
  });
});

Deno.test("calendar_update_event() moves the end alone, or both", async () => {
  const end = await update({ end: "2026-11-24T16:00:00-05:00" });
  assertEquals(end.body.start, { date: null, dateTime: "2026-11-24T14:00:00-05:00" });
  assertEquals(end.body.end, { date: null, dateTime: "2026-11-24T16:00:00-05:00" });
  const both = await update({ start: "2026-11-26T10:00Z", end: "2026-11-26T11:00Z" });
  assertEquals([both.body.start.dateTime, both.body.end.dateTime], [
    "2026-11-26T10:00:00+00:00",
    "2026-11-26T11:00:00+00:00",
  ]);
});

Deno.test("calendar_update_event() turns timed events into all-day ones and back", async () => {
  const day = { date: null, dateTime: null, timeZone: null };
  const allDay = await update({ start: "2026-11-27" });
  assertEquals(allDay.body, {
    start: { ...day, date: "2026-11-27" },
    end: { ...day, date: "2026-11-28" },
  });
  const trip = realEvent({ start: { date: "2026-11-29" }, end: { date: "2026-12-02" } });
  const moved = await update({ start: "2026-12-30" }, trip);
  assertEquals([moved.body.start.date, moved.body.end.date], ["2026-12-30", "2027-01-02"]);
  assertEquals(moved.data.end, "2027-01-01");
  const longer = await update({ end: "2026-12-05" }, trip);
  assertEquals([longer.body.start.date, longer.body.end.date], ["2026-11-29", "2026-12-06"]);
  const timed = await update({ start: "2026-11-29T10:00:00Z" }, trip);
  assertEquals(timed.body.end, { date: null, dateTime: "2026-11-29T11:00:00+00:00" });
});

Deno.test("calendar_update_event() invites and uninvites, and keeps what others answered", async () => {
  const bob = { email: "Bob@example.com", responseStatus: "accepted", displayName: "Bob" };
  const eve = { email: "eve@example.com", responseStatus: "declined" };
  const room = { resource: true, displayName: "Room 1" };
  const old = realEvent({ attendees: [bob, eve, room] });
  const { body, url, data } = await update({
    add_attendees: ["carol@example.com", "bob@example.com"],
    remove_attendees: ["EVE@example.com", "nobody@example.com"],
    notify_attendees: false,
  }, old);
  assertEquals(body, { attendees: [bob, room, { email: "carol@example.com" }] });
  assertEquals(url.searchParams.get("sendUpdates"), "none");
  assertEquals(data.attendees, ["Bob@example.com", "carol@example.com"]);
});

Deno.test("calendar_update_event() refuses what does not fit together", async () => {
  const refused = async (args: Json, old?: Json) => (await faultOf(update(args, old))).message;
  assertStringIncludes(await refused({}), "Say what to change");
  assertStringIncludes(await refused({ end: "2026-11-24T13:00:00-05:00" }), "end is before start");
  assertStringIncludes(await refused({ end: "2026-11-25" }), "must both be dates");
  const inverted = { start: "2026-11-25", end: "2026-11-24" };
  assertStringIncludes(await refused(inverted), "end is before start");
  const odd = realEvent({ start: {}, end: {} });
  assertStringIncludes(await refused({ end: "2026-11-25" }, odd), "no time to keep");
  const wrong = (args: Json) =>
    wrongFields(calendarTools, "update_event", { event_id: "e", title: "x", ...args });
  assertEquals(wrong({}), []);
  for (const event_id of ["", ".", ".."]) assertEquals(wrong({ event_id }), ["event_id"]);
  assertEquals(wrong({ start: "tomorrow" }), ["start"]);
  assertEquals(wrong({ add_attendees: ["bob"] }), ["add_attendees.0"]);
  assertEquals(wrong({ attendees: ["bob@example.com"] }), ["attendees"]);
});

Deno.test("calendar tools encode the ids of events and calendars", async () => {
  const asked: string[] = [];
  const api = answeredBy(google, (request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname}`);
    return request.method === "DELETE"
      ? new Response(null, { status: 204 })
      : Response.json(realEvent({ id: "../x?y" }));
  });
  const ids = { event_id: "../x?y", calendar_id: "team#1@group" };
  await callTool(calendarTools, "update_event", { ...ids, title: "x" }, api);
  await callTool(calendarTools, "delete_event", ids, api);
  const path = "/calendar/v3/calendars/team%231%40group/events/..%2Fx%3Fy";
  assertEquals(asked, [`GET ${path}`, `PATCH ${path}`, `GET ${path}`, `DELETE ${path}`]);
});

Deno.test("calendar_delete_event() deletes the event", async () => {
  await using emulator = await startApi(google, {
    users: [{ email: EMAIL, name: "Ana" }],
    calendars: [{ id: "primary", user_email: EMAIL, summary: EMAIL, primary: true }],
    calendar_events: ["a", "b"].map((id) => ({
      id,
      user_email: EMAIL,
      calendar_id: "primary",
      summary: id,
      start_date_time: "2026-11-24T09:00:00Z",
      end_date_time: "2026-11-24T10:00:00Z",
    })),
  });
  const call = () => callTool(calendarTools, "delete_event", { event_id: "a" }, emulator.api);
  const { text, data } = await call();
  assertEquals(text, "Deleted the event from the calendar.");
  assertEquals(data, { id: "a", deleted: true });
  const { items } = await emulator.read(EVENTS);
  assertEquals(items.map((event: Json) => event.id), ["b"]);
  assertEquals((await faultOf(call())).kind, "not_found");
});

Deno.test("calendar_delete_event() tells the attendees unless it must not", async () => {
  const asked: string[] = [];
  const attendees = [{ email: EMAIL, self: true }, { email: "bob@example.com" }];
  const api = answeredBy(google, (request) => {
    if (request.method === "GET") return Response.json(realEvent({ attendees }));
    asked.push(new URL(request.url).search);
    return new Response(null, { status: 204 });
  });
  const loud = await callTool(calendarTools, "delete_event", { event_id: "abc123" }, api);
  const quietly = { event_id: "abc123", notify_attendees: false };
  const quiet = await callTool(calendarTools, "delete_event", quietly, api);
  assertEquals(asked, ["?sendUpdates=all", "?sendUpdates=none"]);
  const deleted = 'Deleted "Dentist" on Tuesday, November 24 at 2:00 PM from the calendar.';
  assertEquals(loud.text, `${deleted} Those invited are told by e-mail.`);
  assertEquals(quiet.text, `${deleted} Those invited are not told.`);
  assertEquals([loud.data.attendees_told, quiet.data.attendees_told], [true, false]);
  const { hints } = calendarTools.find(({ name }) => name === "calendar_delete_event")!;
  assertEquals([hints.readOnly, hints.destructive], [false, true]);
});
