/**
 * What backends call with their API key.
 *
 * @module
 */

import { type Area, sayJson } from "../http/area.ts";
import { type Asked, notesOf } from "../http/asked.ts";
import type { AppDeps } from "../http/deps.ts";
import { limitHeaders } from "../http/limited.ts";
import { serverTiming } from "../http/server_timing.ts";
import { auditRoutes } from "./audit.ts";
import { connectionRoutes } from "./connections.ts";
import { importRoutes } from "./connections_import.ts";
import { eventRoutes } from "./events.ts";
import { keyRoutes } from "./keys.ts";
import { linkRoutes } from "./links.ts";
import { providerEventRoutes } from "./provider_events.ts";
import { proxyRoutes } from "./proxy.ts";
import { serviceRoutes } from "./services.ts";
import { sessionRoutes } from "./sessions.ts";
import { tokenRoutes } from "./token.ts";
import { userRoutes } from "./users.ts";

/** The REST part. */
export function apiArea(deps: AppDeps): Area {
  return {
    sayError: sayJson(deps.world),
    timing: (c) => timingOf(c, deps.since),
    limitHeaders: (c) => limitHeaders(c.env, deps.gateway.limits),
    routes: [
      ...tokenRoutes(deps),
      ...linkRoutes(deps),
      // Before those whose paths are patterns.
      ...importRoutes(deps),
      ...connectionRoutes(deps),
      ...keyRoutes(deps),
      ...eventRoutes(deps),
      ...serviceRoutes(deps),
      ...sessionRoutes(deps),
      ...userRoutes(deps),
      ...auditRoutes(deps),
      ...providerEventRoutes(deps),
      ...proxyRoutes(deps),
    ],
  };
}

/**
 * Not of a `DELETE`: whether somebody was asked to revoke something, and how long that took, could
 * tell an app of a connection that it may not know of.
 */
function timingOf(c: Asked, since: AppDeps["since"]): string | undefined {
  const request = notesOf(c);
  return c.req.method === "DELETE" ? undefined : serverTiming(request, since(request));
}
