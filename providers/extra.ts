/**
 * What a provider says beside the token, and beside whose account it is: the
 * members that its entry names, and no other.
 *
 * @module
 */

import type { Extra } from "../broker/core/connection.ts";
import { isKeepable } from "../broker/core/extra.ts";
import { type Wire, wordAt } from "./token_wire.ts";

/** Name → where it stands in the answer, with dots for what is nested: `team.id`. */
export type Members = Record<string, string>;

/** What is there of the named members, as texts; `undefined` where none is named, or none is there. */
export function extraOf(answer: unknown, members: Members = {}): Extra | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const found = Object.entries(members).flatMap(([name, path]) => {
    const value = wordAt(answer as Wire, path);
    return value !== undefined && isKeepable(value) ? [[name, value]] : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
