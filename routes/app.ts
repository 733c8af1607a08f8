/**
 * The HTTP edge: answers by itself what programs ask all the time, and has the
 * router for the rest, which is loaded with the first request that needs it.
 *
 * @module
 */

import { lazily } from "../broker/core/lazily.ts";
import { traceOf } from "../broker/core/trace_of.ts";
import { quickToken } from "./api/token.ts";
import type { AppDeps } from "./http/deps.ts";
import { notLoaded } from "./http/not_loaded.ts";
import { type Edge, type Fetch, quickly } from "./http/quick.ts";
import { quickMcp } from "./mcp/answer.ts";

/** Builds the app. */
export function createApp(deps: AppDeps): { fetch: Edge } {
  const { world, publicUrl, allowedHosts, allowedOrigins, secure, nameRequest, requestEnded } =
    deps;
  const { since } = deps;
  const hosts = { publicUrl, allowedHosts, allowedOrigins };
  const router = lazily(async () => (await import("./router.ts")).createRouter(deps));
  const first: Fetch = async (request, env) => {
    let route;
    try {
      route = await router();
    } catch (error) {
      const { id } = env.request;
      env.request.error = "server_error";
      world.log({
        ...{ level: "error", event: "router_not_loaded", request_id: id },
        ...traceOf(error),
      });
      return notLoaded(secure, id);
    }
    return await route(request, env);
  };
  const route: Fetch = (request, env) =>
    deps.begin(env.caller, env.request, () => (router.made ?? first)(request, env));
  const quick = [quickToken(deps), ...quickMcp(deps)];
  return { fetch: quickly(route, { quick, hosts, secure, since, nameRequest, requestEnded }) };
}
