/**
 * Names and titles in a text that is read out: others wrote them, at any length.
 *
 * @module
 */

import { shortLine } from "../text.ts";

/** More of one name nobody listens to. */
export const SPOKEN_NAME = 100;

/** On one line, and not too long. */
export function spoken(name: string): string {
  return shortLine(name, SPOKEN_NAME);
}

const SPOKEN_NAMES = 10;

/** `bug, urgent`, or the first few of many. */
export function spokenList(names: string[]): string {
  const rest = names.length - SPOKEN_NAMES;
  const list = names.slice(0, SPOKEN_NAMES).map(spoken).join(", ");
  return rest > 0 ? `${list}, and ${rest} more` : list;
}
