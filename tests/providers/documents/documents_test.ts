import { assertEquals, assertStringIncludes } from "@std/assert";
import { documentText, MAX_DOCUMENT_BYTES } from "../../../providers/documents/documents.ts";
import { excel, p, pdf, relations, shows, word, zip } from "../../support/documents.ts";

/** Far more than is needed: a busy machine is no fault of a document. */
const MS = 300_000;

function read(bytes: Uint8Array, { maxText = 10_000, mimeType = "", name = "file" } = {}) {
  return documentText(bytes, { mimeType, name }, { maxText, ms: MS });
}

async function textOf(bytes: Uint8Array): Promise<string> {
  const result = await read(bytes);
  if (result.kind !== "text") throw new Error(result.why);
  return result.text;
}

async function notesOf(bytes: Uint8Array): Promise<string[]> {
  const result = await read(bytes);
  if (result.kind !== "text") throw new Error(result.why);
  return result.notes;
}

async function whyNot(bytes: Uint8Array, mimeType = ""): Promise<string> {
  const result = await read(bytes, { mimeType });
  return result.kind === "unreadable" ? result.why : `text: ${result.text}`;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

Deno.test("a PDF is read page by page", async () => {
  const bytes = pdf([shows("Hello \\(world\\)", "Next line"), shows("Page two")]);
  assertEquals(await textOf(bytes), "Hello (world)\nNext line\n\nPage two\n");
});

Deno.test("a PDF without text is said to be a scan; single pages without text are named", async () => {
  const square = "0 0 100 100 re f";
  assertStringIncludes(await whyNot(pdf([square, square])), "seems to be a scan");
  assertEquals(await notesOf(pdf([shows("One"), square, square])), [
    "Pages 2 and 3 have no text and may be scans or pictures.",
  ]);
});

Deno.test("a PDF in Japanese is read that leaves its characters to the reader", async () => {
  const cid = "/Type/Font/BaseFont/HeiseiMin-W3";
  const extra = `100 0 obj<<${cid}/Subtype/Type0/Encoding/90ms-RKSJ-H/DescendantFonts[101 0 R]>>` +
    `endobj 101 0 obj<<${cid}/Subtype/CIDFontType0/CIDSystemInfo<</Registry(Adobe)` +
    "/Ordering(Japan1)/Supplement 2>>/FontDescriptor 102 0 R>>endobj 102 0 obj" +
    "<</Type/FontDescriptor/FontName/HeiseiMin-W3/Flags 4/FontBBox[0 0 1 1]>>endobj";
  const page = "/Resources<</Font<</F1 100 0 R>>>>";
  const bytes = pdf(["BT /F1 12 Tf 40 700 Td <93FA967B8CEA> Tj ET"], { extra, page });
  assertEquals(await textOf(bytes), "日本語\n");
  // A table that nobody has is no way out of the folder.
  const odd = new TextDecoder("latin1").decode(bytes).replace("90ms-RKSJ-H", "..#2F..#2Fx");
  assertEquals((await read(utf8(odd))).kind, "unreadable");
});

Deno.test("what was filled in a PDF's form is read", async () => {
  const field = "100 0 obj<</Type/Annot/Subtype/Widget/FT/Tx/T(Your name)/V(Ana Silva)" +
    "/Rect[10 10 100 30]>>endobj";
  const bytes = pdf([shows("Form")], { extra: field, page: "/Annots[100 0 R]" });
  assertEquals(await textOf(bytes), "Form\nYour name: Ana Silva\n");
});

Deno.test("a PDF that needs a password is said to", async () => {
  const salt = "a".repeat(32);
  const trailer = `/Encrypt<</Filter/Standard/V 2/R 3/O(${salt})/U(${salt})/P -1>>/ID[(a)(b)]`;
  assertEquals(await whyNot(pdf([shows("x")], { trailer })), "It is protected with a password.");
});

Deno.test("a Word document is read with tables, notes, headers and comments", async () => {
  const table =
    `<w:tbl><w:tr><w:tc>${p("Item")}</w:tc><w:tc>${p("Cost")}${p("in €")}</w:tc></w:tr>` +
    `<w:tr><w:tc>${p("Rent")}</w:tc><w:tc>${p("900")}</w:tc></w:tr></w:tbl>`;
  const noted = `<w:p><w:r><w:t>Fact</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>`;
  const footnotes =
    `<w:footnotes><w:footnote w:type="separator" w:id="0">${p("---")}</w:footnote>` +
    `<w:footnote w:id="2">${p("Says who")}</w:footnote></w:footnotes>`;
  const comments = `<w:comments><w:comment w:id="1" w:author="Bo &amp; Co">${p("Really?")}` +
    `</w:comment></w:comments>`;
  const bytes = await word(p("Grüße &amp; &#x1F986;") + noted + table + p("end"), {
    footnotes,
    comments,
    header1: `<w:hdr>${p("Acme")}</w:hdr>`,
    header2: `<w:hdr>${p("Acme")}</w:hdr>`,
  });
  assertEquals(
    await textOf(bytes),
    "Grüße & 🦆\nFact [footnote 2]\nItem | Cost in €\nRent | 900\nend\n" +
      "Footnote 2: Says who\nHeader: Acme\nComment by Bo & Co: Really?\n",
  );
});

Deno.test("deleted, moved and hidden text of a Word document is no text, which is said", async () => {
  const run = (text: string, properties = "") =>
    `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`;
  const bytes = await word(
    `<w:p>${run("kept")}<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>` +
      `<w:moveFrom>${run("moved")}</w:moveFrom><w:ins>${run(" added")}</w:ins>` +
      `${run("secret", "<w:vanish/>")}${run(" shown", '<w:vanish w:val="0"/>')}</w:p>`,
  );
  assertEquals(await textOf(bytes), "kept added shown\n");
  assertEquals((await notesOf(bytes)).length, 2);
});

Deno.test("text boxes of a Word document are read once", async () => {
  const box = (name: string) => `<mc:${name}>${p("boxed")}</mc:${name}>`;
  const bytes = await word(
    `<mc:AlternateContent>${box("Choice")}${box("Fallback")}` +
      `</mc:AlternateContent>`,
  );
  assertEquals(await textOf(bytes), "boxed\n");
});

Deno.test("the sheets of an Excel file are read as they are shown", async () => {
  const styles = '<numFmts><numFmt numFmtId="164" formatCode="dd\\/mm\\/yyyy"/>' +
    '<numFmt numFmtId="165" formatCode="[$-409]h:mm AM/PM"/>' +
    '<numFmt numFmtId="166" formatCode="&quot;days&quot; 0"/></numFmts>' +
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/>' +
    '<xf numFmtId="10"/><xf numFmtId="166"/></cellXfs>';
  const cell = (at: string, value: string, style = 0, type = "n") =>
    `<c r="${at}" s="${style}" t="${type}"><v>${value}</v></c>`;
  const budget = "<sheetData>" +
    `<row r="1">${cell("A1", "0", 0, "s")}${cell("C1", "1", 0, "s")}</row>` +
    `<row r="2">${cell("A2", "46418", 1)}${cell("B2", "0.604166666666667", 2)}` +
    `${cell("C2", "46418.5", 3)}${cell("D2", "0.155", 4)}${cell("E2", "7", 5)}</row>` +
    `<row r="3">${cell("A3", "0.30000000000000004")}${cell("B3", "1", 0, "b")}` +
    `${cell("C3", "#DIV/0!", 0, "e")}<c r="D3" t="inlineStr"><is><t>in</t></is></c>` +
    `<c r="E3" t="str"><f>A1&amp;"x"</f><v>cached</v></c></row></sheetData>`;
  const bytes = await excel(
    [{ name: "Budget &amp; more", xml: budget }, {
      name: "Two",
      xml: `<sheetData><row><c><v>5</v></c></row></sheetData>`,
    }],
    {
      shared: ["<t>Item</t>", '<r><t>a "quoted"</t></r><r><t>, text</t></r><rPh><t>x</t></rPh>'],
      styles,
    },
  );
  assertEquals(
    await textOf(bytes),
    'Sheet "Budget & more":\nItem,,"a ""quoted"", text"\n' +
      "2027-01-31,14:30,2027-01-31 12:00,15.5%,7\n0.3,TRUE,#DIV/0!,in,cached\n" +
      '\nSheet "Two":\n5\n',
  );
});

Deno.test("dates of Excel files count from 1900 with its wrong leap day, or from 1904", async () => {
  const styles = '<cellXfs><xf numFmtId="14"/></cellXfs>';
  const dates = (...serials: number[]) =>
    `<sheetData><row>${serials.map((one) => `<c><v>${one}</v></c>`).join("")}</row></sheetData>`;
  const sheet = (xml: string) => [{ name: "S", xml }];
  assertEquals(
    await textOf(await excel(sheet(dates(1, 59, 61, 45658)), { styles })),
    'Sheet "S":\n1900-01-01,1900-02-28,1900-03-01,2025-01-01\n',
  );
  assertEquals(
    await textOf(await excel(sheet(dates(44196)), { styles, date1904: true })),
    'Sheet "S":\n2025-01-01\n',
  );
});

Deno.test("hidden sheets, rows and columns, and formulas without results, are said", async () => {
  const xml = '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>' +
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>' +
    '<row r="2" hidden="1"><c r="A2"><v>9</v></c></row>' +
    '<row r="3"><c r="A3"><f>SUM(A1)</f></c><c r="C3"><v>4</v></c></row></sheetData>';
  const bytes = await excel([
    { name: "Open", xml },
    { name: "Secret", state: "veryHidden", xml: "<sheetData/>" },
  ]);
  assertEquals(await textOf(bytes), 'Sheet "Open":\n1,3\n,4\n');
  assertEquals(await notesOf(bytes), [
    "Some formulas have no stored result: the file was never calculated.",
    "Hidden rows are left out.",
    "Hidden columns are left out.",
    'Hidden sheets are left out: "Secret".',
  ]);
});

Deno.test("the slides of a PowerPoint file are read in their order, with notes", async () => {
  const text = (words: string) => `<a:p><a:r><a:t>${words}</a:t></a:r></a:p>`;
  const table = `<a:tbl><a:tr><a:tc>${text("a")}</a:tc><a:tc>${text("b")}</a:tc></a:tr></a:tbl>`;
  const bytes = await zip({
    "_rels/.rels": relations({ r1: ["officeDocument", "ppt/presentation.xml"] }),
    "ppt/presentation.xml":
      '<p:presentation><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/>' +
      '<p:sldId id="258" r:id="c"/></p:sldIdLst></p:presentation>',
    "ppt/_rels/presentation.xml.rels": relations({
      a: ["slide", "slides/slide1.xml"],
      b: ["slide", "slides/slide2.xml"],
      c: ["slide", "slides/slide3.xml"],
    }),
    "ppt/slides/slide1.xml": `<p:sld>${text("Second")}${table}</p:sld>`,
    "ppt/slides/slide2.xml": `<p:sld>${text("First")}<a:fld><a:t>1</a:t></a:fld></p:sld>`,
    "ppt/slides/slide3.xml": `<p:sld xmlns:p="p" show="0">${text("Hidden")}</p:sld>`,
    "ppt/slides/_rels/slide2.xml.rels": relations({ n: ["notesSlide", "../notes/n1.xml"] }),
    "ppt/notes/n1.xml": `<p:notes>${text("Speak slowly")}</p:notes>`,
  });
  assertEquals(
    await textOf(bytes),
    "Slide 1:\nFirst\nSpeaker's notes: Speak slowly\n\nSlide 2:\nSecond\na | b\n",
  );
  assertEquals(await notesOf(bytes), ["Hidden slides are left out: 1."]);
});

Deno.test("OpenDocument texts and sheets are read", async () => {
  const open = (kind: string, content: string) =>
    zip({
      mimetype: `application/vnd.oasis.opendocument.${kind}`,
      "content.xml": `<office:document-content>${content}</office:document-content>`,
    });
  assertEquals(
    await textOf(
      await open(
        "text",
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>Title</text:h>" +
          '<text:p>a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d</text:p>',
      ),
    ),
    "Title\na  b\tc\nd\n",
  );
  const bytes = await open(
    "spreadsheet",
    '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>' +
      '<table:table table:name="One"><table:table-row><table:table-cell><text:p>x</text:p>' +
      '</table:table-cell><table:table-cell table:number-columns-repeated="2"/><table:table-cell>' +
      "<text:p>31.01.2027</text:p></table:table-cell>" +
      '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>' +
      '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>' +
      '</table:table><table:table table:name="Two" table:style-name="ta2"><table:table-row>' +
      "<table:table-cell><text:p>secret</text:p></table:table-cell></table:table-row></table:table>",
  );
  assertEquals(await textOf(bytes), 'Table "One":\nx,,,31.01.2027\n');
  assertEquals(await notesOf(bytes), ['Hidden sheets are left out: "Two".']);
});

Deno.test("a text is read only as far as it is wanted, which is said", async () => {
  const bytes = await word(p("0123456789".repeat(50)));
  const result = await read(bytes, { maxText: 100 });
  if (result.kind !== "text") throw new Error(result.why);
  assertEquals([result.text.length, result.truncated], [100, true]);
  assertEquals((await read(bytes) as { truncated: boolean }).truncated, false);
});

Deno.test("plain text is read in the encoding that it is in", async () => {
  assertEquals(await textOf(utf8("Grüße\n")), "Grüße\n");
  assertEquals(await textOf(Uint8Array.of(0xFF, 0xFE, 0x47, 0, 0xFC, 0)), "Gü");
  assertEquals(await textOf(Uint8Array.of(0x47, 0x72, 0xFC, 0xDF, 0x65)), "Grüße");
});

Deno.test("what a file is, is judged by its bytes and not by its type or name", async () => {
  const asPdf = { mimeType: "application/pdf", name: "a.pdf" };
  assertEquals(await read(await word(p("Word")), asPdf), {
    kind: "text",
    text: "Word\n",
    truncated: false,
    notes: [],
  });
  assertStringIncludes(await whyNot(Uint8Array.of(0x89, 0x50, 0x4E, 0x47)), "picture");
  assertStringIncludes(await whyNot(utf8("anything"), "image/png"), "picture");
  const compound = Uint8Array.of(0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1);
  assertStringIncludes(await whyNot(compound), "before 2007");
  const name = utf8("EncryptedPackage".split("").join("\0"));
  assertStringIncludes(await whyNot(Uint8Array.from([...compound, ...name])), "password");
  assertStringIncludes(await whyNot(await zip({ "a.txt": "x" })), "archive of files");
  assertEquals(await whyNot(new Uint8Array()), "It is empty.");
  assertEquals(await whyNot(new Uint8Array(MAX_DOCUMENT_BYTES + 1)), "It is too large to be read.");
});

Deno.test("a text of which there is only the beginning may end within a character", async () => {
  const bytes = utf8("Grüße").slice(0, 3);
  const result = await documentText(bytes, { mimeType: "", name: "" }, { maxText: 99, cut: true });
  assertEquals(result, { kind: "text", text: "Gr", truncated: true, notes: [] });
});
