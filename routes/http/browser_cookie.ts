/**
 * The cookie that ties a sign-in to the browser that began it.
 *
 * @module
 */

import type { Context } from "hono";
import { digest, isSecret, randomSecret } from "../../broker/core/secrets.ts";
import { refuseHttp } from "./errors.ts";
import { isOwnOrigin } from "./hosts.ts";
import { giveCookie, readCookie } from "./own_cookie.ts";

const NAME = "sb_browser";
/** Seconds: as long as a sign-in may take, and a little more. */
const MAX_AGE = 15 * 60;

/** The browser's secret, if it has one. */
export function browserOf(c: Context, secure: boolean): string | undefined {
  const value = readCookie(c, { name: NAME, secure });
  return isSecret(value) ? value : undefined;
}

/** The browser's secret; gives it one where it has none, and prolongs it. */
export function ensureBrowser(c: Context, secure: boolean): string {
  const value = browserOf(c, secure) ?? randomSecret();
  // Not Strict: the provider's redirect back must carry it.
  giveCookie(c, { name: NAME, secure }, value, { maxAge: MAX_AGE, sameSite: "Lax" });
  return value;
}

/** Goes into a form; only a page that this browser was shown can hold it. */
export function formToken(browser: string, purpose: string): string {
  return digest(`${purpose}:${browser}`);
}

/** The browser whose form this is; refuses one that another site submitted. */
export function requireOwnForm(
  c: Context,
  publicUrl: string,
  { browser, purpose, token }: { browser: string | undefined; purpose: string; token: unknown },
): string {
  if (isForeign(c, publicUrl) || browser === undefined || token !== formToken(browser, purpose)) {
    return refuseHttp({ code: "cross_site" });
  }
  return browser;
}

/** Whether the browser says that a page of ours sent this; without a word of it, nobody knows. */
export function isFromHere(c: Context, publicUrl: string): boolean {
  const says = ["Origin", "Sec-Fetch-Site"].some((name) => c.req.header(name) !== undefined);
  return says && !isForeign(c, publicUrl);
}

function isForeign(c: Context, publicUrl: string): boolean {
  const origin = c.req.header("Origin");
  const site = c.req.header("Sec-Fetch-Site");
  return (origin !== undefined && !isOwnOrigin(origin, publicUrl)) ||
    (site !== undefined && site !== "same-origin");
}
