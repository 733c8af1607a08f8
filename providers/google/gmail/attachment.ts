/**
 * What is attached to an e-mail: finding the one that is meant, and its text.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages.attachments
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../../api_errors.ts";
import { documentText } from "../../documents/documents.ts";
import { type ApiClient, ApiError } from "../../provider.ts";
import { enumerate, looksBinary, oneLine, speakSize } from "../../text.ts";
import { decodeBytes } from "../text/charset.ts";
import { parseMail } from "./eml.ts";
import { patiently } from "./fetch.ts";
import { MESSAGES, type Part, partHeader, tidy } from "./message.ts";
import { htmlToText } from "../text/html_text.ts";
import { type Invitation, readInvitation, speakInvitation } from "./invitation.ts";
import { type File, filesOf, type Load, readBody } from "./mail_parts.ts";
import { bytesOf } from "./mail_text.ts";
import { decodeWords, readStructured } from "./mime_header.ts";
import { visible } from "../text/visible_text.ts";

/** Gmail hands files out within JSON, of which an answer may have 10 MB. */
export const MAX_FILE_BYTES = 7_000_000;
/** More text than anybody has read out. */
const MAX_TEXT = 500_000;

const Attachment = z.object({ data: z.string().nullish() });

/** What a file says, or a sentence about why that cannot be told. */
export interface FileText {
  text: string;
  notes: string[];
  invitation?: Invitation | undefined;
}

/** Fetches parts of one message that Gmail keeps apart. */
export function loaderOf(api: ApiClient, messageId: string): Load {
  const path = `${MESSAGES}/${encodeURIComponent(messageId)}/attachments/`;
  return async ({ body }) => {
    if (body?.data) return body.data;
    if (!body?.attachmentId || (body.size ?? 0) > MAX_FILE_BYTES) return undefined;
    const url = path + encodeURIComponent(body.attachmentId);
    try {
      return (await patiently(() => api.json(url, Attachment))).data ?? undefined;
    } catch (error) {
      // The rest of the message is there all the same.
      if (error instanceof ApiError && ["not_found", "invalid"].includes(error.fault.kind)) {
        return undefined;
      }
      throw error;
    }
  };
}

/** The file that is meant: by its id, its name, its name in any case, or a part of it. */
export function findFile(files: File[], wanted: string): File {
  const lower = wanted.trim().toLowerCase();
  const among = [
    files.filter(({ id }) => id === wanted.trim()),
    files.filter(({ name }) => name === wanted),
    files.filter(({ name }) => name.toLowerCase() === lower),
    files.filter(({ name }) => name.toLowerCase().includes(lower)),
  ].find((found) => found.length > 0);
  if (among === undefined) {
    const known = files.length === 0 ? "Nothing is attached." : `There are ${named(files)}.`;
    throw notFound(`The message has no attachment "${tidy(wanted, 100)}". ${known}`);
  }
  if (among.length === 1) return among[0]!;
  const ids = among.map(({ id, name }) => `${name} with the id ${id}`);
  throw invalid(`Several attachments are called like that. Say which: ${enumerate(ids)}.`);
}

function named(files: File[]): string {
  return enumerate(files.map(({ name }) => name));
}

/** The text of a file, whatever it is. */
export async function readFile(
  file: File,
  { load, now, signal }: { load: Load; now: number; signal: AbortSignal },
): Promise<FileText> {
  const { part, type, name, size } = file;
  if (type.startsWith("message/") && part.parts?.length) {
    return await readMail(part.parts[0]!, load);
  }
  if (size > MAX_FILE_BYTES) return none(`It has ${speakSize(size)}, too much to be read here.`);
  const media = mediaOf(type);
  if (media !== undefined) return none(`It is ${media} of ${speakSize(size)}, without a text.`);
  const data = await load(part);
  if (data === undefined) return none("Gmail does not hand it out.");
  const bytes = bytesOf(data);
  const extension = /\.(\w{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? "";
  if (type === "message/rfc822" || type === "message/global" || extension === "eml") {
    const { payload, isCut } = parseMail(bytes);
    const mail = await readMail(payload, (inner) => Promise.resolve(inner.body?.data ?? undefined));
    return isCut ? { ...mail, notes: [...mail.notes, "Parts of it are left out."] } : mail;
  }
  const charset = readStructured(partHeader(part, "content-type")).parameters.get("charset");
  const decode = () => decodeBytes(bytes, charset ?? "utf-8").replace(/\r\n?/g, "\n");
  if (type === "text/calendar" || type === "application/ics" || extension === "ics") {
    return readCalendar(decode(), now);
  }
  if (type === "text/html" || ["html", "htm", "xhtml"].includes(extension)) {
    return whole(htmlToText(decode()));
  }
  if (type.startsWith("text/") || type.startsWith("message/")) {
    const text = decode();
    // What its sender calls a text may be a document all the same.
    const isText = !looksBinary(text) && !text.slice(0, 1_024).includes("%PDF-");
    if (isText) return whole(visible(text));
  }
  const read = await documentText(bytes, { mimeType: type, name }, { maxText: MAX_TEXT, signal });
  if (read.kind === "unreadable") return none(read.why);
  const cut = read.truncated ? ["It goes on after what could be read."] : [];
  return { text: visible(read.text), notes: [...read.notes, ...cut] };
}

function whole(text: string): FileText {
  const isCut = text.length > MAX_TEXT;
  const notes = isCut ? ["It goes on after what could be read."] : [];
  return { text: text.slice(0, MAX_TEXT).trim(), notes };
}

function none(note: string): FileText {
  return { text: "", notes: [note] };
}

function mediaOf(type: string): string | undefined {
  const [kind, name = ""] = type.split("/");
  const format = /^(jpeg|png|gif|webp|heic|tiff|bmp|svg\+xml)$/.test(name)
    ? name.replace("svg+xml", "svg").toUpperCase()
    : "";
  if (kind === "image") return format === "" ? "a picture" : `a ${format} picture`;
  if (kind === "audio") return "a sound recording";
  if (kind === "video") return "a video";
  return kind === "font" ? "a font" : undefined;
}

function readCalendar(ics: string, now: number): FileText {
  const invitation = readInvitation(ics);
  if (invitation === undefined) return whole(visible(ics));
  return { text: speakInvitation(invitation, now), notes: [], invitation };
}

/** A mail that was passed on: who wrote it, and what it says. */
async function readMail(payload: Part, load: Load): Promise<FileText> {
  const lines = ["From", "To", "Cc", "Date", "Subject"].flatMap((name) => {
    const value = tidy(decodeWords(partHeader(payload, name.toLowerCase())));
    return value === "" ? [] : [`${name}: ${value}`];
  });
  const body = await readBody(payload, load);
  const files = filesOf(payload);
  const attached = files.length === 0 ? [] : [`Attached to it: ${oneLine(named(files))}`];
  const notes = body.unread > 0 ? ["A part of its text cannot be had."] : [];
  const text = [lines.join("\n"), body.text, ...attached].filter(Boolean).join("\n\n");
  return { ...whole(text), notes: [...whole(text).notes, ...notes] };
}
