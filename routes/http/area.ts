/**
 * An area: routes that say errors in the same way and may be called from the
 * same places. A route is declared once, with its method, its path and what it
 * does; what follows from that (405 with `Allow`, checks of `Host` and
 * `Origin`, no-store, the style of errors) is derived here.
 *
 * @module
 */

import type { Context, Hono, MiddlewareHandler } from "hono";
import type { Awaitable } from "../../broker/core/awaitable.ts";
import { lazily } from "../../broker/core/lazily.ts";
import { reasonOf } from "../../broker/core/refusal.ts";
import type { World } from "../../broker/core/world.ts";
import { type Asked, notesOf } from "./asked.ts";
import type { AppDeps } from "./deps.ts";
import { errorJson, errorPage, refuseHttp, type WireError, wireOf } from "./errors.ts";
import { type Hosts, requireKnownHost, requireKnownOrigin } from "./hosts.ts";
import type { RequestEnv, Rest } from "./quick.ts";
import { TIMING_HEADER } from "./server_timing.ts";
import { wantsPage } from "./wants_page.ts";

/** One method at one address. */
export interface Route {
  /** `ANY` leaves no method to refuse. */
  method: "GET" | "POST" | "DELETE" | "ANY";
  path: string;
  /** May set `Cache-Control`; what says nothing is not stored. */
  handle(c: Context): Response | Promise<Response>;
}

type Handle = Route["handle"];

/** `GET path`; HEAD comes with it. */
export function get(path: string, handle: Handle): Route {
  return { method: "GET", path, handle };
}

/** `POST path`. */
export function post(path: string, handle: Handle): Route {
  return { method: "POST", path, handle };
}

/** `DELETE path`. */
export function del(path: string, handle: Handle): Route {
  return { method: "DELETE", path, handle };
}

/** Every method at `path`. */
export function any(path: string, handle: Handle): Route {
  return { method: "ANY", path, handle };
}

/** How an area says what was thrown. */
export type SayError = (c: Context, error: unknown) => Response | Promise<Response>;

/** Routes with what they have in common. */
export interface Area {
  routes: Route[];
  sayError: SayError;
  /**
   * Pages of any origin may call, and anybody may look it up: it reads no
   * cookie and trusts no network position.
   */
  anyOrigin?: boolean | undefined;
  /** Whoever watches the program may not know its name: under any `Host`, too. */
  anyHost?: boolean | undefined;
  /** The desktop apps of `ALLOWED_ORIGINS` may call, too. */
  desktopApps?: boolean | undefined;
  /** Asked before a method is refused: who is nobody hears that first. */
  admit?(c: Context): Promise<unknown>;
  cors?: MiddlewareHandler | undefined;
  /** What answers say of limits. */
  limitHeaders?(c: Context): Record<string, string> | undefined;
  /** What answers say of whose time it was. */
  timing?(c: Context): string | undefined;
  /** Counts a request before anything else is asked. @throws {Refusal} `rate_limited`. */
  count?(c: Context): Awaitable<void>;
}

/** Errors as JSON. */
export function sayJson(world: World): SayError {
  return (c, error) => errorJson(c, wireOf(error, world, notesOf(c)));
}

type ReaderDeps = Pick<AppDeps, "world" | "secure"> & {
  gateway: Pick<AppDeps["gateway"], "session">;
};

/** What an area of pages says beside an error's own words. */
export interface PageWords {
  /** How a person begins anew, where the error itself does not say. */
  anew?: WireError["anew"];
  /** Whether it is about connecting something, where the error itself could be about anything. */
  connecting?(c: Context): boolean;
  /** For whoever came to the wrong address. */
  hint?(c: Context): string | undefined;
}

/** Errors as pages for people's browsers, and as JSON for programs. */
export function sayPage(deps: ReaderDeps, { anew, connecting, hint }: PageWords = {}): SayError {
  return async (c, error) => {
    const wire = wireOf(error, deps.world, notesOf(c));
    const said = withHint({ ...wire, anew: wire.anew ?? anew }, hint?.(c));
    return wantsPage(c.req.raw)
      ? await errorPage(c, said, { ...await readerOf(c, deps), connecting: connecting?.(c) })
      : errorJson(c, said);
  };
}

/** Cookies are nothing that a program brings. */
const sessionCookies = lazily(() => import("./session_cookie.ts"));

/** Who reads the page of an error: the way on differs for who is signed in. */
async function readerOf(c: Context, deps: ReaderDeps) {
  const { pathname, search } = new URL(c.req.url);
  const returnTo = c.req.method === "GET" ? pathname + search : undefined;
  const { personOf } = await sessionCookies();
  try {
    return { signedIn: await personOf(c, deps) !== undefined, returnTo };
  } catch (error) {
    // The store is out, which may be the very error that is shown: the page does without.
    if (reasonOf(error) === undefined) throw error;
    return { signedIn: false, returnTo };
  }
}

/** An error with a sentence more. */
export function withHint(wire: WireError, hint: string | undefined): WireError {
  return hint === undefined ? wire : { ...wire, description: `${wire.description} ${hint}` };
}

/** What an area notes in the request's context. */
export interface AreaEnv {
  Variables: { sayError?: SayError };
}

/** Adds an area to the app. */
export function mount(app: Hono<AreaEnv>, area: Area, hosts: Hosts): void {
  const { routes, sayError, anyHost = false, anyOrigin = anyHost, desktopApps, cors } = area;
  for (const path of new Set(routes.map((route) => route.path))) {
    app.use(path, async (c, next) => {
      c.set("sayError", sayError);
      if (!anyHost) requireKnownHost(c.req.raw, hosts);
      if (!anyOrigin) requireKnownOrigin(c.req.raw, hosts, { desktopApps });
      await area.count?.(c);
      await next();
      const ofLimits = area.limitHeaders?.(c) ?? {};
      for (const [name, value] of Object.entries(ofLimits)) c.res.headers.set(name, value);
      const timing = area.timing?.(c);
      if (timing !== undefined) c.res.headers.set(TIMING_HEADER, timing);
      // Tokens, links and personal pages: nothing is stored unless its route says so.
      if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
    });
    if (cors !== undefined) app.use(path, cors);
    const here = routes.filter((route) => route.path === path);
    for (const { method, handle } of here) {
      if (method === "ANY") app.all(path, handle);
      else app.on(method, path, (c) => (restOf(c) ?? handle)(c));
    }
    const allow = here.map(({ method }) => method).join(", ");
    app.all(path, async (c) => {
      await area.admit?.(c);
      return refuseHttp({ code: "method_not_allowed", allow });
    });
  }
}

/** Says an error in the style of the area where it was thrown, or as `otherwise` does. */
export function sayErrorOf(world: World, otherwise: SayError = sayJson(world)): SayError {
  return async (c, error) => {
    // Whoever has hung up reads no answer, and is no fault of ours. 499 is nginx's word for it.
    if (isHangUp(c.req.raw.signal, error)) {
      notesOf(c).error = "caller_gone";
      return new Response(null, { status: 499 });
    }
    const say = c.get("sayError") as SayError | undefined ?? otherwise;
    const response = await say(c, error);
    // Before the area could say so: it may have been refused for its host.
    response.headers.set("Cache-Control", "no-store");
    return response;
  };
}

function isHangUp({ aborted }: AbortSignal, error: unknown): boolean {
  return aborted && error instanceof DOMException && error.name === "AbortError";
}

/** A part of the path that the route's own pattern names. */
export function pathPart({ req }: Asked, name: string): string {
  const part = req.param(name);
  if (part === undefined) throw new TypeError(`Cannot read :${name}: the route has no such part`);
  return part;
}

/** What is left to do of a request that was begun before it came to the router, if it was. */
function restOf(c: Context): Rest | undefined {
  return (c.env as RequestEnv | undefined)?.rest;
}
