/**
 * The parts of an Office file, and how they are related.
 *
 * @module
 */

import type { Writer } from "./writer.ts";
import { attribute, pieces } from "./xml.ts";
import { type Archive, ARCHIVE_PARTS } from "./zip.ts";

/** What one part says about others: `document.xml` in `_rels/document.xml.rels`. */
export interface Relation {
  id: string;
  /** The last word of its type: `worksheet`, `footnotes`. */
  type: string;
  path: string;
}

/** An Office file with what its readers need. */
export interface Office {
  archive: Archive;
  /** The path of the part that all others hang on. */
  main: string;
  relations: Relation[];
  out: Writer;
}

/** The relations of a part; those to places outside are left out, and nothing is ever fetched. */
export async function relationsOf(archive: Archive, path: string): Promise<Relation[]> {
  const slash = path.lastIndexOf("/") + 1;
  const [folder, file] = [path.slice(0, slash), path.slice(slash)];
  const part = await archive.text(`${folder}_rels/${file}.rels`);
  const relations: Relation[] = [];
  for (const piece of pieces(part?.text ?? "", archive)) {
    if (relations.length >= ARCHIVE_PARTS) break;
    if (piece.type !== "open" || piece.name !== "Relationship") continue;
    const target = attribute(piece.attributes, "Target") ?? "";
    if (attribute(piece.attributes, "TargetMode") === "External") continue;
    relations.push({
      id: attribute(piece.attributes, "Id") ?? "",
      type: (attribute(piece.attributes, "Type") ?? "").split("/").at(-1) ?? "",
      path: resolve(folder, target),
    });
  }
  return relations;
}

/** `../media/a.png`, seen from a folder. */
function resolve(folder: string, target: string): string {
  if (target.startsWith("/")) return target.slice(1);
  const steps = folder.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== ".") steps.push(step);
  }
  return steps.join("/");
}

/** A part's text, with a mark where it is cut off. */
export async function partOf({ archive, out }: Office, path: string): Promise<string> {
  const part = await archive.text(path);
  if (part?.cut) out.cut();
  return part?.text ?? "";
}
