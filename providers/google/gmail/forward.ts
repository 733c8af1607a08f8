/**
 * Passing an e-mail on: what was written, who wrote it, and the files with it.
 *
 * @module
 */

import { invalid, notFound } from "../../api_errors.ts";
import type { ApiClient } from "../../provider.ts";
import { oneLine, speakSize } from "../../text.ts";
import { loaderOf, MAX_FILE_BYTES } from "./attachment.ts";
import { patiently } from "./fetch.ts";
import { dateOf, Message, MESSAGES, type Part, partHeader, rawHeader, tidy } from "./message.ts";
import { escapeHtml, type File, filesOf, partsOf, readBody, typeOf } from "./mail_parts.ts";
import { bytesOf } from "./mail_text.ts";
import type { MailFile } from "./mime.ts";
import { decodeWords } from "./mime_header.ts";

/** All answers of one call may have 20 MB, and a file has a third more in them. */
export const MAX_FORWARDED_BYTES = 12_000_000;
export const MAX_FORWARDED_FILES = 50;
const MAX_HTML = 1_000_000;
const MAX_TEXT = 500_000;
const MAX_SUBJECT = 500;

/** A message that is to be passed on. */
export interface Forwarded {
  subject: string;
  text: string;
  html?: string | undefined;
  files: MailFile[];
}

/** Reads it, with its files. @throws {ApiError} where one of them cannot go along. */
export async function readForwarded(
  api: ApiClient,
  id: string,
  note: string,
): Promise<Forwarded> {
  const message = await patiently(() =>
    api.json(`${MESSAGES}/${id}`, Message, { query: { format: "full" } })
  );
  const load = loaderOf(api, message.id);
  const payload: Part = message.payload ?? {};
  const { text, html, unread } = await readBody(payload, load);
  if (unread > 0) {
    throw notFound("Gmail does not hand out all of the message's text. Nothing was sent.");
  }
  if (text.length > MAX_TEXT) {
    throw invalid("The message has too much text to be forwarded from here. Nothing was sent.");
  }
  const lines = headerLines(message);
  const plain = ["---------- Forwarded message ---------", ...lines, "", text].join("\n");
  const files = await readFiles(filesToForward(payload), load);
  return {
    subject: forwardSubject(rawHeader(message, "subject")),
    text: note === "" ? plain : `${note}\n\n${plain}`,
    html: html === undefined || html.length > MAX_HTML ? undefined : page(note, lines, html),
    files,
  };
}

/** The files; an invitation too, which may stand in the message as another form of its text. */
function filesToForward(payload: Part): File[] {
  const files = filesOf(payload).filter(({ within }) => within === undefined);
  const isCalendar = (type: string) => /^(text\/calendar|application\/ics)$/.test(type);
  if (files.some(({ type }) => isCalendar(type))) return files;
  const part = partsOf(payload).find((part) => isCalendar(typeOf(part)));
  if (part === undefined) return files;
  const size = part.body?.size ?? 0;
  return [...files, { part, id: "invite", name: "invite.ics", type: "text/calendar", size }];
}

async function readFiles(files: File[], load: ReturnType<typeof loaderOf>): Promise<MailFile[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const tooLarge = files.find(({ size }) => size > MAX_FILE_BYTES);
  if (files.length > MAX_FORWARDED_FILES) {
    throw invalid(
      `More than ${MAX_FORWARDED_FILES} attachments cannot be forwarded from here. Nothing was sent.`,
    );
  }
  if (tooLarge !== undefined || total > MAX_FORWARDED_BYTES) {
    const most = tooLarge === undefined ? MAX_FORWARDED_BYTES : MAX_FILE_BYTES;
    const size = speakSize(tooLarge?.size ?? total);
    const which = tooLarge === undefined ? "The attachments have" : `${tooLarge.name} has`;
    throw invalid(
      `${which} ${size}, and more than ${speakSize(most)} cannot be forwarded from here. ` +
        "Nothing was sent.",
    );
  }
  const read: MailFile[] = [];
  for (const { part, name, type } of files) {
    const data = await load(part);
    if (data === undefined) {
      throw notFound(`Gmail does not hand out the attachment ${name}. Nothing was sent.`);
    }
    const [, contentId] = /^\s*<([^<>]+)>\s*$/.exec(partHeader(part, "content-id")) ?? [];
    read.push({ name, type, bytes: bytesOf(data), contentId });
  }
  return read;
}

function headerLines(message: Message): string[] {
  const date = rawHeader(message, "date") || dateOf(message) || "";
  const values: [string, string][] = [
    ["From", rawHeader(message, "from")],
    ["Date", date],
    ["Subject", rawHeader(message, "subject")],
    ["To", rawHeader(message, "to")],
    ["Cc", rawHeader(message, "cc")],
  ];
  return values.flatMap(([name, value]) => {
    const line = tidy(decodeWords(value), 2_000);
    return line === "" ? [] : [`${name}: ${line}`];
  });
}

function page(note: string, lines: string[], html: string): string {
  const written = (text: string) => escapeHtml(text).replaceAll("\n", "<br>\n");
  const before = note === "" ? "" : `<div>${written(note)}</div><br>\n`;
  return `${before}<div>---------- Forwarded message ---------<br>\n` +
    `${lines.map(written).join("<br>\n")}</div><br>\n<div>${html}</div>`;
}

/** The subject with `Fwd:`, unless it begins with that already, in any language that clients use. */
function forwardSubject(header: string): string {
  const subject = oneLine(decodeWords(header)).slice(0, MAX_SUBJECT);
  return /^(fwd?|wg|tr|rv|i|enc|vs|doorst|pd)\s*:/i.test(subject)
    ? subject
    : `Fwd: ${subject}`.trim();
}
