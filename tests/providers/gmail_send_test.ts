import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { gmailTools } from "../../providers/google/gmail/tools.ts";
import { google } from "../../providers/google/google.ts";
import { parseMail } from "../../providers/google/gmail/eml.ts";
import { partHeader } from "../../providers/google/gmail/message.ts";
import { filesOf, readBody } from "../../providers/google/gmail/mail_parts.ts";
import { decodeWords } from "../../providers/google/gmail/mime_header.ts";
import { answeredBy, callTool, type EmulatedApi, faultOf, type Json } from "../support/api.ts";
import { startMailbox } from "../support/gmail_mailbox.ts";
import { base64url, part } from "../support/gmail_parts.ts";

const USER = "/gmail/v1/users/me";

function send(api: EmulatedApi["api"], args: Json) {
  return callTool(gmailTools, "gmail_send_message", args, api);
}

/** A mail as it was sent: its headers, its text, its files. */
async function sentMail(raw: Uint8Array) {
  const { payload } = parseMail(raw);
  const { text, html } = await readBody(payload, () => Promise.resolve(undefined));
  const header = (name: string) => decodeWords(partHeader(payload, name));
  const files = filesOf(payload).map(({ part, name, type }) => ({
    name,
    type,
    content: atob(part.body?.data ?? ""),
    contentId: partHeader(part, "content-id"),
  }));
  return { header, text, html, files };
}

function bytesOf(raw: string): Uint8Array {
  return Uint8Array.from(
    atob(raw.replaceAll("-", "+").replaceAll("_", "/")),
    (char) => char.charCodeAt(0),
  );
}

/** Gmail with one message to forward; what is then sent to it. */
function gmailWith(payload: Json, files: Record<string, Uint8Array> = {}, after: Json = {}) {
  const sent: { url: URL; raw: Uint8Array }[] = [];
  const api = answeredBy(google, async (request) => {
    const url = new URL(request.url);
    if (request.method === "POST") {
      const isUpload = url.pathname.startsWith("/upload/");
      const raw = isUpload
        ? new Uint8Array(await request.arrayBuffer())
        : bytesOf((await request.json()).raw);
      sent.push({ url, raw });
      return Response.json({ id: "n", threadId: "t", labelIds: ["SENT"] });
    }
    const [, file] = /\/attachments\/(.+)$/.exec(url.pathname) ?? [];
    if (file !== undefined) return Response.json({ data: base64url(files[file]!) });
    if (url.pathname.endsWith("/n")) return Response.json({ id: "n", ...after });
    return Response.json({ id: "m", threadId: "t", payload });
  });
  const forward = (args: Json = {}) =>
    send(api, { to: ["bob@example.com"], forward: "m", ...args });
  return { forward, sent };
}

const HEADERS = [
  { name: "From", value: "=?utf-8?Q?J=C3=B6rg?= <joerg@example.com>" },
  { name: "To", value: "me@example.com, Bo <bo@example.com>" },
  { name: "Date", value: "Fri, 20 Nov 2026 12:00:00 +0100" },
  { name: "Subject", value: "Zahlen für 2027" },
];

Deno.test("gmail_send_message() forwards a message with its headers, its text and its files", async () => {
  const picture = Uint8Array.of(0x89, 0x50, 0, 255);
  const { forward, sent } = gmailWith(
    part("multipart/mixed", [
      part("multipart/alternative", [
        part("text/plain", "Hallo,\nanbei die Zahlen."),
        part("text/html", '<p>Hallo,<br>anbei die <b>Zahlen</b>.<img src="cid:p1@x"></p>'),
      ]),
      part("application/pdf", undefined, {
        filename: "Zählung.pdf",
        body: { size: 3, attachmentId: "pdf" },
      }),
      part("image/png", undefined, {
        filename: "p.png",
        headers: [{ name: "Content-ID", value: "<p1@x>" }],
        body: { size: 4, attachmentId: "png" },
      }),
      part("text/calendar", "BEGIN:VCALENDAR"),
    ], { headers: HEADERS }),
    { pdf: new TextEncoder().encode("PDF"), png: picture },
  );
  const { text, data } = await forward({ body: "See below.\nMe", cc: ["carol@example.com"] });
  assertEquals(
    text,
    'Forwarded "Fwd: Zahlen für 2027" to bob@example.com and 1 other with 3 attachments.',
  );
  assertEquals(data.attachments, ["Zählung.pdf", "p.png", "invite.ics"]);
  assertEquals(sent.length, 1);
  const mail = await sentMail(sent[0]!.raw);
  assertEquals(
    ["to", "cc", "subject", "in-reply-to"].map(mail.header),
    ["bob@example.com", "carol@example.com", "Fwd: Zahlen für 2027", ""],
  );
  assertEquals(
    mail.text,
    "See below.\nMe\n\n---------- Forwarded message ---------\n" +
      "From: Jörg <joerg@example.com>\nDate: Fri, 20 Nov 2026 12:00:00 +0100\n" +
      "Subject: Zahlen für 2027\nTo: me@example.com, Bo <bo@example.com>\n\n" +
      "Hallo,\nanbei die Zahlen.",
  );
  assertStringIncludes(mail.html ?? "", "<div>See below.<br>\nMe</div>");
  assertStringIncludes(mail.html ?? "", "From: Jörg &lt;joerg@example.com&gt;");
  assertStringIncludes(mail.html ?? "", "anbei die <b>Zahlen</b>");
  assertEquals(mail.files.map(({ name, type, content }) => [name, type, content]).sort(), [
    ["Zählung.pdf", "application/pdf", "PDF"],
    ["invite.ics", "text/calendar", "BEGIN:VCALENDAR"],
    ["p.png", "image/png", "\x89P\x00\xff"],
  ]);
  assertEquals(mail.files.find(({ name }) => name === "p.png")?.contentId, "<p1@x>");
});

Deno.test("gmail_send_message() forwards what the emulator then holds", async () => {
  await using emulator = await startMailbox([{ subject: "Fwd: Lunch?" }]);
  const args = { to: ["Bob <bob@example.com>"], forward: "msg_0" };
  const { text, data } = await send(emulator.api, args);
  assertEquals(text, 'Forwarded "Fwd: Lunch?" to Bob.');
  const stored = await emulator.read(`${USER}/messages/${data.id}?format=raw`);
  assertEquals(stored.labelIds, ["SENT"]);
  const mail = await sentMail(bytesOf(stored.raw));
  assert(mail.text.startsWith("---------- Forwarded message ---------\nFrom: Ana López"));
  assertStringIncludes(mail.text, "Shall we?");
  assertEquals((await faultOf(send(emulator.api, { ...args, forward: "none" }))).kind, "not_found");
});

Deno.test("gmail_send_message() forwards nothing where a file cannot go along", async () => {
  const attached = (size: number, count = 1) =>
    part("multipart/mixed", [
      part("text/plain", "x"),
      ...Array.from({ length: count }, (_, at) =>
        part("application/pdf", undefined, {
          filename: `${at}.pdf`,
          body: { size, attachmentId: "no" },
        })),
    ], { headers: HEADERS });
  const rows: [Json, string][] = [
    [attached(9_000_000), "0.pdf has 9 MB, and more than 7 MB cannot be forwarded"],
    [attached(5_000_000, 3), "The attachments have 15 MB, and more than 12 MB cannot"],
    [attached(1, 60), "More than 50 attachments"],
    [
      part("text/plain", undefined, { body: { size: 9, attachmentId: "x" } }),
      "all of the message's text",
    ],
  ];
  for (const [payload, said] of rows) {
    const gone = answeredBy(google, ({ method, url }) => {
      assertEquals(method, "GET");
      return url.includes("/attachments/")
        ? Response.json({ error: { code: 404 } }, { status: 404 })
        : Response.json({ id: "m", threadId: "t", payload });
    });
    const fault = await faultOf(send(gone, { to: ["bob@example.com"], forward: "m" }));
    assertStringIncludes(fault.message, said);
    assertStringIncludes(fault.message, "Nothing was sent.");
  }
});

Deno.test("gmail_send_message() hands a large mail to the address for uploads", async () => {
  const file = new Uint8Array(3_500_000).fill(65);
  const { forward, sent } = gmailWith(
    part("multipart/mixed", [
      part("text/plain", "x"),
      part("application/pdf", undefined, {
        filename: "a.pdf",
        body: { size: file.length, attachmentId: "a" },
      }),
    ], { headers: HEADERS }),
    { a: file },
  );
  await forward();
  const [{ url, raw }] = sent as [{ url: URL; raw: Uint8Array }];
  assertEquals(url.pathname + url.search, `/upload${USER}/messages/send?uploadType=media`);
  assertEquals((await sentMail(raw)).files[0]?.content.length, file.length);
});

Deno.test("a stranger's headers and names end no header of a forwarded mail", async () => {
  const { forward, sent } = gmailWith(
    part("multipart/mixed", [
      part("text/plain", "x"),
      part("x/y\r\nBcc: eve@evil.example", "z", {
        filename: 'a"\r\nBcc: eve@evil.example\r\n\r\n.txt',
        headers: [{ name: "Content-ID", value: "<a\r\nBcc: eve@evil.example>" }],
      }),
    ], {
      headers: [{ name: "Subject", value: "=?utf-8?Q?Hi=0D=0ABcc:_eve@evil.example?=" }],
    }),
  );
  await forward();
  const { payload } = parseMail(sent[0]!.raw);
  const names = [payload, ...payload.parts ?? []].flatMap(({ headers }) =>
    (headers ?? []).map(({ name }) => name?.toLowerCase())
  );
  assertEquals(names.includes("bcc"), false);
  assertEquals(decodeWords(partHeader(payload, "subject")), "Fwd: Hi Bcc: eve@evil.example");
});

Deno.test("gmail_send_message() says what Gmail does not list of what it sent", async () => {
  const payload = part("text/plain", "x", { headers: HEADERS });
  const to = (value: string) => ({ payload: { headers: [{ name: "To", value }] } });
  const lost = gmailWith(payload, {}, { ...to("Bob <BOB@example.com>"), labelIds: ["SENT"] });
  const { text } = await lost.forward({ to: ["bob@example.com", "carol@example.com"] });
  assertStringIncludes(text, "Gmail does not list 1 recipient of it: carol@example.com.");
  const held = gmailWith(payload, {}, { ...to("bob@example.com"), labelIds: ["DRAFT"] });
  assertStringIncludes((await held.forward()).text, "does not list it among the sent");
  const fine = gmailWith(payload, {}, { ...to("bob@example.com"), labelIds: ["SENT"] });
  assertEquals((await fine.forward()).notes, []);
});

Deno.test("gmail_send_message() sends a draft that is there, and says what it held", async () => {
  await using emulator = await startMailbox();
  const mail = {
    to: ["Łukasz <lukasz@example.com>"],
    cc: ["bo@example.com"],
    subject: "Zażółć",
    body: "Hi",
  };
  const drafted = await callTool(gmailTools, "create_draft", mail, emulator.api);
  const { draft_id } = drafted.data;
  const { text, data } = await send(emulator.api, { draft_id });
  assertEquals(text, 'Sent "Zażółć" to Łukasz and 1 other.');
  assertEquals([data.to, data.cc], [["Łukasz <lukasz@example.com>"], ["bo@example.com"]]);
  const stored = await emulator.read(`${USER}/messages/${data.id}`);
  assertEquals(stored.labelIds, ["SENT"]);
  const gone = await faultOf(send(emulator.api, { draft_id }));
  assertEquals([gone.kind, gone.message], [
    "not_found",
    "Google has no draft with this id any more: it was sent or deleted meanwhile. " +
    "Nothing was sent now.",
  ]);
});

Deno.test("gmail_send_message() sends no draft that holds something else than was agreed", async () => {
  await using emulator = await startMailbox();
  const mail = { to: ["ana@example.com"], subject: "Lunch", body: "At noon?" };
  const { data: { draft_id } } = await callTool(gmailTools, "create_draft", mail, emulator.api);
  // Somebody changes it in Gmail.
  const changed = "To: Eve <eve@example.com>\r\nSubject: Dinner\r\n\r\nAt ten?";
  await emulator.write("PUT", `${USER}/drafts/${draft_id}`, {
    message: { raw: base64url(changed) },
  });
  const believed: [Json, string][] = [
    [{ to: mail.to }, "other recipients"],
    [{ cc: ["x@example.com"] }, "other recipients"],
    [{ subject: mail.subject }, "another subject"],
    [{ body: mail.body }, "another text"],
  ];
  for (const [args, what] of believed) {
    const fault = await faultOf(send(emulator.api, { draft_id, ...args }));
    assertEquals(fault.kind, "conflict");
    assertEquals(
      fault.message,
      `The draft holds ${what} than was said: it is "Dinner" to Eve. Nothing was sent.`,
    );
  }
  const right = { draft_id, to: ["EVE@example.com"], subject: "Dinner", body: "At ten?" };
  assertStringIncludes((await send(emulator.api, right)).text, 'Sent "Dinner" to Eve.');
  const empty = await callTool(gmailTools, "create_draft", { body: "x" }, emulator.api);
  const fault = await faultOf(send(emulator.api, { draft_id: empty.data.draft_id }));
  assertStringIncludes(fault.message, "does not say to whom it goes. Nothing was sent.");
});

Deno.test("gmail_send_message() says what is missing, and what cannot be together", async () => {
  const api = answeredBy(google, () => {
    throw new Error("Nothing is to be asked");
  });
  const rows: [Json, string][] = [
    [{ subject: "x", body: "x" }, "to whom it goes"],
    [{ to: ["a@b.cd"], body: "x" }, "what it is about"],
    [{ to: ["a@b.cd"], subject: "x" }, "its text"],
    [{ forward: "m" }, "to whom it goes"],
    [{ draft_id: "d", forward: "m" }, "either a draft or"],
  ];
  for (const [args, said] of rows) {
    const fault = await faultOf(send(api, args));
    assertEquals(fault.kind, "invalid");
    assertStringIncludes(fault.message, said);
  }
});

Deno.test("gmail_reply() keeps an answer as a draft of its conversation", async () => {
  await using emulator = await startMailbox([{ message_id: "<mid@example.com>" }]);
  const args = { message_id: "msg_0", body: "Yes", draft: true };
  const { text, data } = await callTool(gmailTools, "gmail_reply", args, emulator.api);
  assertEquals(text, 'Drafted an answer to Ana López: "Re: Lunch?". It is not sent.');
  const { message } = await emulator.read(`${USER}/drafts/${data.draft_id}?format=full`);
  assertEquals([message.id, message.threadId, message.labelIds], [data.id, "thread_0", ["DRAFT"]]);
  const header = (name: string) =>
    message.payload.headers.find((one: Json) => one.name.toLowerCase() === name)?.value;
  assertEquals([header("in-reply-to"), header("subject")], ["<mid@example.com>", "Re: Lunch?"]);
  const sent = await send(emulator.api, { draft_id: data.draft_id });
  assertEquals(sent.data.thread_id, "thread_0");
  const own = await faultOf(
    callTool(gmailTools, "gmail_reply", { ...args, message_id: data.id }, emulator.api).then(() =>
      callTool(gmailTools, "create_draft", { body: "x" }, emulator.api)
    ).then(({ data }) =>
      callTool(gmailTools, "gmail_reply", { ...args, message_id: data.message_id }, emulator.api)
    ),
  );
  assertStringIncludes(own.message, "That is a draft of the person's own");
});

/** What an answer to all goes to, where the person has these addresses. */
async function answered(
  headers: Record<string, string>,
  own: string[] | undefined,
  labelIds: string[] = [],
) {
  const api = answeredBy(google, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/sendAs")) {
      return own === undefined
        ? Response.json({ error: { code: 403, message: "No." } }, { status: 403 })
        : Response.json({ sendAs: own.map((sendAsEmail) => ({ sendAsEmail })) });
    }
    if (pathname.endsWith("/profile")) return Response.json({ emailAddress: "me@gmail.com" });
    if (request.method === "POST") {
      await request.body?.cancel();
      return Response.json({ id: "n", threadId: "t", labelIds: ["SENT"] });
    }
    const list = Object.entries(headers).map(([name, value]) => ({ name, value }));
    return Response.json({ id: "m", threadId: "t", labelIds, payload: { headers: list } });
  });
  const args = { message_id: "m", body: "Hi", reply_all: true };
  return await callTool(gmailTools, "gmail_reply", args, api);
}

Deno.test("an answer to all goes to none of the person's own addresses", async () => {
  const headers = {
    From: "Ana <ana@example.com>",
    To: "M.E+shop@googlemail.com, Me <me@GMAIL.com>, alias+x@corp.example, other@corp.example",
    Cc: "m.e@corp.example",
  };
  const own = ["me@gmail.com", "alias@corp.example"];
  assertEquals((await answered(headers, own)).data.cc, ["other@corp.example", "m.e@corp.example"]);
  // An organization may keep its settings to itself.
  assertEquals((await answered({ ...headers, Cc: "" }, undefined)).data.cc, [
    "alias+x@corp.example",
    "other@corp.example",
  ]);
  const mine = {
    From: "me@gmail.com",
    To: "me@gmail.com, Bo <bo@example.com>",
    Cc: "me+1@gmail.com",
  };
  const { data } = await answered(mine, own, ["SENT"]);
  assertEquals([data.to, data.cc], [["Bo <bo@example.com>"], []]);
});

Deno.test("gmail_reply() says when it goes to a mailing list, or to nobody", async () => {
  const list = {
    "From": "Ana <ana@example.com>",
    "To": "Garden <garden@lists.example>",
    "List-Post": "<mailto:garden@lists.example?subject=x>",
  };
  assertStringIncludes((await answered(list, [])).text, "One of these is a mailing list");
  const robot = { From: "Shop <no-reply@shop.example>", To: "me@gmail.com" };
  assertStringIncludes((await answered(robot, ["me@gmail.com"])).text, "nobody reads what is sent");
  const plain = { From: "Ana <ana@example.com>", To: "me@gmail.com" };
  assertEquals((await answered(plain, ["me@gmail.com"])).notes, []);
});
