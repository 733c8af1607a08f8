/**
 * What a command prints, and how it asks. Names that others chose are shown so
 * that they can do nothing to a terminal.
 *
 * @module
 */

import { shownName } from "../../broker/core/shown_name.ts";
import { UsageError } from "./command.ts";

/** A name of somebody else's, for a terminal. */
export function shown(text: string): string {
  return shownName(text, "?");
}

/** A time, for people; `-` where there is none. */
export function shownTime(at: number | undefined): string {
  return at === undefined ? "-" : `${new Date(at).toISOString().slice(0, 16)}Z`;
}

/** `3 connections`, `1 connection`. */
export function many(count: number, what: string, plural = `${what}s`): string {
  return `${count} ${count === 1 ? what : plural}`;
}

/** Beyond ASCII nothing is left as it is: some of it turns texts around, or steers terminals. */
export function json(value: unknown, space?: number): string {
  return JSON.stringify(value, null, space).replaceAll(
    /[^\x20-\x7e\n]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Asks before something is ended; `--yes` is an answer. Where nobody can be asked nothing is done.
 *
 * @throws {UsageError}
 */
export function confirmed(question: string, yes: boolean): boolean {
  if (yes) return true;
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError(`${question}\nNobody can be asked here: add --yes.`);
  }
  return confirm(question);
}
