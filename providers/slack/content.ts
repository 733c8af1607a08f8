/**
 * What a Slack message holds beside its text and blocks: attachments, files and reactions. Many
 * apps leave the text empty, or use it for the notification only.
 *
 * https://docs.slack.dev/messaging/formatting-message-text#attachments
 *
 * @module
 */

import { z } from "zod";
import { stringOf } from "../../broker/core/json.ts";
import { count, oneLine, shorten, speakSize } from "../text.ts";
import {
  blockWords,
  MAX_DEPTH,
  MAX_PARTS,
  type Part,
  partOf,
  type Parts,
  partsOf,
} from "./blocks.ts";
import { emojiWords, mentionsIn, type Names, plainText } from "./mrkdwn.ts";

const text = z.string().nullish().catch(undefined);
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

/** Attachments in words, one line each: what apps attach, quoted messages, previews of links. */
export function attachmentWords({ attachments }: Parts, names: Names): string[] {
  return allOf(attachments, "attachment", (attachment) => {
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
  return allOf(files, "file", (part) => {
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

/** As many as there is room for, and how many there are beyond them. */
function allOf(list: unknown, noun: string, write: (part: Part) => string): string[] {
  const parts = partsOf(list);
  const left = (Array.isArray(list) ? list.length : 0) - Math.min(parts.length, MAX_PARTS);
  const rest = left > 0 ? [`${count(left, `further ${noun}`)} cannot be read here`] : [];
  return [...parts.slice(0, MAX_PARTS).map(write), ...rest];
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
