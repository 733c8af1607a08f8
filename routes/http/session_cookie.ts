/**
 * The cookie of a person who is signed in.
 *
 * @module
 */

import type { Context } from "hono";
import { SESSION_MS } from "../../gateway/gateway.ts";
import type { Session } from "../../broker/core/grant.ts";
import type { AppDeps } from "./deps.ts";
import { refuse } from "./errors.ts";
import { dropCookie, giveCookie, readCookie } from "./own_cookie.ts";

const NAME = "sb_session";

type CookieDeps = Pick<AppDeps, "secure"> & { gateway: Pick<AppDeps["gateway"], "session"> };

/** The secret of the cookie, if there is one. */
export function sessionSecret(c: Context, { secure }: CookieDeps): string | undefined {
  return readCookie(c, { name: NAME, secure });
}

/** A person who is signed in. */
export interface Person {
  session: Session;
  /** Of the cookie: forms are bound to it. */
  secret: string;
}

/** Who is signed in, if anybody is. */
export async function personOf(c: Context, deps: CookieDeps): Promise<Person | undefined> {
  const secret = sessionSecret(c, deps);
  const session = await deps.gateway.session(secret);
  return secret === undefined || session === undefined ? undefined : { session, secret };
}

/** Who is signed in; refuses nobody. */
export async function requirePerson(c: Context, deps: CookieDeps): Promise<Person> {
  return await personOf(c, deps) ?? refuse({ code: "sign_in_needed" });
}

/** Gives the browser a session; always a new one, whatever cookie it brought. */
export function setSession(c: Context, { secure }: CookieDeps, secret: string): void {
  giveCookie(c, { name: NAME, secure }, secret, { maxAge: SESSION_MS / 1000, sameSite: "Lax" });
}

/** Takes the session away from the browser; what is stored of it is for the gateway to end. */
export function clearSession(c: Context, { secure }: CookieDeps): void {
  dropCookie(c, { name: NAME, secure });
}

/** A path of this site to go on to; anything else is the front page (open redirect). */
export function localPath(text: string | undefined, publicUrl: string): string {
  if (text === undefined || !text.startsWith("/") || text.length > 8000) return "/";
  const url = URL.parse(text, publicUrl);
  const local = url?.origin === new URL(publicUrl).origin;
  // `/.//evil.example` stays here as a URL, and leads away as the path it becomes.
  return local && !url.pathname.startsWith("//") ? url.pathname + url.search : "/";
}
