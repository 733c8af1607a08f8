/**
 * The cookie of a first set-up: whoever used the code of the terminal, until
 * somebody is named an operator.
 *
 * @module
 */

import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { SETUP_MS } from "../../../gateway/gateway.ts";

const NAME = "sb_setup";

/** The secret of the cookie, if there is one. */
export function setupSecret(c: Context, { secure }: { secure: boolean }): string | undefined {
  return secure ? getCookie(c, NAME, "host") : getCookie(c, NAME);
}

/** Gives the browser the set-up. */
export function setSetup(c: Context, { secure }: { secure: boolean }, secret: string): void {
  setCookie(c, NAME, secret, {
    httpOnly: true,
    maxAge: SETUP_MS / 1000,
    path: "/",
    sameSite: "Strict",
    ...(secure ? { secure: true, prefix: "host" } : {}),
  });
}
