import { assertEquals, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { google } from "../../providers/google/google.ts";
import { speakRecurrence } from "../../providers/google/calendar/recurrence.ts";
import { answeredBy, callTool, faultOf, type Json, startApi, wrongFields } from "../support/api.ts";

const EMAIL = "ana@example.com";

/** Creates an event, and gives back what was sent to Google. */
async function create(args: Json) {
  const sent: Json[] = [];
  const api = answeredBy(google, async (request) => {
    if (request.method === "GET") return Response.json({ timeZone: "Europe/Berlin" });
    sent.push(await request.json());
    return Response.json({ id: "e", ...sent[0] });
  });
  const result = await callTool(calendarTools, "create_event", { title: "Gym", ...args }, api);
  return { ...result, body: sent[0] };
}

Deno.test("calendar_create_event() repeats an event", async () => {
  const recurrence = ["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10", "EXDATE:20261207T170000Z"];
  const start = "2026-11-23T18:00";
  const { text, body } = await create({ start, time_zone: "America/New_York", recurrence });
  assertEquals(body.recurrence, recurrence);
  assertEquals(
    text,
    'Added "Gym" on Monday, November 23 at 6:00 PM, every week on Monday and Wednesday, 10 times, ' +
      "without 1 date.",
  );
  assertEquals((await create({ start: "2026-11-23" })).body.recurrence, undefined);
});

Deno.test("calendar_create_event() gives a series its zone, and whole days none", async () => {
  const recurrence = ["RRULE:FREQ=DAILY"];
  // Google refuses a series without a zone; the calendar's own is as good as it gets.
  const { body } = await create({ start: "2026-11-23T18:00:00Z", recurrence });
  assertEquals(body.start, { dateTime: "2026-11-23T19:00:00+01:00", timeZone: "Europe/Berlin" });
  const day = await create({ start: "2026-11-23", recurrence });
  assertEquals(day.body.start, { date: "2026-11-23" });
  assertStringIncludes(day.text, "all day, every day.");
});

Deno.test("calendar_create_event() takes rules of the right shape only", async () => {
  const wrong = (line: string) =>
    wrongFields(calendarTools, "create_event", {
      title: "x",
      start: "2026-11-23",
      recurrence: [line],
    });
  for (
    const line of [
      "RRULE:FREQ=WEEKLY",
      "RRULE:INTERVAL=2;FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T235959Z",
      "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;WKST=MO",
      "EXDATE;TZID=America/New_York:20261224T140000",
      "RDATE;VALUE=DATE:20261224,20261231",
    ]
  ) assertEquals(wrong(line), [], line);
  for (
    const line of [
      "",
      "FREQ=WEEKLY",
      "RRULE:",
      "RRULE:COUNT=10",
      "RRULE:FREQ=SECONDLY",
      "RRULE:FREQ=WEEKLY;",
      "RRULE:FREQ=WEEKLY;FREQ=DAILY",
      "RRULE:FREQ=WEEKLY;COUNT=1;UNTIL=20271231",
      "RRULE:FREQ=WEEKLY\nEXDATE:20261224",
      "RRULE:freq=weekly",
      "RRULE:FREQ=WEEKLY;X=1",
      "EXRULE:FREQ=DAILY",
      "EXDATE:tomorrow",
      `RRULE:FREQ=WEEKLY;BYDAY=${"MO,".repeat(200)}`,
    ]
  ) assertEquals(wrong(line), ["recurrence.0"], JSON.stringify(line));
  const fault = await faultOf(create({ start: "2026-11-23", recurrence: ["RDATE:20261224"] }));
  assertStringIncludes(fault.message, "needs an RRULE");
});

Deno.test("speakRecurrence() says how often", () => {
  const cases: [string, string][] = [
    ["RRULE:FREQ=DAILY", "every day"],
    ["RRULE:FREQ=MONTHLY;INTERVAL=2;COUNT=1", "every 2 months, 1 time"],
    ["RRULE:COUNT=5;FREQ=YEARLY", "every year, 5 times"],
    ["RDATE:20261224", "on several dates"],
    ["RRULE:FREQ=WEEKLY;BYDAY=MO", "every week on Monday"],
    ["RRULE:FREQ=MONTHLY;BYDAY=-1FR,2TU", "every month on the last Friday and the second Tuesday"],
    ["RRULE:FREQ=DAILY;UNTIL=20271231T235959Z", "every day, until December 31, 2027"],
    // What is not known is not said, and nothing wrong in its place.
    ["RRULE:FREQ=WEEKLY;BYDAY=XX;INTERVAL=x;COUNT=y;UNTIL=never", "every week"],
    ["RRULE:FREQ=HOURLY;COUNT=3", "regularly"],
    ["RRULE:", "regularly"],
  ];
  for (const [line, words] of cases) assertEquals(speakRecurrence([line]), words);
  const rule = "RRULE:FREQ=WEEKLY";
  const dates = ["RDATE;VALUE=DATE:20261224,20261225", "EXDATE:20261201T090000Z"];
  assertEquals(
    speakRecurrence([rule, ...dates, "EXDATE:20261208T090000Z"]),
    "every week, and on 2 more dates, without 2 dates",
  );
});

Deno.test("calendar_list_events() names the series of an occurrence", async () => {
  const api = answeredBy(google, () =>
    Response.json({
      items: [{
        id: "gym_20261123T230000Z",
        recurringEventId: "gym",
        summary: "Gym",
        start: { dateTime: "2026-11-23T18:00:00-05:00" },
        end: { dateTime: "2026-11-23T19:00:00-05:00" },
      }],
    }));
  const { data } = await callTool(calendarTools, "list_events", {}, api);
  assertEquals(data.events[0].series_id, "gym");
});

Deno.test("calendar_list_calendars() lists calendars, the person's own first", async () => {
  await using emulator = await startApi(google, {
    users: [{ email: EMAIL, name: "Ana" }],
    calendars: [
      { id: "primary", user_email: EMAIL, summary: EMAIL, primary: true, time_zone: "Asia/Tokyo" },
      { id: "team@group", user_email: EMAIL, summary: "Team", access_role: "reader" },
    ],
  });
  const { text, data } = await callTool(calendarTools, "list_calendars", {}, emulator.api);
  assertEquals(text, `Found 2 calendars: ${EMAIL}; Team, only to read.`);
  assertEquals(data, {
    calendars: [
      {
        id: "primary",
        name: EMAIL,
        primary: true,
        access: "own",
        can_write: true,
        time_zone: "Asia/Tokyo",
      },
      {
        id: "team@group",
        name: "Team",
        primary: false,
        access: "read",
        can_write: false,
        private_events: false,
        time_zone: "UTC",
      },
    ],
    has_more: false,
  });
});

Deno.test("calendar_list_calendars() uses the person's names, and goes on", async () => {
  const asked: string[] = [];
  const api = answeredBy(google, ({ url }) => {
    asked.push(url);
    const items = [{ id: "a@x", summary: "Ana", summaryOverride: "My boss" }, { id: "b@x" }];
    return Response.json({ items, nextPageToken: "next" });
  });
  const args = { limit: 2, page_token: "p" };
  const { text, data } = await callTool(calendarTools, "list_calendars", args, api);
  assertEquals(text, "Found 2 calendars: My boss; b@x. There are more.");
  assertEquals([data.has_more, data.next_page_token], [true, "next"]);
  assertEquals(asked, [
    "http://localhost/calendar/v3/users/me/calendarList?maxResults=2&pageToken=p&showHidden=true",
  ]);
});

Deno.test("calendar_list_calendars() says what each role is good for, and promises nothing of others", async () => {
  const roles = [
    ["owner", "own", true],
    ["writer", "write", true],
    ["writerWithoutPrivateAccess", "write", true],
    ["reader", "read", false],
    ["freeBusyReader", "busy_times", false],
    ["none", "unknown", false],
    ["writerOfTomorrow", "unknown", false],
    [null, "unknown", false],
  ];
  const api = answeredBy(google, () =>
    Response.json({
      items: [
        ...roles.map(([accessRole], index) => ({ id: `${index}@x`, summary: "C", accessRole })),
        {
          id: "hidden@x",
          summary: "Old",
          accessRole: "owner",
          hidden: true,
          description: "Of then",
        },
        { id: "gone@x", deleted: true },
      ],
    }));
  const { text, data } = await callTool(calendarTools, "list_calendars", {}, api);
  const found = data.calendars.slice(0, roles.length);
  assertEquals(
    found.map(({ access, can_write }: Json) => [access, can_write]),
    roles.map(([, ...rest]) => rest),
  );
  assertEquals(found[2].private_events, false);
  assertEquals(data.calendars.at(-1), {
    id: "hidden@x",
    name: "Old",
    primary: false,
    access: "own",
    can_write: true,
    hidden: true,
    description: "Of then",
  });
  assertStringIncludes(text, "C, of which only busy times are seen");
});
