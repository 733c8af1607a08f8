/**
 * What an MCP client is told that may not go on: where to sign in, for what,
 * and, at the addresses of HTTP+SSE, where MCP is.
 *
 * @module
 */

import type { Context } from "hono";
import { withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import type { Reach } from "../../broker/core/gateway_scopes.ts";
import { ProofError, repeatable } from "../../gateway/gateway.ts";
import { dpopChallenge } from "./bound_tokens.ts";
import { withHint } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { errorJson, wireOf, wireOfReason } from "../http/errors.ts";
import { notesOf } from "../http/asked.ts";

const UNKNOWN_KEY = "This API key is unknown. Sign in, or send an API key.";

/** Where nobody is known, an MCP client is told where to sign in (RFC 9728 §5.1). */
export async function sayMcpError(c: Context, deps: AppDeps, error: unknown): Promise<Response> {
  const { world, gateway, publicUrl } = deps;
  const request = notesOf(c);
  if (error instanceof ProofError) {
    c.header("DPoP-Nonce", await gateway.proofNonce());
    c.header("WWW-Authenticate", dpopChallenge(error.error));
    const description = `This DPoP proof is not taken: ${error.reason}.`;
    request.error = error.error;
    const body = { error: error.error, error_description: description, request_id: request.id };
    return c.json(body, 401);
  }
  const said = wireOf(error, world, request);
  // An MCP client that comes with a token of somewhere else knows of no API key.
  const description = said.error === "invalid_client" ? UNKNOWN_KEY : said.description;
  const wire = withHint({ ...said, description }, hintFor(c, publicUrl));
  if (wire.status !== 401) return errorJson(c, wire);
  const scopes = gateway.scopes(reachHere(c, gateway));
  if (wire.error !== "invalid_token") {
    return errorJson(c, wire, challengeOf(c, gateway, "", scopes));
  }
  const challenge = challengeOf(c, gateway, 'error="invalid_token", ', scopes);
  // Bearer's first: many clients read that one alone.
  return errorJson(c, wire, `${challenge}, ${dpopChallenge("invalid_token")}`);
}

/**
 * Clients choose HTTP+SSE by an address that ends in `/sse` (MCP Inspector,
 * November 2026). It is deprecated since 2025-03-26, and not served.
 */
function hintFor(c: Context, publicUrl: string): string | undefined {
  return c.req.path.replace(/\/$/, "").endsWith("/sse")
    ? `HTTP+SSE is not served: use Streamable HTTP, at ${publicUrl}/mcp`
    : undefined;
}

/** What this address can be used for; a query that nobody answers narrows nothing. */
function reachHere(c: Context, gateway: AppDeps["gateway"]): Reach {
  const { path } = c.req;
  return gateway.reach(path, repeatable(searchOf(c))) ?? gateway.reach(path, "")!;
}

function searchOf(c: Context): string {
  return new URL(c.req.url).search;
}

/** Step-up: what the call needs, with what the caller has (MCP authorization, scope challenges). */
export function insufficient(
  c: Context,
  { gateway }: AppDeps,
  scopes: string[] | undefined,
  scope: string,
): Response {
  const wire = wireOfReason({ code: "insufficient_gateway_scope", scope });
  notesOf(c).error = wire.error;
  const usable = gateway.scopes(reachHere(c, gateway));
  const held = (scopes ?? []).filter((other) =>
    other !== `${scope}:read` && other !== scope && usable.includes(other)
  );
  const wanted = [...held, scope];
  return errorJson(c, wire, challengeOf(c, gateway, 'error="insufficient_scope", ', wanted));
}

function challengeOf(
  c: Context,
  { resources }: AppDeps["gateway"],
  error: string,
  scopes: string[],
): string {
  const path = withoutTrailingSlashes(c.req.path);
  // What is no service here has no metadata: whoever means the gateway finds it at its own address.
  const metadata = resources.isPath(path)
    ? resources.metadataUrl(path, searchOf(c))
    : resources.metadataUrl("/mcp");
  const scope = scopes.length === 0 ? "" : `, scope="${scopes.join(" ")}"`;
  return `Bearer ${error}resource_metadata="${metadata}"${scope}`;
}
