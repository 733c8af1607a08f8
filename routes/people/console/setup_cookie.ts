/**
 * The cookie of a first set-up: whoever used the code of the terminal, until
 * somebody is named an operator.
 *
 * @module
 */

import type { Context } from "hono";
import { SETUP_MS } from "../../../gateway/gateway.ts";
import { giveCookie, readCookie } from "../../http/own_cookie.ts";

const NAME = "sb_setup";

/** The secret of the cookie, if there is one. */
export function setupSecret(c: Context, { secure }: { secure: boolean }): string | undefined {
  return readCookie(c, { name: NAME, secure });
}

/** Gives the browser the set-up. */
export function setSetup(c: Context, { secure }: { secure: boolean }, secret: string): void {
  giveCookie(c, { name: NAME, secure }, secret, { maxAge: SETUP_MS / 1000, sameSite: "Strict" });
}
