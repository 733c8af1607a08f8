/**
 * Mail as it travels: addresses and messages (RFC 5322), words beyond ASCII in
 * headers (RFC 2047).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { z } from "zod";
import { oneLine, shorten } from "../../text.ts";
import { decodeWords } from "./mime_header.ts";
import { visible } from "../text/visible_text.ts";

export { decodeWords };

const MAX_ADDRESS = 254;
const MAX_NAME = 100;
const MAX_HEADER = 50_000;
const SPOKEN_NAME = 80;

const ATOM = String.raw`[^\s\p{Cc}@<>()[\]\\,;:"]+`;
const ADDRESS = new RegExp(String.raw`^${ATOM}@${ATOM}\.${ATOM}$`, "u");

/** A mail to be sent; the recipients as in {@linkcode Recipient}. */
export interface Mail {
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  body: string;
  /** The same text as a page. */
  html?: string | undefined;
  files?: MailFile[] | undefined;
  /** Of the message that this one answers, with its angle brackets. */
  inReplyTo?: string | undefined;
  /** Of the messages before it in the conversation, oldest first. */
  references?: string[] | undefined;
}

/** A file that goes along. */
export interface MailFile {
  name: string;
  type: string;
  bytes: Uint8Array;
  /** Of a picture that stands in the page, without angle brackets. */
  contentId?: string | undefined;
}

/** `ana@example.com` */
export const Email = z.string().max(MAX_ADDRESS).refine(isAddress, {
  message: "must be an e-mail address such as ana@example.com",
});

/** `ana@example.com` or `Ana <ana@example.com>` */
export const Recipient = z.string().max(MAX_NAME + MAX_ADDRESS + 5).refine(
  (text) => readMailbox(text) !== undefined,
  {
    message: "must be an e-mail address such as ana@example.com or Ana <ana@example.com>",
  },
);

/** Text for a header: a line break in it could begin another header. */
export function isOneLine(text: string): boolean {
  return !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

/** A plain address; quoted local parts and comments, which parsers disagree on, are not. */
function isAddress(text: string): boolean {
  return text.length <= MAX_ADDRESS && ADDRESS.test(text);
}

/** Where mail goes; the name may be empty. */
export interface Mailbox {
  name: string;
  address: string;
}

function readMailbox(text: string): Mailbox | undefined {
  const open = text.indexOf("<");
  const address = open < 0 ? text : text.slice(open + 1, -1);
  const name = open < 0 ? "" : text.slice(0, open).trim().replace(/^"(.*)"$/, "$1");
  const closed = open < 0 || text.endsWith(">");
  const valid = closed && isAddress(address) && name.length <= MAX_NAME && isOneLine(name);
  return valid ? { name, address } : undefined;
}

/** {@linkcode Recipient} for a mailbox from somebody's header; `undefined` if it cannot be one. */
export function recipientOf({ name, address }: Mailbox): string | undefined {
  const plain = name.replace(/[<>"\\\p{Cc}\p{Zl}\p{Zp}]/gu, "").trim().slice(0, MAX_NAME);
  const text = plain === "" ? address : `${plain} <${address}>`;
  return readMailbox(text) === undefined ? undefined : text;
}

/** A mailbox as it stands in a header. */
export function writeMailbox({ name, address }: Mailbox): string {
  return name === "" ? address : `${name} <${address}>`;
}

/** A header's addresses, those of its groups too, with their names decoded. */
export async function readAddresses(header: string): Promise<Mailbox[]> {
  if (header === "") return [];
  const { default: parse } = await import("nodemailer/lib/addressparser");
  return parse(header.slice(0, MAX_HEADER), { flatten: true })
    .filter(({ address }) => address !== "")
    .map(({ name, address }) => ({ name: oneLine(visible(decodeWords(name))), address }));
}

/**
 * A mailbox as a person says it: the name, or else the address. A name is what its sender likes to
 * be called: one that looks like an address of somebody else is not said without the true one.
 */
export function speakMailbox(mailbox: string): string {
  const open = mailbox.lastIndexOf("<");
  const odd = mixesAlphabets(mailbox) ? " (written in mixed alphabets)" : "";
  if (open < 0) return mailbox + odd;
  const name = mailbox.slice(0, open).trim().replace(/^"(.*)"$/, "$1");
  const address = mailbox.slice(open + 1).split(">", 1)[0]!.trim();
  if (name === "" || name.toLowerCase() === address.toLowerCase()) return address + odd;
  return claimsAddress(name, address) || odd !== ""
    ? `${address}, under the name of ${shorten(name, SPOKEN_NAME)}${odd}`
    : name;
}

/** Whether a name has an address in it, or a domain that the address does not have. */
function claimsAddress(name: string, address: string): boolean {
  if (/[@\uFF20\uFE6B]/.test(name)) return true;
  const domain = `.${address.slice(address.lastIndexOf("@") + 1).toLowerCase()}`;
  const claimed = name.toLowerCase().match(/(?:[\p{L}\d-]{1,63}\.){1,5}\p{L}{2,24}(?![\p{L}\d])/gu);
  return (claimed ?? []).some((host) => !domain.endsWith(`.${host.replace(/^www\./, "")}`));
}

/** A Latin word with letters of Cyrillic or Greek that look the same: nobody hears them. */
function mixesAlphabets(text: string): boolean {
  return (text.match(/[\p{L}\p{M}\d]+/gu) ?? []).some((word) =>
    /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word)
  );
}

/** The message in base64url, for Gmail, which adds `From` and does not pass `Bcc` on. */
export async function composeMail(mail: Mail): Promise<string> {
  return (await composeBytes(mail)).toString("base64url");
}

/** The same message, byte by byte. */
export async function composeBytes(mail: Mail): Promise<Buffer<ArrayBuffer>> {
  // Large, and seldom needed: it stays off the start-up path.
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const message = new MailComposer({
    to: mailboxes(mail.to),
    cc: mailboxes(mail.cc),
    bcc: mailboxes(mail.bcc),
    subject: mail.subject,
    text: mail.body,
    html: mail.html,
    attachments: mail.files?.map(({ name, type, bytes, contentId }) => ({
      filename: oneLine(name),
      contentType: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : "application/octet-stream",
      content: Buffer.from(bytes),
      // Whoever wrote it chose it: what could end the header is no part of an id.
      cid: contentId !== undefined && /^[\w.@%+=$-]+$/.test(contentId) ? contentId : undefined,
    })),
    inReplyTo: mail.inReplyTo,
    references: mail.references,
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  // Gmail reads the recipients from the headers: without Bcc in them, those would get nothing.
  message.keepBcc = true;
  return Buffer.from(await message.build());
}

/** As objects, so that no text of a caller's is parsed as a list of addresses. */
function mailboxes(recipients: string[]): Mailbox[] | undefined {
  if (recipients.length === 0) return undefined;
  return recipients.map((text) => {
    const mailbox = readMailbox(text);
    if (mailbox === undefined) throw new TypeError("Cannot compose the mail: not a recipient");
    return mailbox;
  });
}
