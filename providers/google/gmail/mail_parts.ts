/**
 * What a mail is made of: the text that is meant to be read, and the files.
 *
 * @module
 */

import { lookUp } from "../../../broker/core/lists.ts";
import { oneLine, shorten } from "../../text.ts";
import { type Part, partHeader, tidy } from "./message.ts";
import { chooseText, type MailText, readMailText } from "./mail_text.ts";
import { decodeWords, readStructured } from "./mime_header.ts";
import { isBlank } from "../text/visible_text.ts";

const NAME_LENGTH = 100;
/** What is said of a mail that was passed on: there may be many. */
const ABOUT_LENGTH = 50;
/** Texts that Gmail keeps apart, of one mail. */
const MAX_LOADS = 10;
const MAX_PARTS = 1_000;

/** A file of a mail. */
export interface File {
  part: Part;
  /** What the tool calls it by, beside its name; Gmail's own ids change with every request. */
  id: string;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  /** Of a mail that was passed on. */
  subject?: string | undefined;
  from?: string | undefined;
  /** The mail that was passed on, and has this file. */
  within?: string | undefined;
  /** Of a conversation: the message that has it. */
  messageId?: string | undefined;
}

/** Fetches a part's data, base64url; `undefined` where it cannot be had. */
export type Load = (part: Part) => Promise<string | undefined>;

/** The text of a mail, and how many parts of it could not be had. */
export interface Body {
  text: string;
  html?: string | undefined;
  unread: number;
  /** Whether there is more than what is read of one text. */
  isCut?: boolean | undefined;
}

/** The text of a mail that is meant to be read. */
export async function readBody(payload: Part, load: Load): Promise<Body> {
  let [loads, unread] = [0, 0];
  const dataOf = async (part: Part): Promise<string> => {
    const { data, attachmentId } = part.body ?? {};
    if (data) return data;
    if (!attachmentId) return "";
    // A long text is not in the message: Gmail hands it out like an attachment.
    const loaded = ++loads > MAX_LOADS ? undefined : await load(part);
    if (loaded === undefined) unread++;
    return loaded ?? "";
  };
  const read = async (part: Part): Promise<MailText | undefined> => {
    if (isFile(part)) return undefined;
    const type = typeOf(part);
    if (READ_AS_PLAIN.test(type) || type === "text/html") {
      return readMailText(await dataOf(part), type, partHeader(part, "content-type"));
    }
    const forms: MailText[] = [];
    for (const child of part.parts ?? []) {
      const form = await read(child);
      if (form !== undefined) forms.push(form);
    }
    if (type === "multipart/alternative") return chooseText(forms);
    const full = forms.filter(({ text }) => !isBlank(text));
    if (full.length <= 1) return full[0];
    return {
      text: full.map(({ text }) => text.trim()).join("\n\n"),
      isPlain: full.every(({ isPlain }) => isPlain),
      isCut: full.some(({ isCut }) => isCut) || undefined,
      html: full.every(({ html }) => html === undefined)
        ? undefined
        : full.map(asHtml).join("<hr>"),
    };
  };
  const body = await read(payload);
  return { text: (body?.text ?? "").trim(), html: body?.html, unread, isCut: body?.isCut };
}

function asHtml({ html, text }: MailText): string {
  return html ?? `<pre>${escapeHtml(text)}</pre>`;
}

/** A text as it stands in a page. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Other forms of text, which are read as they are; not calendars, cards and pages for one program. */
const READ_AS_PLAIN = /^text\/(plain|markdown|x-markdown|enriched|richtext)$/;
const SIGNATURE = /^application\/(pgp-signature|(x-)?pkcs7-signature)$/;
const ENVELOPE = /^(multipart\/encrypted|application\/(x-)?pkcs7-mime)$/;

export function typeOf({ mimeType }: Part): string {
  return (mimeType ?? "").toLowerCase().split(";", 1)[0]!.trim();
}

/** Every part, outermost first; those of mails that were passed on where they are asked for. */
export function partsOf(part: Part, deep = false): Part[] {
  const found: Part[] = [];
  const look = (one: Part) => {
    if (found.length >= MAX_PARTS) return;
    found.push(one);
    if (deep || !typeOf(one).startsWith("message/")) (one.parts ?? []).forEach(look);
  };
  look(part);
  return found;
}

/** Why a mail, or a part of it, can be read only elsewhere. */
export interface Seals {
  isSigned: boolean;
  isEncrypted: boolean;
  /** Signed in a way that its text stands within the signature (RFC 8551 §3.5.2). */
  isWrapped: boolean;
  /** `winmail.dat` (TNEF). */
  isOutlooks: boolean;
}

/** Whether a mail bears a signature, or cannot be read without a key or another program. */
export function sealsOf(payload: Part): Seals {
  const parts = partsOf(payload);
  const has = (pattern: RegExp) => parts.some((part) => pattern.test(typeOf(part)));
  const isWrapped = parts.some(isSignedData);
  return {
    isSigned: has(SIGNATURE) || isWrapped,
    isEncrypted: parts.some((part) => ENVELOPE.test(typeOf(part)) && !isSignedData(part)),
    isWrapped,
    isOutlooks: has(/^application\/(vnd\.)?ms-tnef$/),
  };
}

/** RFC 8551 §3.2.2: one type for what is signed and for what is encrypted. */
function isSignedData(part: Part): boolean {
  if (!/^application\/(x-)?pkcs7-mime$/.test(typeOf(part))) return false;
  const { parameters } = readStructured(partHeader(part, "content-type"));
  return parameters.get("smime-type")?.toLowerCase() === "signed-data";
}

/** The parts that are files, or mails that were passed on with their files. */
export function filesOf(payload: Part): File[] {
  const files: File[] = [];
  const look = (part: Part, within?: string) => {
    if (files.length >= MAX_PARTS) return;
    if (!isFile(part)) return (part.parts ?? []).forEach((child) => look(child, within));
    if (SIGNATURE.test(typeOf(part))) return;
    const file = describe(part, String(files.length + 1), within);
    files.push(file);
    if (typeOf(part).startsWith("message/")) {
      (part.parts ?? []).forEach((child) => look(child, file.name));
    }
  };
  look(payload);
  return files;
}

function describe(part: Part, position: string, within: string | undefined): File {
  const type = typeOf(part) || "application/octet-stream";
  const inner = type === "message/rfc822" ? part.parts?.[0] : undefined;
  const about = (name: string) =>
    (inner && tidy(decodeWords(partHeader(inner, name)), ABOUT_LENGTH)) || undefined;
  return {
    part,
    id: part.partId || position,
    name: tidy(fileNameOf(part), NAME_LENGTH) || lookUp(NAMELESS, type) || "unnamed file",
    type: tidy(type, NAME_LENGTH),
    size: part.body?.size ?? 0,
    subject: about("subject"),
    from: about("from"),
    within: within === undefined ? undefined : shorten(within, ABOUT_LENGTH),
  };
}

const NAMELESS: Record<string, string> = {
  "message/rfc822": "forwarded message",
  "message/global": "forwarded message",
  "message/delivery-status": "delivery report",
  "message/disposition-notification": "reading receipt",
};

/** A file's name as its sender wrote it, in whichever header. */
export function fileNameOf(part: Part): string {
  const given = oneLine(decodeWords(part.filename ?? ""));
  if (given !== "") return given;
  const named = (header: string, name: string) =>
    readStructured(partHeader(part, header)).parameters.get(name) ?? "";
  return oneLine(named("content-disposition", "filename") || named("content-type", "name"));
}

export function isFile(part: Part): boolean {
  const { filename, body, parts } = part;
  const type = typeOf(part);
  if (filename || type.startsWith("message/")) return true;
  const disposition = readStructured(partHeader(part, "content-disposition"));
  if (disposition.value === "attachment" || disposition.parameters.has("filename")) return true;
  return Boolean(body?.attachmentId) && !type.startsWith("text/") && !parts?.length;
}
