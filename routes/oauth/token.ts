/**
 * `/oauth/token`, `/oauth/register`, `/oauth/revoke`: what MCP clients call
 * themselves (OAuth 2.1 §3.2, RFC 7591, RFC 7009).
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import type { Client } from "../../broker/core/client.ts";
import { type GatewayTokenSet, GrantError } from "../../gateway/gateway.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { RegisteredClient } from "../../broker/core/grant.ts";
import { digestBytes } from "../../broker/core/secrets.ts";
import { readForm, readJson } from "../http/body.ts";
import type { AppDeps } from "../http/deps.ts";

const FORM_LIMIT = 16 * 1024;

/** The routes. */
export function oauthRoutes(deps: AppDeps): Hono {
  const { gateway } = deps;
  const app = new Hono();
  for (const path of ["/oauth/token", "/oauth/register", "/oauth/revoke"]) {
    // Clients in browsers; none of these reads a cookie.
    app.use(path, cors({ origin: "*", allowMethods: ["POST"] }));
  }

  app.post("/oauth/token", async (c) => {
    c.header("Cache-Control", "no-store");
    try {
      const form = await readForm(c.req.raw, FORM_LIMIT);
      const client = await authenticate(c, deps, form);
      // `https://host/mcp/` and `https://host/mcp` are one resource.
      const resource = form.resource?.replace(/\/+$/, "");
      switch (form.grant_type) {
        case "authorization_code":
          return c.json(wireOf(
            await gateway.exchangeCode({
              client,
              resource,
              code: form.code,
              verifier: form.code_verifier,
              redirectUri: form.redirect_uri,
            }),
          ));
        case "refresh_token":
          return c.json(
            wireOf(await gateway.refresh({ client, resource, refreshToken: form.refresh_token })),
          );
        default:
          return c.json({ error: "unsupported_grant_type" }, 400);
      }
    } catch (error) {
      return refusal(c, deps, error);
    }
  });

  app.post("/oauth/revoke", async (c) => {
    try {
      const form = await readForm(c.req.raw, FORM_LIMIT);
      const client = await authenticate(c, deps, form);
      await gateway.revoke(form.token, client.id);
      // RFC 7009 §2.2: 200 for a token that is unknown too.
      return c.body(null, 200);
    } catch (error) {
      return refusal(c, deps, error);
    }
  });

  app.post("/oauth/register", async (c) => {
    const client = await register(c, deps);
    if (client instanceof Response) return client;
    c.header("Cache-Control", "no-store");
    return c.json({
      client_id: client.id,
      client_id_issued_at: Math.floor(deps.world.now() / 1000),
      client_name: client.name,
      redirect_uris: client.redirectUris,
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    }, 201);
  });

  return app;
}

/** A registered client, or RFC 7591 §3.2.2's error. */
async function register(c: Context, { gateway }: AppDeps): Promise<RegisteredClient | Response> {
  const metadata = await readJson(c.req.raw);
  try {
    return await gateway.register(metadata, addressOf(c));
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason.code !== "client_document") throw error;
    const { detail } = error.reason;
    const uri = detail.startsWith("redirect_uris");
    const code = uri ? "invalid_redirect_uri" : "invalid_client_metadata";
    return c.json(
      { error: code, error_description: `The client's metadata is faulty: ${detail}.` },
      400,
    );
  }
}

/** Public clients say who they are; confidential ones prove it (RFC 6749 §2.3.1). */
async function authenticate(
  c: Context,
  { gateway }: AppDeps,
  form: Record<string, string>,
): Promise<Client> {
  const basic = basicCredentials(c.req.header("Authorization"));
  const id = basic?.id ?? form.client_id;
  const secret = basic?.secret ?? form.client_secret;
  const client = await gateway.client(id);
  if (client.secretSha256 === undefined) return client;
  const expected = Uint8Array.from(client.secretSha256.match(/../g)!, (hex) => parseInt(hex, 16));
  if (secret !== undefined && timingSafeEqual(digestBytes(secret), expected)) return client;
  throw new Refusal({ code: "unknown_client" });
}

function basicCredentials(header: string | undefined): { id: string; secret: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]{1,2000})$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return undefined;
  try {
    const pair = atob(encoded);
    const colon = pair.indexOf(":");
    const decode = (part: string) => decodeURIComponent(part.replaceAll("+", " "));
    return { id: decode(pair.slice(0, colon)), secret: decode(pair.slice(colon + 1)) };
  } catch {
    return undefined;
  }
}

function wireOf({ accessToken, expiresIn, refreshToken, scopes }: GatewayTokenSet) {
  return {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: expiresIn,
    refresh_token: refreshToken,
    scope: scopes.join(" "),
  };
}

/** The bare code for the caller, the reason for the log, and an id that both carry. */
function refusal(c: Context, { world }: AppDeps, error: unknown): Response {
  const unknownClient = error instanceof Refusal && error.reason.code === "unknown_client";
  if (!(error instanceof GrantError) && !unknownClient) throw error;
  const request_id = crypto.randomUUID();
  const code = error instanceof GrantError ? error.error : "invalid_client";
  const detail = error instanceof GrantError ? error.reason : "unknown client or wrong secret";
  world.log({ level: "warn", event: "grant_refused", request_id, error: code, detail });
  c.header("Cache-Control", "no-store");
  if (code === "invalid_client") c.header("WWW-Authenticate", 'Basic realm="switchboard"');
  const description = `Refused. The operator's log has the reason under ${request_id}.`;
  return c.json({ error: code, error_description: description }, unknownClient ? 401 : 400);
}

/** Whose registrations are counted. Deno hands the connection over as Hono's env. */
function addressOf(c: Context): string {
  const info = c.env as { remoteAddr?: { hostname?: string } } | undefined;
  const address = info?.remoteAddr?.hostname ?? "unknown";
  // One subscriber has a whole /64 of IPv6.
  return address.includes(":") ? address.split(":").slice(0, 4).join(":") : address;
}
