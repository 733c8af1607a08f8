/**
 * The end of the program without the loss of what was accepted. Whoever sends
 * requests here hears of it first: `/health` says 503 "draining", while all
 * else is served on for a while. Then nobody is accepted any more, and what
 * runs has its time to finish. What has not by then is told so, and is in the log.
 *
 * **Connections.** A proxy keeps connections and sends its next request on one
 * that this program is just closing; a POST that is lost there is a 502 for its
 * caller. So every answer from the signal on says `Connection: close`, and the
 * proxy's store of connections is empty when the listener closes.
 *
 * **Whoever never finishes asking.** Deno's `shutdown()` waits for every head of
 * a request that has begun, and a stranger can begin one at no cost. So the door
 * is taken for closed once all that was asked is answered and nothing more has
 * come for a moment, and a body that is not all there is waited for as long.
 *
 * **What it costs.** A request that runs is known by an entry in a list; its path
 * is looked at only where it is cut off.
 *
 * @module
 */

import { LEAVING_MS } from "../broker/core/deadline.ts";
import type { World } from "../broker/core/world.ts";
import { jsonHeaders } from "../routes/http/json_headers.ts";

/** What is cut off is told so within this time, which is part of the grace. */
export const TELLING_MS = 300;
/** Where one was just answered, another may be on its way on a connection that is open. */
export const ARRIVING_MS = 100;
/** Requests that are named in the log when they are cut off; beyond them they are counted. */
export const MOST_NAMED = 50;

/** How long the end may take, in ms. */
export interface DrainTimes {
  /** `/health` says that it ends, and all is served on. */
  delayMs: number;
  /** Then what runs has so long to finish. */
  graceMs: number;
}

/** Answers requests. */
type Handle = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

/** A request that has no answer yet, or not all of it. */
interface Running {
  request: Request;
  answer(response: Response): void;
  /** Whether an answer to it has begun. */
  isBegun: boolean;
  /** Where it stands among the others, and how many came before it. */
  at: number;
  order: number;
}

/** What the answers are made with. */
export interface DrainOptions {
  world: Pick<World, "log" | "sleep">;
  version: string;
  /** Whether people reach the program by https. */
  secure: boolean;
  /** Aborted when whoever still sends a request is not waited for any more. */
  leaving: AbortController;
}

/** Knows what runs, and ends it in order. */
export class Drain {
  readonly #options: DrainOptions;
  /**
   * In no order. A `Map` would grow into a new table again and again, and the engine keeps those
   * before, with the requests that stood in them, until it looks through all that is old: a third of
   * all requests with all that hangs on them (seen November 2026).
   */
  readonly #running: Running[] = [];
  /** How many requests have come. */
  #come = 0;
  /** Told when nothing runs. */
  #quiet: (() => void) | undefined;
  #isDraining = false;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /** How many requests have no answer yet, or not all of it. */
  get running(): number {
    return this.#running.length;
  }

  /** Answers as `handle` does, and as one who leaves from {@linkcode end} on. */
  answering(handle: Handle): (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response> {
    return (request, info) =>
      new Promise((answer, fail) => {
        const at = this.#running.length;
        const running: Running = { request, answer, isBegun: false, at, order: this.#come++ };
        this.#running.push(running);
        const done = () => this.#done(running);
        info.completed.then(done, done);
        if (this.#isDraining && isHealth(request)) return answer(this.#closing(this.#leaving()));
        const begin = (response: Response) => {
          running.isBegun = true;
          answer(this.#isDraining ? this.#closing(response) : response);
        };
        const handled = handle(request, info);
        if (handled instanceof Response) begin(handled);
        else handled.then(begin, fail);
      });
  }

  #done({ at }: Running): void {
    const last = this.#running.pop()!;
    if (last.at !== at) {
      this.#running[at] = last;
      last.at = at;
    }
    if (this.#running.length === 0) this.#quiet?.();
  }

  /**
   * Ends what listens: resolves when all is answered, and `idle` has nothing left to do, or when
   * the times are over. Does not reject.
   */
  async end(
    server: Pick<Deno.HttpServer, "shutdown">,
    { delayMs, graceMs }: DrainTimes,
    idle: () => Promise<unknown> | undefined,
  ): Promise<void> {
    const { world } = this.#options;
    this.#isDraining = true;
    world.log({ level: "info", event: "draining", running: this.running });
    if (delayMs > 0) await world.sleep(delayMs);
    const closed = Promise.race([server.shutdown(), this.#allAnswered()]);
    const isDone = closed.then(idle).then(() => true).catch(() => false);
    const isLate = world.sleep(Math.max(0, graceMs - TELLING_MS)).then(() => false);
    if (await Promise.race([isDone, isLate])) return;
    this.#cutOff();
    // Answers are sent, and what was noted is written, as far as that can be done.
    const rest = Promise.allSettled([closed, idle()]);
    await Promise.race([rest, world.sleep(TELLING_MS)]);
  }

  /** Nothing runs, and nothing has come for so long that what comes yet is no whole request. */
  async #allAnswered(): Promise<void> {
    const { world, leaving } = this.#options;
    await world.sleep(LEAVING_MS);
    leaving.abort();
    while (this.#running.length > 0) {
      await new Promise<void>((quiet) => this.#quiet = quiet);
      await world.sleep(ARRIVING_MS);
    }
  }

  /** Tells all that still runs, and the log. */
  #cutOff(): void {
    const { world } = this.#options;
    const cut = this.#running.toSorted((one, other) => one.order - other.order);
    for (const { request, isBegun } of cut.slice(0, MOST_NAMED)) {
      const route = `${request.method} ${areaOf(request.url)}`;
      world.log({ level: "warn", event: "request_cut_off", route, began_to_answer: isBegun });
    }
    if (cut.length > 0) world.log({ level: "warn", event: "requests_cut_off", count: cut.length });
    for (const { answer } of cut) answer(this.#closing(this.#cut()));
  }

  /** For whoever watches over the program. */
  #leaving(): Response {
    const { version, secure } = this.#options;
    return Response.json({ status: "draining", version }, {
      status: 503,
      headers: jsonHeaders(secure),
    });
  }

  /** Nobody knows any more how far it came: that is said, for whoever would ask again. */
  #cut(): Response {
    const retryAfter = 1;
    return Response.json({
      error: "server_restarting",
      error_description:
        "This server restarts and cannot wait for the answer any longer. What was asked for may " +
        "have been done.",
      retry_after: retryAfter,
    }, {
      status: 503,
      headers: { ...jsonHeaders(this.#options.secure), "Retry-After": String(retryAfter) },
    });
  }

  /** The connection is not used again. */
  #closing(response: Response): Response {
    try {
      response.headers.set("Connection", "close");
      return response;
    } catch {
      // Headers of an answer that was fetched cannot be changed.
      const headers = new Headers(response.headers);
      headers.set("Connection", "close");
      const { status, statusText } = response;
      return new Response(response.body, { status, statusText, headers });
    }
  }
}

function isHealth({ method, url }: Request): boolean {
  return (method === "GET" || method === "HEAD") && new URL(url).pathname === "/health";
}

/** The first part of a path: what follows may name a person. */
function areaOf(url: string): string {
  const { pathname } = new URL(url);
  const [area] = /^\/[a-z._-]{0,32}(?=\/|$)/.exec(pathname) ?? ["/…"];
  return area.length === pathname.length ? area : `${area}/…`;
}
