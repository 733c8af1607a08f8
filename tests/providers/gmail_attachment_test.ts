import { assertEquals, assertStringIncludes } from "@std/assert";
import { faultOf, type Json } from "../support/api.ts";
import { p, pdf, shows, word } from "../support/documents.ts";
import { part, readPayload } from "../support/gmail_parts.ts";

const file = (mimeType: string, filename: string, content: string | Uint8Array, more: Json = {}) =>
  part(mimeType, content, { filename, ...more });

/** What is said of one file of a message. */
async function readFile(one: Json, args: Json = {}) {
  const payload = part("multipart/mixed", [part("text/plain", "See the file."), one]);
  return await readPayload(payload, { attachment: one.filename || "1", ...args });
}

Deno.test("gmail_read_message() reads the text of an attachment", async () => {
  const mail = "From: Ana <ana@example.com>\r\nSubject: Inner\r\n\r\nWhat she wrote";
  const ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Lunch\nEND:VEVENT\nEND:VCALENDAR";
  const rows: [Json, string][] = [
    [file("text/plain", "notes.txt", "Größe\r\nzwei"), "Größe\nzwei"],
    [file("text/csv", "a.csv", "a;b\n1;2"), "a;b\n1;2"],
    [file("application/octet-stream", "b.yaml", "a: 1"), "a: 1"],
    [file("text/html", "page.html", "<p>Hello</p><p hidden>no</p>"), "Hello"],
    [file("application/octet-stream", "page.htm", "<b>Hello</b>"), "Hello"],
    [file("text/calendar", "x.ics", ics), 'It has the event "Lunch".'],
    [
      file("application/octet-stream", "old.eml", mail),
      "From: Ana <ana@example.com>\nSubject: Inner\n\nWhat she wrote",
    ],
    [
      file("message/rfc822", "", mail),
      "From: Ana <ana@example.com>\nSubject: Inner\n\nWhat she wrote",
    ],
    [
      file("text/plain", "latin.txt", Uint8Array.of(0x47, 0xf6), {
        headers: [{ name: "Content-Type", value: "text/plain; charset=iso-8859-1" }],
      }),
      "Gö",
    ],
    [file("application/pdf", "a.pdf", pdf([shows("Due in 14 days")])), "Due in 14 days"],
    [file("application/octet-stream", "Plan.docx", await word(p("The plan"))), "The plan"],
    // What its sender calls it is not what it is.
    [file("text/plain", "a.txt", pdf([shows("Due today")])), "Due today"],
  ];
  for (const [one, text] of rows) {
    const { data, text: said } = await readFile(one);
    assertEquals(data.text.trim(), text, one.filename);
    const name = one.filename || "forwarded message";
    assertEquals([data.attachment, data.attachments[0].name], [name, name]);
    assertStringIncludes(said, `attached to "Hi". It says: `);
  }
});

Deno.test("gmail_read_message() says of a file that has no text what it is", async () => {
  const rows: [Json, RegExp][] = [
    [
      file("image/png", "a.png", "x".repeat(1_000)),
      /It is a PNG picture of 1 kB, without a text\./,
    ],
    [file("audio/mpeg", "a.mp3", "x"), /It is a sound recording of 1 byte/],
    [file("video/mp4", "a.mp4", "x"), /It is a video/],
    [file("application/zip", "a.bin", Uint8Array.of(0, 1, 2, 3, 0)), /It is no text/],
    [file("application/pdf", "a.pdf", ""), /It is empty|Gmail does not hand it out/],
    [file("application/pdf", "b.pdf", "%PDF-1.7 broken"), /damaged|cannot|no text/i],
    [
      part("application/pdf", undefined, {
        filename: "big.pdf",
        body: { size: 31_000_000, attachmentId: "a" },
      }),
      /It has 31 MB, too much to be read here\./,
    ],
    [
      part("application/pdf", undefined, {
        filename: "gone.pdf",
        body: { size: 3, attachmentId: "gone" },
      }),
      /Gmail does not hand it out\./,
    ],
  ];
  for (const [one, said] of rows) {
    const { text, data } = await readFile(one);
    assertEquals([said.test(text), data.text], [true, ""], `${one.filename}: ${text}`);
  }
});

Deno.test("gmail_read_message() finds the attachment that is meant, and no other", async () => {
  const inner = part("multipart/mixed", [
    part("text/plain", "inner text"),
    file("text/plain", "inner.txt", "from within"),
  ], {
    headers: [
      { name: "Subject", value: "=?utf-8?Q?=C3=84rger?=" },
      { name: "From", value: "Eve <eve@example.com>" },
    ],
  });
  const payload = part("multipart/mixed", [
    part("text/plain", "See the files."),
    file("text/plain", "Report.txt", "one", { partId: "1" }),
    file("text/plain", "Report.txt", "two", { partId: "2" }),
    file("text/plain", "Summary (final).txt", "three", { partId: "3" }),
    part("message/rfc822", [inner], { partId: "4" }),
  ]);
  const read = (attachment: string) => readPayload(payload, { attachment });
  assertEquals((await read("2")).data.text, "two");
  assertEquals((await read("summary (FINAL).txt")).data.text, "three");
  assertEquals((await read("summary")).data.text, "three");
  assertEquals((await read("inner.txt")).data.text, "from within");
  const several = await faultOf(read("report.txt"));
  assertEquals(several.kind, "invalid");
  assertStringIncludes(several.message, "Report.txt with the id 1; Report.txt with the id 2");
  const none = await faultOf(read("invoice.pdf"));
  assertEquals(none.kind, "not_found");
  assertStringIncludes(
    none.message,
    'no attachment "invoice.pdf". There are Report.txt; Report.txt;',
  );
  const passedOn = await read("forwarded message");
  assertEquals(
    passedOn.data.text,
    "From: Eve <eve@example.com>\nSubject: Ärger\n\ninner text\n\nAttached to it: inner.txt",
  );
  const { text, data } = await readPayload(payload);
  assertEquals(data.attachments.length, 5);
  assertEquals(data.attachments[3].subject, "Ärger");
  assertEquals(data.attachments[4].within, "forwarded message");
  assertStringIncludes(text, 'Passed on: "Ärger" from Eve.');
  const both = await faultOf(readPayload(payload, { attachment: "1", thread: true }));
  assertEquals(both.kind, "invalid");
});

Deno.test("gmail_read_message() goes through a long attachment piece by piece", async () => {
  const long = file("text/plain", "long.txt", "word ".repeat(150_000));
  const first = await readFile(long);
  assertStringIncludes(
    first.text,
    "It goes on after what could be read. These are characters 1 to",
  );
  assertEquals([first.data.text_length, first.data.next_offset], [500_000 - 1, 10_000]);
  const last = await readFile(long, { offset: 499_990 });
  assertEquals([last.data.text, last.data.next_offset], ["word word", undefined]);
  assertEquals((await faultOf(readFile(long, { offset: 600_000 }))).kind, "invalid");
});
