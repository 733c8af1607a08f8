/**
 * A ZIP archive that should be a document: which kind it is, and where its parts are.
 *
 * https://ecma-international.org/publications-and-standards/standards/ecma-376/
 *
 * @module
 */

import type { DocumentText } from "./document.ts";
import { readExcel } from "./excel.ts";
import { relationsOf } from "./office_parts.ts";
import { readOpenDocument } from "./open_document.ts";
import { readPowerPoint } from "./powerpoint.ts";
import type { Clock } from "./tripwire.ts";
import { readWord } from "./word.ts";
import { Unreadable, Writer } from "./writer.ts";
import { Archive } from "./zip.ts";

/** @throws {Unreadable} */
export async function readOffice(
  bytes: Uint8Array,
  maxText: number,
  clock: Clock,
): Promise<DocumentText> {
  const archive = await Archive.open(bytes, clock);
  const out = new Writer(maxText, clock);
  const mimeType = (await archive.text("mimetype"))?.text ?? "";
  if (mimeType.startsWith("application/vnd.oasis.opendocument")) {
    await readOpenDocument(archive, out);
    return out.done();
  }
  const main = (await relationsOf(archive, "")).find(({ type }) => type === "officeDocument")
    ?.path ?? "";
  const office = { archive, main, relations: await relationsOf(archive, main), out };
  if (/(^|\/)word\/|document\d*\.xml$/i.test(main)) {
    await readWord(office);
  } else if (/workbook\d*\.xml$/i.test(main)) {
    await readExcel(office);
  } else if (/presentation\d*\.xml$/i.test(main)) {
    await readPowerPoint(office);
  } else if (main.endsWith(".bin")) {
    throw new Unreadable("It is a binary Excel file. Saved as an ordinary one it can be read.");
  } else {
    throw new Unreadable("It is an archive of files, not a document.");
  }
  return out.done();
}
