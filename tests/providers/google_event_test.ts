/** What an event is to whoever hears of it, in words and in data. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { notesText } from "../../providers/google/calendar/event_notes.ts";
import { google } from "../../providers/google/google.ts";
import { answeredBy, callTool, type Json } from "../support/api.ts";
import { GoogleCalendar, ME } from "../support/google_calendar.ts";

const BOB = { email: "bob@example.com", displayName: "Bob", responseStatus: "accepted" };
const WHEN = "on Tuesday, November 24 at 2:00 PM";

async function list(events: Json[], more: Json = {}) {
  const page = {
    items: events.map((event, index) => ({
      id: `e${index}`,
      status: "confirmed",
      start: { dateTime: "2026-11-24T14:00:00Z" },
      end: { dateTime: "2026-11-24T15:00:00Z" },
      ...event,
    })),
    ...more,
  };
  const api = answeredBy(google, () => Response.json(page));
  return await callTool(calendarTools, "list_events", {}, api);
}

async function one(event: Json, more: Json = {}) {
  const { text, data } = await list([event], more);
  return { said: text.replace("Found 1 event: ", ""), data: data.events[0] };
}

Deno.test("the kinds of events are told apart, in words and in data", async () => {
  const me = (responseStatus: string) => ({
    attendees: [{ email: ME, self: true, responseStatus }],
  });
  const cases: [event: Json, words: string, kind: string, busy: boolean][] = [
    [{ summary: "Dentist" }, `"Dentist" ${WHEN}`, "event", true],
    [{ summary: "x", ...me("accepted") }, `"x" ${WHEN}.`, "event", true],
    [{ summary: "x", ...me("declined") }, `${WHEN}, which you declined`, "event", false],
    [{ summary: "x", ...me("tentative") }, `${WHEN}, to which you said maybe`, "event", true],
    [{ summary: "x", ...me("needsAction") }, "which you have not answered", "event", true],
    [{ summary: "x", status: "tentative" }, "which is not confirmed", "event", true],
    [{ summary: "x", status: "cancelled" }, "which was cancelled", "event", false],
    [{ summary: "x", transparency: "transparent" }, `${WHEN}, shown as free`, "event", false],
    [{ summary: "Flight", eventType: "fromGmail" }, "taken from a mail", "from_gmail", true],
    [{ eventType: "outOfOffice" }, `out of office "Out of office" ${WHEN}`, "out_of_office", true],
    [{ summary: "Deep", eventType: "focusTime" }, `focus time "Deep" ${WHEN}`, "focus_time", true],
    [
      { summary: "Ana's", eventType: "birthday", transparency: "transparent" },
      `birthday "Ana's" ${WHEN}.`,
      "birthday",
      false,
    ],
    [
      { eventType: "workingLocation", workingLocationProperties: { type: "homeOffice" } },
      `working location "Home" ${WHEN}`,
      "working_location",
      false,
    ],
    [
      {
        eventType: "workingLocation",
        workingLocationProperties: { type: "officeLocation", officeLocation: { label: "HQ" } },
      },
      'working location "HQ"',
      "working_location",
      false,
    ],
    // What is not known yet is an event like any other.
    [
      { summary: "x", eventType: "lunarPhase", status: "mooted" },
      `"x" ${WHEN}`,
      "lunarPhase",
      true,
    ],
    [{}, `"(No title)" ${WHEN}`, "event", true],
  ];
  for (const [event, words, kind, busy] of cases) {
    const { said, data } = await one(event);
    assertStringIncludes(said, words);
    assertEquals([data.kind, data.busy], [kind, busy], words);
  }
});

Deno.test("an event of which only the time is shown is busy, and nothing more", async () => {
  const shared = await list([{ visibility: "private" }], { accessRole: "freeBusyReader" });
  assertEquals(
    shared.text,
    `Found 1 event: "Busy" ${WHEN}. Google shows of this calendar only when time is taken, not by what.`,
  );
  assertEquals([shared.data.only_busy_times, shared.data.events[0].details_hidden], [true, true]);
  for (const accessRole of ["writerWithoutPrivateAccess", "reader", "tomorrow's role"]) {
    const { said, data } = await one({ visibility: "private" }, { accessRole });
    assertStringIncludes(said, `"Busy" ${WHEN}`);
    assertEquals([data.details_hidden, data.visibility], [true, "private"]);
    const open = await one({}, { accessRole });
    assertStringIncludes(open.said, '"(No title)"');
  }
});

Deno.test("who comes is counted, with rooms apart", async () => {
  const attendees = [
    { ...BOB, organizer: true },
    { email: ME, self: true, responseStatus: "accepted" },
    { email: "eve@x.org", responseStatus: "declined", comment: "On leave", optional: true },
    { email: "tom@x.org", responseStatus: "tentative", additionalGuests: 2 },
    { email: "una@x.org", responseStatus: "needsAction" },
    { email: "odd@x.org", responseStatus: "mused" },
    {
      email: "r@resource.calendar.google.com",
      displayName: "Room 1",
      resource: true,
      responseStatus: "accepted",
    },
  ];
  const { said, data } = await one({
    summary: "Review",
    attendees,
    organizer: { email: BOB.email, displayName: "Bob" },
    creator: { email: "assistant@x.org" },
  });
  assertEquals(
    said,
    `"Review" ${WHEN}. Of 6 people, 2 said yes, 1 said no, 1 said maybe, 1 has not answered.`,
  );
  assertEquals(data.answers, { yes: 2, no: 1, maybe: 1, not_answered: 1 });
  assertEquals(data.guests[0], { email: BOB.email, name: "Bob", answer: "yes", organizer: true });
  assertEquals(data.guests[1], { email: ME, answer: "yes", you: true });
  const eve = { email: "eve@x.org", answer: "no", optional: true, note: "On leave" };
  assertEquals(data.guests[2], eve);
  assertEquals(data.guests[3], { email: "tom@x.org", answer: "maybe", brings: 2 });
  assertEquals(data.guests[5].answer, "unknown");
  assertEquals(data.rooms, [{ name: "Room 1", answer: "yes" }]);
  assertEquals([data.attendees.length, data.your_answer], [6, "yes"]);
  assertEquals([data.organizer, data.creator], ["Bob", "assistant@x.org"]);

  const hidden = await one({
    summary: "All hands",
    attendees: [attendees[1]],
    attendeesOmitted: true,
  });
  assertStringIncludes(hidden.said, "Google does not name all who are invited.");
  assertEquals([hidden.data.attendees_hidden, hidden.data.answers], [true, undefined]);
});

Deno.test("the ways into a meeting are told, whoever makes it", async () => {
  const conferenceData = {
    conferenceSolution: { name: "Zoom Meeting", key: { type: "addOn" } },
    notes: "Dial <b>1</b> first",
    entryPoints: [
      { entryPointType: "video", uri: "https://x.zoom.us/j/1?pwd=a", passcode: "4711" },
      {
        entryPointType: "phone",
        uri: "tel:+49-30-1",
        label: "+49 30 1",
        pin: "123456",
        regionCode: "DE",
      },
      { entryPointType: "phone", uri: "tel:+1-2" },
      { entryPointType: "sip", uri: "sip:1@zoomcrc.com" },
      { entryPointType: "more", uri: "https://x.zoom.us/more" },
      { entryPointType: "hologram", uri: "holo:1" },
    ],
  };
  const { data } = await one({ summary: "x", conferenceData });
  assertEquals(data.meeting_url, "https://x.zoom.us/j/1?pwd=a");
  assertEquals(data.meeting, {
    by: "Zoom Meeting",
    status: "ready",
    code: "4711",
    phones: [{ number: "+49 30 1", pin: "123456", region: "DE" }, { number: "+1-2" }],
    sip: "1@zoomcrc.com",
    more_url: "https://x.zoom.us/more",
    notes: "Dial 1 first",
  });
  const url = "https://meet.google.com/abc-defg-hij";
  const hangout = await one({ summary: "x", hangoutLink: url });
  assertEquals([hangout.data.meeting_url, hangout.data.meeting.by], [url, "Google Meet"]);
});

Deno.test("a link that somebody wrote down is found, and nothing that is no meeting", async () => {
  const found = async (fields: Json) => (await one({ summary: "x", ...fields })).data.meeting_url;
  const teams = "https://teams.microsoft.com/l/meetup-join/19%3ameeting/0?context=%7b%7d";
  assertEquals(
    await found({ location: "https://us02web.zoom.us/j/1?pwd=b." }),
    "https://us02web.zoom.us/j/1?pwd=b",
  );
  assertEquals(await found({ description: `Join: <a href="${teams}">here</a>` }), teams);
  assertEquals(
    await found({ description: 'Join <a href="https://x.zoom.us/j/1?a=1&amp;pwd=2">Zoom</a>' }),
    "https://x.zoom.us/j/1?a=1&pwd=2",
  );
  for (
    const text of [
      "https://zoom.us.evil.example/j/1",
      "https://evilzoom.us/j/1",
      "http://zoom.us/j/1",
      "https://example.com/?u=https://zoom.us",
      "https://meet.google.com/",
      "javascript:alert(1)",
    ]
  ) assertEquals(await found({ location: text }), undefined, text);
  const odd = { entryPoints: [{ entryPointType: "video", uri: "javascript:alert(1)" }] };
  assertEquals(await found({ conferenceData: odd }), undefined);
});

Deno.test("notesText() reads HTML as text, keeps plain text, and loses no link", () => {
  assertEquals(notesText("a < b\n  c > d"), "a < b\n  c > d");
  assertEquals(
    notesText("<p>One</p><ul><li>Two</li><li>3 &amp; 4</li></ul>"),
    "One\n\n- Two\n\n- 3 & 4",
  );
  assertEquals(notesText("<b>Agenda</b>\nOne\nTwo"), "Agenda\nOne\nTwo");
  assertEquals(
    notesText('See <a href="https://x.example/1?a=1&amp;b=2" target="_blank">the plan</a>'),
    "See the plan (https://x.example/1?a=1&b=2)",
  );
  const same = "https://x.example/1";
  assertEquals(notesText(`See <a href="${same}">${same}</a>`), `See ${same}`);
  assertEquals(notesText('<a href="javascript:x">here</a>'), "here");
  // Quick with any input.
  for (const bad of ["<a ", '<a href="', "<", "&", "<b", "</a"]) {
    assert(notesText(bad.repeat(100_000)).length <= 16_384);
  }
});

Deno.test("reminders, attachments, the series and what was moved are told", async () => {
  const defaultReminders = [{ method: "popup", minutes: 10 }];
  const own = {
    summary: "x",
    reminders: { useDefault: false, overrides: [{ method: "email", minutes: 60 }] },
    attachments: [{ title: "Plan", fileUrl: "https://docs.google.com/1" }, {}],
    visibility: "public",
    recurringEventId: "series",
    originalStartTime: { dateTime: "2026-11-23T14:00:00Z" },
  };
  const { data } = await one(own, { defaultReminders });
  assertEquals(data.reminders, [{ minutes_before: 60, by: "email" }]);
  assertEquals(data.attachments, [
    { title: "Plan", url: "https://docs.google.com/1" },
    { title: "(No name)" },
  ]);
  assertEquals([data.visibility, data.series_id, data.original_start], [
    "public",
    "series",
    "2026-11-23T14:00:00Z",
  ]);
  const usual = await one({ summary: "x", reminders: { useDefault: true } }, { defaultReminders });
  assertEquals([usual.data.reminders, usual.data.default_reminders], [
    [{ minutes_before: 10, by: "popup" }],
    true,
  ]);
});

Deno.test("times are said as they are: of days, of several days, of none", async () => {
  const at = async (start: Json, end: Json) => (await one({ summary: "x", start, end })).said;
  assertEquals(
    await at({ date: "2026-11-24" }, { date: "2026-11-27" }),
    '"x" from Tuesday, November 24 to Thursday, November 26, all day.',
  );
  assertEquals(
    await at({ dateTime: "2026-11-24T22:00:00Z" }, { dateTime: "2026-11-26T08:00:00Z" }),
    '"x" on Tuesday, November 24 from 10:00 PM to Thursday, November 26 at 8:00 AM.',
  );
  assertEquals(
    await at({ dateTime: "2026-11-24T22:00:00Z" }, { dateTime: "2026-11-25T01:00:00Z" }),
    '"x" on Tuesday, November 24 at 10:00 PM.',
  );
  assertEquals(await at({ date: "soon" }, {}), '"x" at an unknown time.');
  assertEquals(await at(null, null), '"x" at an unknown time.');
});

Deno.test("a null, a member that is missing and one that is new make no event fail", async () => {
  const nulls = Object.fromEntries(
    [
      "summary",
      "description",
      "location",
      "htmlLink",
      "hangoutLink",
      "conferenceData",
      "end",
      "attendees",
      "organizer",
      "creator",
      "eventType",
      "transparency",
      "visibility",
      "reminders",
      "attachments",
      "recurrence",
      "workingLocationProperties",
      "originalStartTime",
      "status",
    ].map((key) => [key, null]),
  );
  const { said, data } = await one({ ...nulls, novelty: { deep: [1] } });
  assertEquals(said, `"(No title)" ${WHEN}.`);
  assertEquals([data.status, data.kind, data.busy], ["confirmed", "event", true]);
  const bare = await list([{ start: undefined, end: undefined, status: "cancelled" }]);
  assertStringIncludes(bare.text, "which was cancelled");
  const sparse = {
    summary: "x",
    attendees: [{}],
    conferenceData: { entryPoints: [{}], conferenceSolution: {} },
    reminders: { overrides: [{}] },
  };
  assertEquals((await one(sparse)).data.meeting.status, "ready");
});

Deno.test("calendar_list_events() goes through pages that hold less than they may, and says where it stopped", async () => {
  const asked: URLSearchParams[] = [];
  const event = (id: string) => ({ id, start: { dateTime: "2026-11-24T14:00:00Z" } });
  const pages: Record<string, Json> = {
    "": { items: [], nextPageToken: "1" },
    "1": { items: [event("a")], nextPageToken: "2" },
    "2": { items: [event("b"), event("c")], nextPageToken: "3" },
  };
  const api = answeredBy(google, (request) => {
    const { searchParams } = new URL(request.url);
    asked.push(searchParams);
    return Response.json(pages[searchParams.get("pageToken") ?? ""]);
  });
  const { data } = await callTool(calendarTools, "list_events", { limit: 3 }, api);
  assertEquals(data.events.map(({ id }: Json) => id), ["a", "b", "c"]);
  assertEquals([data.has_more, data.next_page_token], [true, "3"]);
  assertEquals(asked.map((query) => query.get("maxResults")), ["3", "3", "2"]);
  assert(asked.every((query) => !query.has("updatedMin") && !query.has("syncToken")));

  const endless = answeredBy(google, () => Response.json({ items: [], nextPageToken: "on" }));
  const { text, data: none } = await callTool(calendarTools, "list_events", {}, endless);
  assertEquals(text, "Found no events. There are more in this time.");
  assertEquals([none.has_more, none.next_page_token], [true, "on"]);
});

Deno.test("calendar_list_events() shows a change that was just made", async () => {
  const calendar = new GoogleCalendar([{ id: "e", summary: "Dentist" }]);
  const call = (tool: string, args: Json) =>
    callTool(calendarTools, tool, args, answeredBy(google, calendar.answer));
  await call("update_event", { event_id: "e", title: "Teeth", start: "2026-11-25T09:00:00Z" });
  const { text } = await call("list_events", {});
  assertEquals(text, 'Found 1 event: "Teeth" on Wednesday, November 25 at 9:00 AM.');
  await call("delete_event", { event_id: "e" });
  assertEquals((await call("list_events", {})).text, "Found no events.");
});

/** Google names a guest no more than themselves, and says nothing of what it leaves out. */
Deno.test("guests who may not see each other are not counted", async () => {
  const event = {
    summary: "Party",
    attendees: [{ email: ME, self: true, responseStatus: "accepted" }],
    organizer: { email: "bob@example.com" },
    guestsCanSeeOtherGuests: false,
  };
  const { said, data } = await one(event);
  assertEquals(said, `"Party" ${WHEN}. Google does not name all who are invited.`);
  assertEquals([data.answers, data.attendees_hidden], [undefined, true]);
  const own = await one({ ...event, organizer: { email: ME, self: true } });
  assertStringIncludes(own.said, "Of 1 person, 1 said yes.");
});

Deno.test("a time without an offset is one on the clocks of its zone, or on any", async () => {
  const dateTime = "2026-11-24T14:00:00";
  for (const timeZone of ["America/New_York", undefined, "Somewhere/Else"]) {
    const { said } = await one({ summary: "x", start: { dateTime, timeZone }, end: { dateTime } });
    assertStringIncludes(said, `"x" ${WHEN}`);
  }
});

Deno.test("a place of work is named by whatever says it", async () => {
  const at = async (place: Json) =>
    (await one({ eventType: "workingLocation", workingLocationProperties: place })).data.title;
  assertEquals(await at({ homeOffice: {} }), "Home");
  assertEquals(await at({ officeLocation: { buildingId: "B1" } }), "Office");
  assertEquals(await at({ customLocation: { label: "Café" } }), "Café");
  assertEquals(await at({ type: "moonBase" }), "Other");
});
