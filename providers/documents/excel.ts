/**
 * The sheets of an Excel file as CSV, each under its name: what is shown, not how it is calculated.
 *
 * @module
 */

import { csvRow, type NumberStyle, showNumber, styleOf } from "./cells.ts";
import { type Office, partOf } from "./office_parts.ts";
import type { Writer } from "./writer.ts";
import { attribute, pieces, Skipping } from "./xml.ts";

/** Excel's own last column. */
const MAX_COLUMNS = 16_384;
const MAX_SHEETS = 1_000;
/** Far more than a text limit lets through; what a file may make us keep. */
const MAX_SHARED = 1_000_000;

interface Sheet {
  name: string;
  hidden: boolean;
  path: string;
}

interface Book {
  sheets: Sheet[];
  shared: string[];
  styles: NumberStyle[];
  from1904: boolean;
}

/** @throws {Unreadable} */
export async function readExcel(office: Office): Promise<void> {
  const { out } = office;
  const book = await bookOf(office);
  const hidden = book.sheets.filter((sheet) => sheet.hidden).map(({ name }) => `"${name}"`);
  const shown = book.sheets.filter((sheet) => !sheet.hidden);
  for (const sheet of shown) {
    if (out.isFull) break;
    const before = out.isEmpty ? "" : "\n";
    out.line(`${before}Sheet "${sheet.name}":`);
    readSheet(await partOf(office, sheet.path), book, out);
  }
  if (hidden.length > 0) {
    out.note(`Hidden sheets are left out: ${hidden.slice(0, 10).join(", ")}.`);
  }
  if (
    office.archive.names.some((name) => /(^|\/)(comments|threadedComment)\d*\.xml$/i.test(name))
  ) {
    out.note("Comments on cells are left out.");
  }
}

async function bookOf(office: Office): Promise<Book> {
  const pathOf = (type: string) => office.relations.find((one) => one.type === type)?.path;
  const book: Book = { sheets: [], shared: [], styles: [], from1904: false };
  for (const piece of pieces(await partOf(office, office.main), office.out)) {
    if (piece.type !== "open") continue;
    const read = (name: string) => attribute(piece.attributes, name);
    if (piece.name === "workbookPr") book.from1904 = /^(1|true)$/.test(read("date1904") ?? "");
    if (piece.name !== "sheet" || book.sheets.length >= MAX_SHEETS) continue;
    const relation = office.relations.find(({ id }) => id === read("id"));
    // Charts have sheets of their own, without cells.
    if (relation?.type !== "worksheet") continue;
    const hidden = /hidden$/i.test(read("state") ?? "");
    book.sheets.push({ name: read("name") ?? "", hidden, path: relation.path });
  }
  const [shared, styles] = [pathOf("sharedStrings"), pathOf("styles")];
  if (shared !== undefined) book.shared = sharedTexts(await partOf(office, shared), office.out);
  if (styles !== undefined) book.styles = cellStyles(await partOf(office, styles), office.out);
  return book;
}

/** Texts that cells refer to by number; how they are pronounced (`rPh`) is no part of them. */
function sharedTexts(xml: string, out: Writer): string[] {
  const texts: string[] = [];
  const skipping = new Skipping(["rPh"]);
  let text = "";
  let inText = false;
  for (const piece of pieces(xml, out)) {
    if (texts.length >= MAX_SHARED || out.isFull) break;
    if (skipping.skips(piece)) continue;
    if (piece.type === "text") text += inText ? piece.text : "";
    else if (piece.name === "t") inText = piece.type === "open";
    else if (piece.name === "si") {
      if (piece.type === "close") texts.push(text);
      text = "";
    }
  }
  return texts;
}

function cellStyles(xml: string, out: Writer): NumberStyle[] {
  const codes = new Map<string, string>();
  const styles: NumberStyle[] = [];
  let inCells = false;
  for (const piece of pieces(xml, out)) {
    if (piece.type === "text") continue;
    if (piece.name === "cellXfs") inCells = piece.type === "open";
    if (piece.type !== "open") continue;
    const id = attribute(piece.attributes, "numFmtId") ?? "0";
    if (piece.name === "numFmt") codes.set(id, attribute(piece.attributes, "formatCode") ?? "");
    if (piece.name === "xf" && inCells) styles.push(styleOf(id, codes.get(id)));
  }
  return styles;
}

interface Cell {
  column: number;
  type: string;
  style: NumberStyle;
  formula: boolean;
  value: string;
}

function readSheet(xml: string, book: Book, out: Writer): void {
  const skipping = new Skipping(["rPh"]);
  const hiddenColumns = new Set<number>();
  let hasHiddenRows = false;
  let row: string[] | undefined;
  let cell: Cell | undefined;
  let reading = false;
  for (const piece of pieces(xml, out)) {
    if (out.isFull) break;
    if (skipping.skips(piece)) continue;
    if (piece.type === "text") {
      if (reading && cell !== undefined) cell.value += piece.text;
      continue;
    }
    const { name, type } = piece;
    if (name === "v" || name === "t") reading = type === "open";
    else if (type === "close") {
      if (name === "c" && cell !== undefined) {
        if (row !== undefined && !hiddenColumns.has(cell.column)) {
          // Cells that are skipped are empty; a sheet cannot be wider than Excel's.
          while (row.length < cell.column) row.push("");
          row[cell.column] = show(cell, book, out);
        }
        cell = undefined;
      } else if (name === "row") {
        const shown = (row ?? []).filter((_, column) => !hiddenColumns.has(column));
        const line = csvRow(shown);
        if (line !== "") out.line(line);
        row = undefined;
      }
    } else if (name === "col" && isTrue(attribute(piece.attributes, "hidden"))) {
      const first = Number(attribute(piece.attributes, "min")) - 1;
      const last = Math.min(Number(attribute(piece.attributes, "max")), MAX_COLUMNS);
      for (let column = Math.max(0, first); column < last; column++) hiddenColumns.add(column);
    } else if (name === "row") {
      const hidden = isTrue(attribute(piece.attributes, "hidden"));
      hasHiddenRows ||= hidden;
      row = hidden ? undefined : [];
    } else if (name === "c") {
      cell = {
        column: columnOf(attribute(piece.attributes, "r")) ?? row?.length ?? 0,
        type: attribute(piece.attributes, "t") ?? "n",
        style: book.styles[Number(attribute(piece.attributes, "s") ?? 0)] ?? "number",
        formula: false,
        value: "",
      };
    } else if (name === "f" && cell !== undefined) cell.formula = true;
  }
  if (hasHiddenRows) out.note("Hidden rows are left out.");
  if (hiddenColumns.size > 0) out.note("Hidden columns are left out.");
}

function show({ type, style, formula, value }: Cell, book: Book, out: Writer): string {
  if (value === "" && formula && type !== "str") {
    out.note("Some formulas have no stored result: the file was never calculated.");
  }
  switch (type) {
    case "s":
      return book.shared[Number(value)] ?? "";
    case "b":
      return value === "1" ? "TRUE" : value === "0" ? "FALSE" : value;
    case "n":
      return showNumber(value, style, book.from1904);
    default:
      return value;
  }
}

function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true";
}

/** `C7` is the third column, 2. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/i.exec(reference ?? "")?.[0];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters.toUpperCase()) column = column * 26 + letter.charCodeAt(0) - 64;
  return column > MAX_COLUMNS ? undefined : column - 1;
}
