/**
 * The router: one Hono app of several areas. It is loaded with the first request
 * that needs it; what programs ask all the time does not, see `app.ts`.
 *
 * @module
 */

import { Hono } from "hono";
import { matchedRoutes } from "hono/route";
import { secureHeaders } from "hono/secure-headers";
import { apiArea } from "./api/api.ts";
import { type Area, type AreaEnv, mount, sayErrorOf, sayPage } from "./http/area.ts";
import type { AppDeps } from "./http/deps.ts";
import { refuseHttp } from "./http/errors.ts";
import { requireKnownHost, requireKnownOrigin } from "./http/hosts.ts";
import { otherOrigins } from "./http/opener.ts";
import { STRICT_TRANSPORT } from "./http/json_headers.ts";
import { SCRIPT_HASH } from "./http/page/script_hash.ts";
import { STYLE_HASH } from "./http/page/style_hash.ts";
import { notesOf, REQUEST_ID_HEADER } from "./http/asked.ts";
import type { Fetch } from "./http/quick.ts";
import { healthArea } from "./health.ts";
import { mcpArea } from "./mcp/mcp.ts";
import { authorizeArea } from "./oauth/authorize.ts";
import { metadataArea } from "./oauth/metadata.ts";
import { registerArea } from "./oauth/register.ts";
import { tokenArea } from "./oauth/token.ts";
import { descriptionArea } from "./openapi/openapi.ts";
import { callbackArea } from "./people/callback.ts";
import { peopleArea } from "./people/people.ts";
import { scriptArea } from "./people/script.ts";

const AREAS: ((deps: AppDeps) => Area)[] = [
  healthArea,
  mcpArea,
  apiArea,
  peopleArea,
  callbackArea,
  scriptArea,
  descriptionArea,
  authorizeArea,
  tokenArea,
  registerArea,
  metadataArea,
];

/** Where middleware stands that is for all routes. */
const EVERYWHERE = "/*";

/** Asked again and again, and answered the same before there is a router. */
const HEALTH = "/health";

const SANDBOX =
  "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; " +
  "sandbox";

/** Builds the router. */
export function createRouter(deps: AppDeps): Fetch {
  const { world, publicUrl, allowedHosts, allowedOrigins, secure, nameRequest } = deps;
  const hosts = { publicUrl, allowedHosts, allowedOrigins };
  const app = new Hono<AreaEnv>();
  // Whoever came to no area at all: a person to a page, a program to JSON.
  const sayError = sayErrorOf(world, sayPage(deps));
  app.onError((error, c) => sayError(c, error));

  app.use(async (c, next) => {
    const route = matchedRoutes(c).findLast(({ path }) => path !== EVERYWHERE)?.path ?? EVERYWHERE;
    notesOf(c).route = route;
    nameRequest?.(c.req.method, () => route);
    await next();
    if (c.req.path !== HEALTH) c.res.headers.set(REQUEST_ID_HEADER, notesOf(c).id);
  });
  app.use(otherOrigins);
  // What a provider answers there comes from our origin: no browser may take it for a page of ours.
  // Before those of all pages, since what stands first here has the last word.
  app.use("/proxy/*", async (c, next) => {
    await next();
    c.res.headers.set("Content-Security-Policy", SANDBOX);
  });
  app.use(secureHeaders({
    // No form-action: browsers apply it to the provider's own redirects too.
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: [`'${STYLE_HASH}'`],
      scriptSrc: [`'${SCRIPT_HASH}'`],
      // Our own mark, and logos of apps.
      imgSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // Not no-referrer: with it browsers send `Origin: null` with our own forms.
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    strictTransportSecurity: secure ? STRICT_TRANSPORT : false,
  }));
  for (const area of AREAS) mount(app, area(deps), hosts);
  app.all("*", (c) => {
    requireKnownHost(c.req.raw, hosts);
    requireKnownOrigin(c.req.raw, hosts);
    return refuseHttp({ code: "not_found" });
  });
  return (request, env) => app.fetch(request, env);
}
