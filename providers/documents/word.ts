/**
 * The text of a Word document: paragraphs as lines, tables as rows, footnotes at their end.
 *
 * @module
 */

import { type Office, partOf } from "./office_parts.ts";
import { oneLine, type Writer } from "./writer.ts";
import { attribute, type Piece, pieces, Skipping } from "./xml.ts";

/** What was deleted or moved away is no text any more; fallbacks say the same a second time. */
const SKIPPED = ["del", "moveFrom", "Fallback", "rt", "instrText", "pPrChange", "rPrChange"];
const SEPARATOR = " | ";

/** @throws {Unreadable} */
export async function readWord(office: Office): Promise<void> {
  const { main, relations, out } = office;
  const parts = (type: string) => relations.filter((relation) => relation.type === type);
  new WordText(out).read(await partOf(office, main));
  for (const [type, title] of [["footnotes", "Footnote"], ["endnotes", "Endnote"]] as const) {
    for (const { path } of parts(type)) {
      await readNotes(office, path, title);
    }
  }
  const edges = new Set<string>();
  for (const type of ["header", "footer"]) {
    for (const { path } of parts(type)) {
      if (out.isFull) return;
      const text = oneLine(await textOf(office, path));
      // Each section has its own, mostly the same.
      if (text !== "" && !edges.has(text)) {
        edges.add(text);
        out.line(`${type === "header" ? "Header" : "Footer"}: ${text}`);
      }
    }
  }
  for (const { path } of parts("comments")) await readComments(office, path);
}

/** Writes a body as it is read. */
class WordText {
  readonly #out: Pick<Writer, "write" | "note" | "isFull" | "tick">;
  /** Of tables within tables: the cells of each row that is open. */
  readonly #rows: string[][] = [];
  #hidden = false;
  #inText = false;
  #inRunProperties = false;

  constructor(out: Pick<Writer, "write" | "note" | "isFull" | "tick">) {
    this.#out = out;
  }

  read(xml: string): void {
    const skipping = new Skipping(SKIPPED);
    for (const piece of pieces(xml, this.#out)) {
      if (this.#out.isFull) return;
      if (skipping.skips(piece)) {
        if (piece.type === "open" && ["del", "moveFrom"].includes(piece.name)) {
          this.#out.note("Tracked changes are open: deleted text is left out, added text is in.");
        }
      } else if (piece.type === "open") this.#open(piece);
      else if (piece.type === "close") this.#close(piece.name);
      else if (this.#inText) this.#write(piece.text);
    }
  }

  #open({ name, attributes }: Piece & { type: "open" }): void {
    if (name === "t") this.#inText = true;
    else if (name === "tab" && !this.#inRunProperties) this.#write("\t");
    else if (name === "br" || name === "cr") this.#write("\n");
    else if (name === "noBreakHyphen") this.#write("-");
    else if (name === "numPr") this.#write("- ");
    else if (name === "tr") this.#rows.push([]);
    else if (name === "tc") this.#rows.at(-1)?.push("");
    else if (name === "r") this.#hidden = false;
    else if (name === "rPr" || name === "tabs") this.#inRunProperties = true;
    else if (name === "vanish") {
      this.#hidden = !/^(0|false|off)$/.test(attribute(attributes, "val") ?? "");
    } else if (name === "footnoteReference" || name === "endnoteReference") {
      const kind = name === "footnoteReference" ? "footnote" : "endnote";
      this.#write(` [${kind} ${attribute(attributes, "id") ?? ""}]`);
    }
  }

  #close(name: string): void {
    if (name === "t") this.#inText = false;
    else if (name === "rPr" || name === "tabs") this.#inRunProperties = false;
    else if (name === "r") this.#hidden = false;
    else if (name === "p") this.#write("\n");
    else if (name === "tr") {
      const cells = (this.#rows.pop() ?? []).map((cell) => oneLine(cell));
      this.#write(`${cells.join(SEPARATOR)}\n`);
    }
  }

  #write(text: string): void {
    if (this.#hidden) {
      if (text.trim() !== "") this.#out.note("Hidden text is left out.");
      return;
    }
    const row = this.#rows.at(-1);
    const cell = row?.at(-1);
    // Cells are held back until their row ends, but not without limit.
    if (row === undefined || cell === undefined) this.#out.write(text);
    else if (cell.length < MAX_CELL) row[row.length - 1] = cell + text;
    else this.#out.note("Very long cells of tables are cut off.");
  }
}

const MAX_CELL = 20_000;

async function textOf(office: Office, path: string): Promise<string> {
  return textIn(office, await partOf(office, path));
}

function textIn({ out }: Office, xml: string): string {
  let text = "";
  new WordText({
    write: (part) => void (text += part),
    note: (sentence) => out.note(sentence),
    tick: out.tick,
    get isFull() {
      return out.isFull || text.length > MAX_CELL;
    },
  }).read(xml);
  return text;
}

async function readNotes(office: Office, path: string, title: string): Promise<void> {
  const xml = await partOf(office, path);
  const names = title === "Footnote" ? "footnote" : "endnote";
  for (const { attributes, content } of elements(xml, names, office.out)) {
    // Word keeps the lines between text and notes as notes.
    if (/eparator/.test(attribute(attributes, "type") ?? "")) continue;
    const text = oneLine(textIn(office, content));
    if (text !== "") office.out.line(`${title} ${attribute(attributes, "id") ?? ""}: ${text}`);
  }
}

async function readComments(office: Office, path: string): Promise<void> {
  const xml = await partOf(office, path);
  for (const { attributes, content } of elements(xml, "comment", office.out)) {
    const author = attribute(attributes, "author") || "somebody";
    const text = oneLine(textIn(office, content));
    if (text !== "") office.out.line(`Comment by ${author}: ${text}`);
  }
}

/** The elements of a name, which hold none of the same name. */
function* elements(
  xml: string,
  name: string,
  out: Writer,
): Generator<{ attributes: string; content: string }> {
  const start = new RegExp(`<(?:[\\w.-]{1,64}:)?${name}(\\s[^<>]{0,2000})?>`, "g");
  for (let open = start.exec(xml); open !== null && !out.isFull; open = start.exec(xml)) {
    const tag = open[0];
    const end = xml.indexOf(`</${tag.slice(1).split(/[\s>]/)[0]}>`, start.lastIndex);
    const close = end < 0 ? xml.length : end;
    yield { attributes: open[1] ?? "", content: xml.slice(start.lastIndex, close) };
    start.lastIndex = close;
  }
}
