import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { google } from "../../providers/google/google.ts";
import { ApiError } from "../../providers/provider.ts";
import {
  answeredBy,
  callTool,
  checkSchemas,
  type EmulatedApi,
  type Json,
  NOW,
  startApi,
  wrongFields,
} from "../support/api.ts";

const EMAIL = "ana@example.com";
const EVENTS = "/calendar/v3/calendars/primary/events";

function start(events: Json[] = []): Promise<EmulatedApi> {
  return startApi(google, {
    users: [{ email: EMAIL, name: "Ana" }],
    calendars: [
      { id: "primary", user_email: EMAIL, summary: EMAIL, primary: true, time_zone: "UTC" },
      { id: "team#1@group.calendar.google.com", user_email: EMAIL, summary: "Team" },
    ],
    calendar_events: events.map((event, index) => ({
      id: `evt_${index}`,
      user_email: EMAIL,
      calendar_id: "primary",
      ...event,
    })),
  });
}

function timed(summary: string, start: string, end: string) {
  return { summary, start_date_time: start, end_date_time: end };
}

/** Creates an event and gives back what the tool said and what the emulator then holds. */
async function create(emulator: EmulatedApi, args: Record<string, unknown>) {
  const result = await callTool(calendarTools, "create_event", args, emulator.api);
  const { items } = await emulator.read(EVENTS);
  return { ...result, stored: items.find((event: Json) => event.id === result.data.id) };
}

/** Start and end as they are sent for a local time in New York. */
async function sentFor(start: string, end?: string): Promise<string[]> {
  const sent: Json[] = [];
  const api = answeredBy(google, async (request) => {
    sent.push(await request.json());
    return Response.json({ id: "e", ...sent[0] });
  });
  const args = { title: "x", start, end, time_zone: "America/New_York" };
  await callTool(calendarTools, "create_event", args, api);
  return [sent[0].start.dateTime, sent[0].end.dateTime];
}

Deno.test("calendarTools have schemas that clients can read", () => {
  checkSchemas(calendarTools);
});

Deno.test("calendar_create_event() adds an event at a local time of a zone", async () => {
  await using emulator = await start();
  const { text, data, stored } = await create(emulator, {
    title: "Dentist",
    start: "2026-11-24T14:00",
    time_zone: "America/New_York",
    location: "12 Main Street",
    description: "Bring the card – ŻÓŁĆ",
  });
  assertEquals(text, 'Added "Dentist" on Tuesday, November 24 at 2:00 PM.');
  assertEquals(stored.summary, "Dentist");
  assertEquals(Date.parse(stored.start.dateTime), Date.parse("2026-11-24T19:00:00Z"));
  assertEquals(Date.parse(stored.end.dateTime), Date.parse("2026-11-24T20:00:00Z"));
  assertEquals(stored.location, "12 Main Street");
  assertEquals(stored.description, "Bring the card – ŻÓŁĆ");
  assertEquals(data.url, stored.htmlLink);
  assertEquals(data.all_day, false);
});

Deno.test("calendar_create_event() takes a time with an offset as it is", async () => {
  await using emulator = await start();
  const { text, stored } = await create(emulator, {
    title: 'Say "hi"\nto Bob',
    start: "2026-11-24T14:00:00+05:30",
    end: "2026-11-24T14:45:00.000+0530",
  });
  assertEquals(text, 'Added "Say "hi" to Bob" on Tuesday, November 24 at 2:00 PM.');
  assertEquals(stored.start.dateTime, "2026-11-24T14:00:00+05:30");
  assertEquals(stored.end.dateTime, "2026-11-24T14:45:00+05:30");
});

Deno.test("calendar_create_event() shows a moment in the zone that was asked for", async () => {
  await using emulator = await start();
  const { text, stored } = await create(emulator, {
    title: "Launch",
    start: "2026-11-24T03:30:00Z",
    time_zone: "America/Los_Angeles",
  });
  assertEquals(text, 'Added "Launch" on Monday, November 23 at 7:30 PM.');
  assertEquals(stored.start.dateTime, "2026-11-23T19:30:00-08:00");
});

Deno.test("calendar_create_event() keeps to the clocks across daylight saving time", async () => {
  assertEquals(await sentFor("2026-10-31T12:00"), [
    "2026-10-31T12:00:00-04:00",
    "2026-10-31T13:00:00-04:00",
  ]);
  assertEquals(await sentFor("2026-11-01T12:00"), [
    "2026-11-01T12:00:00-05:00",
    "2026-11-01T13:00:00-05:00",
  ]);
  assertEquals(await sentFor("2026-10-31T23:00", "2026-11-01T05:00"), [
    "2026-10-31T23:00:00-04:00",
    "2026-11-01T05:00:00-05:00",
  ]);
  // 1:30 comes twice on November 1: the first one counts, and an hour later is 1:30 again.
  assertEquals(await sentFor("2026-11-01T01:30"), [
    "2026-11-01T01:30:00-04:00",
    "2026-11-01T01:30:00-05:00",
  ]);
  // 2:30 is skipped on March 8.
  assertEquals(await sentFor("2026-03-08T02:30"), [
    "2026-03-08T03:30:00-04:00",
    "2026-03-08T04:30:00-04:00",
  ]);
});

Deno.test("calendar_create_event() adds all-day events, last day included", async () => {
  await using emulator = await start();
  const day = await create(emulator, { title: "Offsite", start: "2026-11-25" });
  assertEquals(day.text, 'Added "Offsite" on Wednesday, November 25, all day.');
  assertEquals([day.stored.start.date, day.stored.end.date], ["2026-11-25", "2026-11-26"]);
  assertEquals([day.data.start, day.data.end, day.data.all_day], [
    "2026-11-25",
    "2026-11-25",
    true,
  ]);

  const trip = await create(emulator, { title: "Trip", start: "2026-11-29", end: "2026-12-01" });
  assertEquals(trip.text, 'Added "Trip" from Sunday, November 29 to Tuesday, December 1, all day.');
  assertEquals([trip.stored.start.date, trip.stored.end.date], ["2026-11-29", "2026-12-02"]);
  assertEquals([trip.data.start, trip.data.end], ["2026-11-29", "2026-12-01"]);

  const eve = await create(emulator, { title: "Party", start: "2026-12-31", all_day: true });
  assertEquals([eve.stored.start.date, eve.stored.end.date], ["2026-12-31", "2027-01-01"]);
});

Deno.test("calendar_create_event() invites attendees by mail", async () => {
  const requests: Request[] = [];
  const api = answeredBy(google, async (request) => {
    requests.push(request.clone());
    return Response.json({ id: "e", ...await request.json() });
  });
  const args = { title: "Lunch", start: "2026-11-24T12:00:00Z" };
  const invite = { ...args, attendees: ["bob@example.com", "eve@example.com"] };
  const { text, data } = await callTool(calendarTools, "create_event", invite, api);
  assertStringIncludes(text, " Invited bob@example.com; eve@example.com. They are told by e-mail.");
  assertEquals(data.invitations_sent, true);
  assertEquals(data.attendees, ["bob@example.com", "eve@example.com"]);
  assertEquals(new URL(requests[0]!.url).searchParams.get("sendUpdates"), "all");

  await callTool(calendarTools, "create_event", args, api);
  assertEquals(new URL(requests[1]!.url).searchParams.get("sendUpdates"), null);
  assertEquals((await requests[1]!.json()).attendees, undefined);

  const quietly = { ...invite, notify_attendees: false };
  const quiet = await callTool(calendarTools, "create_event", quietly, api);
  assertStringIncludes(quiet.text, "eve@example.com. They are not told.");
  assertEquals(quiet.data.invitations_sent, false);
  assertEquals(new URL(requests[2]!.url).searchParams.get("sendUpdates"), "none");
});

Deno.test("calendar_create_event() stores the attendees", async () => {
  await using emulator = await start();
  const { stored } = await create(emulator, {
    title: "Lunch",
    start: "2026-11-24T12:00:00Z",
    attendees: ["bob@example.com"],
  });
  assertEquals(stored.attendees.map((person: Json) => person.email), ["bob@example.com"]);
});

Deno.test("calendar_create_event() reads a local time on the calendar's clocks", async () => {
  const api = answeredBy(google, async (request) => {
    if (request.method === "GET") {
      assertEquals(new URL(request.url).searchParams.get("fields"), "timeZone");
      return Response.json({ timeZone: "Europe/Berlin" });
    }
    const body = await request.json();
    assertEquals(body.start, {
      dateTime: "2026-11-24T14:00:00+01:00",
      timeZone: "Europe/Berlin",
    });
    return Response.json({ id: "e", ...body });
  });
  const args = { title: "Dentist", start: "2026-11-24 14:00" };
  const { text } = await callTool(calendarTools, "create_event", args, api);
  assertEquals(text, 'Added "Dentist" on Tuesday, November 24 at 2:00 PM.');
});

Deno.test("calendar_create_event() takes UTC where the calendar has no zone", async () => {
  await using emulator = await start();
  const { text } = await create(emulator, { title: "Dentist", start: "2026-11-24T14:00" });
  assertEquals(text, 'Added "Dentist" on Tuesday, November 24 at 2:00 PM.');
});

Deno.test("calendar_create_event() names the year of a date that is far away", async () => {
  await using emulator = await start();
  const { text } = await create(emulator, { title: "Old", start: "2024-11-24T14:00:00Z" });
  assertEquals(text, 'Added "Old" on Sunday, November 24, 2024 at 2:00 PM.');
});

Deno.test("calendar_create_event() refuses times that do not fit together", async () => {
  const api = answeredBy(google, () => {
    throw new Error("nothing may be sent");
  });
  const refused = async (args: Record<string, unknown>, why: string) => {
    const call = () => callTool(calendarTools, "create_event", { title: "x", ...args }, api);
    const error = await assertRejects(call, ApiError, why);
    assertEquals(error.fault.kind, "invalid");
  };
  const start = "2026-11-24T14:00:00Z";
  await refused({ start, end: "2026-11-24T13:59:59Z" }, "end is before start");
  // Later on the clock, earlier in time.
  await refused({ start, end: "2026-11-24T15:00:00+02:00" }, "end is before start");
  await refused({ start: "2026-11-24", end: "2026-11-23" }, "end is before start");
  await refused({ start, end: "2026-11-24" }, "end must be written the way start is");
  await refused({ start, end: "2026-11-24T15:00" }, "end must be written the way start is");
  await refused({ start: "2026-11-24", end: start }, "end must be written the way start is");
  await refused({ start: "2026-11-24", all_day: false }, "start needs a time of day");
  await refused({ start: "2026-11-24T14:00", all_day: true }, "An all-day event takes dates");
});

Deno.test("calendar_create_event() names the argument that is wrong", () => {
  const start = "2026-11-24T14:00";
  const wrong = (args: Record<string, unknown>) =>
    wrongFields(calendarTools, "calendar_create_event", { title: "x", start, ...args });
  assertEquals(wrong({}), []);
  assertEquals(wrong({ title: "" }), ["title"]);
  assertEquals(wrong({ title: "x".repeat(257) }), ["title"]);
  for (
    const time of [
      "tomorrow",
      "2026-02-30",
      "2026-11-24T25:00",
      "14:00",
      "2026-11-24T14",
      "0026-11-24",
    ]
  ) {
    assertEquals(wrong({ start: time }), ["start"], time);
    assertEquals(wrong({ end: time }), ["end"], time);
  }
  for (const zone of ["Mars/Olympus", "+05:00", "", "x".repeat(100)]) {
    assertEquals([...new Set(wrong({ time_zone: zone }))], ["time_zone"], zone);
  }
  for (const email of ["bob", "bob@example", "a@b.c, d@e.f", "Bob <b@example.com>", "a@b.c\n"]) {
    assertEquals(wrong({ attendees: [email] }), ["attendees.0"], email);
  }
  assertEquals(wrong({ calendar_id: ".." }), ["calendar_id"]);
  assertEquals(wrong({ summary: "Dentist" }), ["summary"]);
});

Deno.test("calendar tools reach a calendar whose id has signs of its own", async () => {
  await using emulator = await start();
  const calendar_id = "team#1@group.calendar.google.com";
  const args = { title: "Standup", start: "2026-11-24T09:00:00Z", calendar_id };
  await callTool(calendarTools, "create_event", args, emulator.api);
  const team = await callTool(calendarTools, "list_events", { calendar_id }, emulator.api);
  assertEquals(team.data.events.map((event: Json) => event.title), ["Standup"]);
  const own = await callTool(calendarTools, "list_events", {}, emulator.api);
  assertEquals(own.data.events, []);
});

Deno.test("calendar_create_event() says when there is no such calendar", async () => {
  await using emulator = await start();
  const args = { title: "x", start: "2026-11-24", calendar_id: "a/../b" };
  const error = await assertRejects(
    () => callTool(calendarTools, "create_event", args, emulator.api),
    ApiError,
  );
  assertEquals(error.fault.kind, "not_found");
});

Deno.test("calendar_list_events() lists the next seven days in order", async () => {
  await using emulator = await start([
    timed("Yesterday", "2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z"),
    { summary: "Offsite", start_date: "2026-11-25", end_date: "2026-11-27" },
    timed("Dentist", "2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z"),
    timed("Next week", "2026-11-30T12:00:00Z", "2026-11-30T13:00:00Z"),
  ]);
  const { text, data } = await callTool(calendarTools, "list_events", {}, emulator.api);
  assertEquals(
    text,
    'Found 2 events: "Dentist" on Tuesday, November 24 at 2:00 PM; ' +
      '"Offsite" from Wednesday, November 25 to Thursday, November 26, all day.',
  );
  assertEquals(data.events[1].end, "2026-11-26");
  assertEquals([data.from, data.to], ["2026-11-23T12:00:00+00:00", "2026-11-30T12:00:00+00:00"]);
  assertEquals(data.has_more, false);
});

Deno.test("calendar_list_events() says when there are more, and goes on", async () => {
  await using emulator = await start([
    timed("One", "2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z"),
    timed("Two", "2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z"),
    timed("Three", "2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z"),
  ]);
  const first = await callTool(calendarTools, "list_events", { limit: 2 }, emulator.api);
  assertStringIncludes(first.text, "Found 2 events: ");
  assertStringIncludes(first.text, " There are more in this time.");
  assertEquals(first.data.has_more, true);

  const { from, to, next_page_token: page_token } = first.data;
  const args = { limit: 2, from, to, page_token };
  const second = await callTool(calendarTools, "list_events", args, emulator.api);
  assertEquals(second.data.events.map((event: Json) => event.title), ["Three"]);
  assertEquals(second.data.has_more, false);
});

Deno.test("calendar_list_events() keeps to words and to days in a zone", async () => {
  await using emulator = await start([
    timed("Late call", "2026-11-25T04:30:00Z", "2026-11-25T05:00:00Z"),
    timed("Next day", "2026-11-25T05:00:00Z", "2026-11-25T06:00:00Z"),
  ]);
  const list = (args: Record<string, unknown>) =>
    callTool(calendarTools, "list_events", args, emulator.api);
  const day = { from: "2026-11-24", to: "2026-11-24", time_zone: "America/New_York" };
  const { text, data } = await list(day);
  assertEquals(text, 'Found 1 event: "Late call" on Tuesday, November 24 at 11:30 PM.');
  assertEquals([data.from, data.to], ["2026-11-24T00:00:00-05:00", "2026-11-25T00:00:00-05:00"]);
  assertEquals((await list({ query: "NEXT" })).data.events.length, 1);
  assertEquals((await list({ query: "nothing" })).text, "Found no events.");
});

Deno.test("calendar_list_events() asks for single events in order of time", async () => {
  const asked: URLSearchParams[] = [];
  const api = answeredBy(google, (request) => {
    asked.push(new URL(request.url).searchParams);
    return Response.json({
      timeZone: "Europe/Berlin",
      items: [{
        id: "e",
        status: "confirmed",
        start: { dateTime: "2026-11-24T14:00:00+01:00", timeZone: "Asia/Tokyo" },
        end: { dateTime: "2026-11-24T15:00:00+01:00", timeZone: "Asia/Tokyo" },
        attendees: [{ displayName: "Room" }, { email: "bob@example.com", self: true }],
        description: null,
      }],
    });
  });
  const { text, data } = await callTool(calendarTools, "list_events", {}, api);
  // Google shows times on the calendar's clocks, whatever zone the event was made in.
  assertEquals(
    text,
    'Found 1 event: "(No title)" on Tuesday, November 24 at 2:00 PM, which you have not answered. ' +
      "Of 2 people, 2 have not answered.",
  );
  assertEquals(data.events[0].attendees, ["bob@example.com"]);
  const query = {
    timeMin: "2026-11-23T12:00:00+00:00",
    timeMax: "2026-11-30T12:00:00+00:00",
    maxResults: "20",
    singleEvents: "true",
    orderBy: "startTime",
  };
  assertEquals(Object.fromEntries(asked[0]!), query);

  const tokyo = await callTool(calendarTools, "list_events", { time_zone: "Asia/Tokyo" }, api);
  assertStringIncludes(tokyo.text, "at 10:00 PM");
  assertEquals(Object.fromEntries(asked[1]!), {
    ...query,
    timeZone: "Asia/Tokyo",
    timeMin: "2026-11-23T21:00:00+09:00",
    timeMax: "2026-11-30T21:00:00+09:00",
  });
});

Deno.test("calendar_list_events() refuses a range that ends before it starts", async () => {
  const api = answeredBy(google, () => {
    throw new Error("nothing may be sent");
  });
  const to = new Date(NOW - 1).toISOString();
  const call = () => callTool(calendarTools, "list_events", { to }, api);
  const error = await assertRejects(call, ApiError, "to must be after from");
  assertEquals(error.fault.kind, "invalid");
  assertEquals(wrongFields(calendarTools, "list_events", { limit: 101 }), ["limit"]);
});
