/**
 * What is kept beside the tokens of a connection.
 *
 * @module
 */

import type { Extra } from "./connection.ts";

/** Characters of a value. */
export const LONGEST_EXTRA = 2_000;

/** Goes into headers, addresses and JSON: one line of some length. */
export function isKeepable(value: string): boolean {
  // deno-lint-ignore no-control-regex -- that is what must not be in it
  return value !== "" && value.length <= LONGEST_EXTRA && !/[\x00-\x1f\x7f-\x9f]/.test(value) &&
    value.isWellFormed();
}

/** What was known, and what was said now: a refresh often says less, and takes nothing back. */
export function withExtra(before: Extra | undefined, now: Extra | undefined): Extra | undefined {
  return now === undefined ? before : { ...before, ...now };
}
