/**
 * What is said of a tool, of our own or of an upstream's. Pure.
 *
 * @module
 */

import type { AnyEntry } from "./catalogue.ts";

/** What is said of a tool, and whether it may be done twice. */
export function describe(entry: AnyEntry): {
  name: string;
  title: string;
  readOnly: boolean;
  repeatable: boolean;
} {
  if (entry.kind === "own") {
    const { name, hints: { readOnly, idempotent = false } } = entry.tool;
    return { name, title: entry.provider.title, readOnly, repeatable: readOnly || idempotent };
  }
  const { listed, readOnly, idempotent } = entry.tool;
  const repeatable = readOnly || idempotent;
  return { name: listed.name, title: entry.upstream.spec.title, readOnly, repeatable };
}
