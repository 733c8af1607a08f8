/**
 * Whether a request may change something, as far as it can be told before it is
 * answered. What is not known to read is taken to change.
 *
 * @module
 */

import type { AnyEntry } from "./catalogue.ts";
import { FEATURE_LISTS, FEATURE_METHODS } from "./definition.ts";
import { describe } from "./described.ts";

/** Methods that read, in whichever revision. */
const READING = new Set<unknown>([
  "initialize",
  "notifications/initialized",
  "ping",
  "server/discover",
  "tools/list",
  "logging/setLevel",
  ...Object.keys(FEATURE_LISTS),
  ...FEATURE_METHODS,
]);

/** Whether a body, one message or a batch, may change something; `called` is what its calls mean. */
export function mayChange(
  body: unknown,
  called: Pick<ReadonlyMap<string, AnyEntry | undefined>, "get">,
): boolean {
  return (Array.isArray(body) ? body : [body]).some((message) => {
    if (message?.method !== "tools/call") return !READING.has(message?.method);
    const entry = called.get(message?.params?.name);
    return entry !== undefined && !describe(entry).readOnly;
  });
}
