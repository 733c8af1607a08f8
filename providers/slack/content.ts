/**
 * What a Slack message holds beside its text: blocks, attachments and files. Many apps leave the
 * text empty, or use it for the notification only.
 *
 * https://docs.slack.dev/reference/block-kit/blocks
 *
 * @module
 */

import { z } from "zod";
import { count, oneLine, shorten, speakSize } from "../text.ts";
import { emojiWords, mentionsIn, type Names, plainText } from "./mrkdwn.ts";

/** Blocks hold blocks. So deep nobody writes. */
const MAX_DEPTH = 8;
/** Of one message. */
const MAX_PARTS = 60;

const text = z.string().nullish().catch(undefined);
/** Any object: blocks have forty kinds, and get more. */
const Part = z.looseObject({});
type Part = Record<string, unknown>;

const File = z.object({
  name: text,
  title: text,
  mode: text,
  pretty_type: text,
  subtype: text,
  file_access: text,
  size: z.number().nullish().catch(undefined),
  transcription: z.object({
    preview: z.object({ content: text }).nullish().catch(undefined),
  }).nullish().catch(undefined),
});

/** The members of a message that hold its parts. */
export interface Parts {
  blocks?: unknown;
  attachments?: unknown;
  files?: unknown;
}

/** The blocks of a message in words, and whether a part of them could not be read. */
export function blockWords(
  { blocks }: Parts,
  names: Names,
): { text: string; isRichTextOnly: boolean; unread: boolean } {
  const parts = partsOf(blocks);
  const said: Said = { lines: [], unread: Array.isArray(blocks) && parts.length < blocks.length };
  for (const block of parts.slice(0, MAX_PARTS)) sayBlock(block, names, said, 0);
  return {
    text: said.lines.map((line) => line.trim()).filter(Boolean).join("\n"),
    isRichTextOnly: parts.every(({ type }) => type === "rich_text"),
    unread: said.unread || parts.length > MAX_PARTS,
  };
}

/** Attachments in words, one line each: what apps attach, quoted messages, previews of links. */
export function attachmentWords({ attachments }: Parts, names: Names): string[] {
  return partsOf(attachments).slice(0, MAX_PARTS).map((attachment) => {
    const plain = (key: string) => plainText(stringOf(attachment[key]), names).trim();
    const fields = partsOf(attachment.fields).map((field) =>
      [stringOf(field.title), stringOf(field.value)]
        .map((part) => plainText(part, names).trim()).filter(Boolean).join(": ")
    );
    const inner = partsOf(attachment.message_blocks)
      .map(({ message }) => blockWords(partOf(message), names).text);
    const own = [
      plain("pretext"),
      plain("title"),
      plain("text") || inner.filter(Boolean).join("\n"),
      blockWords(attachment, names).text,
      ...fields,
      ...fileWords(attachment),
    ].filter(Boolean);
    const unique = own.filter((part, at) => own.indexOf(part) === at);
    const words = unique.join(". ") || plain("fallback") || "something that cannot be read here";
    const author = oneLine(plain("author_name") || plain("author_subname"));
    if (attachment.is_msg_unfurl === true) return `Quoted${author && ` from ${author}`}: ${words}`;
    const isPreview = attachment.from_url !== undefined || attachment.is_app_unfurl === true ||
      attachment.original_url !== undefined;
    return `${isPreview ? "Preview of a link" : "Attached"}: ${words}`;
  });
}

/** Files by name, kind and size; what is gone or hidden says so. */
export function fileWords({ files }: Parts): string[] {
  return partsOf(files).slice(0, MAX_PARTS).map((part) => {
    const file = File.parse(part);
    if (file.mode === "tombstone") return "File: a file that was deleted";
    if (file.mode === "hidden_by_limit") return "File: a file that the workspace's plan hides";
    const spoken = file.transcription?.preview?.content;
    if (file.subtype === "slack_audio") {
      return spoken ? `Voice message: ${oneLine(spoken)}` : "Voice message";
    }
    const name = oneLine(file.title || file.name || "");
    if (name === "") return "File: a file that cannot be looked at here";
    const kind = [file.pretty_type, file.size ? speakSize(file.size) : ""].filter(Boolean);
    const about = kind.length > 0 ? ` (${kind.join(", ")})` : "";
    return `File: ${shorten(name, 120)}${about}`;
  });
}

/** The ids of the people that blocks and attachments mention. */
export function mentionsInParts({ blocks, attachments }: Parts): string[] {
  const found: string[] = [];
  const look = (value: unknown, depth: number): void => {
    if (depth > MAX_DEPTH || found.length > 100) return;
    if (typeof value === "string") found.push(...mentionsIn(value));
    else if (Array.isArray(value)) value.forEach((item) => look(item, depth + 1));
    else if (typeof value === "object" && value !== null) {
      const { user_id } = value as Part;
      if (typeof user_id === "string") found.push(user_id);
      Object.values(value).forEach((item) => look(item, depth + 1));
    }
  };
  look([blocks, attachments], 0);
  return found;
}

interface Said {
  lines: string[];
  unread: boolean;
}

function sayBlock(block: Part, names: Names, said: Said, depth: number): void {
  if (depth > MAX_DEPTH) {
    said.unread = true;
    return;
  }
  const add = (line: string) => said.lines.push(line);
  const inner = (items: unknown) =>
    partsOf(items).slice(0, MAX_PARTS).forEach((item) => sayBlock(item, names, said, depth + 1));
  switch (block.type) {
    case "divider":
      return;
    case "rich_text":
    case "rich_text_list":
    case "actions":
      return inner(block.elements);
    case "rich_text_section":
    case "rich_text_quote":
    case "rich_text_preformatted":
      add(partsOf(block.elements).map((element) => elementWords(element, names)).join(""));
      return;
    case "context":
      add(
        partsOf(block.elements).map((element) => textOf(element, names)).filter(Boolean).join(" "),
      );
      return;
    case "section":
      add(textOf(block.text, names));
      partsOf(block.fields).forEach((field) => add(textOf(field, names)));
      if (block.accessory !== undefined) sayBlock(partOf(block.accessory), names, said, depth + 1);
      return;
    case "header":
    case "markdown":
    case "mrkdwn":
    case "plain_text":
      add(textOf(block.type === "header" ? block.text : block, names));
      return;
    case "button":
    case "workflow_button":
      add(`Button: ${textOf(block.text, names)}`);
      return;
    case "image":
      add(`Image: ${textOf(block.title, names) || stringOf(block.alt_text) || "without a title"}`);
      return;
    case "video":
      add(`Video: ${textOf(block.title, names) || stringOf(block.alt_text) || "without a title"}`);
      return;
    case "call":
      add("A call");
      return;
    case "file":
      return;
    case "table":
      for (const row of Array.isArray(block.rows) ? block.rows.slice(0, MAX_PARTS) : []) {
        const cells: Said = { lines: [], unread: false };
        partsOf(row).forEach((cell) =>
          sayBlock(
            { ...cell, type: cell.type === "raw_text" ? "plain_text" : cell.type },
            names,
            cells,
            depth + 1,
          )
        );
        add(cells.lines.join(" | "));
      }
      return;
    default: {
      const words = textOf(block.text ?? block, names) || textOf(block.title, names);
      if (words === "") said.unread = true;
      else add(words);
    }
  }
}

/** An element of rich text. */
function elementWords(element: Part, names: Names): string {
  const id = (key: string) => stringOf(element[key]);
  switch (element.type) {
    case "user":
      return `@${names.people.get(id("user_id")) ?? "somebody"}`;
    case "channel": {
      const name = names.channels.get(id("channel_id"));
      return name ? `#${name}` : "a channel";
    }
    case "usergroup":
      return "@a group";
    case "broadcast":
      return `@${id("range")}`;
    case "emoji":
      return `(${emojiWords(id("name"))} emoji)`;
    case "link":
      return stringOf(element.text) || id("url");
    case "date":
      return stringOf(element.fallback) || "a date";
    default:
      return stringOf(element.text);
  }
}

/** A text object, whose marks are Slack's own or none. */
function textOf(object: unknown, names: Names): string {
  if (typeof object === "string") return object;
  const { type, text } = partOf(object);
  const words = stringOf(text);
  return type === "plain_text" || type === "raw_text" ? words : plainText(words, names);
}

function partsOf(value: unknown): Part[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const parsed = Part.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}

function partOf(value: unknown): Part {
  const parsed = Part.safeParse(value);
  return parsed.success ? parsed.data : {};
}

function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** `2 reactions: thumbs up from 3, eyes` */
export function reactionWords(reactions: { emoji: string; count: number }[]): string {
  if (reactions.length === 0) return "";
  const list = reactions.slice(0, 5).map(({ emoji, count: people }) =>
    people === 1 ? emojiWords(emoji) : `${emojiWords(emoji)} from ${people}`
  );
  const rest = reactions.length - list.length;
  return `${count(reactions.length, "reaction")}: ${list.join(", ")}${
    rest > 0 ? ` and ${rest} more` : ""
  }`;
}
