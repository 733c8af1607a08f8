/**
 * Words for a tool's `text`: a voice reads it out.
 *
 * @module
 */

/** What a listener can keep in mind; the rest is in the tool's data. */
const SPOKEN_ITEMS = 5;

/** At most `limit` UTF-16 units, with an ellipsis where something was cut off. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // A cut through a surrogate pair would leave half a character.
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, "").trimEnd()}…`;
}

/** One line without control characters: titles and subjects are written by strangers. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Z}]+/gu, " ").trim();
}

/** `1 issue`, `2 issues`, `no issues`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number === 0 ? "no" : number} ${number === 1 ? noun : plural}`;
}

/** The first few items, and how many there are beyond them. */
export function enumerate(items: string[]): string {
  const spoken = items.slice(0, SPOKEN_ITEMS).join("; ");
  const rest = items.length - SPOKEN_ITEMS;
  return rest > 0 ? `${spoken}; and ${rest} more` : spoken;
}
