/**
 * Discovery for MCP clients: protected resource metadata (RFC 9728) and
 * authorization server metadata (RFC 8414). And, for authorization servers of
 * upstreams, what this program says of itself as their client.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import type { Context } from "hono";
import { cors } from "hono/cors";
import {
  ASSERTION_ALGORITHMS,
  DPOP_ALGORITHMS,
  type Gateway,
  PROTECTED_RESOURCE,
  repeatable,
} from "../../gateway/gateway.ts";
import { type Area, get, pathPart, sayJson } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuseHttp } from "../http/errors.ts";
import { countAddress } from "../http/limited.ts";

const AUTHORIZATION_SERVER = "/.well-known/oauth-authorization-server";
/** This program as a client of others: a client id metadata document. */
const CLIENT_DOCUMENT = "/oauth/client/:name";
const MAX_AGE_SECONDS = 300;
/** At the token endpoint, and for revocation. */
const AUTH_METHODS = ["none", "private_key_jwt", "client_secret_basic", "client_secret_post"];

/** Where clients find out how to sign in. */
export function metadataArea(deps: AppDeps): Area {
  const { world, publicUrl, gateway, clientDocuments } = deps;
  const cached = (c: Context, json: Record<string, unknown>) => {
    c.header("Cache-Control", `public, max-age=${MAX_AGE_SECONDS}`);
    return c.json(json);
  };
  const resource = (c: Context) => {
    const path = withoutTrailingSlashes(c.req.path.slice(PROTECTED_RESOURCE.length));
    if (path !== "" && !gateway.resources.isPath(path)) refuseHttp({ code: "not_found" });
    const called = path === "" ? "/mcp" : path;
    // Clients compare the resource with what they called, its query included (RFC 9728 §3.3).
    const search = repeatable(new URL(c.req.url).search);
    return cached(c, {
      resource: gateway.resources.of(called) + search,
      authorization_servers: [publicUrl],
      scopes_supported: gateway.scopes(gateway.reach(called, search) ?? gateway.reach(called, "")),
      bearer_methods_supported: ["header"],
      dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
      resource_name: "Switchboard",
    });
  };
  return {
    sayError: sayJson(world),
    count: (c) => countAddress(c, deps),
    anyOrigin: true,
    cors: cors({ origin: "*", allowMethods: ["GET"] }),
    routes: [
      get(AUTHORIZATION_SERVER, (c) => cached(c, serverMetadata(publicUrl, gateway))),
      get(PROTECTED_RESOURCE, resource),
      get(`${PROTECTED_RESOURCE}/*`, resource),
      get(CLIENT_DOCUMENT, (c) => {
        const document = clientDocuments.get(pathPart(c, "name").replace(/\.json$/, ""));
        return document === undefined ? refuseHttp({ code: "not_found" }) : cached(c, document);
      }),
      // Clients in browsers look for documents that are not here, and must be able to read the 404.
      get("/.well-known/*", () => refuseHttp({ code: "not_found" })),
    ],
  };
}

function serverMetadata(publicUrl: string, { scopes, clientDocuments }: Gateway) {
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
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    revocation_endpoint_auth_methods_supported: AUTH_METHODS,
    revocation_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: clientDocuments,
  };
}
