/**
 * The slides of a PowerPoint file in their order, with the speaker's notes.
 *
 * @module
 */

import { type Office, partOf, relationsOf } from "./office_parts.ts";
import type { Writer } from "./writer.ts";
import { attribute, pieces, Skipping } from "./xml.ts";

/** @throws {Unreadable} */
export async function readPowerPoint(office: Office): Promise<void> {
  const { out } = office;
  const ids: string[] = [];
  for (const piece of pieces(await partOf(office, office.main), out)) {
    if (piece.type !== "open" || piece.name !== "sldId") continue;
    // It has a number of its own, `id`, beside the relation's, `r:id`.
    const relation = piece.attributes.find(({ name, hasPrefix }) => name === "id" && hasPrefix);
    if (relation !== undefined) ids.push(relation.value);
  }
  const paths = new Map(office.relations.map(({ id, path }) => [id, path]));
  let hidden = 0;
  for (const [index, id] of ids.entries()) {
    if (out.isFull) break;
    const path = paths.get(id) ?? "";
    const xml = await partOf(office, path);
    if (isHidden(xml, out)) {
      hidden += 1;
      continue;
    }
    out.line(`${index === 0 ? "" : "\n"}Slide ${index + 1}:`);
    readShapes(xml, out);
    const relations = await relationsOf(office.archive, path);
    const notes = relations.find(({ type }) => type === "notesSlide");
    if (notes !== undefined) await readNotes(office, notes.path);
    if (relations.some(({ type }) => type === "comments")) out.note("Comments are left out.");
    if (relations.some(({ type }) => /^(chart|diagramData)$/.test(type))) {
      out.note("Charts and diagrams are left out.");
    }
  }
  if (hidden > 0) out.note(`Hidden slides are left out: ${hidden}.`);
}

function isHidden(xml: string, out: Writer): boolean {
  for (const piece of pieces(xml, out)) {
    if (piece.type !== "open") continue;
    return piece.name === "sld" && /^(0|false)$/.test(attribute(piece.attributes, "show") ?? "");
  }
  return false;
}

async function readNotes(office: Office, path: string): Promise<void> {
  const lines: string[] = [];
  readShapes(await partOf(office, path), {
    line: (text) => void lines.push(text),
    tick: office.out.tick,
    get isFull() {
      return office.out.isFull;
    },
  });
  const text = lines.join(" ").trim();
  if (text !== "") office.out.line(`Speaker's notes: ${text}`);
}

/** Paragraphs as lines, tables as rows. Fields hold numbers of slides and dates, which are no text. */
function readShapes(xml: string, out: Pick<Writer, "line" | "isFull" | "tick">): void {
  const skipping = new Skipping(["fld", "Fallback"]);
  let paragraph = "";
  let inText = false;
  let cells: string[] | undefined;
  for (const piece of pieces(xml, out)) {
    if (out.isFull) return;
    if (skipping.skips(piece)) continue;
    if (piece.type === "text") {
      if (inText) paragraph += piece.text;
      continue;
    }
    const { name, type } = piece;
    if (name === "t") inText = type === "open";
    else if (name === "br" && type === "open") paragraph += "\n";
    else if (name === "tr" && type === "open") cells = [];
    else if (name === "tc" && type === "open") cells?.push("");
    else if (name === "p" && type === "close") {
      const text = paragraph.trim();
      paragraph = "";
      const last = (cells?.length ?? 0) - 1;
      if (cells !== undefined && last >= 0) cells[last] = `${cells[last]} ${text}`.trim();
      else if (text !== "") out.line(text);
    } else if (name === "tr" && cells !== undefined) {
      out.line(cells.join(" | "));
      cells = undefined;
    }
  }
}
