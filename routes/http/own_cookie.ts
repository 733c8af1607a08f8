/**
 * Cookies of ours: for this site alone, and out of reach of scripts. Where
 * people come by https they have the `__Host-` prefix (RFC 6265bis §4.1.3.2).
 *
 * @module
 */

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

/** Which one, and whether it is for https only. */
export interface OwnCookie {
  name: string;
  secure: boolean;
}

/** Its value, if it is there. */
export function readCookie(c: Context, { name, secure }: OwnCookie): string | undefined {
  return secure ? getCookie(c, name, "host") : getCookie(c, name);
}

/** Gives it to the browser; `maxAge` is seconds. */
export function giveCookie(
  c: Context,
  { name, secure }: OwnCookie,
  value: string,
  { maxAge, sameSite }: { maxAge: number; sameSite: "Lax" | "Strict" },
): void {
  setCookie(c, name, value, {
    httpOnly: true,
    maxAge,
    path: "/",
    sameSite,
    ...(secure ? { secure, prefix: "host" } : {}),
  });
}

/** Takes it away, by the very name that it has. */
export function dropCookie(c: Context, { name, secure }: OwnCookie): void {
  deleteCookie(c, name, secure ? { secure, prefix: "host" } : {});
}
