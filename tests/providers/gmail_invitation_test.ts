import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readInvitation, speakInvitation } from "../../providers/google/gmail/invitation.ts";
import { NOW } from "../support/api.ts";
import { part, readPayload } from "../support/gmail_parts.ts";

const ics = (lines: string[], method = "REQUEST") =>
  [
    "BEGIN:VCALENDAR",
    `METHOD:${method}`,
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    "DTSTART:19700329T020000",
    "END:VTIMEZONE",
    "BEGIN:VEVENT",
    ...lines,
    "BEGIN:VALARM",
    "SUMMARY:Alarm",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
  ].join("\r\n");

const said = (lines: string[], method?: string) => {
  const invitation = readInvitation(ics(lines, method));
  assert(invitation !== undefined);
  return speakInvitation(invitation, NOW);
};

const LUNCH = [
  'ORGANIZER;CN="López, Ana":mailto:ana@example.com',
  "SUMMARY:Lunch\\, at",
  "  last",
  "DTSTART;TZID=Europe/Berlin:20261127T120000",
  "DTEND;TZID=Europe/Berlin:20261127T130000",
  "LOCATION:Luigi's",
];

Deno.test("an invitation says who asks, what for, when and where", () => {
  const rows: [lines: string[], method: string | undefined, sentence: string][] = [
    [
      LUNCH,
      undefined,
      'López, Ana invites to "Lunch, at last" on Friday, November 27 from 12:00 PM to 1:00 PM ' +
      "(Europe/Berlin), at Luigi's.",
    ],
    [
      ["SUMMARY:Trip", "DTSTART;VALUE=DATE:20270102", "RRULE:FREQ=DAILY"],
      "PUBLISH",
      'It has the event "Trip" on Saturday, January 2, 2027, all day and again after that.',
    ],
    [
      ["SUMMARY:Call", "DTSTART:20261127T150000Z", "DURATION:PT1H30M"],
      "CANCEL",
      'It cancels "Call" on Friday, November 27 from 3:00 PM to 4:30 PM (UTC).',
    ],
    [
      ["SUMMARY:Call", "STATUS:CANCELLED", "DTSTART:20261127T150000Z"],
      "REQUEST",
      'It cancels "Call" on Friday, November 27 at 3:00 PM (UTC).',
    ],
    [
      ["SUMMARY:Call", "ATTENDEE;PARTSTAT=DECLINED;CN=Bo:mailto:bo@example.com"],
      "REPLY",
      'Bo declines "Call".',
    ],
    [
      ["SUMMARY:Call", "ATTENDEE;PARTSTAT=X-ODD:mailto:bo@example.com"],
      "REPLY",
      'bo@example.com answers about "Call".',
    ],
    [
      ["SUMMARY:Call", "DTSTART:20261130T090000", "ATTENDEE;CN=Bo:mailto:b@c.d"],
      "COUNTER",
      'Bo proposes another time for "Call" on Monday, November 30 at 9:00 AM.',
    ],
    [["DTSTART:20261340T990000"], "X-ODD", "It has the event an event without a title."],
  ];
  for (const [lines, method, sentence] of rows) assertEquals(said(lines, method), sentence);
});

Deno.test("gmail_read_message() says what a mail invites to", async () => {
  const payload = part("multipart/alternative", [
    part("text/plain", "You are invited."),
    part("text/calendar", ics(LUNCH)),
  ]);
  const { text, data } = await readPayload(payload);
  assertStringIncludes(text, 'López, Ana invites to "Lunch, at last" on Friday, November 27');
  assertEquals(data.text, "You are invited.");
  assertEquals(data.invitation, {
    kind: "invitation",
    title: "Lunch, at last",
    start: "2026-11-27T12:00:00",
    end: "2026-11-27T13:00:00",
    time_zone: "Europe/Berlin",
    place: "Luigi's",
    organizer: "López, Ana",
  });
  const file = part("application/ics", ics(LUNCH, "CANCEL"), { filename: "invite.ics" });
  const other = await readPayload(part("multipart/mixed", [part("text/plain", "Sorry."), file]));
  assertEquals([other.data.invitation.kind, other.data.attachments.length], ["cancellation", 1]);
});

Deno.test("an invitation that cannot be read is said", async () => {
  const far = part("text/calendar", undefined, { body: { size: 9, attachmentId: "gone" } });
  const payload = part("multipart/mixed", [part("text/plain", "Come!"), far]);
  const { text, data } = await readPayload(payload);
  assertStringIncludes(text, "What it invites to could not be read. It says: Come!");
  assertEquals(data.invitation, undefined);
});

Deno.test("readInvitation() comes to an end with any file, and says nothing that it does not know", () => {
  for (
    const odd of ["", "x", "BEGIN:VCALENDAR", "BEGIN:VEVENT\nSUMMARY", ":::", ";=:\n".repeat(9)]
  ) {
    const read = readInvitation(odd);
    assert(read === undefined || read.title === "", odd);
  }
  const line = "X;A=B;C=D:e\n";
  for (
    const piece of ["BEGIN:VEVENT\n", "BEGIN:A\nEND:B\n", line, "\n ", '"', ";", "\\", "END:A\n"]
  ) {
    readInvitation(`BEGIN:VCALENDAR\nBEGIN:VEVENT\n${piece.repeat(300_000)}`);
  }
  const long = readInvitation(ics([`SUMMARY:${"長".repeat(100_000)}`, "LOCATION:a\u202Eb\\nc"]));
  assertEquals([long!.title.length, long!.place], [150, "ab c"]);
  const many = readInvitation(
    ics(LUNCH).replace("BEGIN:VEVENT", "BEGIN:VEVENT\nSUMMARY:1\nEND:VEVENT\nBEGIN:VEVENT"),
  );
  assertEquals(many!.other_events, 1);
});
