/**
 * JSON from outside, before anybody goes through it.
 *
 * @module
 */

/** Deeper JSON is an attack on the recursion of its readers, ours and the clients'. */
export const MAX_DEPTH = 64;

/** Whether JSON is nested at most {@linkcode MAX_DEPTH} deep. */
export function isShallow(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isShallow(member, depth - 1));
}
