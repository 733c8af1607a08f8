/**
 * The escapes of JSON, URLs and HTML, whichever a text has: for whoever looks
 * for something in it, not for whoever shows it.
 *
 * @module
 */

import { lookUp } from "../broker/core/lists.ts";

/** Where an escape may begin. */
export const SPECIAL = /[\\%&]/g;
const ESCAPE =
  /\\u([0-9a-f]{4})|\\u\{([0-9a-f]{1,6})\}|\\x([0-9a-f]{2})|%([0-9a-f]{2})|&#x([0-9a-f]{1,6});/iy;
const ENTITY = /&(?:#(\d{1,7})|(amp|lt|gt|quot|apos));/iy;
const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What an escape stands for; what is none stands for itself. */
export function escapeAt(text: string, index: number): { character: string; length: number } {
  const first = text[index]!;
  const next = text[index + 1] ?? "end";
  if (first === "\\" && '"\\/'.includes(next)) return { character: next, length: 2 };
  if (first === "\\" && "bfnrt".includes(next)) return { character: " ", length: 2 };
  ESCAPE.lastIndex = index;
  const [hex, ...digits] = ESCAPE.exec(text) ?? [];
  if (hex !== undefined) {
    return { character: characterOf(parseInt(digits.find(Boolean)!, 16)), length: hex.length };
  }
  ENTITY.lastIndex = first === "&" ? index : text.length;
  const [entity, code, named] = ENTITY.exec(text) ?? [];
  if (entity === undefined) return { character: first, length: 1 };
  const character = named === undefined
    ? characterOf(parseInt(code!, 10))
    : lookUp(NAMED, named.toLowerCase())!;
  return { character, length: entity.length };
}

function characterOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : " ";
}
