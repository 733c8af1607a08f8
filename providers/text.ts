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

/** A text that somebody wrote as one line of at most `limit` UTF-16 units. */
export function shortLine(text: string, limit: number): string {
  return shorten(oneLine(text), limit);
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

/** What a list may cost a model; its answer as a whole stays well under 25,000 tokens. */
const LIST_TOKENS = 18_000;
/** The lengths to which texts are cut, tried in turn until the whole list is small enough. */
const TEXT_LENGTHS = [500, 150, 60, 20];

/** About how many tokens a value is as JSON: one for three ASCII characters, one for each other. */
export function tokensOf(value: unknown): number {
  const json = JSON.stringify(value);
  const others = json.replace(/[^\u0080-\uFFFF]+/g, "").length;
  return others + Math.ceil((json.length - others) / 3);
}

/**
 * All items, with their texts no longer than a model can take in: a list that
 * dropped items could not be gone on with. `write` gets the length that each
 * text may have.
 */
export function fitting<T, R>(items: T[], write: (item: T, length: number) => R): R[] {
  let written: R[] = [];
  for (const length of TEXT_LENGTHS) {
    written = items.map((item) => write(item, length));
    if (tokensOf(written) <= LIST_TOKENS) break;
  }
  return written;
}

/** Part of a long text. */
export interface Excerpt {
  text: string;
  /** Where the rest begins, in UTF-16 units; absent at the end. */
  next?: number | undefined;
}

/**
 * At most `limit` UTF-16 units from `offset` on. No character is cut in half:
 * one that does not fit is left for the next piece. Only where it alone is
 * longer than the limit is it given whole, for the pieces must come to an end.
 */
export function excerpt(text: string, offset: number, limit: number): Excerpt {
  const start = isWithinPair(text, offset) ? offset + 1 : offset;
  const cut = start + limit;
  const end = !isWithinPair(text, cut) ? cut : cut - 1 > start ? cut - 1 : cut + 1;
  return { text: text.slice(start, end), next: end < text.length ? end : undefined };
}

/** Whether the two units around a place are the halves of one character. */
function isWithinPair(text: string, at: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, at - 1), at + 1));
}

/** `These are characters 1 to 20,000 of 52,340.`; nothing where the text is there as a whole. */
export function speakExcerpt({ text, next }: Excerpt, offset: number, total?: number): string[] {
  if (offset === 0 && next === undefined) return [];
  const [from, to] = [offset + 1, offset + text.length].map((n) => n.toLocaleString("en-US"));
  const of = total === undefined ? "" : ` of ${total.toLocaleString("en-US")}`;
  return [`These are characters ${from} to ${to}${of}.`];
}

/** Whether what was read as UTF-8 is no text: it holds NUL, or much that is no character. */
export function looksBinary(text: string): boolean {
  // deno-lint-ignore no-control-regex -- that is what is looked for
  const strange = text.match(/[\0-\x08\x0E-\x1A\x1C-\x1F\uFFFD]/g)?.length ?? 0;
  return text.includes("\0") || strange > text.length / 20;
}

/** `512 bytes`, `34 kB`, `5.2 MB` */
export function speakSize(bytes: number): string {
  if (bytes < 1_000) return count(bytes, "byte");
  const [size, unit] = bytes < 999_500 ? [bytes / 1_000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${size.toLocaleString("en-US", { maximumFractionDigits: size < 10 ? 1 : 0 })} ${unit}`;
}
