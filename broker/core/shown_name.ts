/**
 * Names that strangers choose, as people may see them: apps, accounts. A name
 * must not turn the words around it, hide a part of itself, or fill a page.
 *
 * @module
 */

/** As much of a name as a person reads. */
export const LONGEST_NAME = 100;

/**
 * Controls, line ends, what turns the direction of the text (Unicode TR9),
 * what takes no room, and code points that mean nothing to anybody else. Not
 * the two joiners: names in many scripts, and emoji, are spelled with them.
 */
const UNSEEN =
  /[[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]--[\u200C\u200D]]+/gv;

/** The same, but for what parts lines and columns. */
const UNSEEN_IN_LINES =
  /[[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]--[\n\t\u200C\u200D]]+/gv;

/** Letters with more marks than this on them run over the lines above and below. */
const STACKED = /(\p{M}{4})\p{M}+/gu;

/**
 * A word that somebody made up, for an error's text or the log: letters,
 * digits, `_`, `.` and `-`. Anything else is a question mark.
 */
export function plainWord(word: string, longest: number): string {
  return word.slice(0, longest).replaceAll(/[^\w.-]/g, "?");
}

/** One line of at most {@linkcode LONGEST_NAME} characters; `otherwise` where nothing is left. */
export function shownName(text: string, otherwise: string): string {
  // More than that many is cut in any case, and is not looked through.
  const plain = text.slice(0, LONGEST_NAME * 20).normalize("NFC")
    .replaceAll(UNSEEN, " ")
    .replaceAll(STACKED, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
  const characters = [...plain];
  if (characters.length <= LONGEST_NAME) return plain === "" ? otherwise : plain;
  return `${characters.slice(0, LONGEST_NAME - 1).join("").trimEnd()}…`;
}

/** Text of several lines, of at most `longest` characters, in which nothing is hidden. */
export function shownText(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll("\r\n", "\n").replaceAll(UNSEEN_IN_LINES, " ")
    .replaceAll(STACKED, "$1");
}

/**
 * What somebody else says, for people, models and logs: in one line, without
 * what is not seen or turns the text, of at most so many characters.
 */
export function plainText(text: string, longest: number): string {
  const plain = text.slice(0, longest * 4)
    .replaceAll(UNSEEN, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const characters = [...plain];
  return characters.length <= longest
    ? plain
    : `${characters.slice(0, longest - 1).join("").trimEnd()}…`;
}
