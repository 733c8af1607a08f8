import { assertEquals, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { google } from "../../providers/google/google.ts";
import { answeredBy, callTool, type Json } from "../support/api.ts";
import { GoogleCalendar } from "../support/google_calendar.ts";

const URL = "https://meet.google.com/abc-defg-hij";
const NEW = { title: "Review", start: "2026-11-24T14:00:00Z", add_meet: true };
const WHAT = '"Review" on Tuesday, November 24 at 2:00 PM';

function call(calendar: GoogleCalendar, tool: string, args: Json) {
  return callTool(calendarTools, tool, args, answeredBy(google, calendar.answer));
}

Deno.test("calendar_create_event() adds a Meet link, which Google makes a moment later", async () => {
  const calendar = new GoogleCalendar();
  const { text, data } = await call(calendar, "create_event", NEW);
  assertEquals(text, `Added ${WHAT}. It has a Google Meet link.`);
  assertEquals([data.meeting_url, data.meeting], [URL, { by: "Google Meet", status: "ready" }]);
  assertEquals(calendar.events.get(data.id).conferenceData.entryPoints[0].uri, URL);
  const [{ query, body }] = calendar.changes as [Json];
  assertEquals(query.conferenceDataVersion, "1");
  const { requestId, conferenceSolutionKey } = body.conferenceData.createRequest;
  assertEquals(conferenceSolutionKey, { type: "hangoutsMeet" });
  // Google passes over a request whose id it knows.
  await call(calendar, "create_event", NEW);
  const again = calendar.changes[1]!.body.conferenceData.createRequest.requestId;
  assertEquals([requestId.length > 20, again === requestId], [true, false]);
});

Deno.test("calendar_create_event() asks for no conference unless it is told to", async () => {
  const calendar = new GoogleCalendar();
  const { data } = await call(calendar, "create_event", { ...NEW, add_meet: false });
  const [{ query, body }] = calendar.changes as [Json];
  assertEquals([query.conferenceDataVersion, body.conferenceData], [undefined, undefined]);
  assertEquals([data.meeting_url, data.meeting], [undefined, undefined]);
});

Deno.test("a Meet link that is not there yet, that failed or that is not allowed is said to be so", async () => {
  const cases: [GoogleCalendar["meet"], words: string, status?: string][] = [
    ["failure", "Google could not make the Google Meet link.", "failed"],
    ["ignored", "this calendar may not allow them"],
  ];
  for (const [meet, words, status] of cases) {
    const calendar = new GoogleCalendar();
    calendar.meet = meet;
    const { text, data } = await call(calendar, "create_event", NEW);
    assertStringIncludes(text, `Added ${WHAT}. `);
    assertStringIncludes(text, words);
    assertEquals([data.meeting?.status, data.meeting_url], [status, undefined]);
  }
  // It stays in the making, or cannot be looked at again: what was done stays done.
  const event = { id: "e", summary: "Review", start: { dateTime: "2026-11-24T14:00:00Z" } };
  const createRequest = { status: { statusCode: "pending" } };
  for (
    const later of [
      () => Response.json({ ...event, conferenceData: { createRequest } }),
      () => new Response(null, { status: 500 }),
    ]
  ) {
    const api = answeredBy(
      google,
      ({ method }) =>
        method === "GET" ? later() : Response.json({ ...event, conferenceData: { createRequest } }),
    );
    const { text, data } = await callTool(calendarTools, "create_event", NEW, api);
    assertStringIncludes(text, "Google is still making the Google Meet link");
    assertEquals(data.meeting.status, "pending");
  }
});

Deno.test("calendar_update_event() adds a Meet link once", async () => {
  const calendar = new GoogleCalendar([{ id: "e", summary: "Review" }]);
  const add = () => call(calendar, "update_event", { event_id: "e", add_meet: true });
  const first = await add();
  assertEquals(first.text, `Changed ${WHAT}. It has a Google Meet link.`);
  assertEquals([first.data.meeting_url, calendar.changes.length], [URL, 1]);
  const second = await add();
  assertEquals(second.text, `Nothing was changed: ${WHAT}. It has a Google Meet link already.`);
  assertEquals([second.data.meeting_url, calendar.changes.length], [URL, 1]);
  // What else was asked for is done.
  const both = { event_id: "e", add_meet: true, title: "Retro" };
  const third = await call(calendar, "update_event", both);
  assertStringIncludes(third.text, "It has a Google Meet link already.");
  assertEquals(calendar.changes[1]!.body, { summary: "Retro" });
  assertEquals(calendar.events.get("e").conferenceData.entryPoints[0].uri, URL);
});

Deno.test("calendar_update_event() keeps another maker's conference, and waits for one in the making", async () => {
  const zoom = {
    conferenceSolution: { name: "Zoom Meeting", key: { type: "addOn" } },
    entryPoints: [{ entryPointType: "video", uri: "https://example.zoom.us/j/1" }],
  };
  const pending = { createRequest: { status: { statusCode: "pending" } } };
  const cases: [Json, string][] = [
    [zoom, "It has a link of Zoom Meeting already, which was kept."],
    [pending, "Google is still making the Google Meet link"],
  ];
  for (const [conferenceData, words] of cases) {
    const calendar = new GoogleCalendar([{ id: "e", summary: "Review", conferenceData }]);
    const { text } = await call(calendar, "update_event", { event_id: "e", add_meet: true });
    assertStringIncludes(text, words);
    assertEquals(calendar.changes, []);
  }
  // One that could not be made may be asked for again.
  const failed = { createRequest: { status: { statusCode: "failure" } } };
  const calendar = new GoogleCalendar([{ id: "e", summary: "Review", conferenceData: failed }]);
  const { data } = await call(calendar, "update_event", { event_id: "e", add_meet: true });
  assertEquals(data.meeting_url, URL);
});
