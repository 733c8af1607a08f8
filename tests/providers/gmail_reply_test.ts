import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { gmailTools } from "../../providers/google/gmail/tools.ts";
import { google } from "../../providers/google/google.ts";
import { decodeWords } from "../../providers/google/gmail/mime.ts";
import {
  answeredBy,
  callTool,
  type EmulatedApi,
  faultOf,
  type Json,
  wrongFields,
} from "../support/api.ts";
import { EMAIL, startMailbox } from "../support/gmail_mailbox.ts";

const USER = "/gmail/v1/users/me";

/** The headers of a MIME message, unfolded, decoded, by their lower-case names. */
function headersOf(raw: string): Record<string, string> {
  const mime = atob(raw.replaceAll("-", "+").replaceAll("_", "/"));
  const head = mime.slice(0, mime.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  return Object.fromEntries(
    head.split("\r\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())];
    }),
  );
}

/** Replies, and reads what the emulator then holds. */
async function reply(emulator: EmulatedApi, args: Record<string, unknown> = {}) {
  const all = { message_id: "msg_0", body: "Grüße 🦆", ...args };
  const result = await callTool(gmailTools, "gmail_reply", all, emulator.api);
  const stored = await emulator.read(`${USER}/messages/${result.data.id}`);
  const { raw } = await emulator.read(`${USER}/messages/${result.data.id}?format=raw`);
  return { ...result, stored, headers: headersOf(raw) };
}

/** The headers of the reply to a message that has these. */
async function replyTo(headers: Record<string, string>, args: Json = {}, labelIds?: string[]) {
  let sent: Json;
  const api = answeredBy(google, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname.endsWith("/sendAs")) {
      return Response.json({ sendAs: [{ sendAsEmail: EMAIL }, { sendAsEmail: "Alias@x.org" }] });
    }
    if (request.method === "GET") {
      assertEquals(searchParams.get("format"), "metadata");
      assert(searchParams.getAll("metadataHeaders").includes("Message-ID"));
      const list = Object.entries(headers).map(([name, value]) => ({ name, value }));
      return Response.json({ id: "m", threadId: "t", labelIds, payload: { headers: list } });
    }
    assertEquals(pathname, `${USER}/messages/send`);
    sent = await request.json();
    return Response.json({ id: "n", threadId: "t" });
  });
  const all = { message_id: "m", body: "Hi", ...args };
  const result = await callTool(gmailTools, "gmail_reply", all, api);
  assertEquals(sent.threadId, "t");
  return { ...result, headers: headersOf(sent.raw) };
}

Deno.test("gmail_reply() answers the sender in the conversation", async () => {
  await using emulator = await startMailbox([{
    references: "<first@example.com> <second@example.com>",
  }]);
  const { text, data, stored, headers } = await reply(emulator);
  assertEquals(text, 'Replied to Ana López: "Re: Lunch?".');
  assertEquals([data.thread_id, stored.threadId], ["thread_0", "thread_0"]);
  assertEquals(headers["in-reply-to"], "<mid-0@example.com>");
  assertEquals(
    headers.references,
    "<first@example.com> <second@example.com> <mid-0@example.com>",
  );
  assertEquals(headers.subject, "Re: Lunch?");
  assertEquals(headers.to, "Ana López <ana@example.com>");
  assertEquals([headers.cc, headers.bcc], [undefined, undefined]);
  assertEquals(stored.labelIds, ["SENT"]);
  const { messages } = await emulator.read(`${USER}/threads/thread_0`);
  assertEquals(messages.length, 2);
});

Deno.test("gmail_reply() answers all, but not the person and nobody twice", async () => {
  await using emulator = await startMailbox([{
    to: `Me <${EMAIL.toUpperCase()}>, "López, Bo" <bo@example.com>`,
    cc: "carol@example.com, ANA@example.com, bo@example.com",
  }]);
  const one = await reply(emulator);
  assertEquals(one.headers.cc, undefined);
  const all = await reply(emulator, { reply_all: true });
  assertEquals(all.headers.to, "Ana López <ana@example.com>");
  assertEquals(all.data.cc, ["López, Bo <bo@example.com>", "carol@example.com"]);
  assertStringIncludes(all.text, "Replied to Ana López and 2 others");
});

Deno.test("gmail_reply() goes to where answers are wanted", async () => {
  const headers = {
    "From": "list@example.com",
    "Reply-To": "=?utf-8?Q?B=C3=B6?= <answers@example.com>, more@example.com",
    "To": "alias@x.org",
    "Message-Id": "<1@x>",
    "Subject": "RE: x",
  };
  const { data, headers: sent, notes } = await replyTo(headers);
  // What is looked at afterwards is another message: it says nothing of this one.
  assertEquals(notes, []);
  assertEquals(data.to, ["Bö <answers@example.com>", "more@example.com"]);
  assertEquals(sent.subject, "RE: x");
  // The alias is the person's own.
  const all = await replyTo({ ...headers, Cc: "list@example.com" }, { reply_all: true });
  assertEquals(all.data.cc, ["list@example.com"]);
});

Deno.test("gmail_reply() goes on with the person's own message", async () => {
  const headers = { From: EMAIL, To: "Ana <ana@example.com>", Subject: "Lunch" };
  const { data, headers: sent } = await replyTo(headers, {}, ["SENT"]);
  assertEquals(data.to, ["Ana <ana@example.com>"]);
  // Without an id there is nothing to refer to.
  assertEquals([sent["in-reply-to"], sent.references], [undefined, undefined]);
  assertEquals((await replyTo(headers)).data.to, [EMAIL]);
});

Deno.test("gmail_reply() takes nothing but ids and addresses from a stranger's headers", async () => {
  const { headers } = await replyTo({
    "From": '"Eve\r\nBcc: x@evil.example" <eve@example.com>',
    "Subject": "=?utf-8?Q?Hi=0D=0ABcc:_x@evil.example?=",
    "Message-ID": "<a@b>\r\nBcc: x@evil.example",
    "References": "nonsense <1@x> <a b> <2@x>",
  });
  assertEquals(headers.bcc, undefined);
  assertEquals(headers["in-reply-to"], "<a@b>");
  assertEquals(headers.references, "<1@x> <2@x> <a@b>");
  assertEquals(headers.subject, "Re: Hi Bcc: x@evil.example");
  const ids = Array.from({ length: 100 }, (_, index) => `<${index}@x>`).join(" ");
  const long = await replyTo({ "From": "a@b.c", "Message-ID": "<m@x>", "References": ids });
  const kept = long.headers.references!.split(" ");
  assertEquals([kept[0], kept.at(-2), kept.at(-1), kept.length], ["<0@x>", "<99@x>", "<m@x>", 20]);
});

Deno.test("gmail_reply() says when it cannot write to somebody", async () => {
  for (const From of ['"odd name"@example.com', "", "root@localhost"]) {
    const fault = await faultOf(replyTo({ From }));
    assertEquals(fault.kind, "invalid", From);
  }
  const To = Array.from({ length: 101 }, (_, index) => `p${index}@example.com`).join(", ");
  const fault = await faultOf(replyTo({ From: "a@b.c", To }, { reply_all: true }));
  assertStringIncludes(fault.message, "more than 100 people");
  await using emulator = await startMailbox([{}]);
  assertEquals((await faultOf(reply(emulator, { message_id: "none" }))).kind, "not_found");
  const wrong = (args: Json) =>
    wrongFields(gmailTools, "gmail_reply", { message_id: "m", body: "x", ...args });
  assertEquals(wrong({ body: "" }), ["body"]);
  assertEquals(wrong({ message_id: "a/b" }), ["message_id"]);
  assertEquals(wrong({ to: ["a@b.c"] }), ["to"]);
});

Deno.test("gmail_create_draft() keeps a message without sending it", async () => {
  await using emulator = await startMailbox([]);
  const { text, data } = await callTool(gmailTools, "create_draft", {
    to: ["Łukasz <lukasz@example.com>"],
    cc: ["carol@example.com"],
    subject: "Zażółć",
    body: "Grüße",
  }, emulator.api);
  assertEquals(text, 'Drafted "Zażółć" to Łukasz and 1 other. It is not sent.');
  const draft = await emulator.read(`${USER}/drafts/${data.draft_id}?format=raw`);
  assertEquals([draft.message.id, draft.message.labelIds], [data.message_id, ["DRAFT"]]);
  const headers = headersOf(draft.message.raw);
  assertEquals([headers.to, headers.cc], ["Łukasz <lukasz@example.com>", "carol@example.com"]);
  assertEquals(headers.subject, "Zażółć");
  const found = await callTool(gmailTools, "search_messages", { query: "in:sent" }, emulator.api);
  assertEquals(found.data.messages, []);

  const bare = await callTool(gmailTools, "create_draft", { body: "Later" }, emulator.api);
  assertEquals(bare.text, 'Drafted "(No subject)". It is not sent.');
  assertEquals(wrongFields(gmailTools, "create_draft", { body: "x", subject: "a\nb" }), [
    "subject",
  ]);
});
