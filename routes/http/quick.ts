/**
 * The few requests that programs send all the time, answered without the
 * router: going through it, through what stands before each route and through a
 * dozen headers that say how to show a page takes longer than all of the rest
 * (seen with Deno 2.9 and Hono 4.13, November 2026).
 *
 * Only what is plain goes this way: a POST to an address spelled as it is
 * written here, to a host that is known, with no `Origin` and no `DPoP`. So it
 * is no page of a browser's, and what browsers are told by headers (where an
 * answer may be framed or embedded, what may run in it) tells nobody anything:
 * these answers have an API key or a gateway token before them, and a body of
 * `application/json`, which no page can send without an `Origin`. Everything
 * else, and everything that is refused or fails, is the router's to answer.
 *
 * @module
 */

import type { Context } from "hono";
import type { Counted } from "../../broker/core/limits.ts";
import { type Asked, type Noted, REQUEST_ID_HEADER } from "./asked.ts";
import type { Connection } from "./caller_address.ts";
import type { AppDeps } from "./deps.ts";
import { type Hosts, isKnownHost } from "./hosts.ts";
import { STRICT_TRANSPORT } from "./json_headers.ts";
import { hasWaitedOutside, serverTiming, TIMING_HEADER } from "./server_timing.ts";
import { NONE, type Ready, responseOf } from "./ready.ts";

/** What the router still has to do, with its own context. */
export type Rest = (c: Context) => Response | Promise<Response>;

/** One address that is answered quickly. */
export interface Quick {
  /** As the router has it; its last part may be a name, such as `/token/:service`. */
  path: string;
  answer(asked: Asked): Promise<Ready | Response | Rest>;
  /**
   * Whether answers go out with no more headers than they need, which is half of what they cost
   * (seen with Deno 2.9, November 2026). Only where no header would say anything to anybody: what
   * is answered to a POST is kept by no cache that is not told how long it may (RFC 9110 §9.3.3,
   * RFC 9111 §3), and the others are for browsers, which do not come this way.
   *
   * @default false
   */
  isBare?: boolean | undefined;
  /** What an answer says of limits, beside those headers. */
  limitHeaders?(env: RequestEnv): Record<string, string> | undefined;
}

/** What goes along with a request to the router. */
export interface RequestEnv extends Noted {
  /** Whose budget it counts against. */
  caller?: string | undefined;
  /** As Deno hands it over, for `GET /health` alone. */
  connection?: Connection;
  /** What it was counted against. */
  counted?: readonly Counted[] | undefined;
  /** Told once, when the answer begins or fails. */
  ended?: (() => void) | undefined;
  /** What is left to do of a request that was begun here. */
  rest?: Rest | undefined;
}

/** The router, as Hono has it. */
export type Fetch = (request: Request, env: RequestEnv) => Response | Promise<Response>;

interface QuickOptions {
  quick: Quick[];
  hosts: Hosts;
  /** Whether people reach it by https. */
  secure: boolean;
  nameRequest?: ((method: string, route: () => string) => void) | undefined;
  since: AppDeps["since"];
  /** Told of each request once, when its answer begins. */
  requestEnded?: AppDeps["requestEnded"];
}

/** Of a name in a path: one that is spelled in no other way. */
const NAME = /^[a-z0-9_-]{1,64}$/;

/** The whole of the HTTP edge. */
export type Edge = (request: Request, env: RequestEnv) => Promise<Response>;

/** Answers what is plain, and leaves the rest to the router. */
export function quickly(router: Fetch, options: QuickOptions): Edge {
  const { hosts, secure, since, nameRequest, requestEnded } = options;
  const find = finder(options.quick);
  const usual = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...(secure && { "Strict-Transport-Security": STRICT_TRANSPORT }),
  };
  return (request, env) => {
    if (request.method !== "POST") return route(request, env);
    const { url } = request;
    const found = find(pathOf(url));
    if (found === undefined) return route(request, env);
    const { headers } = request;
    const host = headers.get("host");
    if (host === null || !isKnownHost(host, hosts)) return route(request, env);
    if (headers.get("origin") !== null || headers.get("dpop") !== null) return route(request, env);
    env.request.route = found.quick.path;
    nameRequest?.("POST", () => found.quick.path);
    return answer(found, request, env);
  };

  async function route(request: Request, env: RequestEnv): Promise<Response> {
    let status = 500;
    try {
      const response = await router(request, env);
      status = response.status;
      return response;
    } finally {
      env.ended?.();
      requestEnded?.(env.request, request.method, status);
    }
  }

  async function answer(found: Found, request: Request, env: RequestEnv): Promise<Response> {
    let rest: Rest;
    try {
      const answer = await found.quick.answer({ req: new QuickRequest(request, found), env });
      if (typeof answer !== "function") {
        const { quick } = found;
        const always = quick.isBare === true
          ? NONE
          : { ...usual, [REQUEST_ID_HEADER]: env.request.id };
        const ofLimits = quick.limitHeaders?.(env);
        const known = ofLimits === undefined ? always : { ...always, ...ofLimits };
        // A bare answer is ready at once, unless somebody outside had to be waited for.
        const timing = quick.isBare !== true || hasWaitedOutside(env.request)
          ? serverTiming(env.request, since(env.request))
          : undefined;
        const headers = timing === undefined ? known : { ...known, [TIMING_HEADER]: timing };
        const made = answer instanceof Response
          ? finished(answer, headers)
          : responseOf(answer, headers);
        env.ended?.();
        requestEnded?.(env.request, "POST", answer.status);
        return made;
      }
      rest = answer;
    } catch (error) {
      rest = () => {
        throw error;
      };
    }
    return await route(request, { ...env, rest });
  }
}

/** An answer that is made already, with these headers beside its own. */
function finished(response: Response, wanted: Record<string, string>): Response {
  for (const [name, value] of Object.entries(wanted)) response.headers.set(name, value);
  return response;
}

interface Found {
  quick: Quick;
  path: string;
  /** The last part of the path, where the address has a name there. */
  name?: string | undefined;
}

function finder(all: Quick[]): (path: string) => Found | undefined {
  const fixed = new Map<string, Quick>();
  const named = new Map<string, Quick>();
  for (const quick of all) {
    const at = quick.path.indexOf(":");
    if (at < 0) fixed.set(quick.path, quick);
    else named.set(quick.path.slice(0, at), quick);
  }
  return (path) => {
    const exact = fixed.get(path);
    if (exact !== undefined) return { quick: exact, path };
    const start = path.lastIndexOf("/") + 1;
    const quick = named.get(path.slice(0, start));
    const name = path.slice(start);
    return quick !== undefined && NAME.test(name) ? { quick, path, name } : undefined;
  };
}

/** The path of a request's address, as it was sent. */
function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  if (start < 0) return "/";
  const end = url.indexOf("?", start);
  return end < 0 ? url.slice(start) : url.slice(start, end);
}

/** A request that was found to be plain. */
class QuickRequest {
  readonly method = "POST";
  /** Who calls is told by one that is read again and again, and each reading asks Deno's own code. */
  #authorization: string | null | undefined;

  constructor(readonly raw: Request, private readonly found: Found) {}

  get url(): string {
    return this.raw.url;
  }

  get path(): string {
    return this.found.path;
  }

  header(wanted: string): string | undefined {
    // With one it would not have come this way.
    if (wanted === "DPoP") return undefined;
    const { headers } = this.raw;
    return (wanted === "Authorization"
      ? this.#authorization ??= headers.get(wanted)
      : headers.get(wanted)) ?? undefined;
  }

  param(): string | undefined {
    return this.found.name;
  }
}
