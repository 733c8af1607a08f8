/**
 * The text of a Word document: paragraphs as lines, tables as rows, footnotes at their end.
 *
 * @module
 */

import { type Office, partOf } from "./office_parts.ts";
import { oneLine, type Writer } from "./writer.ts";
import { type Attribute, attribute, type Piece, pieces, Skipping } from "./xml.ts";

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
  readonly #skipping = new Skipping(SKIPPED);
  #hidden = false;
  #inText = false;
  #inRunProperties = false;

  constructor(out: Pick<Writer, "write" | "note" | "isFull" | "tick">) {
    this.#out = out;
  }

  read(xml: string): void {
    for (const piece of pieces(xml, this.#out)) {
      if (this.#out.isFull) return;
      this.take(piece);
    }
  }

  take(piece: Piece): void {
    if (this.#skipping.skips(piece)) {
      if (piece.type === "open" && ["del", "moveFrom"].includes(piece.name)) {
        this.#out.note("Tracked changes are open: deleted text is left out, added text is in.");
      }
    } else if (piece.type === "open") this.#open(piece);
    else if (piece.type === "close") this.#close(piece.name);
    else if (this.#inText) this.#write(piece.text);
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

/** A text beside the document's own, which is not written at once. */
class Body {
  text = "";
  readonly words: WordText;
  readonly #out: Writer;

  constructor(out: Writer) {
    this.#out = out;
    this.words = new WordText({
      write: (part) => void (this.text += part),
      note: (sentence) => out.note(sentence),
      tick: out.tick,
      isFull: false,
    });
  }

  get isFull(): boolean {
    return this.#out.isFull || this.text.length > MAX_CELL;
  }
}

async function textOf(office: Office, path: string): Promise<string> {
  const body = new Body(office.out);
  for (const piece of pieces(await partOf(office, path), office.out)) {
    if (body.isFull) break;
    body.words.take(piece);
  }
  return body.text;
}

async function readNotes(office: Office, path: string, title: string): Promise<void> {
  const name = title === "Footnote" ? "footnote" : "endnote";
  for (const { attributes, text } of elements(await partOf(office, path), name, office.out)) {
    // Word keeps the lines between text and notes as notes.
    if (/eparator/.test(attribute(attributes, "type") ?? "")) continue;
    if (text !== "") office.out.line(`${title} ${attribute(attributes, "id") ?? ""}: ${text}`);
  }
}

async function readComments(office: Office, path: string): Promise<void> {
  for (const { attributes, text } of elements(await partOf(office, path), "comment", office.out)) {
    const author = attribute(attributes, "author") || "somebody";
    if (text !== "") office.out.line(`Comment by ${author}: ${text}`);
  }
}

interface Element {
  attributes: readonly Attribute[];
  /** In one line. */
  text: string;
}

/** The elements of a name, which hold none of the same name. */
function* elements(xml: string, name: string, out: Writer): Generator<Element> {
  let attributes: readonly Attribute[] | undefined;
  let body = new Body(out);
  for (const piece of pieces(xml, out)) {
    if (out.isFull) return;
    if (piece.type === "open" && piece.name === name) {
      attributes = piece.attributes;
      body = new Body(out);
    } else if (piece.type === "close" && piece.name === name) {
      if (attributes !== undefined) yield { attributes, text: oneLine(body.text) };
      attributes = undefined;
    } else if (attributes !== undefined && !body.isFull) body.words.take(piece);
  }
  if (attributes !== undefined) yield { attributes, text: oneLine(body.text) };
}
