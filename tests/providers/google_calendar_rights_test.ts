import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { google } from "../../providers/google/google.ts";
import { answeredBy, callTool, faultOf, type Json } from "../support/api.ts";
import { GoogleCalendar, ME, refused } from "../support/google_calendar.ts";

const BOB = { email: "bob@example.com", responseStatus: "accepted" };
const SELF = { email: ME, responseStatus: "accepted" };
const OWN = { organizer: { email: ME, self: true }, attendees: [SELF, BOB] };
const BOBS = {
  organizer: { email: BOB.email },
  attendees: [{ ...BOB, organizer: true }, SELF],
};
const WHAT = '"Dentist" on Tuesday, November 24 at 2:00 PM';

function calendarOf(fields: Json): GoogleCalendar {
  return new GoogleCalendar([{ id: "e", summary: "Dentist", ...fields }]);
}

function call(calendar: GoogleCalendar, tool: string, args: Json = {}) {
  const api = answeredBy(google, calendar.answer);
  return callTool(calendarTools, tool, { event_id: "e", ...args }, api);
}

Deno.test("a deleted event is neither changed nor deleted, and it is said to be gone", async () => {
  const gone: [Json, words: string][] = [
    [{ status: "cancelled" }, `This event, ${WHAT}, was deleted already. Nothing was changed.`],
    // A cancelled occurrence has no more than this.
    [
      {
        status: "cancelled",
        summary: undefined,
        start: undefined,
        end: undefined,
        recurringEventId: "series",
        originalStartTime: { dateTime: "2026-11-24T14:00:00Z" },
      },
      "This occurrence, on Tuesday, November 24 at 2:00 PM, was deleted already. Nothing was changed.",
    ],
    // And what was moved to another calendar leaves its id behind.
    [
      { status: "cancelled", summary: undefined, start: null, end: null },
      "moved to another calendar",
    ],
  ];
  for (const [fields, words] of gone) {
    for (const [tool, args] of [["update_event", { title: "x" }], ["delete_event", {}]] as const) {
      const calendar = calendarOf(fields);
      const fault = await faultOf(call(calendar, tool, args));
      assertEquals(fault.kind, "not_found");
      assertStringIncludes(fault.message, words);
      assertEquals(calendar.changes, []);
    }
  }
});

Deno.test("what is deleted twice is said to have been deleted already", async () => {
  const calendar = calendarOf(OWN);
  const { text, data } = await call(calendar, "delete_event");
  assertEquals(text, `Deleted ${WHAT} from the calendar. Those invited are told by e-mail.`);
  assertEquals(data.event.title, "Dentist");
  assertEquals(calendar.events.get("e").status, "cancelled");
  const again = await faultOf(call(calendar, "delete_event"));
  assertEquals(again.kind, "not_found");
  assertStringIncludes(again.message, "was deleted already. Nothing was changed.");
  // Somebody else was faster.
  const api = answeredBy(
    google,
    ({ method }) =>
      method === "GET" ? Response.json({ id: "e", start: {} }) : refused(410, "deleted"),
  );
  const raced = await faultOf(callTool(calendarTools, "delete_event", { event_id: "e" }, api));
  assertEquals([raced.kind, raced.message], [
    "not_found",
    "Google says that this was deleted already.",
  ]);
});

Deno.test("a deletion says whether it was a series, and that others still have a guest's event", async () => {
  const series = await call(calendarOf({ recurrence: ["RRULE:FREQ=DAILY"] }), "delete_event");
  assertStringIncludes(series.text, 'Deleted the whole series "Dentist"');
  assertEquals(series.data.whole_series, true);
  const { text, data } = await call(calendarOf(BOBS), "delete_event");
  assertStringIncludes(text, "The organizer and the others still have it.");
  assertEquals([data.only_your_copy, data.attendees_told], [true, undefined]);
});

Deno.test("calendar_update_event() says that a guest's change stays in their own copy", async () => {
  const calendar = calendarOf(BOBS);
  const { text, data } = await call(calendar, "update_event", { title: "Teeth" });
  assertEquals(calendar.events.get("e").summary, "Teeth");
  assertStringIncludes(text, "Only the copy in this calendar was changed");
  assertEquals([data.only_your_copy, data.attendees_told], [true, undefined]);
  for (const fields of [{ ...BOBS, guestsCanModify: true }, OWN]) {
    const { text, data } = await call(calendarOf(fields), "update_event", { title: "Teeth" });
    assertStringIncludes(text, "Those invited are told by e-mail.");
    assertEquals([data.only_your_copy, data.attendees_told], [undefined, true]);
  }
  const alone = await call(calendarOf({}), "update_event", { title: "Teeth" });
  assertEquals(alone.text, 'Changed "Teeth" on Tuesday, November 24 at 2:00 PM.');
  const mine = await call(calendarOf({ ...OWN, privateCopy: true }), "update_event", {
    title: "x",
  });
  assertEquals(mine.data.only_your_copy, true);
});

Deno.test("calendar_update_event() refuses in words what would not be done", async () => {
  const cases: [fields: Json, args: Json, words: string][] = [
    [{ ...BOBS, locked: true }, { title: "x" }, "a locked copy"],
    [{ eventType: "fromGmail" }, { start: "2026-11-25T14:00:00Z" }, "from a mail"],
    [BOBS, { remove_attendees: [BOB.email] }, "Only its organizer"],
    [{ ...BOBS, guestsCanInviteOthers: false }, { add_attendees: ["c@x.org"] }, "does not let"],
    [{ ...OWN, privateCopy: true }, { add_attendees: ["c@x.org"] }, "a private copy"],
    [{ ...OWN, attendeesOmitted: true }, { add_attendees: ["c@x.org"] }, "does not name all"],
  ];
  for (const [fields, args, words] of cases) {
    const calendar = calendarOf(fields);
    const fault = await faultOf(call(calendar, "update_event", args));
    assertEquals(fault.kind, "forbidden", words);
    assertStringIncludes(fault.message, `Nothing was changed: ${WHAT}`);
    assertStringIncludes(fault.message, words);
    assertEquals(calendar.changes, []);
  }
  // A guest may bring others where the organizer lets them.
  const calendar = calendarOf(BOBS);
  const { data } = await call(calendar, "update_event", { add_attendees: ["c@x.org"] });
  assertEquals(data.attendees, [BOB.email, ME, "c@x.org"]);
  assertEquals(data.not_changed, undefined);
});

Deno.test("calendar_update_event() loses no guest whom somebody else adds at the same moment", async () => {
  const calendar = calendarOf(OWN);
  calendar.meanwhile = () => {
    calendar.events.set("e", { ...calendar.events.get("e"), etag: '"other"' });
  };
  const fault = await faultOf(call(calendar, "update_event", { add_attendees: ["c@x.org"] }));
  assertEquals(fault.kind, "conflict");
  assertStringIncludes(fault.message, "changed in Google in the meantime");
  assertEquals(calendar.events.get("e").attendees.length, 2);
});

Deno.test("calendar_update_event() says what Google did not take over", async () => {
  const old = {
    id: "e",
    summary: "Dentist",
    start: { date: "2026-11-24" },
    end: { date: "2026-11-25" },
    attendees: [BOB],
  };
  const api = answeredBy(google, () => Response.json(old));
  const { text, data } = await callTool(calendarTools, "update_event", {
    event_id: "e",
    title: "Teeth",
    location: "Here",
    start: "2026-11-25",
    add_attendees: ["carol@example.com"],
    remove_attendees: [BOB.email],
  }, api);
  const kept = ["title", "location", "start", "end", "carol@example.com", BOB.email];
  assertEquals(data.not_changed, kept);
  assertStringIncludes(
    text,
    "Google did not change: title; location; start; end; carol@example.com",
  );
});

Deno.test("calendar_update_event() says nothing is done where another event comes back", async () => {
  const after = async (sent: Json) => {
    const api = answeredBy(
      google,
      ({ method }) => Response.json(method === "GET" ? { id: "e", start: {} } : sent),
    );
    const args = { event_id: "e", title: "x" };
    return (await faultOf(callTool(calendarTools, "update_event", args, api))).message;
  };
  assertStringIncludes(await after({ id: "f" }), "another event");
  assertStringIncludes(await after({ id: "e", status: "cancelled" }), "deleted in the meantime");
});

Deno.test("calendar_create_event() says whom Google did not invite", async () => {
  const api = answeredBy(google, async (request) => {
    const { attendees, ...body } = await request.json();
    return Response.json({ id: "e", ...body, attendees: attendees.slice(0, 1) });
  });
  const { text, data } = await callTool(calendarTools, "create_event", {
    title: "x",
    start: "2026-11-24T14:00:00Z",
    attendees: [BOB.email, "carol@example.com"],
  }, api);
  assertStringIncludes(text, `Invited ${BOB.email}. They are told by e-mail.`);
  assertStringIncludes(text, "Google did not invite carol@example.com.");
  assertEquals([data.invitations_sent, data.not_invited], [true, ["carol@example.com"]]);
});

Deno.test("calendar tools that write read an event first, and are asked for no more than that takes", () => {
  for (const name of ["create_event", "update_event", "delete_event", "answer_invitation"]) {
    const tool = calendarTools.find(({ aliases }) => aliases.includes(name))!;
    const scopes = (args: Json) => tool.scopesFor!(args as never).flat();
    const auth = "https://www.googleapis.com/auth/calendar.events";
    assertEquals(scopes({ calendar_id: "primary" }), [auth, `${auth}.owned`]);
    assertEquals(scopes({ calendar_id: "team@x" }), [auth]);
    assert(tool.description.split(/\s+/).length <= 48, name);
  }
});
