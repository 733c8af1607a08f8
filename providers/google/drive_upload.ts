/**
 * How texts are sent to Google Drive.
 *
 * https://developers.google.com/workspace/drive/api/guides/manage-uploads
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import { DOCUMENT, SPREADSHEET } from "./drive_file.ts";

/** The MIME type of a new file, by the ending of its name; others are plain text. */
const TYPES: Record<string, string> = {
  md: "text/markdown",
  markdown: "text/markdown",
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  html: "text/html",
  htm: "text/html",
  css: "text/css",
  xml: "text/xml",
  json: "application/json",
  js: "text/javascript",
  yaml: "application/yaml",
  yml: "application/yaml",
  svg: "image/svg+xml",
  ics: "text/calendar",
  vcf: "text/vcard",
};
const TABLES = ["text/csv", "text/tab-separated-values"];

/** What a file of this name is. */
export function typeByName(name: string): string {
  return lookUp(TYPES, /\.([a-z0-9]{1,8})$/i.exec(name.slice(-10))?.[1]?.toLowerCase() ?? "") ??
    "text/plain";
}

/** Whether a name is that of a table. */
export function isTable(name: string): boolean {
  return TABLES.includes(typeByName(name));
}

/** The type in which a text is sent so that Google makes `target` of it; what it is not, it is not. */
export function importType(name: string, target: string): string {
  const type = typeByName(name);
  if (target === SPREADSHEET) return TABLES.includes(type) ? type : "text/csv";
  if (target === DOCUMENT) {
    return ["text/markdown", "text/html"].includes(type) ? type : "text/plain";
  }
  return type;
}

/** An upload in two parts (RFC 2387): first the metadata as JSON, then the content. */
export function multipart(metadata: unknown, type: string, content: string) {
  // Random for each upload: no content can hold the line that ends a part.
  const boundary = `switchboard-${crypto.randomUUID()}`;
  const body = [
    `--${boundary}`,
    "Content-Type: application/json; charset=UTF-8",
    "",
    JSON.stringify(metadata),
    `--${boundary}`,
    `Content-Type: ${type}; charset=UTF-8`,
    "",
    content,
    `--${boundary}--`,
    "",
  ].join("\r\n");
  return { contentType: `multipart/related; boundary=${boundary}`, body };
}
