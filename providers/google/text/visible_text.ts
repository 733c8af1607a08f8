/**
 * Text as somebody sees it. Mails are padded with characters that take no room,
 * so that nothing but the sender's own line stands in a list; others hide words
 * from people and not from programs.
 *
 * @module
 */

/** No width, and no meaning where words are read out. */
const NO_WIDTH =
  // Soft hyphen, grapheme joiner, Arabic letter mark, Hangul and Khmer fillers, Mongolian separators.
  "\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFFA0" +
  // Zero-width space and marks of direction (which can show "gpj.exe" as "exe.jpg"), word joiner.
  "\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB" +
  // Tags and variation selectors beyond those of emoji: whole sentences can be hidden in them.
  "\u{E0000}-\u{E01EF}";
const INVISIBLE = new RegExp(`[${NO_WIDTH}]+`, "gu");

/** Joiners belong to Persian, to Indic scripts and to emoji: between two visible characters. */
const LOOSE_JOINERS =
  // deno-lint-ignore no-invalid-regexp -- the linter does not know all properties of characters
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\uFE0F\p{EMod}])[\u200C\u200D]+|[\u200C\u200D]+(?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;

/** Selectors choose how the character before them is drawn: one is enough. */
const LOOSE_SELECTORS = /(?<=^|[\s\uFE00-\uFE0F])[\uFE00-\uFE0F]+/gu;

/** Spaces of all widths; not line breaks. */
const SPACES = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]/gu;

/** The text without what cannot be seen; every kind of space is a plain one. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, "").replace(LOOSE_JOINERS, "").replace(LOOSE_SELECTORS, "")
    .replace(SPACES, " ");
}

/** Whether nothing of it can be seen. */
export function isBlank(text: string): boolean {
  return !/[^\p{Z}\p{C}\p{M}]/u.test(visible(text));
}
