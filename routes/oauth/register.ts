/**
 * `/oauth/register`: dynamic client registration (RFC 7591).
 *
 * @module
 */

import type { Context } from "hono";
import { cors } from "hono/cors";
import type { ClientKeys } from "../../broker/core/client.ts";
import { reasonOf, Refusal } from "../../broker/core/refusal.ts";
import type { World } from "../../broker/core/world.ts";
import { type Area, post } from "../http/area.ts";
import { readJson } from "../http/body.ts";
import { addressOf } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { countAddress, LIMIT_HEADERS } from "../http/limited.ts";
import { errorJson, wireOf } from "../http/errors.ts";
import { notesOf } from "../http/asked.ts";

/** Where clients register themselves. */
export function registerArea(deps: AppDeps): Area {
  const { world, gateway } = deps;
  return {
    sayError: (c, error) => sayRegistrationError(c, world, error),
    count: (c) => countAddress(c, deps),
    anyOrigin: true,
    // Clients in browsers; nothing here reads a cookie.
    cors: cors({ origin: "*", allowMethods: ["POST"], exposeHeaders: LIMIT_HEADERS }),
    routes: [
      post("/oauth/register", async (c) => {
        const client = await gateway.register(await readJson(c.req.raw, world), addressOf(c));
        return c.json({
          client_id: client.id,
          client_id_issued_at: Math.floor(world.now() / 1000),
          client_name: client.name,
          redirect_uris: client.redirectUris,
          grant_types: ["authorization_code", "refresh_token"],
          response_types: ["code"],
          ...authenticationOf(client.keys),
          dpop_bound_access_tokens: client.boundOnly,
        }, 201);
      }),
    ],
  };
}

/** What it is told of how it proves who it is: what is not done here is replaced (RFC 7591 §3.2.1). */
function authenticationOf(keys: ClientKeys | undefined) {
  return keys === undefined ? { token_endpoint_auth_method: "none" } : {
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: keys.algorithm,
    jwks: { keys: keys.list },
  };
}

const CODES = { redirect_uris: "invalid_redirect_uri", metadata: "invalid_client_metadata" };

/** RFC 7591 §3.2.2 has codes of its own for what a client says of itself. */
function sayRegistrationError(c: Context, world: World, error: unknown): Response {
  const request = notesOf(c);
  if (reasonOf(error)?.code === "too_large") {
    const wire = wireOf(error, world, request);
    return errorJson(c, { ...wire, status: 400, error: CODES.metadata });
  }
  if (!(error instanceof Refusal) || error.reason.code !== "client_document") {
    return errorJson(c, wireOf(error, world, request));
  }
  const { about, detail } = error.reason;
  const description = `The client's metadata is faulty: ${detail}.`;
  request.error = error.reason.code;
  const body = { error: CODES[about], error_description: description, request_id: request.id };
  return c.json(body, 400);
}
