/**
 * How tokens, scopes and moments are written by other servers.
 *
 * @module
 */

/**
 * A token, or a key: what can stand in a header's value without ending it or
 * being cut off it, and all of it ASCII.
 */
export const SENDABLE = /^[\x21-\x7e]+$/;
/** One scope (RFC 6749 §3.3). */
export const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Smaller numbers are no moments: 2001 in seconds, 1973 in milliseconds. */
const FIRST = { seconds: 1e9, milliseconds: 1e11 };

/** Epoch ms of a number of seconds or milliseconds; `undefined` where it is too small for either. */
export function epochMs(number: number): number | undefined {
  if (!(number >= FIRST.seconds)) return undefined;
  return number < FIRST.milliseconds ? number * 1000 : number;
}
