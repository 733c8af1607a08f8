/**
 * The new text of a file of Google Drive: which files can have one, and what is lost by it.
 *
 * @module
 */

import { invalid } from "../../api_errors.ts";
import type { ApiClient } from "../../provider.ts";
import { looksBinary, speakSize } from "../../text.ts";
import { download, TEXT_TYPES } from "./content.ts";
import {
  DOCUMENT,
  type DriveFile,
  getTarget,
  pathOf,
  refuse,
  speakFile,
  speakType,
} from "./file.ts";
import { asMarkdown, importType } from "./upload.ts";

/** What is read to be written back with more. */
const MAX_APPENDED = 2_000_000;

/** A text as it is sent, and what is to be said about it. */
export interface NewText {
  type: string;
  content: string;
  notes: string[];
}

/** The file whose text is meant. @throws {ApiError} where files of its kind have none to change. */
export async function textTarget(api: ApiClient, named: DriveFile): Promise<DriveFile> {
  const file = named.shortcutDetails ? (await getTarget(api, named.id)).file : named;
  if (file.mimeType === DOCUMENT || TEXT_TYPES.test(file.mimeType)) return file;
  throw invalid(
    `The file ${speakFile(file)} is ${
      speakType(file)
    }: only the text of text files and of Google documents ` +
      "can be changed here. It can be renamed, moved and shared, or made anew with another name.",
  );
}

/** What the file is to say: all of it, since Google takes no parts. */
export async function newText(
  api: ApiClient,
  file: DriveFile,
  { content, append }: { content: string | undefined; append: string | undefined },
): Promise<NewText> {
  const isDocument = file.mimeType === DOCUMENT;
  const type = isDocument ? "text/markdown" : file.mimeType;
  if (append === undefined) {
    const notes = isDocument ? [REPLACED] : [];
    const sent = isDocument ? importType(file.name, DOCUMENT, content ?? "") : type;
    return { type: sent, content: content ?? "", notes };
  }
  if (file.capabilities?.canDownload === false) {
    throw refuse(`The account may not download ${speakFile(file)}, and so cannot add to it.`);
  }
  const before = isDocument ? await markdownOf(api, file) : await textOf(api, file);
  const gap = before === "" || before.endsWith("\n") ? "" : "\n";
  // In Markdown only an empty line begins a new paragraph.
  const space = isDocument && before.trim() !== "" ? "\n" : "";
  const notes = isDocument ? [ROUND_TRIP] : [];
  return {
    type,
    content: before + gap + space + (isDocument ? asMarkdown(append) : append),
    notes,
  };
}

const REPLACED = "Its earlier formatting and places of comments are gone; Google's version " +
  "history still has them.";
const ROUND_TRIP =
  "Formatting beyond headings, lists, links and tables may have changed; Google's " +
  "version history still has it.";

async function textOf(api: ApiClient, file: DriveFile): Promise<string> {
  const { bytes, truncated } = await download(api, file, MAX_APPENDED);
  if (truncated) throw tooLong(file);
  const text = decodeUtf8(bytes);
  // Written back as UTF-8, what is in another encoding would be spoiled.
  if (text === undefined || looksBinary(text)) {
    throw invalid(`The file ${speakFile(file)} is no text in UTF-8, and cannot be added to.`);
  }
  return text;
}

async function markdownOf(api: ApiClient, file: DriveFile): Promise<string> {
  const { text, truncated } = await api.text(`${pathOf(file.id)}/export`, MAX_APPENDED, {
    query: { mimeType: "text/markdown" },
    headers: { Accept: "*/*" },
  });
  if (truncated) throw tooLong(file);
  return text;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function tooLong(file: DriveFile) {
  const most = speakSize(MAX_APPENDED);
  return invalid(
    `The file ${speakFile(file)} is longer than ${most}, and cannot be added to here.`,
  );
}
