/**
 * Documents for tests, made by hand: Office files from their parts, and PDFs.
 *
 * @module
 */

const encoder = new TextEncoder();

/** Parts of an archive: a text, bytes, or bytes that are packed already. */
export type Parts = Record<string, string | Uint8Array | Packed>;

/** A part as it stands in the archive. */
export interface Packed {
  method: number;
  packed: Uint8Array;
  flags?: number;
}

/** A ZIP archive. */
export async function zip(parts: Parts): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const { method, packed, flags = 0 } = await packedOf(content);
    const fileName = encoder.encode(name);
    const common = [
      ...two(20),
      ...two(flags),
      ...two(method),
      ...four(0),
      ...four(0),
      ...four(packed.length),
      ...four(packed.length),
      ...two(fileName.length),
      ...two(0),
    ];
    const local = Uint8Array.from([...four(0x04034b50), ...common, ...fileName]);
    directory.push(Uint8Array.from([
      ...four(0x02014b50),
      ...two(20),
      ...common,
      ...two(0),
      ...two(0),
      ...two(0),
      ...four(0),
      ...four(offset),
      ...fileName,
    ]));
    chunks.push(local, packed);
    offset += local.length + packed.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = Math.min(directory.length, 0xFFFF);
  const end = [
    ...four(0x06054b50),
    ...two(0),
    ...two(0),
    ...two(count),
    ...two(count),
    ...four(size),
    ...four(offset),
    ...two(0),
  ];
  return concat([...chunks, ...directory, Uint8Array.from(end)]);
}

async function packedOf(content: string | Uint8Array | Packed): Promise<Packed> {
  if (typeof content === "object" && "packed" in content) return content;
  const bytes = typeof content === "string" ? encoder.encode(content) : content;
  return { method: 8, packed: await deflate(bytes) };
}

/** Deflated, without a header. */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(
    new CompressionStream("deflate-raw"),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function two(value: number): number[] {
  return [value & 0xFF, (value >>> 8) & 0xFF];
}

function four(value: number): number[] {
  return [...two(value & 0xFFFF), ...two(value >>> 16)];
}

function concat(chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

/** The part that says how others are related: id → type and target. */
export function relations(entries: Record<string, [type: string, target: string]>): string {
  const list = Object.entries(entries).map(([id, [type, target]]) =>
    `<Relationship Id="${id}" Type="${OFFICE}${type}" Target="${target}"/>`
  );
  return `<?xml version="1.0"?><Relationships>${list.join("")}</Relationships>`;
}

/** A Word document with a body, and with other parts by their type. */
export function word(body: string, others: Record<string, string> = {}) {
  const names = Object.keys(others);
  return zip({
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": relations({ r1: ["officeDocument", "word/document.xml"] }),
    "word/document.xml": `<?xml version="1.0" encoding="UTF-8"?>` +
      `<w:document xmlns:w="w"><w:body>${body}</w:body></w:document>`,
    "word/_rels/document.xml.rels": relations(
      Object.fromEntries(
        names.map((name, at) => [`r${at}`, [name.replace(/\d+$/, ""), `${name}.xml`]]),
      ),
    ),
    ...Object.fromEntries(names.map((name) => [`word/${name}.xml`, others[name] ?? ""])),
  });
}

/** A paragraph of a Word document. */
export function p(text: string): string {
  return `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

interface SheetOfTest {
  name: string;
  state?: string;
  /** What stands in `<worksheet>`. */
  xml: string;
}

/** An Excel file. */
export function excel(
  sheets: SheetOfTest[],
  { shared = [], styles = "", date1904 = false }: {
    shared?: string[];
    styles?: string;
    date1904?: boolean;
  } = {},
) {
  const list = sheets.map(({ name, state }, at) =>
    `<sheet name="${name}" sheetId="${at + 1}" ${state ? `state="${state}"` : ""} r:id="s${at}"/>`
  );
  return zip({
    "_rels/.rels": relations({ r1: ["officeDocument", "/xl/workbook.xml"] }),
    "xl/workbook.xml": `<workbook><workbookPr ${date1904 ? 'date1904="1"' : ""}/>` +
      `<sheets>${list.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relations({
      ...Object.fromEntries(
        sheets.map((_, at) => [`s${at}`, ["worksheet", `worksheets/sheet${at + 1}.xml`]]),
      ),
      x1: ["sharedStrings", "sharedStrings.xml"],
      x2: ["styles", "styles.xml"],
    }),
    "xl/sharedStrings.xml": `<sst>${shared.map((one) => `<si>${one}</si>`).join("")}</sst>`,
    "xl/styles.xml": `<styleSheet>${styles}</styleSheet>`,
    ...Object.fromEntries(
      sheets.map(({ xml }, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `<worksheet>${xml}</worksheet>`,
      ]),
    ),
  });
}

/** A PDF: each page is a content stream. `extra` objects are numbered from 100. */
export function pdf(
  pages: (string | Uint8Array)[],
  { extra = "", trailer = "", page = "", stream = "" }: {
    extra?: string;
    trailer?: string;
    page?: string;
    stream?: string;
  } = {},
): Uint8Array<ArrayBuffer> {
  const kids = pages.map((_, at) => `${10 + 2 * at} 0 R`).join(" ");
  const chunks: Uint8Array[] = [encoder.encode(
    `%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n` +
      `2 0 obj<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>endobj\n` +
      `3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n${extra}\n`,
  )];
  for (const [at, content] of pages.entries()) {
    const bytes = typeof content === "string" ? encoder.encode(content) : content;
    const [own, text] = [10 + 2 * at, 11 + 2 * at];
    chunks.push(
      encoder.encode(
        `${own} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents ${text} 0 R` +
          `/Resources<</Font<</F1 3 0 R>>/XObject<</X 100 0 R>>>>${page}>>endobj\n` +
          `${text} 0 obj<</Length ${bytes.length}${stream}>>stream\n`,
      ),
      bytes,
      encoder.encode("\nendstream endobj\n"),
    );
  }
  chunks.push(encoder.encode(`trailer<</Root 1 0 R${trailer}>>\n%%EOF`));
  return concat(chunks);
}

/** A content stream that shows lines of text. */
export function shows(...lines: string[]): string {
  const said = lines.map((line) => `(${line}) Tj 0 -20 Td`);
  return `BT /F1 12 Tf 40 700 Td ${said.join(" ")} ET`;
}
