/**
 * The cookie of a person who is signed in.
 *
 * @module
 */

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SESSION_MS } from "../../gateway/gateway.ts";
import type { Session } from "../../broker/core/grant.ts";
import type { AppDeps } from "./deps.ts";
import { refuse } from "./errors.ts";

const NAME = "sb_session";

/** The secret of the cookie, if there is one. */
export function sessionSecret(c: Context, deps: AppDeps): string | undefined {
  return deps.secure ? getCookie(c, NAME, "host") : getCookie(c, NAME);
}

/** Who is signed in, if anybody is. */
export function sessionOf(c: Context, deps: AppDeps): Promise<Session | undefined> {
  return deps.gateway.session(sessionSecret(c, deps));
}

/** Who is signed in; refuses nobody. */
export async function requireSession(c: Context, deps: AppDeps): Promise<Session> {
  return await sessionOf(c, deps) ?? refuse({ code: "sign_in_needed" });
}

/** Gives the browser a session; always a new one, whatever cookie it brought. */
export function setSession(c: Context, deps: AppDeps, secret: string): void {
  setCookie(c, NAME, secret, {
    httpOnly: true,
    maxAge: SESSION_MS / 1000,
    path: "/",
    sameSite: "Lax",
    ...(deps.secure ? { secure: true, prefix: "host" } : {}),
  });
}

/** Takes it away. */
export function clearSession(c: Context, deps: AppDeps): void {
  deleteCookie(c, NAME, deps.secure ? { prefix: "host", secure: true } : {});
}

/** A path of this site to go on to; anything else is the front page (open redirect). */
export function localPath(text: string | undefined, publicUrl: string): string {
  if (text === undefined || !text.startsWith("/") || text.length > 8000) return "/";
  const url = URL.canParse(text, publicUrl) ? new URL(text, publicUrl) : undefined;
  const local = url?.origin === new URL(publicUrl).origin;
  // `/.//evil.example` stays here as a URL, and leads away as the path it becomes.
  return local && !url.pathname.startsWith("//") ? url.pathname + url.search : "/";
}
