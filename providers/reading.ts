/**
 * What people wrote, for reading: bounded in the data, and fit for a voice in the text.
 *
 * @module
 */

import { lookUp } from "../broker/core/lists.ts";
import { oneLine, shortLine, tokensOf } from "./text.ts";

/** The lengths to which texts are cut, tried in turn. */
const LENGTHS = [4_000, 1_500, 500, 150, 60, 20];

/** All items, their texts cut until they are together no more than `tokens` for a model. */
export function within<T, R>(
  tokens: number,
  items: T[],
  write: (item: T, length: number) => R,
): R[] {
  let written: R[] = [];
  for (const length of LENGTHS) {
    written = items.map((item) => write(item, length));
    if (tokensOf(written) <= tokens) break;
  }
  return written;
}

/** Text in Markdown as a voice says it: without marks, and without addresses. */
export function speakMarkdown(text: string, limit: number): string {
  // What is far beyond the limit is not said: marks of a stranger's text are looked for in no more.
  const plain = text.slice(0, 4 * limit + 2_000)
    .replaceAll(/```[\s\S]*?(?:```|$)/g, " (code) ")
    .replaceAll(/!\[([^\]]*)\]\([^)]*\)/g, " (picture) ")
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/<?\bhttps?:\/\/\S+/g, " (link) ")
    .replaceAll(/^\s*(?:#{1,6}|>|[-*+]|\d+\.)\s+(?:\[[ xX]\]\s+)?/gm, "")
    .replaceAll(/[*`~]+|(?<=^|\s)_+|_+(?=[\s.,;:!?]|$)/gm, "")
    .replaceAll(/[{}<>|]+/g, " ");
  return shortLine(plain, limit);
}

/** With a full stop where it has no end of its own, so that a voice pauses there. */
export function asSentence(text: string): string {
  return /[.!?…:)"”]$/.test(text) ? text : `${text}.`;
}

/** `November 25`, and the year where it is not this one; what is no date stays as it is. */
export function speakDay(date: string, now: number): string {
  const at = new Date(/^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T00:00:00Z` : date);
  if (Number.isNaN(at.getTime())) return oneLine(date);
  const isThisYear = at.getUTCFullYear() === new Date(now).getUTCFullYear();
  const year = isThisYear ? {} : { year: "numeric" } as const;
  return at.toLocaleDateString("en-US", {
    month: "long",
    day: "numeric",
    ...year,
    timeZone: "UTC",
  });
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

/** The text of a piece of HTML; its links stay as they are called. */
export function textOfMarkup(html: string): string {
  return html
    .replaceAll(/<li\b[^>]{0,500}>/gi, "\n- ")
    .replaceAll(/<(?:br|hr|p|div|h[1-6]|ul|ol|tr|blockquote)\b[^>]{0,500}>|<\/p>/gi, "\n")
    .replaceAll(/<\/?[a-z][^>]{0,2000}>/gi, "")
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name) => lookUp(ENTITIES, name) ?? "")
    .replaceAll(/\n{3,}/g, "\n\n").trim();
}
