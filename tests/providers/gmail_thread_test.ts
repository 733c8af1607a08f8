import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { gmailTools } from "../../providers/google/gmail/tools.ts";
import { google } from "../../providers/google/google.ts";
import { Conversation, LEFT_OUT } from "../../providers/google/gmail/mail_quotes.ts";
import { answeredBy, callTool, faultOf, type Json, startApi } from "../support/api.ts";
import { part, readPayload } from "../support/gmail_parts.ts";

const EMAIL = "me@example.com";

function read(api: Parameters<typeof callTool>[3], args: Json = {}) {
  return callTool(
    gmailTools,
    "gmail_read_message",
    { message_id: "m1", thread: true, ...args },
    api,
  );
}

const QUOTED = "Hi,\n\nshall we meet on Thursday at ten, in the small room?\n\nAna";

Deno.test("gmail_read_message() reads a conversation, oldest first, without what it repeats", async () => {
  const message = (id: string, day: number, from: string, body_text: string) => ({
    id,
    thread_id: "t1",
    user_email: EMAIL,
    to: EMAIL,
    from,
    subject: "Meeting",
    body_text,
    label_ids: id === "m3" ? ["TRASH"] : ["INBOX"],
    date: `2026-11-${day}T12:00:00.000Z`,
  });
  await using emulator = await startApi(google, {
    users: [{ email: EMAIL, name: "Me" }],
    messages: [
      message(
        "m2",
        21,
        "Bo <bo@example.com>",
        "Ten is fine.\n\nOn Fri, Nov 20, 2026 at 12:00 PM Ana López <ana@example.com> wrote:\n" +
          QUOTED.replace(/^/gm, "> "),
      ),
      message("m1", 20, "Ana López <ana@example.com>", QUOTED),
      message("m4", 22, "Ana López <ana@example.com>", "Good, see you."),
    ],
  });
  const { text, data } = await read(emulator.api);
  assertEquals(
    data.text,
    `Ana López, Friday, November 20:\n${QUOTED}\n\n` +
      `Bo, Saturday, November 21:\nTen is fine.\n\n${LEFT_OUT}\n\n` +
      "Ana López, Sunday, November 22:\nGood, see you.",
  );
  assertStringIncludes(text, '"Meeting": 3 messages, oldest first. What they quote of each other');
  assertEquals(data.messages.map(({ id }: Json) => id), ["m1", "m2", "m4"]);
  assertEquals([data.id, data.thread_id], ["m1", "t1"]);
  // The id of the conversation will do as well, and one that is neither is none.
  assertEquals((await read(emulator.api, { message_id: "t1" })).data.messages.length, 3);
  assertEquals((await faultOf(read(emulator.api, { message_id: "no" }))).kind, "not_found");
  const part = await read(emulator.api, { offset: data.text.length - 5 });
  assertEquals(part.data.text, " you.");
});

Deno.test("gmail_read_message() says what of a long conversation is left out", async () => {
  const messages = Array.from({ length: 130 }, (_, index) => ({
    id: `m${index}`,
    threadId: "t",
    internalDate: String(1_764_000_000_000 + index * 60_000),
    labelIds: index === 129 ? ["DRAFT"] : ["INBOX"],
    payload: part("multipart/mixed", [
      part("text/plain", `Number ${index}`),
      part("application/pdf", "x", { filename: `f${index}.pdf`, partId: "1" }),
    ], { headers: [{ name: "From", value: "Ana <ana@example.com>" }] }),
  }));
  const api = answeredBy(
    google,
    ({ url }) =>
      new URL(url).pathname.includes("/threads/")
        ? Response.json({ id: "t", messages: messages.toReversed() })
        : Response.json(messages[1]),
  );
  const { text, data } = await read(api);
  assertStringIncludes(text, "130 messages, oldest first. The oldest 30 messages are left out.");
  assert(data.text.startsWith("Ana, Monday, November 24, 2025:\nNumber 30\nAttached: f30.pdf"));
  assertEquals([data.messages.length, data.messages_left_out], [30, 100]);
  assertEquals(data.attachments[0], {
    id: "1",
    name: "f30.pdf",
    type: "application/pdf",
    size: 1,
    message_id: "m30",
  });
  assertEquals(data.messages.at(-1).place, "drafts");
  const none = answeredBy(
    google,
    ({ url }) =>
      Response.json(new URL(url).pathname.includes("/threads/") ? { id: "t" } : { id: "m" }),
  );
  assertStringIncludes((await read(none)).text, "no messages");
});

Deno.test("what is said of a conversation is bounded, whatever its messages say of themselves", async () => {
  const long = "長".repeat(300);
  const people = Array.from({ length: 30 }, (_, at) => `${long} <p${at}@example.com>`).join(", ");
  const headers = ["From", "To", "Cc", "Bcc", "Subject", "Reply-To"]
    .map((name) => ({ name, value: name === "Subject" ? long : people }));
  const ics = `BEGIN:VEVENT\nSUMMARY:${long}\nLOCATION:${long}\nORGANIZER;CN=${long}:x\nEND:VEVENT`;
  const payload = part("multipart/mixed", [
    part("text/plain", long.repeat(50)),
    part("text/calendar", ics),
    ...Array.from({ length: 12 }, () => {
      const inner = ["From", "Subject"].map((name) => ({ name, value: long }));
      const parts = [
        part("text/plain", "x", { headers: inner }),
        part("image/png", "x", { filename: long }),
      ];
      return part("message/rfc822", parts, { filename: long });
    }),
  ], { headers });
  const message = {
    id: "m1",
    threadId: "t",
    labelIds: Array(30).fill("Label_1234567890"),
    payload,
  };
  const messages = Array.from({ length: 30 }, (_, at) => ({ ...message, id: `m${at}` }));
  const api = answeredBy(
    google,
    ({ url }) =>
      Response.json(new URL(url).pathname.includes("/threads/") ? { id: "t", messages } : message),
  );
  // callTool() itself fails where an answer is more than a model can take in.
  assertEquals((await read(api)).data.messages.length <= 30, true);
  assertEquals((await read(api, { thread: false })).data.text.length, 10_000);
});

Deno.test("a conversation that is too much for one answer is read message by message", async () => {
  const ids = Array.from({ length: 25 }, (_, index) => `m${index}`);
  const api = answeredBy(google, ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    const id = pathname.split("/").at(-1)!;
    if (!pathname.includes("/threads/")) {
      return id === "m20"
        ? Response.json([])
        : Response.json({ id, threadId: "t", payload: part("text/plain", `Text of ${id}`) });
    }
    return searchParams.get("format") === "full"
      ? new Response("x".repeat(11_000_000))
      : Response.json({ id: "t", messages: ids.map((id) => ({ id })) });
  });
  const { text, data } = await read(api);
  assertStringIncludes(text, "19 messages, oldest first. 6 messages of it could not be read.");
  assert(data.text.startsWith("Somebody:\nText of m5") && data.text.endsWith("Text of m24"));
});

Deno.test("what a mail quotes is left out where it was read before, in any program's way", () => {
  const ways = [
    `Yes.\n\nOn Fri, Nov 20, 2026 at 12:00 PM Ana <ana@example.com>\nwrote:\n\n> ${
      QUOTED.replaceAll("\n", "\n> ")
    }`,
    `Yes.\n\nAm 20.11.2026 um 12:00 schrieb Ana:\n> ${QUOTED.replaceAll("\n", "\n> ")}`,
    `Yes.\n\n-----Original Message-----\nFrom: Ana\nSent: Friday\nTo: Bo\nSubject: x\n\n${QUOTED}`,
    `Yes.\n\n________________________________\nVon: Ana\nGesendet: Freitag\nAn: Bo\n\n${QUOTED}`,
    `Yes.\n\nFrom: Ana <a@b.c>\nDate: Friday\nSubject: x\n\n${QUOTED}`,
    // HTML has no marks before its lines; it is broken at other places.
    `Yes.\n\nOn Fri, Nov 20, 2026 Ana wrote:\n${QUOTED.replaceAll(/\s+/g, " ")}`,
    `Yes.\n\n> ${QUOTED.replaceAll("\n", "\n>")}`,
  ];
  for (const way of ways) {
    const conversation = new Conversation();
    conversation.next(QUOTED);
    const { text, isCut } = conversation.next(way);
    assertEquals(
      [isCut, text.includes("Thursday"), text.startsWith("Yes.")],
      [true, false, true],
      way,
    );
  }
});

Deno.test("what somebody wrote is kept, wherever it stands", () => {
  const conversation = new Conversation();
  // The first has nothing before it: what it quotes is new.
  const first = "See below.\n\nOn Friday Ana wrote:\n> the old plan was to meet in March";
  assertEquals(conversation.next(first), { text: first, isCut: false });
  const kept = [
    "No:\n\n> a question that nobody in this conversation has asked before now\n\nMy answer",
    "-----Original Message-----\nFrom: Eve\nSent: Friday\n\nsomething quite new for everybody here",
    "On Friday Ana wrote:\nthis is what I think about the garden and about the house",
    "From: here\nto there",
  ];
  for (const text of kept) assertEquals(conversation.next(text), { text, isCut: false });
  const between = conversation.next(
    "> the old plan was to meet in March\nApril is better.\n> what I think about the garden\n\nBo",
  );
  assertEquals(between.text, `${LEFT_OUT}\nApril is better.\n${LEFT_OUT}\n\nBo`);
});

Deno.test("what a message quotes is not read out, and stands in the data", async () => {
  const text = "Ten is fine.\n\nOn Fri, Nov 20, 2026 Ana López wrote:\n> Shall we say ten?";
  const said = await readPayload(part("text/plain", text));
  assertEquals(said.data.text, text);
  assertEquals(
    said.text,
    '"Hi" from somebody. It quotes earlier messages, which are not read out. It says: Ten is fine.',
  );
  const kept = [
    "> Shall we say ten?",
    "Look:\n\n---------- Forwarded message ---------\nFrom: Eve\nDate: Friday\n\nShall we say ten?",
  ];
  for (const text of kept) {
    assertStringIncludes((await readPayload(part("text/plain", text))).text, "Shall we say ten?");
  }
});

Deno.test("quotations that are made to be slow come to an end", () => {
  for (
    const piece of ["> a b c d\n", "On x wrote:\n", "From: a\n", ">", "\n", "a ", "---- x ----\n"]
  ) {
    const conversation = new Conversation();
    const text = piece.repeat(Math.floor(200_000 / piece.length));
    conversation.next("a b c d e f");
    conversation.next(text);
    conversation.next(text);
  }
});

/** Each quotation went on to the end of the message, and was compared as a whole. */
Deno.test("a message that is longer than anybody's stays as it is", () => {
  const conversation = new Conversation();
  conversation.next("Shall we say ten?");
  const text = `Yes.\n\nOn Friday 1 Ana wrote:\n> Shall we say ten?\n${"a b\n".repeat(200_000)}`;
  assertEquals(conversation.next(text), { text, isCut: false });
});
