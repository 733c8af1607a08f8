/**
 * The blocks of a Slack message, in words.
 *
 * https://docs.slack.dev/reference/block-kit/blocks
 *
 * @module
 */

import { isRecord, stringOf } from "../../broker/core/json.ts";
import { emojiWords, type Names, plainText } from "./mrkdwn.ts";

/** Blocks hold blocks. So deep nobody writes. */
export const MAX_DEPTH = 8;
/** Of one message. */
export const MAX_PARTS = 60;

/** Any object: blocks have forty kinds, and get more. */
export type Part = Record<string, unknown>;

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
  const inner = (items: unknown) => {
    const parts = partsOf(items);
    if (parts.length > MAX_PARTS) said.unread = true;
    parts.slice(0, MAX_PARTS).forEach((item) => sayBlock(item, names, said, depth + 1));
  };
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
        partsOf(block.elements).map((element) =>
          element.type === "image" ? stringOf(element.alt_text) : textOf(element, names)
        ).filter(Boolean).join(" "),
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
      if (Array.isArray(block.rows) && block.rows.length > MAX_PARTS) said.unread = true;
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
        said.unread ||= cells.unread;
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

/** The objects of a list. */
export function partsOf(value: unknown): Part[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** An object, or an empty one. */
export function partOf(value: unknown): Part {
  return isRecord(value) ? value : {};
}
