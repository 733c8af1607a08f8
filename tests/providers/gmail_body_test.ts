import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseMail } from "../../providers/google/gmail/eml.ts";
import { readBody } from "../../providers/google/gmail/mail_parts.ts";
import { decodeWords, readStructured } from "../../providers/google/gmail/mime_header.ts";
import type { Json } from "../support/api.ts";
import { part, readPayload } from "../support/gmail_parts.ts";

const plain = (text: string) => part("text/plain", text);
const html = (text: string) => part("text/html", text);
const alternative = (...parts: Json[]) => part("multipart/alternative", parts);
const textOf = async (payload: Json) => (await readPayload(payload)).data.text;

const LETTER = "<p>Dear Ana, the meeting moves to Thursday at ten. Please bring the numbers of " +
  "the last quarter, and tell Bo about it as well. See you then!</p>";

Deno.test("the HTML is read where the plain part is no text", async () => {
  const stubs = [
    "",
    "   \r\n\t",
    "\u200B\u00AD\u034F\u00A0\u200C",
    "-",
    "This is an HTML message.",
    "This message is in HTML format. Please use a mail client that can show it.",
    "View this email in your browser: https://news.example/123",
    "Your email client does not support HTML messages.",
    "To view this message, please use an HTML compatible email viewer!",
    "Im Browser ansehen",
    "Dear Ana, the meeting…",
    "Sorry, you need a different program for what we have written to you here today.",
  ];
  for (const stub of stubs) {
    assertStringIncludes(await textOf(alternative(plain(stub), html(LETTER))), "Thursday", stub);
  }
});

Deno.test("the plain part is read where it is the text", async () => {
  const letter =
    "Dear Ana,\nthe meeting moves to Thursday at ten. Please bring the numbers of the " +
    "last quarter, and tell Bo about it as well. See you then!";
  assertEquals(await textOf(alternative(plain(letter), html(LETTER))), letter);
  // A text about HTML, with a page that says the same.
  const about =
    "Please view the HTML version of our newsletter in a browser, and tell me about it.";
  assertEquals(await textOf(alternative(plain(about), html(`<p>${about}</p>`))), about);
  assertEquals(await textOf(alternative(plain("Yes"), html("<b>Yes</b>"))), "Yes");
  assertEquals(await textOf(alternative(plain("👍"), html("<p>👍</p>"))), "👍");
  // A page of pictures says less.
  const long = "A long text about the garden. ".repeat(20).trim();
  assertEquals(await textOf(alternative(plain(long), html('<img alt="Garden">'))), long);
  assertEquals(await textOf(alternative(plain(long), html("<p style='display:none'>x</p>"))), long);
});

Deno.test("the text is found wherever it stands", async () => {
  const picture = part("image/png", undefined, { body: { size: 5, attachmentId: "a" } });
  const related = part("multipart/related", [html("<p>with a picture</p>"), picture]);
  const signature = part("application/pgp-signature", "x", { filename: "signature.asc" });
  const cases: [Json, string][] = [
    [part("multipart/mixed", [alternative(plain(" "), related)]), "with a picture"],
    [part("multipart/signed", [part("multipart/mixed", [plain("signed")]), signature]), "signed"],
    [part("multipart/mixed", [plain("one"), picture, html("<p>two</p>")]), "one\n\ntwo"],
    [part("multipart/x-odd", [plain("odd")]), "odd"],
    [alternative(part("text/x-amp-html", "<p>amp</p>"), html("<p>page</p>")), "page"],
    [part("text/markdown", "# Title"), "# Title"],
    [plain("<!DOCTYPE html><html><body><p>a page</p></body></html>"), "a page"],
    [
      alternative(alternative(plain(""), html("<p>inner</p>")), part("text/calendar", "x")),
      "inner",
    ],
  ];
  for (const [payload, text] of cases) assertEquals(await textOf(payload), text);
  const { text, data } = await readPayload(cases[1]![0]);
  assertStringIncludes(text, "It bears a signature, which was not checked.");
  assertEquals(data.attachments, []);
  const sealed = part("multipart/encrypted", [part("application/pgp-encrypted", "Version: 1")]);
  assertStringIncludes((await readPayload(sealed)).text, "It is encrypted");
});

Deno.test("lines that were broken for the way are whole again", async () => {
  const flowed = async (text: string, more = "") => {
    const headers = [{ name: "Content-Type", value: `text/plain; format=flowed${more}` }];
    return (await readPayload(part("text/plain", text, { headers }))).data.text;
  };
  assertEquals(
    await flowed(
      "A long \r\nline.\r\n\r\n> quoted \r\n> on\r\n>> twice\r\n  stuffed\r\n-- \r\nAna",
    ),
    "A long line.\n\n> quoted on\n>> twice\n stuffed\n--\nAna",
  );
  assertEquals(await flowed("日本 \n語", "; DelSp=yes"), "日本語");
  assertEquals(await textOf(plain("not \nflowed")), "not\nflowed");
});

Deno.test("texts are read in the charset that their bytes are in", async () => {
  const textIn = async (charset: string, bytes: number[]) => {
    const headers = [{ name: "content-type", value: `text/plain; charset=${charset}` }];
    return (await readPayload(part("text/plain", Uint8Array.from(bytes), { headers }))).data.text;
  };
  const cases: [string, number[], string][] = [
    ["windows-1252", [0x93, 0xfc, 0x94], "“ü”"],
    ['"iso-8859-15"', [0xa4], "€"],
    ["'utf-8'", [0xc3, 0xbc], "ü"],
    ["gb18030", [0xc4, 0xe3, 0xba, 0xc3], "你好"],
    ["gb2312", [0xc4, 0xe3], "你"],
    ["iso-2022-jp", [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x1b, 0x28, 0x42], "日"],
    ["cp932", [0x93, 0xfa], "日"],
    ["big5", [0xa7, 0x41], "你"],
    ["euc-kr", [0xb0, 0xa1], "가"],
    ["koi8-r", [0xf0], "П"],
    ["utf-16le", [0x48, 0, 0x69, 0], "Hi"],
    ["x-nobody-knows", [0x47, 0xf6], "Gö"],
    ["us-ascii", [0xc3, 0xbc], "ü"],
    // Cut within a character.
    ["utf-8", [...new TextEncoder().encode("größer als"), 0xe2, 0x82], "größer als\uFFFD"],
  ];
  for (const [charset, bytes, text] of cases) {
    assertEquals(await textIn(charset, bytes), text, charset);
  }
  const page = Uint8Array.of(...new TextEncoder().encode("<meta charset='koi8-r'>"), 0xf0);
  assertEquals(await textOf(part("text/html", page)), "П");
  for (const data of ["====", "a", "!!", "QUJ"]) {
    const broken = { ...plain(""), body: { size: 3, data } };
    assertEquals(typeof await textOf(broken), "string", data);
  }
});

Deno.test("headers are read in words and parameters of every kind", () => {
  const words: [string, string][] = [
    // A character that begins in one word and ends in the next.
    ["=?utf-8?B?4pi?= =?utf-8?B?hQ==?= x", "★ x"],
    ["=?UTF-8?Q?=E5=90?=\r\n =?utf-8?q?=8D?= end", "名 end"],
    ["=?iso-8859-1?Q?a?= =?utf-8?Q?=C3=BC?=", "aü"],
    ["=?gb18030?B?xOO6ww==?=", "你好"],
    ["=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"],
    ["=?utf-8?Q?a b?=", "a b"],
    ["=?x-odd?Q?a?= =?x-odd?Q?b?=", "=?x-odd?Q?a?==?x-odd?Q?b?="],
  ];
  for (const [header, text] of words) assertEquals(decodeWords(header), text);
  const names: [string, string][] = [
    [
      `attachment; filename*0*=utf-8''na%C3%AFve%20; filename*1="part"; filename*2*=%2E.txt`,
      "naïve part..txt",
    ],
    [`attachment; filename*0*=utf-8''%F0%9F%A6; filename*1*=%86.txt`, "🦆.txt"],
    [`attachment; filename="plain.txt"; filename*=iso-8859-1''%e9t%e9_1.txt`, "été_1.txt"],
    [`attachment; filename="=?utf-8?Q?R=C3=A9sum=C3=A9.pdf?="`, "Résumé.pdf"],
    [`attachment; filename="a;b\\"c.txt"`, 'a;b"c.txt'],
    ["attachment; FILENAME=two words.txt", "two words.txt"],
    [`attachment; filename*=%41.txt`, "A.txt"],
  ];
  for (const [header, name] of names) {
    const { value, parameters } = readStructured(header);
    assertEquals([value, parameters.get("filename")], ["attachment", name]);
  }
  assertEquals(readStructured("").value, "");
});

Deno.test("a file's name is found in whichever header it stands", async () => {
  const file = (value: string, more: Json = {}) =>
    part("application/pdf", "x", {
      headers: [{ name: "Content-Disposition", value }],
      ...more,
    });
  const payload = part("multipart/mixed", [
    file("attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf"),
    file("attachment", { filename: "=?utf-8?B?w6kucGRm?=" }),
    file("attachment", { filename: "photo\u202Egpj.exe" }),
    part("application/pdf", "x", {
      headers: [{ name: "Content-Type", value: 'application/pdf; name="b.pdf"' }],
      body: { size: 1, attachmentId: "a" },
    }),
  ]);
  const { data } = await readPayload(payload);
  assertEquals(data.attachments.map(({ name }: Json) => name), [
    "Résumé.pdf",
    "é.pdf",
    "photogpj.exe",
    "b.pdf",
  ]);
});

/** Gmail never sends a part without a type; a newer Gmail may send anything. */
Deno.test("a message of which little is known is read all the same", async () => {
  const odd: Json[] = [
    {},
    { mimeType: null, filename: null, headers: null, body: null, parts: null },
    { parts: [{}, { mimeType: "text/plain", body: { data: "SGk", size: null } }] },
    { headers: [{ name: null, value: null }, {}], mimeType: "text/plain", body: {} },
    { mimeType: "multipart/alternative", parts: [] },
  ];
  for (const payload of odd) {
    const { text } = await readPayload(payload, {}, {
      message: { internalDate: "99999999999999999" },
    });
    assertStringIncludes(text, '"Hi" from somebody.');
  }
  const bare = await readPayload({}, {}, { message: { payload: null, threadId: null } });
  assertEquals([bare.data.text, bare.data.thread_id], ["", "m"]);
});

Deno.test("a part that cannot be had is said, and the others are read", async () => {
  const far = (id: string) =>
    part("text/plain", undefined, { body: { size: 4, attachmentId: id } });
  const payload = part("multipart/mixed", [far("here"), far("gone"), plain("near")]);
  const { text, data } = await readPayload(payload, {}, { files: { here: "far" } });
  assertEquals(data.text, "far\n\nnear");
  assertStringIncludes(text, "A part of its text cannot be had.");
});

Deno.test("what is read aloud has pauses, and no addresses", async () => {
  const { text } = await readPayload(part(
    "text/html",
    '<h1>Hello</h1><p>See <a href="https://a.example/x">the menu</a>:</p><ul><li>Tea<li>Cake</ul>Bye',
  ));
  assertEquals(text, '"Hi" from somebody. It says: Hello. See the menu: Tea. Cake. Bye');
});

Deno.test("where a message lies is said, and who else got it", async () => {
  const remarks: [string[], string][] = [
    [["TRASH"], "It is in the trash."],
    [["SPAM", "UNREAD"], "It is in spam."],
    [["DRAFT"], "It is a draft, which was not sent."],
  ];
  for (const [labelIds, remark] of remarks) {
    const { text, data } = await readPayload(plain("x"), {}, { message: { labelIds } });
    assertStringIncludes(text, remark);
    assertEquals(data.notes, undefined);
  }
  const many = Array.from({ length: 25 }, (_, index) => `p${index}@example.com`).join(", ");
  const headers = [{ name: "Bcc", value: many }];
  const { text, data } = await readPayload(part("text/plain", "x", { headers }));
  assertEquals([data.bcc.length, data.recipients_left_out], [10, 15]);
  assertStringIncludes(text, "15 more recipients not listed.");
});

Deno.test("parseMail() reads a mail from a file, and comes to an end with any", async () => {
  const nested = [
    "From: =?utf-8?Q?J=C3=B6rg?= <joerg@example.com>",
    "Subject: Zwischen",
    " den Zeilen",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "preamble",
    "--b",
    "Content-Type: text/plain; charset=iso-8859-1",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "Gr=F6=DFe und so =",
    "weiter   ",
    "--bb is no boundary",
    "--b",
    "Content-Type: application/pdf",
    "Content-Disposition: attachment; filename=a.pdf",
    "Content-Transfer-Encoding: base64",
    "",
    "QUJD",
    "--b--",
    "epilogue",
  ].join("\r\n");
  const { payload, isCut } = parseMail(new TextEncoder().encode(nested));
  const { text } = await readBody(payload, () => Promise.resolve(undefined));
  assertEquals([text, isCut], ["Größe und so weiter\n--bb is no boundary", false]);
  assertEquals(payload.headers?.[1], { name: "Subject", value: "Zwischen den Zeilen" });
  assertEquals(payload.parts?.[1]?.body, { size: 3, data: "QUJD" });

  const bytesOf = (text: string) => new TextEncoder().encode(text);
  const deep = 'Content-Type: multipart/mixed; boundary="x"\n\n--x\n'.repeat(2_000);
  assert(parseMail(bytesOf(deep)).isCut);
  const many = `Content-Type: multipart/mixed; boundary=x\n\n${"--x\n\na\n".repeat(100_000)}`;
  assert(parseMail(bytesOf(many)).isCut);
  const passed = parseMail(bytesOf("Content-Type: message/rfc822\n\n".repeat(1_000)));
  assert(passed.isCut);
  for (
    const odd of ["", "\n", "a", ":", " \n x", "\r\n\r\n", "=".repeat(100_000), " ".repeat(300_000)]
  ) {
    parseMail(bytesOf(odd));
    parseMail(bytesOf(`Content-Transfer-Encoding: quoted-printable\n\n${odd}`));
  }
});
