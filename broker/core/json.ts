/**
 * JSON from outside, before anybody goes through it.
 *
 * @module
 */

/** Deeper JSON is an attack on the recursion of its readers, ours and the clients'. */
export const MAX_DEPTH = 64;
/** More values in one text are an attack on everybody's time: each costs a piece of memory. */
export const MAX_VALUES = 100_000;

/** Whether JSON is nested at most {@linkcode MAX_DEPTH} deep. */
export function isShallow(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}

/**
 * Whether JSON that was put together here is within what {@linkcode parseJson}
 * takes: a text within a text is counted once it is one thing with the rest.
 */
export function isBounded(
  value: unknown,
  { maxDepth = MAX_DEPTH, maxValues = MAX_VALUES }: { maxDepth?: number; maxValues?: number } = {},
): boolean {
  let left = maxValues;
  const fits = (value: unknown, depth: number): boolean => {
    if (--left < 0) return false;
    if (typeof value !== "object" || value === null) return true;
    return depth > 0 && Object.values(value).every((member) => fits(member, depth - 1));
  };
  return fits(value, maxDepth);
}

/** JSON that is nested too deep, or has too many values. The message quotes nothing of it. */
export class TooComplex extends RangeError {
  override name = "TooComplex";
}

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Parses JSON of somebody else's. What it would cost is seen in its text first:
 * a megabyte of brackets takes the parser and the collector of garbage a tenth
 * of a second, in which nobody is served (seen November 2026).
 *
 * @throws {TooComplex} beyond {@linkcode MAX_DEPTH} or {@linkcode MAX_VALUES}, or what is allowed here.
 * @throws {SyntaxError} when it is none; the parser's message quotes it.
 */
export function parseJson(
  text: string,
  { maxDepth = MAX_DEPTH, maxValues = MAX_VALUES }: { maxDepth?: number; maxValues?: number } = {},
): unknown {
  if (text.length <= maxValues && hasFewBrackets(text, maxDepth)) return JSON.parse(text);
  let [depth, values] = [0, 1];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case COMMA:
        values++;
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        values++;
        if (++depth > maxDepth) throw new TooComplex("the JSON is nested too deep");
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth--;
    }
    if (values > maxValues) throw new TooComplex("the JSON has too many values");
  }
  return JSON.parse(text);
}

/** What opens so few lists and objects, even in its strings, is not nested any deeper. */
function hasFewBrackets(text: string, most: number): boolean {
  let left = most;
  for (const bracket of ["[", "{"]) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (--left < 0) return false;
    }
  }
  return true;
}

/** Where the string ends that begins at `start`; the text's end where it does not. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    at = text.indexOf('"', at);
    if (at === -1) break;
    let escapes = 0;
    while (text.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text; an empty one of all else. */
export function stringOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
