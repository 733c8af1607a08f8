import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js/lib/zip-core-custom.js";
import {
  DOCUMENTS_AT_ONCE,
  DOCUMENTS_WAITING,
  type DocumentText,
  documentText,
  workerOptions,
} from "../../../providers/documents/documents.ts";
import { heard } from "../../../providers/documents/document.ts";
import { ARCHIVE_PARTS } from "../../../providers/documents/zip.ts";
import { deflate, excel, p, pdf, relations, shows, word, zip } from "../../support/documents.ts";

/** Far more than is needed: a busy machine is no fault of a document. */
const MS = 300_000;
const SHORT = 100;
/** The reader of PDFs is loaded, and has begun. On a busy machine it may not have, and stops too. */
const LOADED = 4_000;

function read(
  bytes: Uint8Array,
  { ms = MS, maxText = 10_000, signal }: {
    ms?: number;
    maxText?: number;
    signal?: AbortSignal;
  } = {},
) {
  return documentText(bytes, { mimeType: "", name: "" }, { maxText, ms, signal });
}

const said = (result: DocumentText) => result.kind === "text" ? result.text : result.why;
const utf8 = (text: string) => new TextEncoder().encode(text);

const MAIN = "word/document.xml";
const RELATIONS = { "_rels/.rels": relations({ r1: ["officeDocument", MAIN] }) };

/** Forms that paint the next one ten times each: 10 ** 12 in all. */
function looping(): Uint8Array {
  const forms = Array.from({ length: 12 }, (_, at) => {
    const content = at < 11 ? "/X Do ".repeat(10) : shows("boom");
    return `${100 + at} 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font` +
      `<</F1 3 0 R>>/XObject<</X ${101 + at} 0 R>>>>/Length ${content.length}>>stream\n` +
      `${content}\nendstream endobj\n`;
  });
  return pdf(["/X Do"], { extra: forms.join("") });
}

Deno.test("a PDF that never ends is given up, and others are read as before", async () => {
  const all = Array.from({ length: DOCUMENTS_AT_ONCE }, () => read(looping(), { ms: LOADED }));
  for (const result of await Promise.all(all)) {
    // The worker's own words, which has stopped itself.
    assertEquals(said(result), "It takes too long to read.");
  }
  assertEquals(said(await read(pdf([shows("Still here")]))), "Still here\n");
});

Deno.test("while a document is read, the program does other things", async () => {
  const reading = read(looping(), { ms: SHORT });
  let isOver = false;
  let turns = 0;
  const over = reading.then(() => void (isOver = true));
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    turns += 1;
  }
  await over;
  assert(turns > 2, String(turns));
});

Deno.test("a PDF that unpacks to more than the memory is given up", async () => {
  const spaces = new Uint8Array(200_000_000).fill(0x20);
  const packed = new Uint8Array(
    await new Response(
      new Blob([spaces]).stream().pipeThrough(new CompressionStream("deflate")),
    ).arrayBuffer(),
  );
  const bytes = pdf([packed], { stream: "/Filter/FlateDecode" });
  assert(bytes.length < 1_000_000);
  assertEquals(said(await read(bytes)), "It takes too much memory to read.");
});

Deno.test("a part that unpacks to gigabytes is cut off", async () => {
  const spaces = new Uint8Array(60_000_000).fill(0x20);
  const result = await read(
    await zip({ ...RELATIONS, [MAIN]: { method: 8, packed: await deflate(spaces) } }),
  );
  assert(result.kind === "text" && result.truncated, said(result));
});

Deno.test("an archive of very many parts is refused, and one in another is not opened", async () => {
  const part = { method: 0, packed: utf8("x") };
  const names = Array.from({ length: ARCHIVE_PARTS + 1 }, (_, at) => [`${at}`, part]);
  const many = await zip({ ...RELATIONS, ...Object.fromEntries(names) });
  assertEquals(said(await read(many)), "It has too many parts.");
  const nested = await zip({ "inner.docx": await word(p("inside")) });
  assertStringIncludes(said(await read(nested)), "archive of files");
});

Deno.test("entities of a document's own are neither multiplied nor fetched", async () => {
  const laughs = Array.from(
    { length: 9 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  );
  const bytes = await zip({
    ...RELATIONS,
    [MAIN]: `<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "lol">${laughs.join("")}` +
      `<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://127.0.0.1/">%y;]>` +
      `<w:document><w:body>${p("&l9;&x;&amp;")}</w:body></w:document>`,
  });
  assertEquals(said(await read(bytes)), "&l9;&x;&\n");
});

Deno.test("an archive with 64-bit sizes that stand behind the parts is read", async () => {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { zip64: true, dataDescriptor: true });
  for (
    const [name, text] of Object.entries({ ...RELATIONS, [MAIN]: `<w:body>${p("x")}</w:body>` })
  ) {
    await writer.add(name, new TextReader(text), { useWebWorkers: false });
  }
  assertEquals(said(await read(await writer.close())), "x\n");
});

Deno.test("of a damaged part what came before is kept, and parts before a damaged list", async () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => p(`Line ${at * 7919 % 10_007}`)).join("");
  const packed = await deflate(utf8(`<w:body>${lines}</w:body>`));
  packed.fill(0xFF, packed.length / 2);
  const damaged = await read(await zip({ ...RELATIONS, [MAIN]: { method: 8, packed } }));
  assert(damaged.kind === "text" && damaged.truncated && damaged.text.startsWith("Line 0\n"));
  const bytes = await zip({ ...RELATIONS, [MAIN]: p("x"), "last.xml": "x" });
  bytes.fill(7, bytes.length - 22 - 46 - 8, bytes.length - 22);
  assertEquals(said(await read(bytes)), "x\n");
});

Deno.test("relations lead to nothing outside of the file", async () => {
  const bytes = await zip({
    "_rels/.rels": relations({ r1: ["officeDocument", "../../../../etc/word/document.xml"] }),
    "word/document.xml": "never reached by that name",
  });
  assertEquals(said(await read(bytes)), "");
});

Deno.test("an encrypted or oddly packed part is said to be so", async () => {
  const packed = utf8("<w:document/>");
  assertEquals(
    said(await read(await zip({ ...RELATIONS, [MAIN]: { method: 0, packed, flags: 1 } }))),
    "It is protected with a password.",
  );
  assertStringIncludes(
    said(await read(await zip({ ...RELATIONS, [MAIN]: { method: 99, packed } }))),
    "packed in a way",
  );
  const manifest = "<manifest:encryption-data/>";
  assertEquals(
    said(
      await read(
        await zip({
          mimetype: "application/vnd.oasis.opendocument.text",
          "META-INF/manifest.xml": manifest,
        }),
      ),
    ),
    "It is protected with a password.",
  );
});

Deno.test("sheets that say they are endless do not become so", async () => {
  const rows = '<row><c r="XFD1"><v>1</v></c></row>'.repeat(100_000);
  const wide = await excel([{ name: "Wide", xml: `<sheetData>${rows}</sheetData>` }]);
  const result = await read(wide);
  assert(result.kind === "text" && result.truncated && result.text.length <= 10_000);
  const cells = '<table:table-cell table:number-columns-repeated="999999999">' +
    "<text:p>x</text:p></table:table-cell>";
  const repeated = await zip({
    mimetype: "application/vnd.oasis.opendocument.spreadsheet",
    "content.xml": '<table:table table:name="T"><table:table-row ' +
      `table:number-rows-repeated="999999999">${
        cells.repeat(60_000)
      }</table:table-row></table:table>`,
  });
  const second = await read(repeated);
  assert(second.kind === "text" && second.truncated && second.text.length <= 10_000);
});

Deno.test("patterns do not look for the end of what has none", async () => {
  const many = 100_000;
  const bodies = [
    `<w:tbl><w:tr><w:tc>${p(" ".repeat(2 * many))}</w:tc></w:tr></w:tbl>`,
    "<w:p ".repeat(many),
    '<w:p a="'.repeat(many),
    "<![CDATA[".repeat(many),
    "<!DOCTYPE [".repeat(many),
    "<w:tr><w:tc>".repeat(many),
    "<w:x>".repeat(many) + "</w:y>".repeat(many),
    `<w:p ${'a="1" '.repeat(many)}/>`,
    "&".repeat(many) + "&x;".repeat(many),
    "<!DOCTYPE d [ ]>".repeat(many),
  ];
  for (const body of bodies) {
    const result = await read(await word(body, { footnotes: "<w:footnote ".repeat(many) }));
    assertEquals(result.kind, "text", said(result));
  }
  const code = "[".repeat(many) + "\\".repeat(many);
  const styles = `<numFmts><numFmt numFmtId="164" formatCode="${code}"/></numFmts>` +
    '<cellXfs><xf numFmtId="164"/></cellXfs>';
  const xml = "<sheetData><row><c><v>1</v></c></row></sheetData>";
  assertEquals(said(await read(await excel([{ name: "S", xml }], { styles }))), 'Sheet "S":\n1\n');
});

Deno.test("a damaged file is text or unreadable, never an error", async () => {
  const samples = [
    pdf([shows("One"), shows("Two")]),
    await word(p("One") + p("Two")),
    await excel([{ name: "S", xml: "<sheetData><row><c><v>1</v></c></row></sheetData>" }]),
  ];
  for (const sample of samples) {
    const damaged = [1, 2, 3].map((part) => sample.slice(0, sample.length * part / 4));
    for (let seed = 1; seed <= 6; seed++) {
      const bytes = sample.slice();
      // A different pattern each, the same in each run.
      for (let at = seed * 7; at < bytes.length; at += 31 * seed) bytes[at] = (at * seed) & 0xFF;
      damaged.push(bytes);
    }
    for (const bytes of damaged) {
      assert(["text", "unreadable"].includes((await read(bytes)).kind));
    }
  }
});

Deno.test("whoever has gone is waited for by nobody, in the queue and in a worker", async () => {
  const leaving = new AbortController();
  const busy = Array.from(
    { length: DOCUMENTS_AT_ONCE },
    () => read(looping(), { signal: leaving.signal, ms: SHORT }),
  );
  const queued = Array.from(
    { length: DOCUMENTS_WAITING },
    () => read(looping(), { signal: leaving.signal, ms: SHORT }),
  );
  assertStringIncludes(said(await read(pdf([shows("x")]))), "Try again in a minute");
  leaving.abort();
  for (const result of await Promise.all([...busy, ...queued])) {
    assertEquals(result.kind, "unreadable");
  }
  assertEquals(said(await read(pdf([shows("There is room")]))), "There is room\n");
});

Deno.test("a worker that reads documents may read nothing else, and reach nobody", async () => {
  const code = `
    const tries = {
      read: () => Deno.readTextFileSync("/etc/hostname"),
      env: () => Deno.env.get("HOME"),
      run: () => new Deno.Command("true").outputSync(),
      write: () => Deno.writeTextFileSync("/tmp/x", ""),
      net: () => fetch("http://127.0.0.1:8000/"),
    };
    const refused = [];
    for (const [name, attempt] of Object.entries(tries)) {
      try {
        await attempt();
      } catch (error) {
        if (error instanceof Deno.errors.NotCapable) refused.push(name);
      }
    }
    self.postMessage(refused);
    self.close();
  `;
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(code)}`, workerOptions());
  worker.onmessage = ({ data }) => resolve(data);
  assertEquals(await promise, ["read", "env", "run", "write", "net"]);
  worker.terminate();
});

Deno.test("a worker that a file has taken over says a file's text, and no more than was asked for", () => {
  const odd = [null, undefined, "text", 1, [], {}, { kind: "text" }, {
    kind: "text",
    text: 1,
    notes: [],
  }];
  for (const said of [...odd, { kind: "text", text: "x", notes: "x" }, { kind: "unreadable" }]) {
    assertEquals(heard(said, 10), undefined, JSON.stringify(said));
  }
  const notes = [{}, ...Array.from({ length: 1_000 }, () => "x".repeat(5_000))];
  const text = heard(
    { kind: "text", text: "x".repeat(11), truncated: false, notes, later: true },
    10,
  );
  assert(text?.kind === "text");
  assertEquals([text.text, text.truncated, text.notes.length], ["x".repeat(10), true, 100]);
  assertEquals(text.notes[0]!.length, 1_000);
  // That it may be read another time is the server's to say.
  assertEquals(heard({ kind: "unreadable", why: "It is damaged.", later: true }, 10), {
    kind: "unreadable",
    why: "It is damaged.",
  });
});
