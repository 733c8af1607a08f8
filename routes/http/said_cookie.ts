/**
 * What came of a person's last press of a button, for the page that is shown
 * next, once: so that reloading that page presses nothing again. It stands in a
 * cookie of that browser alone, and is shown as text.
 *
 * @module
 */

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

const NAME = "sb_said";
/** Seconds: the next page is loaded at once. */
const MAX_AGE = 60;
/** The longest name in it, in characters. */
const LONGEST = 100;

const KINDS = [
  "connected",
  "revoked",
  "deleted",
  "gone",
  "preferred",
  "narrowed",
  "ended",
] as const;

/** What is said. */
export interface Said {
  kind: typeof KINDS[number];
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
  setCookie(c, NAME, JSON.stringify({ ...said, values }), {
    httpOnly: true,
    maxAge: MAX_AGE,
    path: "/",
    // Not Strict: one may come from a provider.
    sameSite: "Lax",
    ...(secure ? { secure: true, prefix: "host" } : {}),
  });
}

/** What is to be said, once. What is none of ours is nothing. */
export function takeSaid(c: Context, { secure }: { secure: boolean }): Said | undefined {
  const text = secure ? getCookie(c, NAME, "host") : getCookie(c, NAME);
  if (text === undefined) return undefined;
  deleteCookie(c, NAME, secure ? { secure, prefix: "host" } : { path: "/" });
  return saidIn(text);
}

/** Read as what anybody on this machine may have written. */
export function saidIn(text: string): Said | undefined {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { kind, values, at } = (said ?? {}) as Partial<Said>;
  if (!KINDS.some((each) => each === kind) || typeof at !== "number" || !Number.isFinite(at)) {
    return undefined;
  }
  const isText = typeof values === "object" && values !== null &&
    Object.values(values).every((value) => typeof value === "string");
  return isText && Math.abs(at) < 8.64e15 ? { kind: kind!, values: values!, at } : undefined;
}
