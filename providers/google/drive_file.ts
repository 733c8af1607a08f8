/**
 * A file as Google Drive sends it, and as the tools give it back.
 *
 * https://developers.google.com/workspace/drive/api/reference/rest/v3/files
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import { z } from "zod";
import { oneLine, shorten } from "../text.ts";

export const FILES = "/drive/v3/files";

const NAME_LENGTH = 300;
const APPS = "application/vnd.google-apps.";

/** What to ask Google for: it sends next to nothing of its own accord. */
export const FILE_FIELDS = "id,name,mimeType,modifiedTime,size,webViewLink,owners(emailAddress)," +
  "shortcutDetails(targetId)";

/** What the tools use of a file. */
export const DriveFile = z.object({
  id: z.string(),
  name: z.string(),
  mimeType: z.string(),
  modifiedTime: z.string().nullish(),
  // Google writes 64-bit numbers as text. Its own documents have no size.
  size: z.string().regex(/^\d+$/).nullish(),
  webViewLink: z.string().nullish(),
  owners: z.array(z.object({ emailAddress: z.string().nullish() })).nullish(),
  shortcutDetails: z.object({ targetId: z.string() }).nullish(),
});
export type DriveFile = z.output<typeof DriveFile>;

/** A file in a tool's answer. */
export const FileSummary = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string().describe("In words, such as document, folder or PDF."),
  mime_type: z.string(),
  modified_at: z.string().optional(),
  size: z.number().optional().describe("Bytes."),
  owner: z.string().optional(),
  url: z.string().optional(),
});

/** A file's id as tools take it; it becomes a part of a path. */
export const FileId = z.string().regex(
  /^[\w-]{1,128}$/,
  "must be the id of a file, from drive_search_files",
);

/** MIME types that a search can be for, and what people call them. */
export const FILE_TYPES: Record<string, string> = {
  document: `${APPS}document`,
  spreadsheet: `${APPS}spreadsheet`,
  presentation: `${APPS}presentation`,
  folder: `${APPS}folder`,
  pdf: "application/pdf",
};

const NAMES: Record<string, string> = {
  [`${APPS}form`]: "form",
  [`${APPS}drawing`]: "drawing",
  [`${APPS}shortcut`]: "shortcut",
  "application/pdf": "PDF",
  "application/zip": "ZIP archive",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel file",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint file",
  ...Object.fromEntries(
    Object.entries(FILE_TYPES).filter(([, mimeType]) => mimeType.startsWith(APPS))
      .map(([name, mimeType]) => [mimeType, name]),
  ),
};

/** What a person calls a file of this type. */
function typeOf(mimeType: string): string {
  const name = lookUp(NAMES, mimeType);
  if (name !== undefined) return name;
  const [kind = ""] = mimeType.split("/");
  return ["text", "image", "audio", "video"].includes(kind) ? `${kind} file` : "file";
}

/** `a document`, `an image file` */
export function speakType({ mimeType }: DriveFile): string {
  const type = typeOf(mimeType);
  return `${/^[aei]/i.test(type) ? "an" : "a"} ${type}`;
}

/** Shortens a file, each text to at most `length`. */
export function summarizeFile(
  file: DriveFile,
  length = NAME_LENGTH,
): z.output<typeof FileSummary> {
  const owner = file.owners?.[0]?.emailAddress;
  return {
    id: file.id,
    name: shorten(file.name, Math.min(NAME_LENGTH, length)),
    type: typeOf(file.mimeType),
    mime_type: file.mimeType,
    modified_at: file.modifiedTime || undefined,
    size: file.size ? Number(file.size) : undefined,
    owner: owner || undefined,
    url: file.webViewLink || undefined,
  };
}

/** A file's name as a voice says it. */
export function speakFile({ name }: DriveFile): string {
  return `"${shorten(oneLine(name), 100)}"`;
}

/**
 * A text in a search, in quotes.
 * https://developers.google.com/workspace/drive/api/guides/ref-search-terms
 */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
