/**
 * What a text means where a number, a boolean, a list or an object is wanted.
 * Only what nobody reads otherwise: `"5"`, and not `"0x5"`, `" 5"` or `"1e3"`.
 *
 * @module
 */

import { isRecord, parseJson } from "../../broker/core/json.ts";

const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;
/** Longer ones are no number that comes back the same. */
const LONGEST_NUMBER = 25;

/** The number that a text is, written as JSON writes it and without loss. */
export function numberOf(text: string): number | undefined {
  if (text.length > LONGEST_NUMBER || !DECIMAL.test(text)) return undefined;
  const number = Number(text);
  if (String(number) !== text) return undefined;
  return !Number.isInteger(number) || Number.isSafeInteger(number) ? number : undefined;
}

/** `"true"` and `"false"`, and no other word. */
export function booleanOf(text: string): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

/**
 * The list or the object whose JSON a text is.
 *
 * @throws {TooComplex} beyond what a body may hold.
 */
export function structureOf(text: string): unknown[] | Record<string, unknown> | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value = parseJson(text);
    return Array.isArray(value) || isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
