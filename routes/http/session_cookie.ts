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

type CookieDeps = Pick<AppDeps, "secure"> & { gateway: Pick<AppDeps["gateway"], "session"> };

/** The secret of the cookie, if there is one. */
export function sessionSecret(c: Context, { secure }: CookieDeps): string | undefined {
  return secure ? getCookie(c, NAME, "host") : getCookie(c, NAME);
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
  setCookie(c, NAME, secret, {
    httpOnly: true,
    maxAge: SESSION_MS / 1000,
    path: "/",
    sameSite: "Lax",
    ...(secure ? { secure, prefix: "host" } : {}),
  });
}

/** Takes the session away from the browser; what is stored of it is for the gateway to end. */
export function clearSession(c: Context, { secure }: CookieDeps): void {
  deleteCookie(c, NAME, secure ? { secure, prefix: "host" } : {});
}

/** A path of this site to go on to; anything else is the front page (open redirect). */
export function localPath(text: string | undefined, publicUrl: string): string {
  if (text === undefined || !text.startsWith("/") || text.length > 8000) return "/";
  const url = URL.parse(text, publicUrl);
  const local = url?.origin === new URL(publicUrl).origin;
  // `/.//evil.example` stays here as a URL, and leads away as the path it becomes.
  return local && !url.pathname.startsWith("//") ? url.pathname + url.search : "/";
}
