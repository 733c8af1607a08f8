/**
 * What listens: it hands every request to the app, which is loaded for the
 * first one. Whoever only asks whether the program is well does not wait for
 * that: a start, and a program that watches over one, needs no more of it.
 *
 * @module
 */

import type { Lazy } from "../broker/core/lazily.ts";
import { RequestIds } from "../broker/core/request_notes.ts";
import { traceOf } from "../broker/core/trace_of.ts";
import { healthAnswer, type HealthDeps } from "../routes/health_answer.ts";
import { jsonHeaders } from "../routes/http/json_headers.ts";
import { notLoaded } from "../routes/http/not_loaded.ts";

/** What answers, once it is loaded. */
export interface App {
  handle(request: Request, info: Deno.ServeHandlerInfo): Response | Promise<Response>;
}

/** Of what the front is made. */
export interface FrontDeps extends HealthDeps {
  /** Hears of each request's method and route. */
  nameRequest?: ((method: string, route: () => string) => void) | undefined;
  /** Whether people reach the program by https. */
  secure: boolean;
  app: Lazy<App>;
}

/** Answers requests from the first on. */
export function createFront(
  { app, secure, nameRequest, ...health }: FrontDeps,
): App["handle"] {
  const { world } = health;
  // Of what the app does not answer; its own requests have others.
  const ids = new RequestIds();
  let probe: Promise<Response> | undefined;
  /** Whoever asks meanwhile hears the same: it is one question to the store, however many ask. */
  const ask = async () => {
    const { status, body } = await healthAnswer(health);
    return Response.json(body, { status, headers: jsonHeaders(secure) });
  };
  const first = async (request: Request, info: Deno.ServeHandlerInfo) => {
    let loaded;
    try {
      loaded = await app();
    } catch (error) {
      const id = ids.of(ids.next());
      world.log({ level: "error", event: "app_not_loaded", request_id: id, ...traceOf(error) });
      return notLoaded(secure, id);
    }
    return await loaded.handle(request, info);
  };
  const shared = async () => {
    nameRequest?.("GET", () => HEALTH);
    const asked = probe ??= ask().finally(() => probe = undefined);
    return (await asked).clone();
  };
  return (request, info) => {
    if (app.made !== undefined) return app.made.handle(request, info);
    return isHealth(request) ? shared() : first(request, info);
  };
}

const HEALTH = "/health";

/** With anything more, such as a query, it is the app's to answer. */
function isHealth({ method, url }: Request): boolean {
  return method === "GET" && url.endsWith(HEALTH) && new URL(url).pathname === HEALTH;
}
