import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gmailTools } from "../../providers/google/gmail/tools.ts";
import { google } from "../../providers/google/google.ts";
import { composeMail, decodeWords } from "../../providers/google/gmail/mime.ts";
import { ApiError } from "../../providers/provider.ts";
import {
  answeredBy,
  callTool,
  checkSchemas,
  type EmulatedApi,
  type Json,
  startApi,
  wrongFields,
} from "../support/api.ts";

const EMAIL = "me@example.com";
const MESSAGES = "/gmail/v1/users/me/messages";

function start(messages: Json[] = []): Promise<EmulatedApi> {
  return startApi(google, {
    users: [{ email: EMAIL, name: "Me" }],
    messages: messages.map((message, index) => ({
      id: `msg_${index}`,
      user_email: EMAIL,
      to: EMAIL,
      from: "Ana López <ana@example.com>",
      body_text: "Hello there",
      label_ids: ["INBOX"],
      date: new Date(Date.UTC(2026, 10, 20, 12, 0, index)).toISOString(),
      ...message,
    })),
  });
}

/** Bytes of base64url, one character each. */
function binary(base64url: string): string {
  return atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
}

function utf8(base64url: string): string {
  return new TextDecoder().decode(Uint8Array.from(binary(base64url), (char) => char.charCodeAt(0)));
}

/** The headers of a message, unfolded, in their order. */
function headersOf(mime: string): [string, string][] {
  const head = mime.slice(0, mime.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  return head.split("\r\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
}

/** Sends a mail, and reads what the emulator took in. */
async function send(emulator: EmulatedApi, args: Record<string, unknown>) {
  const mail = { to: ["bob@example.com"], subject: "Hi", body: "Hello", ...args };
  const result = await callTool(gmailTools, "send_message", mail, emulator.api);
  const path = `${MESSAGES}/${result.data.id}`;
  const { raw } = await emulator.read(`${path}?format=raw`);
  const stored = await emulator.read(`${path}?format=full`);
  const mime = binary(raw);
  return {
    ...result,
    mime,
    headers: Object.fromEntries(headersOf(mime)),
    body: utf8(stored.payload.body.data),
    labels: stored.labelIds,
  };
}

Deno.test("gmailTools have schemas that clients can read", () => {
  checkSchemas(gmailTools);
});

Deno.test("gmail_search_messages() finds messages, newest first", async () => {
  await using emulator = await start([
    { subject: "Rechnung für März", body_text: "Anbei die Rechnung" },
    { subject: "Lunch?", from: '"Bob" <bob@example.com>', label_ids: ["INBOX", "UNREAD"] },
    { subject: "Newsletter", from: "news@example.com", label_ids: ["CATEGORY_PROMOTIONS"] },
  ]);
  const args = { query: "in:inbox" };
  const { text, data } = await callTool(gmailTools, "search_messages", args, emulator.api);
  assertEquals(
    text,
    'Found 2 messages. 1: "Lunch?" from Bob. 2: "Rechnung für März" from Ana López.',
  );
  assertEquals(data, {
    messages: [{
      id: "msg_1",
      thread_id: data.messages[0].thread_id,
      from: '"Bob" <bob@example.com>',
      subject: "Lunch?",
      date: "2026-11-20T12:00:01.000Z",
      snippet: "Hello there",
      unread: true,
    }, {
      id: "msg_0",
      thread_id: data.messages[1].thread_id,
      from: "Ana López <ana@example.com>",
      subject: "Rechnung für März",
      date: "2026-11-20T12:00:00.000Z",
      snippet: "Anbei die Rechnung",
      unread: false,
    }],
    has_more: false,
  });
});

Deno.test("gmail_search_messages() says when there are more, and goes on", async () => {
  await using emulator = await start([{ subject: "A" }, { subject: "B" }, { subject: "C" }]);
  const search = (args: Record<string, unknown>) =>
    callTool(gmailTools, "search_messages", { query: "in:inbox", limit: 2, ...args }, emulator.api);
  const first = await search({});
  assertEquals(
    first.text,
    'Found 2 messages. 1: "C" from Ana López. 2: "B" from Ana López. There are more.',
  );
  assertEquals(first.data.has_more, true);
  const second = await search({ page_token: first.data.next_page_token });
  assertEquals(second.text, 'Found 1 message. 1: "A" from Ana López.');
  assertEquals([second.data.has_more, second.data.next_page_token], [false, undefined]);
});

Deno.test("gmail_search_messages() says when nothing was found", async () => {
  // Gmail leaves the list out when it is empty.
  const api = answeredBy(google, () => Response.json({ resultSizeEstimate: 0 }));
  const { text, data } = await callTool(gmailTools, "search_messages", { query: "x" }, api);
  assertEquals(text, "Found no messages.");
  assertEquals(data, { messages: [], has_more: false });
});

Deno.test("gmail_search_messages() reads what Gmail makes of a message", async () => {
  const api = answeredBy(google, (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === MESSAGES) return Response.json({ messages: [{ id: "a/b" }, { id: "gone" }] });
    if (pathname === `${MESSAGES}/gone`) {
      return Response.json({ error: { code: 404, message: "Not found." } }, { status: 404 });
    }
    assertEquals(pathname, `${MESSAGES}/a%2Fb`);
    assertEquals(searchParams.get("format"), "metadata");
    assertEquals(searchParams.getAll("metadataHeaders"), ["From", "To", "Subject"]);
    return Response.json({
      id: "a/b",
      threadId: "t",
      snippet: "Don&#39;t &lt;b&gt; &amp;lt; &quot;",
      internalDate: "1795411792000",
      payload: {
        headers: [
          { name: "FROM", value: "<robot@example.com>" },
          { name: "Subject", value: "Line\r\n two" },
        ],
      },
    });
  });
  const { text, data } = await callTool(gmailTools, "search_messages", { query: "x" }, api);
  assertEquals(
    text,
    'Found 1 message. 1: "Line two" from robot@example.com. 1 more was deleted meanwhile.',
  );
  assertEquals(data.deleted_meanwhile, 1);
  assertEquals(data.messages[0].snippet, "Don't <b> &lt; \"");
  assertEquals(data.messages[0].unread, false);
});

Deno.test("gmail_search_messages() reads five messages at a time and keeps their order", async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `m${index}`);
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  let open = 0;
  let most = 0;
  const api = answeredBy(google, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === MESSAGES) return Response.json({ messages: ids.map((id) => ({ id })) });
    const id = pathname.split("/").at(-1)!;
    most = Math.max(most, ++open);
    // Every other answer overtakes the one before it.
    await turn();
    if (ids.indexOf(id) % 2 === 0) await turn();
    open--;
    return Response.json({ id, threadId: "t" });
  });
  const { text, data } = await callTool(
    gmailTools,
    "search_messages",
    { query: "x", limit: 12 },
    api,
  );
  assertEquals(most, 5);
  assertEquals(data.messages.map((message: Json) => message.id), ids);
  assertStringIncludes(text, '5: "(No subject)" from somebody. And 7 more.');
});

Deno.test("gmail_search_messages() names the argument that is wrong", () => {
  const wrong = (args: Record<string, unknown>) =>
    wrongFields(gmailTools, "gmail_search_messages", { query: "x", ...args });
  assertEquals(wrong({}), []);
  assertEquals(wrong({ query: "" }), ["query"]);
  assertEquals(wrong({ limit: 51 }), ["limit"]);
  assertEquals(wrong({ q: "x" }), ["q"]);
});

Deno.test("gmail_send_message() sends the mail", async () => {
  await using emulator = await start();
  const { text, data, mime, headers, body, labels } = await send(emulator, {
    to: ["Łukasz Żółw <lukasz@example.com>", '"López, Ana" <ana@example.com>'],
    cc: ["carol@example.com"],
    bcc: ["dave@example.com"],
    subject: "Zażółć gęślą jaźń 日本語 🦆, and so many words that the line must be folded",
    body: "Grüße,\n\n.\nFrom here 🦆",
  });
  assertEquals(
    text,
    `Sent "${data.subject}" to Łukasz Żółw and 3 others.`,
  );
  assertEquals(labels, ["SENT"]);
  assertEquals(
    decodeWords(headers.to!),
    "Łukasz Żółw <lukasz@example.com>, López, Ana <ana@example.com>",
  );
  assertEquals(headers.cc, "carol@example.com");
  assertEquals(headers.bcc, "dave@example.com");
  assertEquals(decodeWords(headers.subject!), data.subject);
  assertEquals(body, "Grüße,\n\n.\nFrom here 🦆");
  // Bytes beyond ASCII and long lines do not survive every server on the way.
  assert(mime.split("\r\n").every((line) => /^[\t\x20-\x7e]{0,78}$/.test(line)));
});

Deno.test("gmail_send_message() sends a mail that gmail_search_messages() finds", async () => {
  await using emulator = await start();
  await send(emulator, { subject: "Grüße aus Łódź" });
  const args = { query: "in:sent" };
  const { text } = await callTool(gmailTools, "search_messages", args, emulator.api);
  assertEquals(text, `Found 1 message. 1: "Grüße aus Łódź" from ${EMAIL}.`);
});

Deno.test("gmail_send_message() writes no header but its own", async () => {
  await using emulator = await start();
  const { mime } = await send(emulator, {
    subject: "=?utf-8?Q?x?= Bcc: eve@example.com",
    body: "Bcc: eve@example.com\r\n\r\nHello",
  });
  const names = headersOf(mime).map(([name]) => name);
  assertEquals(names.sort(), [
    "content-transfer-encoding",
    "content-type",
    "date",
    "message-id",
    "mime-version",
    "subject",
    "to",
  ]);
});

Deno.test("gmail_send_message() takes no line break into a header", () => {
  const wrong = (args: Record<string, unknown>) => {
    const mail = { to: ["bob@example.com"], subject: "Hi", body: "Hello", ...args };
    return wrongFields(gmailTools, "gmail_send_message", mail);
  };
  assertEquals(wrong({}), []);
  for (const end of ["\r\n", "\n", "\r", "\u2028", "\u0085", "\0"]) {
    const tail = `${end}Bcc: eve@example.com`;
    assertEquals(wrong({ subject: `Hi${tail}` }), ["subject"], JSON.stringify(end));
    for (const field of ["to", "cc", "bcc"]) {
      for (const hostile of [`bob@example.com${tail}`, `Bob${tail} <bob@example.com>`]) {
        assertEquals(wrong({ [field]: [hostile] }), [`${field}.0`], JSON.stringify(end));
      }
    }
  }
  for (const two of ["a@example.com, b@example.com", "a@example.com b@example.com"]) {
    assertEquals(wrong({ to: [two] }), ["to.0"]);
  }
  for (
    const odd of ["<a@example.com", "a@example.com>", "A <B <a@example.com>", '"a"@example.com']
  ) {
    assertEquals(wrong({ to: [odd] }), ["to.0"]);
  }
});

Deno.test("composeMail() writes one header even where nobody checked the subject", async () => {
  const mail = { to: ["bob@example.com"], cc: [], bcc: [], subject: "Hi", body: "Hello" };
  const mime = binary(await composeMail({ ...mail, subject: "Hi\r\nBcc: eve@example.com" }));
  assertEquals(headersOf(mime).filter(([name]) => name === "bcc"), []);
  const hostile = { ...mail, to: ["bob@example.com\r\nBcc: eve@example.com"] };
  await assertRejects(() => composeMail(hostile), TypeError, "not a recipient");
});

Deno.test("gmail_send_message() names the argument that is wrong", () => {
  const wrong = (args: Record<string, unknown>) => {
    const mail = { to: ["bob@example.com"], subject: "Hi", body: "Hello", ...args };
    return wrongFields(gmailTools, "gmail_send_message", mail);
  };
  assertEquals(wrong({ to: [] }), ["to"]);
  assertEquals(wrong({ to: "bob@example.com" }), ["to"]);
  assertEquals(wrong({ to: ["bob"] }), ["to.0"]);
  assertEquals(wrong({ cc: Array(51).fill("bob@example.com") }), ["cc"]);
  assertEquals(wrong({ body: "" }), ["body"]);
  assertEquals(wrong({ body: "x".repeat(65_537) }), ["body"]);
  assertEquals(wrong({ text: "Hello" }), ["text"]);
});

Deno.test("gmail_send_message() passes on why Gmail refused", async () => {
  const message = "Recipient address required";
  const api = answeredBy(
    google,
    () => Response.json({ error: { code: 400, message } }, { status: 400 }),
  );
  const mail = { to: ["bob@example.com"], subject: "Hi", body: "Hello" };
  const error = await assertRejects(
    () => callTool(gmailTools, "send_message", mail, api),
    ApiError,
    message,
  );
  assertEquals(error.fault.kind, "invalid");
});

Deno.test("decodeWords() decodes the words of RFC 2047", () => {
  assertEquals(
    decodeWords("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= <k@x.dk>"),
    "Keld Jørn Simonsen <k@x.dk>",
  );
  assertEquals(decodeWords("=?utf-8?B?R3LDvMOfZQ==?="), "Grüße");
  assertEquals(decodeWords("=?ISO-8859-1?Q?a?= \t =?ISO-8859-1?Q?b?= c"), "ab c");
  assertEquals(decodeWords("=?utf-8*en?q?=C5=81?="), "Ł");
  for (const other of ["plain", "=?nonsense?Q?a?=", "=?utf-8?B?%%?=", "=?utf-8?Q?open", ""]) {
    assertEquals(decodeWords(other), other);
  }
});
