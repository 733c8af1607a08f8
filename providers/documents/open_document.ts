/**
 * The text of an OpenDocument file (LibreOffice, OpenOffice): text, sheets or slides.
 *
 * https://docs.oasis-open.org/office/OpenDocument/v1.3/
 *
 * @module
 */

import { csvRow } from "./cells.ts";
import { Unreadable, type Writer } from "./writer.ts";
import { attribute, type Piece, pieces, Skipping } from "./xml.ts";
import type { Archive } from "./zip.ts";

/** A row may say that it is there a million times. */
const MAX_REPEATED = 1_000;
const MAX_COLUMNS = 16_384;

/** @throws {Unreadable} */
export async function readOpenDocument(archive: Archive, out: Writer): Promise<void> {
  const manifest = await archive.text("META-INF/manifest.xml");
  if (manifest?.text.includes("encryption-data")) {
    throw new Unreadable("It is protected with a password.");
  }
  const content = await archive.text("content.xml");
  if (content === undefined) throw new Unreadable("It is damaged.");
  if (content.cut) out.cut();
  new OpenText(out).read(content.text);
}

class OpenText {
  readonly #out: Writer;
  #line = "";
  #depth = 0;
  #row: string[] | undefined;
  #rowRepeats = 1;
  #cellRepeats = 1;
  #hiddenRow = false;
  #slide = 0;
  /** Styles of tables that are not shown. */
  readonly #hiddenStyles = new Set<string>();
  #style = "";
  #hiddenTable = false;

  constructor(out: Writer) {
    this.#out = out;
  }

  read(xml: string): void {
    const skipping = new Skipping(["tracked-changes", "annotation", "ruby-text"]);
    for (const piece of pieces(xml, this.#out)) {
      if (this.#out.isFull) return;
      if (skipping.skips(piece)) {
        if (piece.type === "open" && piece.name === "annotation") {
          this.#out.note("Comments are left out.");
        }
      } else if (piece.type === "open") this.#open(piece);
      else if (piece.type === "close") this.#close(piece.name);
      else if (this.#depth > 0) this.#line += piece.text.replaceAll(/\s+/g, " ");
    }
  }

  #open({ name, attributes }: Piece & { type: "open" }): void {
    const read = (name: string) => attribute(attributes, name);
    if (name === "p" || name === "h") this.#depth += 1;
    else if (name === "s") this.#line += " ".repeat(repeats(read("c")));
    else if (name === "tab") this.#line += "\t";
    else if (name === "line-break") this.#line += "\n";
    else if (name === "style") this.#style = read("name") ?? "";
    else if (name === "table-properties" && read("display") === "false") {
      this.#hiddenStyles.add(this.#style);
    } else if (name === "table") {
      this.#hiddenTable = this.#hiddenStyles.has(read("style-name") ?? "");
      const title = read("name") ?? "";
      if (this.#hiddenTable) this.#out.note(`Hidden sheets are left out: "${title}".`);
      else if (title !== "") this.#out.line(`${this.#out.isEmpty ? "" : "\n"}Table "${title}":`);
    } else if (name === "table-row") {
      this.#row = [];
      this.#rowRepeats = repeats(read("number-rows-repeated"));
      this.#hiddenRow = /^(collapse|filter)$/.test(read("visibility") ?? "");
      if (this.#hiddenRow) this.#out.note("Hidden rows are left out.");
    } else if (name === "table-cell" || name === "covered-table-cell") {
      this.#cellRepeats = repeats(read("number-columns-repeated"));
      this.#line = "";
    } else if (name === "page") {
      this.#slide += 1;
      this.#out.line(`${this.#slide === 1 ? "" : "\n"}Slide ${this.#slide}:`);
    } else if (name === "notes") this.#out.line("Speaker's notes:");
  }

  #close(name: string): void {
    if (name === "p" || name === "h") {
      this.#depth = Math.max(0, this.#depth - 1);
      if (this.#row !== undefined) this.#line += "\n";
      else if (this.#depth === 0) this.#flush();
    } else if (name === "table-cell" || name === "covered-table-cell") {
      const text = this.#line.trim();
      this.#line = "";
      const row = this.#row ?? [];
      for (let n = 0; n < this.#cellRepeats && row.length < MAX_COLUMNS; n++) row.push(text);
    } else if (name === "table-row") {
      const line = csvRow(this.#row ?? []);
      this.#row = undefined;
      if (line === "" || this.#hiddenRow || this.#hiddenTable) return;
      for (let n = 0; n < this.#rowRepeats && !this.#out.isFull; n++) this.#out.line(line);
    } else if (name === "table") this.#hiddenTable = false;
  }

  #flush(): void {
    if (!this.#hiddenTable) this.#out.line(this.#line.trimEnd());
    this.#line = "";
  }
}

function repeats(said: string | undefined): number {
  const number = Number(said ?? 1);
  return Number.isInteger(number) && number > 0 ? Math.min(number, MAX_REPEATED) : 1;
}
