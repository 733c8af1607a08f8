import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { freeSlots } from "../../providers/google/calendar/free_slots.ts";
import { google } from "../../providers/google/google.ts";
import {
  answeredBy,
  callTool,
  type EmulatedApi,
  faultOf,
  type Json,
  startApi,
  wrongFields,
} from "../support/api.ts";

const EMAIL = "ana@example.com";

function start(events: [string, string, string?][]): Promise<EmulatedApi> {
  return startApi(google, {
    users: [{ email: EMAIL, name: "Ana" }],
    calendars: [
      { id: "primary", user_email: EMAIL, summary: EMAIL, primary: true, time_zone: "UTC" },
      { id: "team@group", user_email: EMAIL, summary: "Team" },
    ],
    calendar_events: events.map(([from, to, calendar_id = "primary"], index) => ({
      id: `evt_${index}`,
      user_email: EMAIL,
      calendar_id,
      summary: "Busy",
      start_date_time: `2026-11-${from}:00Z`,
      end_date_time: `2026-11-${to}:00Z`,
    })),
  });
}

function find(api: EmulatedApi["api"], args: Json) {
  return callTool(calendarTools, "find_free_time", args, api);
}

/** Slots as `24T10:00-24T12:00`. */
function short(slots: Json[]): string[] {
  return slots.map(({ start, end }) => `${start.slice(8, 16)}-${end.slice(8, 16)}`);
}

const TUESDAY = { from: "2026-11-24", to: "2026-11-24", time_zone: "UTC" };
const HOURS = { working_hours_from: "09:00", working_hours_to: "17:00" };

Deno.test("calendar_find_free_time() finds what is left of a day", async () => {
  await using emulator = await start([
    ["24T10:00", "24T11:00"],
    ["24T10:30", "24T12:00"],
    ["24T12:20", "24T13:00"],
    ["24T16:00", "24T20:00"],
  ]);
  const { text, data } = await find(emulator.api, { ...TUESDAY, ...HOURS });
  assertEquals(short(data.slots), ["24T09:00-24T10:00", "24T13:00-24T16:00"]);
  assertEquals(data.slots.map((slot: Json) => slot.minutes), [60, 180]);
  assertEquals(
    text,
    "Found 2 free times of 30 minutes or more: Tuesday, November 24 from 9:00 AM to 10:00 AM; " +
      "Tuesday, November 24 from 1:00 PM to 4:00 PM.",
  );
  assertEquals([data.time_zone, data.has_more], ["UTC", false]);
  const short20 = await find(emulator.api, { ...TUESDAY, ...HOURS, duration_minutes: 20 });
  assertEquals(short20.data.slots.length, 3);
  const long = await find(emulator.api, { ...TUESDAY, ...HOURS, duration_minutes: 181 });
  assertEquals(long.text, "There is no free time of 181 minutes or more then.");
  const first = await find(emulator.api, { ...TUESDAY, ...HOURS, limit: 1 });
  assertStringIncludes(first.text, "10:00 AM. And 1 more.");
  assertEquals(first.data.has_more, true);
});

Deno.test("calendar_find_free_time() looks at the calendars of several people", async () => {
  await using emulator = await start([
    ["24T09:00", "24T12:00"],
    ["24T14:00", "24T17:00", "team@group"],
  ]);
  const calendars = ["primary", "team@group"];
  const { data } = await find(emulator.api, { ...TUESDAY, ...HOURS, calendars });
  assertEquals(short(data.slots), ["24T12:00-24T14:00"]);
  const some = await find(emulator.api, {
    ...TUESDAY,
    ...HOURS,
    calendars: ["primary", "bob@x.org"],
  });
  assertEquals(some.data.not_checked, ["bob@x.org"]);
  assertStringIncludes(some.text, "Google does not say when bob@x.org is free.");
  const fault = await faultOf(find(emulator.api, { ...TUESDAY, calendars: ["bob@x.org"] }));
  assertEquals(fault.kind, "not_found");
});

Deno.test("calendar_find_free_time() looks at the week from now on, in the person's zone", async () => {
  const asked: Json[] = [];
  const api = answeredBy(google, async (request) => {
    if (request.method === "GET") return Response.json({ timeZone: "America/New_York" });
    assertEquals(new URL(request.url).pathname, "/calendar/v3/freeBusy");
    asked.push(await request.json());
    return Response.json({ calendars: { primary: { busy: [] } } });
  });
  const now = Date.parse("2026-11-23T12:01:02Z");
  const { data, text } = await callTool(calendarTools, "find_free_time", {}, api, now);
  assertEquals(asked, [{
    timeMin: "2026-11-23T07:05:00-05:00",
    timeMax: "2026-11-30T07:05:00-05:00",
    timeZone: "America/New_York",
    items: [{ id: "primary" }],
  }]);
  assertEquals(data.slots, [{
    start: "2026-11-23T07:05:00-05:00",
    end: "2026-11-30T07:05:00-05:00",
    minutes: 7 * 24 * 60,
  }]);
  assertStringIncludes(text, "Monday, November 23 from 7:05 AM to Monday, November 30 at 7:05 AM.");
});

Deno.test("calendar_find_free_time() tells a calendar that Google does not open", async () => {
  const errors = [{ domain: "global", reason: "notFound" }];
  const api = answeredBy(
    google,
    () =>
      Response.json({ calendars: { primary: { busy: [] }, "bob@x.org": { errors, busy: [] } } }),
  );
  const args = { ...TUESDAY, calendars: ["primary", "bob@x.org"] };
  assertEquals((await find(api, args)).data.not_checked, ["bob@x.org"]);
});

Deno.test("calendar_find_free_time() says why Google does not open a calendar", async () => {
  const cases: [reason: string, words: string][] = [
    ["notFound", "there is no such calendar, or it is not shared with you."],
    ["groupTooBig", "Google does not say when bob@x.org is free: the group is too big."],
    ["tooManyCalendarsRequested", "too many calendars for one question."],
    ["internalError", "Google does not say when bob@x.org is free at the moment: try again."],
    ["newReason", "Google does not say when bob@x.org is free."],
  ];
  for (const [reason, words] of cases) {
    const api = answeredBy(google, ({ method }) =>
      Response.json(
        method === "GET"
          ? {}
          : { calendars: { primary: { busy: [] }, "bob@x.org": { errors: [{ reason }] } } },
      ));
    const { text } = await find(api, { ...TUESDAY, calendars: ["primary", "bob@x.org"] });
    assertStringIncludes(text, words);
  }
  const answers = [{}, { calendars: null }, { calendars: { primary: { busy: null } } }];
  for (const answer of answers) {
    const fault = await faultOf(find(answeredBy(google, () => Response.json(answer)), TUESDAY));
    assertEquals(fault.message, "Google does not say when primary is free.");
  }
});

Deno.test("calendar_find_free_time() looks into the calendars of a group", async () => {
  const at = (hour: string) => `2026-11-24T${hour}:00:00Z`;
  const api = answeredBy(google, () =>
    Response.json({
      groups: {
        "team@x.org": { calendars: ["a@x.org", "b@x.org"] },
        "all@x.org": { errors: [{ reason: "groupTooBig" }] },
      },
      calendars: {
        "a@x.org": { busy: [{ start: at("09"), end: at("12") }] },
        "b@x.org": { busy: [{ start: at("13"), end: at("17") }] },
      },
    }));
  const calendars = ["team@x.org", "all@x.org"];
  const { data } = await find(api, { ...TUESDAY, ...HOURS, calendars });
  assertEquals(short(data.slots), ["24T12:00-24T13:00"]);
  assertEquals(data.not_checked, ["all@x.org"]);
});

Deno.test("calendar_find_free_time() says what counts as busy and is not certain", async () => {
  const event = (id: string, fields: Json = {}) => ({
    id,
    summary: id,
    start: { dateTime: "2026-11-24T14:00:00Z" },
    end: { dateTime: "2026-11-24T15:00:00Z" },
    ...fields,
  });
  const me = (responseStatus: string) => ({
    attendees: [{ email: EMAIL, self: true, responseStatus }],
  });
  const items = [
    event("Sure"),
    event("Accepted", me("accepted")),
    event("Declined", me("declined")),
    event("Maybe", me("tentative")),
    event("Unanswered", me("needsAction")),
    event("Draft", { status: "tentative" }),
    event("Free", { status: "tentative", transparency: "transparent" }),
    event("Home", { ...me("needsAction"), eventType: "workingLocation" }),
  ];
  const asked: Json[] = [];
  const answer = (request: Request) => {
    asked.push(new URL(request.url));
    return Response.json(
      request.method === "GET" ? { items } : { calendars: { primary: { busy: [] } } },
    );
  };
  const { text, data } = await find(answeredBy(google, answer), TUESDAY);
  assertEquals(data.not_certain.map(({ title }: Json) => title), ["Maybe", "Unanswered", "Draft"]);
  assertStringIncludes(
    text,
    'Counted as busy, though not certain: "Maybe" on Tuesday, November 24 at 2:00 PM, to which you',
  );
  const { searchParams } = asked[1];
  assertEquals(searchParams.get("timeMin"), "2026-11-24T00:00:00+00:00");
  assertEquals(searchParams.get("singleEvents"), "true");
  // Of others nobody is told what is in their calendars.
  asked.length = 0;
  await faultOf(find(answeredBy(google, answer), { ...TUESDAY, calendars: ["bob@x.org"] }));
  assertEquals(asked.length, 1);
});

Deno.test("calendar_find_free_time() finds time where only busy times were granted", async () => {
  for (const status of [401, 403, 500]) {
    const errors = [{ reason: status === 401 ? "authError" : "insufficientPermissions" }];
    const api = answeredBy(
      google,
      ({ method }) =>
        method === "GET"
          ? Response.json({ error: { code: status, errors } }, { status })
          : Response.json({ calendars: { primary: { busy: [] } } }),
    );
    const { data } = await find(api, TUESDAY);
    assertEquals([data.slots.length, data.not_certain], [1, undefined]);
  }
});

Deno.test("calendar_find_free_time() takes as many calendars as Google does", () => {
  const calendars = Array.from({ length: 51 }, (_, index) => `${index}@x.org`);
  assertEquals(wrongFields(calendarTools, "find_free_time", { calendars }), ["calendars"]);
  const fewer = { calendars: calendars.slice(1) };
  assertEquals(wrongFields(calendarTools, "find_free_time", fewer), []);
});

Deno.test("calendar_find_free_time() refuses ranges and hours that make no sense", async () => {
  const api = answeredBy(google, () => {
    throw new Error("nothing may be sent");
  });
  const refused = async (args: Json) =>
    (await faultOf(find(api, { time_zone: "UTC", ...args }))).message;
  assertStringIncludes(await refused({ to: "2026-11-22" }), "to must be after from");
  assertStringIncludes(await refused({ to: "2027-11-22" }), "at most 62 days");
  const inverted = { working_hours_from: "17:00", working_hours_to: "09:00" };
  assertStringIncludes(await refused(inverted), "must be after working_hours_from");
  const wrong = (args: Json) => wrongFields(calendarTools, "find_free_time", args);
  assertEquals(wrong({ duration_minutes: 0 }), ["duration_minutes"]);
  assertEquals(wrong({ working_hours_from: "9" }), ["working_hours_from"]);
  assertEquals(wrong({ working_hours_to: "24:01" }), ["working_hours_to"]);
  assertEquals(wrong({ calendars: [] }), ["calendars"]);
  assertEquals(wrong({ time_zone: "Mars" }), ["time_zone"]);
});

const at = (text: string) => Date.parse(text);

Deno.test("freeSlots() keeps to working days across daylight saving time", () => {
  const slots = freeSlots({
    range: { from: at("2026-10-30T00:00:00-04:00"), to: at("2026-11-04T00:00:00-05:00") },
    busy: [],
    minutes: 30,
    timeZone: "America/New_York",
    hours: { from: 9 * 60, to: 17 * 60 },
    weekdaysOnly: true,
  });
  assertEquals(slots.map(({ from, to }) => [from, to].map((ms) => new Date(ms).toISOString())), [
    ["2026-10-30T13:00:00.000Z", "2026-10-30T21:00:00.000Z"],
    ["2026-11-02T14:00:00.000Z", "2026-11-02T22:00:00.000Z"],
    ["2026-11-03T14:00:00.000Z", "2026-11-03T22:00:00.000Z"],
  ]);
});

Deno.test("freeSlots() joins whole days, and cuts them at weekends", () => {
  const slots = freeSlots({
    range: { from: at("2026-11-26T10:00Z"), to: at("2026-12-01T10:00Z") },
    busy: [],
    minutes: 30,
    timeZone: "UTC",
    weekdaysOnly: true,
  });
  assertEquals(slots.map(({ from, to }) => [from, to].map((ms) => new Date(ms).toISOString())), [
    ["2026-11-26T10:00:00.000Z", "2026-11-28T00:00:00.000Z"],
    ["2026-11-30T00:00:00.000Z", "2026-12-01T10:00:00.000Z"],
  ]);
});

Deno.test("freeSlots() never gives time that is busy, and never holds free time back", () => {
  let seed = 1;
  const random = (below: number) => (seed = seed * 48_271 % 2_147_483_647) % below;
  const MINUTE = 60_000;
  for (let round = 0; round < 200; round++) {
    const range = { from: 0, to: 600 * MINUTE };
    const busy = Array.from({ length: random(8) }, () => {
      const from = (random(700) - 50) * MINUTE;
      return { from, to: from + random(200) * MINUTE };
    });
    const minutes = 1 + random(60);
    const slots = freeSlots({ range, busy, minutes, timeZone: "UTC", weekdaysOnly: false });
    const isBusy = (t: number) => busy.some(({ from, to }) => from <= t && t < to);
    const isFree = (t: number) => slots.some(({ from, to }) => from <= t && t < to);
    let run = 0;
    for (let t = 0; t <= 600; t++) {
      if (t < 600 && !isBusy(t * MINUTE)) {
        run++;
        continue;
      }
      for (let back = 1; back <= run; back++) {
        assertEquals(isFree((t - back) * MINUTE), run >= minutes);
      }
      if (t < 600) assert(!isFree(t * MINUTE));
      run = 0;
    }
  }
});

Deno.test("find_free_time() goes on without a busy time that it cannot read, and says so", async () => {
  const api = answeredBy(google, ({ url }) =>
    Response.json(
      url.includes("freeBusy")
        ? { calendars: { primary: { busy: [] }, "b@x.org": { busy: [{ start: "x", end: null }] } } }
        : { nextPageToken: "more", timeZone: "UTC" },
    ));
  const args = { calendars: ["primary", "b@x.org"], from: "2026-11-24", to: "2026-11-24" };
  const { text, data } = await callTool(calendarTools, "find_free_time", args, api);
  assertEquals(data.not_checked, ["b@x.org"]);
  assertStringIncludes(text, "More of what counts as busy may not be certain.");
});
