/**
 * The text of a PDF, page by page.
 *
 * The library is Mozilla's. It has a half that reads and a half that draws; both are loaded here,
 * into one thread, and nothing is drawn.
 *
 * @module
 */

// In this order; see there.
import "./pdf_scope.ts";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { CharacterTables } from "./character_tables.ts";
import type { DocumentText } from "./document.ts";
import { type Clock, setTripwires } from "./tripwire.ts";
import { Unreadable, Writer } from "./writer.ts";

/** Longer ones are read up to there. */
export const PDF_PAGES = 1_000;
/** Pages that are named one by one. */
const NAMED_PAGES = 10;

const SCAN = "It seems to be a scan: it has no text, only pictures.";

/** @throws {Unreadable} */
export async function readPdf(
  bytes: Uint8Array,
  maxText: number,
  clock: Clock,
): Promise<DocumentText> {
  setTripwires(clock);
  const task = getDocument({
    data: bytes,
    enableXfa: false,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    stopAtErrors: false,
    verbosity: 0,
    cMapUrl: "tables/",
    cMapPacked: true,
    BinaryDataFactory: CharacterTables,
  });
  let pdf;
  try {
    pdf = await task.promise;
  } catch (error) {
    const locked = error instanceof Error && error.name === "PasswordException";
    throw new Unreadable(locked ? "It is protected with a password." : "It is damaged.");
  }
  const out = new Writer(maxText, clock);
  const empty: number[] = [];
  const damaged: number[] = [];
  let read = 0;
  for (let number = 1; number <= Math.min(pdf.numPages, PDF_PAGES) && !out.isFull; number++) {
    read = number;
    try {
      const text = await pageText(await pdf.getPage(number));
      if (text.trim() === "") empty.push(number);
      out.write(text === "" || out.isEmpty ? text : `\n${text}`);
    } catch {
      damaged.push(number);
    }
  }
  if (read < pdf.numPages) out.cut();
  if (out.isEmpty) {
    if (clock.isLate()) throw new Unreadable("It takes too long to read.");
    throw new Unreadable(read > 0 && damaged.length === 0 ? SCAN : "It is damaged.");
  }
  if (empty.length > 0) out.note(`${pages(empty)} no text and may be scans or pictures.`);
  if (damaged.length > 0) out.note(`${pages(damaged)} faults and could not be read.`);
  if (read < pdf.numPages) out.note(`Only ${read} of ${pdf.numPages} pages were read.`);
  return out.done();
}

/** `Page 3 has`, `Pages 3 and 5 have` */
function pages(numbers: number[]): string {
  if (numbers.length === 1) return `Page ${numbers[0]} has`;
  if (numbers.length > NAMED_PAGES) return `${numbers.length} pages have`;
  return `Pages ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)} have`;
}

/** What is used of a page. */
interface Page {
  getTextContent(): Promise<{ items: object[] }>;
  getAnnotations(): Promise<Record<string, unknown>[]>;
  cleanup(): boolean;
}

async function pageText(page: Page): Promise<string> {
  const { items } = await page.getTextContent();
  let text = "";
  for (const item of items) {
    // Beside texts there are marks of where a part of the document begins and ends.
    if (!("str" in item)) continue;
    text += item.str;
    if ("hasEOL" in item && item.hasEOL) text += "\n";
  }
  const filled: string[] = [];
  for (const { fieldName, fieldValue } of await page.getAnnotations()) {
    if (typeof fieldValue !== "string" || fieldValue === "" || fieldValue === "Off") continue;
    filled.push(`${typeof fieldName === "string" ? fieldName : "Field"}: ${fieldValue}\n`);
  }
  page.cleanup();
  const lines = text.trimEnd();
  return (lines === "" ? "" : `${lines}\n`) + filled.join("");
}
