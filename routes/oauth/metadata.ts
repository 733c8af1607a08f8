/**
 * Discovery for MCP clients: protected resource metadata (RFC 9728) and
 * authorization server metadata (RFC 8414).
 *
 * @module
 */

import { Hono } from "hono";
import { cors } from "hono/cors";
import type { Gateway } from "../../gateway/gateway.ts";
import type { AppDeps } from "../http/deps.ts";

const PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";
const AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
const MAX_AGE = 300;

/** The routes. */
export function wellKnownRoutes(deps: AppDeps): Hono {
  const { publicUrl, gateway } = deps;
  const app = new Hono();
  app.use("/.well-known/*", cors({ origin: "*", allowMethods: ["GET"] }));

  app.get(AUTHORIZATION_SERVER, (c) => {
    c.header("Cache-Control", `public, max-age=${MAX_AGE}`);
    return c.json(serverMetadata(publicUrl, gateway));
  });

  for (const path of [PROTECTED_RESOURCE, `${PROTECTED_RESOURCE}/*`]) {
    app.get(path, (c) => {
      const resource = c.req.path.slice(PROTECTED_RESOURCE.length).replace(/\/+$/, "");
      if (resource !== "" && !gateway.resources.isPath(resource)) return c.notFound();
      c.header("Cache-Control", `public, max-age=${MAX_AGE}`);
      return c.json({
        resource: gateway.resources.of(resource === "" ? "/mcp" : resource),
        authorization_servers: [publicUrl],
        scopes_supported: gateway.scopes(),
        bearer_methods_supported: ["header"],
        resource_name: "Switchboard",
      });
    });
  }
  return app;
}

function serverMetadata(publicUrl: string, { scopes }: Gateway) {
  return {
    issuer: publicUrl,
    authorization_endpoint: `${publicUrl}/oauth/authorize`,
    token_endpoint: `${publicUrl}/oauth/token`,
    registration_endpoint: `${publicUrl}/oauth/register`,
    revocation_endpoint: `${publicUrl}/oauth/revoke`,
    scopes_supported: scopes(),
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none", "client_secret_basic", "client_secret_post"],
    revocation_endpoint_auth_methods_supported: [
      "none",
      "client_secret_basic",
      "client_secret_post",
    ],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  };
}
