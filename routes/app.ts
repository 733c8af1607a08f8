/**
 * The HTTP edge: one Hono app over the broker and the gateway.
 *
 * @module
 */

import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { authorizeRoutes } from "./oauth/authorize.ts";
import { connectRoutes } from "./people/connect.ts";
import { connectionRoutes } from "./api/connections.ts";
import { toWire } from "../broker/core/refusal.ts";
import type { AppDeps } from "./http/deps.ts";
import { errorJson, refuse, wireOf } from "./http/errors.ts";
import { requireKnownHost } from "./http/hosts.ts";
import { dashboardRoutes } from "./people/dashboard.ts";
import { linkRoutes } from "./api/links.ts";
import { mcpRoutes } from "./mcp.ts";
import { oauthRoutes } from "./oauth/token.ts";
import { STYLE_HASH } from "./http/page/style.ts";
import { proxyRoutes } from "./api/proxy.ts";
import { signInRoutes } from "./people/sign_in.ts";
import { tokenRoutes } from "./api/token.ts";
import { wellKnownRoutes } from "./oauth/metadata.ts";

/** What people see: errors there are pages. */
const PAGES = /^\/($|auth\/|callback\/|sign-in|sign-out|dashboard\/|oauth\/authorize$)/;

const ROUTES = [
  mcpRoutes,
  tokenRoutes,
  linkRoutes,
  connectionRoutes,
  connectRoutes,
  signInRoutes,
  dashboardRoutes,
  authorizeRoutes,
  oauthRoutes,
  wellKnownRoutes,
  proxyRoutes,
];

/** What other methods at these addresses are told. */
const METHODS: [path: string, allow: string][] = [
  ["/links", "POST"],
  ["/links/claim", "POST"],
  ["/token/:service", "POST"],
  ["/connections", "GET"],
  ["/connections/:service", "DELETE"],
  ["/connections/:service/default", "POST"],
  ["/auth/:service", "GET, POST"],
  ["/callback/:provider", "GET"],
  ["/health", "GET"],
  ["/", "GET"],
  ["/sign-in", "GET"],
  ["/sign-in/:provider", "POST"],
  ["/sign-out", "POST"],
  ["/oauth/authorize", "GET, POST"],
  ["/oauth/token", "POST"],
  ["/oauth/register", "POST"],
  ["/oauth/revoke", "POST"],
];

/** Builds the app. */
export function createApp(deps: AppDeps): Hono {
  const { world, publicUrl, version, checkHealth } = deps;
  const app = new Hono();

  app.onError(async (error, c) => {
    const wire = wireOf(error, world);
    if (!PAGES.test(c.req.path)) return errorJson(c, wire);
    const { refusedPage } = await import("./http/page/refused.tsx");
    c.header("Cache-Control", "no-store");
    return c.html(refusedPage(wire.description), wire.status);
  });
  app.notFound((c) => errorJson(c, toWire({ code: "not_found" })));

  app.get("/health", async (c) => {
    c.header("Cache-Control", "no-store");
    try {
      await checkHealth();
      return c.json({ status: "ok", version });
    } catch {
      world.log({ level: "error", event: "store_unavailable" });
      return c.json({ status: "store_unavailable", version }, 503);
    }
  });

  app.use(secureHeaders({
    // No form-action: browsers apply it to the provider's own redirects too.
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: [`'${STYLE_HASH}'`],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // Not no-referrer: with it browsers send `Origin: null` with our own forms.
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    ...(deps.secure ? {} : { strictTransportSecurity: false }),
  }));
  app.use((c, next) => {
    requireKnownHost(c.req.raw, publicUrl, deps.allowedHosts);
    return next();
  });
  for (const routes of ROUTES) {
    app.route("/", routes(deps));
  }
  for (const [path, allow] of METHODS) {
    app.all(path, () => refuse({ code: "method_not_allowed", allow }));
  }
  return app;
}
