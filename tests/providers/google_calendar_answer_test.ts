import { assertEquals, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { google } from "../../providers/google/google.ts";
import { answeredBy, callTool, faultOf, type Json, wrongFields } from "../support/api.ts";
import { GoogleCalendar, ME, refused } from "../support/google_calendar.ts";

const BOB = { email: "bob@example.com", organizer: true, responseStatus: "accepted" };
const EVE = { email: "eve@example.com", responseStatus: "declined", comment: "On leave" };
const ROOM = { email: "room@resource.calendar.google.com", resource: true, displayName: "Room 1" };
const invited = (responseStatus = "needsAction", fields: Json = {}) => ({
  id: "lunch",
  summary: "Lunch",
  organizer: { email: BOB.email, displayName: "Bob" },
  attendees: [BOB, EVE, { email: ME, responseStatus, optional: true }, ROOM],
  ...fields,
});

/** Answers, and gives back what the calendar holds then. */
async function answer(calendar: GoogleCalendar, args: Json) {
  const api = answeredBy(google, calendar.answer);
  const { event_id = "lunch" } = args;
  const result = await callTool(calendarTools, "answer_invitation", { event_id, ...args }, api);
  return { ...result, stored: calendar.events.get(event_id) };
}

Deno.test("calendar_answer_invitation() answers for the person, and changes nobody else", async () => {
  for (const [said, status] of [["yes", "accepted"], ["no", "declined"], ["maybe", "tentative"]]) {
    const calendar = new GoogleCalendar([invited()]);
    const { text, data, stored } = await answer(calendar, { answer: said, note: "Gladly" });
    assertEquals(stored.attendees, [
      BOB,
      EVE,
      { email: ME, optional: true, responseStatus: status, comment: "Gladly", self: true },
      ROOM,
    ]);
    assertEquals(
      text,
      `Answered ${said} to "Lunch" on Tuesday, November 24 at 2:00 PM. The note went with it. ` +
        "The organizer is told.",
    );
    assertEquals([data.answer, data.your_answer, data.changed], [said, said, true]);
    const [{ method, query }] = calendar.changes as [Json];
    assertEquals([method, query], ["PATCH", { sendUpdates: "all" }]);
    assertEquals(stored.summary, "Lunch");
  }
});

Deno.test("calendar_answer_invitation() changes nobody else's answer in a calendar that takes lists whole", async () => {
  let event: Json = { ...invited(), start: {}, attendees: [BOB, { email: ME, self: true }, EVE] };
  const api = answeredBy(google, async (request) => {
    if (request.method === "PATCH") event = { ...event, ...await request.json() };
    return Response.json(event);
  });
  await callTool(calendarTools, "answer_invitation", { event_id: "lunch", answer: "yes" }, api);
  assertEquals(event.attendees, [BOB, { email: ME, self: true, responseStatus: "accepted" }, EVE]);
});

Deno.test("calendar_answer_invitation() answers for one occurrence, or for the series", async () => {
  const recurrence = ["RRULE:FREQ=WEEKLY"];
  const one = { id: "gym_1", recurringEventId: "gym", summary: "Gym" };
  const calendar = new GoogleCalendar([
    invited("needsAction", { id: "gym", summary: "Gym", recurrence }),
    invited("needsAction", one),
  ]);
  const once = await answer(calendar, { event_id: "gym_1", answer: "no" });
  assertStringIncludes(once.text, 'Answered no to "Gym" on');
  assertEquals(once.data.whole_series, undefined);
  assertEquals(calendar.events.get("gym").attendees[2].responseStatus, "needsAction");
  const all = await answer(calendar, { event_id: "gym", answer: "yes" });
  assertStringIncludes(all.text, 'Answered yes to the whole series "Gym" on');
  assertEquals(all.data.whole_series, true);
  assertEquals(all.stored.attendees[2].responseStatus, "accepted");
});

Deno.test("calendar_answer_invitation() says the same thing once", async () => {
  const calendar = new GoogleCalendar([invited("accepted")]);
  const { text, data } = await answer(calendar, { answer: "yes" });
  assertEquals(
    text,
    'The answer was yes to "Lunch" on Tuesday, November 24 at 2:00 PM, already. Nothing was changed.',
  );
  assertEquals([data.changed, calendar.changes], [false, []]);
  const noted = await answer(calendar, { answer: "yes", note: "Late" });
  assertEquals([noted.data.changed, noted.stored.attendees[2].comment], [true, "Late"]);
});

Deno.test("calendar_answer_invitation() tells who is not invited", async () => {
  const refusal = async (event: Json) => {
    const calendar = new GoogleCalendar([{ id: "lunch", summary: "Lunch", ...event }]);
    const fault = await faultOf(answer(calendar, { answer: "yes" }));
    assertEquals(calendar.changes, []);
    return [fault.kind, fault.message];
  };
  const what = '"Lunch" on Tuesday, November 24 at 2:00 PM';
  assertEquals(await refusal({ organizer: { email: BOB.email }, attendees: [BOB, EVE] }), [
    "forbidden",
    `You are not invited to ${what}, so there is nothing to answer.`,
  ]);
  assertEquals(await refusal({ organizer: { email: ME, self: true } }), [
    "forbidden",
    `You organize ${what}: there is no invitation to answer.`,
  ]);
  const [, hidden] = await refusal({ attendeesOmitted: true, attendees: [BOB] });
  assertStringIncludes(hidden!, "Google did not name all who are invited.");
});

Deno.test("calendar_answer_invitation() answers nothing that is gone", async () => {
  const calendar = new GoogleCalendar([
    invited("needsAction", { status: "cancelled" }),
    { id: "gone", status: "cancelled", start: undefined },
  ]);
  for (const event_id of ["lunch", "gone"]) {
    const fault = await faultOf(answer(calendar, { event_id, answer: "yes" }));
    assertEquals(fault.kind, "not_found");
    assertStringIncludes(fault.message, "deleted already");
  }
  assertEquals(calendar.changes, []);
});

Deno.test("calendar_answer_invitation() never says that an answer was given which was not", async () => {
  const event = { ...invited(), attendees: [{ email: ME, self: true }] };
  const after = async (change: (sent: Json) => Response) => {
    const api = answeredBy(google, async (request) => {
      if (request.method === "GET") return Response.json(event);
      return change(await request.json());
    });
    const args = { event_id: "lunch", answer: "yes" };
    const fault = await faultOf(callTool(calendarTools, "answer_invitation", args, api));
    return [fault.kind, fault.message];
  };
  const kept = await after(() => Response.json(event));
  assertEquals(kept, [
    "conflict",
    "Google did not take the answer, and left the one that was there.",
  ]);
  const unsaid = await after(() => Response.json({ id: "lunch" }));
  assertStringIncludes(unsaid[1]!, "look at the event first");
  const other = await after((sent) => Response.json({ ...event, ...sent, id: "other" }));
  assertStringIncludes(other[1]!, "another event");
  const gone = await after((sent) => Response.json({ ...event, ...sent, status: "cancelled" }));
  assertStringIncludes(gone[1]!, "deleted in the meantime");
  const changed = await after(() => refused(412, "conditionNotMet"));
  assertEquals(changed[0], "conflict");
});

Deno.test("calendar_answer_invitation() says for whom, in a calendar that is another's", async () => {
  const calendar = new GoogleCalendar([invited()]);
  const { text } = await answer(calendar, { answer: "yes", calendar_id: ME });
  assertStringIncludes(text, `at 2:00 PM for ${ME}.`);
});

Deno.test("calendar_answer_invitation() takes an answer, and nothing else", () => {
  const wrong = (args: Json) =>
    wrongFields(calendarTools, "calendar_answer_invitation", { event_id: "e", ...args });
  assertEquals(wrong({ answer: "maybe" }), []);
  assertEquals(wrong({}), ["answer"]);
  assertEquals(wrong({ answer: "accepted" }), ["answer"]);
  assertEquals(wrong({ answer: "yes", event_id: ".." }), ["event_id"]);
  assertEquals(wrong({ answer: "yes", attendees: [] }), ["attendees"]);
});
