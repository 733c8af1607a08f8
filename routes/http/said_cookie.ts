/**
 * What came of a person's last press of a button, for the page that is shown
 * next, once: so that reloading that page presses nothing again. It stands in a
 * cookie of that browser alone, and is shown as text.
 *
 * @module
 */

import type { Context } from "hono";
import { dropCookie, giveCookie, readCookie } from "./own_cookie.ts";

const NAME = "sb_said";
/** Seconds: the next page is loaded at once. */
const MAX_AGE = 60;
/** Beyond it there is no date (ECMA-262 §21.4.1.1). */
const MAX_DATE = 8.64e15;
/** The longest name in it, in characters. */
const LONGEST = 100;

/** What a person's own page says. */
export const HOME_KINDS = [
  "connected",
  "revoked",
  "deleted",
  "forgotten",
  "gone",
  "preferred",
  "narrowed",
  "ended",
] as const;

/** What the console says. */
export const CONSOLE_KINDS = [
  "saved",
  "removed",
  "notSure",
  "faster",
  "disconnected",
  "grantEnded",
  "deletedUser",
  "accepted",
  "acceptGone",
  "switchedOn",
  "sentAgain",
  "replayed",
  "replayedPart",
  "eventGone",
] as const;

/** What is said. */
export interface Said<Kind extends string = string> {
  kind: Kind;
  /** For its sentence. */
  values: Record<string, string>;
  /** Epoch ms. */
  at: number;
}

/** Has the next page say it. */
export function setSaid(c: Context, { secure }: { secure: boolean }, said: Said): void {
  const values = Object.fromEntries(
    Object.entries(said.values).map((
      [name, value],
    ) => [name, [...value].slice(0, LONGEST).join("")]),
  );
  // Not Strict: one may come from a provider.
  const how = { maxAge: MAX_AGE, sameSite: "Lax" } as const;
  giveCookie(c, { name: NAME, secure }, JSON.stringify({ ...said, values }), how);
}

/** What is to be said, once. What is none of `kinds` is nothing. */
export function takeSaid<Kind extends string>(
  c: Context,
  { secure }: { secure: boolean },
  kinds: readonly Kind[],
): Said<Kind> | undefined {
  const cookie = { name: NAME, secure };
  const text = readCookie(c, cookie);
  if (text === undefined) return undefined;
  dropCookie(c, cookie);
  return saidIn(text, kinds);
}

/** Read as what anybody on this machine may have written. */
export function saidIn<Kind extends string>(
  text: string,
  kinds: readonly Kind[],
): Said<Kind> | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { kind: named, values, at } = (said ?? {}) as Partial<Said>;
  const kind = kinds.find((each) => each === named);
  if (kind === undefined || typeof at !== "number" || !(Math.abs(at) <= MAX_DATE)) return undefined;
  const isText = typeof values === "object" && values !== null &&
    Object.values(values).every((value) => typeof value === "string");
  return isText ? { kind, values: values!, at } : undefined;
}
