/**
 * Requests that were made, and what was answered: a test makes them again, and
 * fails where the answers have changed. What is secret, or different each time,
 * is cut short in them.
 *
 * @module
 */

import made from "./examples.json" with { type: "json" };
import { type Example, EXAMPLE_URL } from "./example.ts";

/** Of an operation, or of an error of it, at this address; the first one is how it usually goes. */
export function examplesOf(id: string, publicUrl: string): Example[] {
  const all: Record<string, Example[]> = made;
  const text = JSON.stringify(Object.hasOwn(all, id) ? all[id] : []);
  return JSON.parse(text.replaceAll(EXAMPLE_URL, publicUrl));
}
