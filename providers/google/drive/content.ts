/**
 * What a file of Google Drive says.
 *
 * https://developers.google.com/workspace/drive/api/guides/ref-export-formats
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";
import { documentText, MAX_DOCUMENT_BYTES } from "../../documents/documents.ts";
import type { DocumentText } from "../../documents/document.ts";
import { type ApiClient, ApiError } from "../../provider.ts";
import { looksBinary, speakSize } from "../../text.ts";
import { APPS, DOCUMENT, type DriveFile, FOLDER, pathOf, sizeOf, SPREADSHEET } from "./file.ts";

/** Only this much of a text is read, piece by piece; Google's export ends there too. */
export const MAX_BYTES = 10 * 1024 * 1024;

/** Google's own documents have no bytes: each kind is exported as this type. */
const EXPORTS: Record<string, string> = {
  [DOCUMENT]: "text/plain",
  [`${APPS}presentation`]: "text/plain",
  // As CSV there is only the first sheet.
  [SPREADSHEET]: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** MIME types of files that are text, of which the beginning is enough. */
export const TEXT_TYPES =
  /^(?:text\/|application\/(?:json|xml|javascript|typescript|yaml|x-yaml|toml|sql|x-sh|x-ndjson)$|application\/[\w.-]+\+(?:json|xml)$)/;

/** Up to `maxText` UTF-16 units of what a file says. */
export async function contentOf(
  api: ApiClient,
  file: DriveFile,
  maxText: number,
  signal?: AbortSignal,
): Promise<DocumentText> {
  const { mimeType, name } = file;
  if (file.capabilities?.canDownload === false) {
    return unreadable("Its owner does not let the account download or copy it.");
  }
  const exported = lookUp(EXPORTS, mimeType);
  if (mimeType === SPREADSHEET) return await sheets(api, file, maxText, signal);
  if (exported !== undefined) {
    const query = { mimeType: exported };
    const maxBytes = Math.min(MAX_BYTES, 4 * maxText);
    return asText(await api.text(`${pathOf(file.id)}/export`, maxBytes, { query, headers: ANY }));
  }
  if (mimeType === FOLDER) return unreadable("drive_search_files lists what is in it.");
  if (mimeType.startsWith(APPS)) return unreadable("Google gives nobody its text.");
  if (/^(?:image|audio|video|font)\//.test(mimeType)) return unreadable("");
  const isText = TEXT_TYPES.test(mimeType);
  const size = sizeOf(file) ?? 0;
  if (!isText && size > MAX_DOCUMENT_BYTES) return tooLarge();
  const most = isText ? Math.min(MAX_BYTES, 4 * maxText) : MAX_DOCUMENT_BYTES;
  const { bytes, truncated } = await download(api, file, most);
  if (bytes.length === 0) return { kind: "text", text: "", truncated: false, notes: [] };
  if (truncated && !isText) return tooLarge();
  const read = await textOf(bytes, { mimeType, name }, { maxText, signal, cut: truncated });
  return read.kind === "text" ? { ...read, truncated: read.truncated || truncated } : read;
}

/** That there is no room is no property of the file. */
async function textOf(...args: Parameters<typeof documentText>): Promise<DocumentText> {
  const read = await documentText(...args);
  if (read.kind === "text" || !read.later) return read;
  throw new ApiError({ kind: "unavailable", message: read.why, retryAfter: 60 });
}

const ANY = { Accept: "*/*" };

/** A file's bytes, at most so many. */
export async function download(api: ApiClient, { id }: DriveFile, maxBytes: number) {
  const query = { alt: "media", supportsAllDrives: true };
  return await api.bytes(pathOf(id), maxBytes, { query, headers: ANY });
}

function asText({ text, truncated }: { text: string; truncated: boolean }): DocumentText {
  if (looksBinary(text)) return unreadable("");
  return { kind: "text", text, truncated, notes: [] };
}

function unreadable(why: string): DocumentText {
  return { kind: "unreadable", why };
}

function tooLarge(): DocumentText {
  return unreadable(`Only files of up to ${speakSize(MAX_DOCUMENT_BYTES)} are read.`);
}

/** All sheets; of a spreadsheet that Google does not export as a whole, the first one. */
async function sheets(
  api: ApiClient,
  file: DriveFile,
  maxText: number,
  signal: AbortSignal | undefined,
): Promise<DocumentText> {
  const path = `${pathOf(file.id)}/export`;
  const mimeType = lookUp(EXPORTS, SPREADSHEET) ?? "";
  const first = "It is too large for all of its sheets: only the first one is read.";
  try {
    const query = { mimeType };
    const { bytes, truncated } = await api.bytes(path, MAX_DOCUMENT_BYTES, { query, headers: ANY });
    if (!truncated) {
      return await textOf(bytes, { mimeType, name: file.name }, { maxText, signal });
    }
  } catch (error) {
    const isSize = error instanceof ApiError && /too large|size limit/i.test(error.fault.message);
    if (!isSize) throw error;
  }
  const query = { mimeType: "text/csv" };
  const maxBytes = Math.min(MAX_BYTES, 4 * maxText);
  const csv = asText(await api.text(path, maxBytes, { query, headers: ANY }));
  return csv.kind === "text" ? { ...csv, notes: [first] } : csv;
}
