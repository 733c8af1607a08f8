/**
 * How texts are sent to Google Drive.
 *
 * https://developers.google.com/workspace/drive/api/guides/manage-uploads
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";
import { DOCUMENT, SPREADSHEET } from "./file.ts";

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

/** The type in which a text is sent so that Google makes `target` of it. */
export function importType(name: string, target: string, content: string): string {
  const type = typeByName(name);
  if (target === SPREADSHEET) return TABLES.includes(type) ? type : "text/csv";
  if (target === DOCUMENT) {
    if (["text/markdown", "text/html"].includes(type)) return type;
    return isMarkdown(content) ? "text/markdown" : "text/plain";
  }
  return type;
}

/** Whether a text has headings, bold words or links of Markdown, as models write it. */
export function isMarkdown(text: string): boolean {
  return /^#{1,6} \S/m.test(text) || /\*\*[^*\n]{1,200}\*\*/.test(text) ||
    /\]\(https?:/.test(text);
}

/**
 * A text as Markdown that says the same. There a line break is a space: each line becomes a
 * paragraph of its own, except in lists.
 */
export function asMarkdown(text: string): string {
  if (isMarkdown(text)) return text;
  const lines = text.split(/\r?\n/);
  const isList = lines.every((line) => line.trim() === "" || /^\s*([-*+]|\d{1,9}[.)]) /.test(line));
  return isList ? text : lines.join("\n\n");
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
