import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { gmailTools } from "../../providers/google/gmail/tools.ts";
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

const EMAIL = "me@example.com";

function start(message: Json): Promise<EmulatedApi> {
  return startApi(google, {
    users: [{ email: EMAIL, name: "Me" }],
    messages: [{
      id: "msg_1",
      user_email: EMAIL,
      to: EMAIL,
      from: "Ana López <ana@example.com>",
      subject: "Hello",
      label_ids: ["INBOX", "UNREAD"],
      date: "2026-11-20T12:00:00.000Z",
      ...message,
    }],
  });
}

function read(api: EmulatedApi["api"], args: Record<string, unknown> = {}) {
  return callTool(gmailTools, "read_message", { message_id: "msg_1", ...args }, api);
}

function base64url(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A part as Gmail sends it. */
function part(mimeType: string, content?: string | Uint8Array | Json[], more: Json = {}): Json {
  const isParts = Array.isArray(content);
  return {
    mimeType,
    filename: "",
    headers: [{ name: "Content-Type", value: mimeType }],
    body: isParts || content === undefined ? { size: 0 } : { size: 1, data: base64url(content) },
    ...(isParts ? { parts: content } : {}),
    ...more,
  };
}

/** What the tool reads in a message with this payload. */
async function readPayload(payload: Json) {
  const headers = [...payload.headers ?? [], { name: "Subject", value: "Hi" }];
  const message = { id: "msg_1", threadId: "t", payload: { ...payload, headers } };
  return await read(answeredBy(google, () => Response.json(message)));
}

Deno.test("gmail_read_message() reads who wrote what to whom", async () => {
  await using emulator = await start({
    subject: "Grüße 🦆",
    to: `"Me, Myself" <${EMAIL}>, Bob <bob@example.com>`,
    cc: "carol@example.com",
    reply_to: "answers@example.com",
    body_text: "Zażółć gęślą jaźń.\n\nBis bald",
  });
  const { text, data } = await read(emulator.api);
  assertEquals(text, '"Grüße 🦆" from Ana López. It says: Zażółć gęślą jaźń. Bis bald');
  assertEquals(data, {
    id: "msg_1",
    thread_id: data.thread_id,
    from: "Ana López <ana@example.com>",
    to: [`Me, Myself <${EMAIL}>`, "Bob <bob@example.com>"],
    cc: ["carol@example.com"],
    reply_to: "answers@example.com",
    subject: "Grüße 🦆",
    date: "2026-11-20T12:00:00.000Z",
    labels: ["INBOX", "UNREAD"],
    unread: true,
    text: "Zażółć gęślą jaźń.\n\nBis bald",
    text_length: 28,
    truncated: false,
    attachments: [],
  });
});

Deno.test("gmail_read_message() lists what is attached, and reads plain text before HTML", async () => {
  const mime = [
    "From: ana@example.com",
    `To: ${EMAIL}`,
    "Subject: Files",
    'Content-Type: multipart/mixed; boundary="m"',
    "",
    "--m",
    'Content-Type: multipart/alternative; boundary="a"',
    "",
    "--a",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "The plain text",
    "--a",
    "Content-Type: text/html; charset=utf-8",
    "",
    "<p>The <b>other</b> text</p>",
    "--a--",
    "--m",
    'Content-Type: application/pdf; name="Rechnung 1.pdf"',
    'Content-Disposition: attachment; filename="Rechnung 1.pdf"',
    "Content-Transfer-Encoding: base64",
    "",
    btoa("%PDF-1.7 and so on"),
    "--m--",
    "",
  ].join("\r\n");
  await using emulator = await start({});
  const sent = await emulator.write("POST", "/gmail/v1/users/me/messages", {
    raw: base64url(mime),
  });
  const { text, data } = await read(emulator.api, { message_id: sent.id });
  assertEquals(data.text, "The plain text");
  assertEquals(data.attachments, [
    { id: "1", name: "Rechnung 1.pdf", type: "application/pdf", size: 18 },
  ]);
  assertStringIncludes(text, "It says: The plain text Attached: 1 file, Rechnung 1.pdf.");
});

Deno.test("gmail_read_message() makes text of a message that is HTML alone", async () => {
  await using emulator = await start({
    body_html: "<style>p{color:red}</style><p>Dear&nbsp;Ana,</p><p>10 &lt; 20 &amp; so on</p>",
  });
  assertEquals((await read(emulator.api)).data.text, "Dear Ana,\n\n10 < 20 & so on");
});

Deno.test("gmail_read_message() goes through a long message piece by piece", async () => {
  const body = Array.from({ length: 2_500 }, (_, index) => `word${index}`).join(" ");
  await using emulator = await start({ body_text: body });
  let [whole, pieces] = ["", 0];
  for (let offset: number | undefined = 0; offset !== undefined; pieces++) {
    const { text, data }: Json = await read(emulator.api, { offset });
    assert(data.text.length <= 10_000 && text.length < 1_500);
    assertStringIncludes(text, ` of ${body.length.toLocaleString("en-US")}.`);
    assertEquals([data.truncated, data.text_length], [true, body.length]);
    whole += data.text;
    offset = data.next_offset;
  }
  assertEquals([whole, pieces], [body, 3]);
  const fault = await faultOf(read(emulator.api, { offset: 999_999 }));
  assertEquals(fault.kind, "invalid");
});

Deno.test("gmail_read_message() walks the parts of a message", async () => {
  const plain = (text: string) => part("text/plain", text);
  const html = (text: string) => part("text/html", text);
  const textOf = async (payload: Json) => (await readPayload(payload)).data.text;

  const alternative = part("multipart/alternative", [plain(""), html("<i>only</i> HTML")]);
  assertEquals(await textOf(alternative), "only HTML");
  const related = part("multipart/related", [html("<p>with a picture</p>"), part("image/png")]);
  assertEquals(
    await textOf(part("multipart/alternative", [plain("plain"), related])),
    "plain",
  );
  assertEquals(await textOf(part("MULTIPART/ALTERNATIVE", [related])), "with a picture");
  const list = part("multipart/mixed", [plain("one"), html("<p>two</p>"), plain("  ")]);
  assertEquals(await textOf(list), "one\n\ntwo");
  // Somebody else's message inside of this one is no part of what it says.
  const forwarded = part("message/rfc822", [plain("inner")]);
  const { data } = await readPayload(part("multipart/mixed", [plain("outer"), forwarded]));
  assertEquals([data.text, data.attachments.length], ["outer", 1]);
  assertEquals(data.attachments[0].name, "forwarded message");
  const file = part("text/plain", "in a file", { filename: "notes.txt" });
  const nameless = part("text/plain", "nameless", {
    headers: [{ name: "Content-Disposition", value: "attachment" }],
  });
  const inline = part("image/png", undefined, { body: { size: 5, attachmentId: "a" } });
  const mixed = await readPayload(part("multipart/mixed", [plain("hi"), file, nameless, inline]));
  assertEquals(mixed.data.text, "hi");
  assertEquals(mixed.data.attachments.map((file: Json) => file.name), [
    "notes.txt",
    "unnamed file",
    "unnamed file",
  ]);
  const empty = await readPayload(part("application/pdf", undefined, { filename: "a.pdf" }));
  assertStringIncludes(empty.text, "It has no text. Attached: 1 file, a.pdf.");
});

Deno.test("gmail_read_message() reads texts in any charset", async () => {
  const textIn = async (charset: string, bytes: number[]) => {
    const value = `text/plain; format=flowed; charset="${charset}"`;
    const headers = [{ name: "content-type", value }];
    return (await readPayload(part("text/plain", Uint8Array.from(bytes), { headers }))).data.text;
  };
  const utf8 = [...new TextEncoder().encode("Größe")];
  assertEquals(await textIn("utf-8", utf8), "Größe");
  // Gmail makes UTF-8 of many texts, and leaves the header as it was.
  assertEquals(await textIn("iso-8859-1", utf8), "Größe");
  assertEquals(await textIn("iso-8859-1", [0x47, 0x72, 0xf6, 0xdf, 0x65]), "Größe");
  assertEquals(await textIn("windows-1251", [0xcf, 0xf0, 0xe8]), "При");
  assertEquals(await textIn("nonsense", [0x47, 0xf6]), "Gö");
  const japanese = [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c, 0x1b, 0x28, 0x42];
  assertEquals(await textIn("ISO-2022-JP", japanese), "日本");
});

Deno.test("gmail_read_message() fetches a text that Gmail keeps apart", async () => {
  const body = { size: 4, attachmentId: "a/b" };
  const payload = part("text/plain", undefined, { body });
  const api = answeredBy(google, ({ url }) => {
    const { pathname, search } = new URL(url);
    if (search === "?format=full") return Response.json({ id: "m", threadId: "t", payload });
    assertEquals(pathname, "/gmail/v1/users/me/messages/m/attachments/a%2Fb");
    return Response.json({ size: 4, data: base64url("apart") });
  });
  assertEquals((await read(api)).data.text, "apart");
});

Deno.test("gmail_read_message() bounds what a message says of itself", async () => {
  const people = Array.from({ length: 500 }, (_, i) => `${"長".repeat(200)} <p${i}@example.com>`);
  const files = Array.from({ length: 500 }, () =>
    part("image/png", undefined, {
      filename: "長".repeat(1_000),
    }));
  const payload = part("multipart/mixed", [part("text/plain", "長".repeat(50_000)), ...files], {
    headers: ["To", "Cc"].map((name) => ({ name, value: people.join(", ") })),
  });
  const { data } = await readPayload(payload);
  assertEquals([data.to.length, data.recipients_left_out > 400], [20, true]);
  assertEquals([data.attachments.length, data.attachments_left_out], [20, 480]);
});

Deno.test("gmail_read_message() takes no id that leads elsewhere", async () => {
  for (const message_id of ["", "..", "a/b", "a?b", "a b", "x".repeat(129)]) {
    assertEquals(wrongFields(gmailTools, "read_message", { message_id }), ["message_id"]);
  }
  await using emulator = await start({});
  const fault = await faultOf(read(emulator.api, { message_id: "nothing" }));
  assertEquals([fault.kind, fault.message], ["not_found", "Google did not find this."]);
});
