/**
 * Discovery for MCP clients: protected resource metadata (RFC 9728) and
 * authorization server metadata (RFC 8414).
 *
 * @module
 */

import { Hono } from "hono";
import { cors } from "hono/cors";
import type { Gateway } from "../../gateway/gateway.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { AppDeps } from "../http/deps.ts";

const PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";
const AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
const MAX_AGE = 300;

/** The resource of an MCP path, as the person typed it: no slash at the end. */
export function resourceOf(publicUrl: string, path: string): string {
  return publicUrl + path.replace(/\/+$/, "");
}

/** Where the metadata of a resource is (RFC 9728 §3.1). */
export function resourceMetadataUrl(publicUrl: string, path: string): string {
  return publicUrl + PROTECTED_RESOURCE + path.replace(/\/+$/, "");
}

/** Whether a token for one resource may be used at another: `/mcp` stands for all below it. */
export function coversResource(publicUrl: string, audience: string, resource: string): boolean {
  return audience === resource || audience === publicUrl || audience === `${publicUrl}/mcp`;
}

/** Whether a URL is a resource of this gateway. */
export function isResource(
  deps: Pick<AppDeps, "broker" | "gateway">,
  url: string,
): boolean {
  const { gateway } = deps;
  if (url === gateway.publicUrl || url === `${gateway.publicUrl}/`) return true;
  if (!url.startsWith(`${gateway.publicUrl}/`)) return false;
  return isMcpPath(deps, url.slice(gateway.publicUrl.length));
}

function isMcpPath(
  { broker, gateway }: Pick<AppDeps, "broker" | "gateway">,
  path: string,
): boolean {
  if (["/mcp", "/mcp/", "/mcp/sse", "/sse"].includes(path)) return true;
  const [, service] = /^\/mcp\/([a-z0-9_-]{1,64})$/.exec(path) ?? [];
  if (service === undefined) return false;
  if (gateway.services.some(({ name }) => name === service)) return true;
  try {
    broker.resolve(service);
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** The routes. */
export function wellKnownRoutes(deps: AppDeps): Hono {
  const { gateway } = deps;
  const app = new Hono();
  app.use("/.well-known/*", cors({ origin: "*", allowMethods: ["GET"] }));

  app.get(AUTHORIZATION_SERVER, (c) => {
    c.header("Cache-Control", `public, max-age=${MAX_AGE}`);
    return c.json(serverMetadata(gateway));
  });

  for (const path of [PROTECTED_RESOURCE, `${PROTECTED_RESOURCE}/*`]) {
    app.get(path, (c) => {
      const resource = c.req.path.slice(PROTECTED_RESOURCE.length).replace(/\/+$/, "");
      if (resource !== "" && !isMcpPath(deps, resource)) return c.notFound();
      c.header("Cache-Control", `public, max-age=${MAX_AGE}`);
      return c.json({
        resource: resourceOf(gateway.publicUrl, resource === "" ? "/mcp" : resource),
        authorization_servers: [gateway.publicUrl],
        scopes_supported: gateway.scopes(),
        bearer_methods_supported: ["header"],
        resource_name: "Switchboard",
      });
    });
  }
  return app;
}

function serverMetadata({ publicUrl, scopes }: Gateway) {
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
