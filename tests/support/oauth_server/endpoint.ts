/**
 * The MCP endpoint of the double: what it says depends on who asks.
 *
 * @module
 */

import type { Heard, OAuthBehaviour } from "./behaviour.ts";
import type { Grant } from "./grants.ts";

/** What the endpoint needs of the rest. */
export interface Endpoint {
  behaviour: OAuthBehaviour;
  url: string;
  resourceMetadata: string;
  whose(token: string): Grant | undefined;
  /** Session → whose. */
  sessions: Map<string, string>;
}

export function answerMcp(heard: Heard, endpoint: Endpoint): Response {
  const { behaviour, sessions } = endpoint;
  if (heard.method === "GET") return new Response(null, { status: 405 });
  const { id, method = "", params } = heard.body ?? {};
  const [, token = ""] = /^Bearer (.+)$/.exec(heard.headers.get("Authorization") ?? "") ?? [];
  const grant = endpoint.whose(token);
  if (grant === undefined ? mustAsk(behaviour, method) : !isHere(grant, endpoint)) {
    return challenge(endpoint, 401, token === "" ? {} : { error: "invalid_token" });
  }
  const sub = grant?.sub ?? "nobody";
  const needed = method === "tools/call" ? behaviour.needs?.[params?.name] : undefined;
  if (needed !== undefined && !grant?.scopes.includes(needed)) {
    return challenge(endpoint, 403, { error: "insufficient_scope", scope: needed });
  }
  const session = heard.headers.get("Mcp-Session-Id");
  if (behaviour.sessions && method !== "initialize") {
    const owner = sessions.get(session ?? "");
    if (owner !== sub) return new Response(null, { status: owner === undefined ? 404 : 403 });
  }
  if (heard.method === "DELETE") {
    return new Response(null, { status: sessions.delete(session ?? "") ? 204 : 405 });
  }
  if (id === undefined) return new Response(null, { status: 202 });
  const headers = new Headers();
  if (behaviour.sessions && method === "initialize") {
    const opened = crypto.randomUUID();
    sessions.set(opened, sub);
    headers.set("Mcp-Session-Id", opened);
  }
  return Response.json({ jsonrpc: "2.0", id, ...replyTo(method, params, sub, behaviour) }, {
    headers,
  });
}

const ORDER = ["initialize", "tools/list", "tools/call"];

function mustAsk({ asksAt = "always" }: OAuthBehaviour, method: string): boolean {
  if (asksAt === "always") return true;
  return asksAt !== "never" && ORDER.indexOf(method) >= ORDER.indexOf(asksAt);
}

/** Whether a token is for this resource, where that matters here. */
function isHere({ resource }: Grant, { behaviour, url }: Endpoint): boolean {
  const matters = behaviour.resource === "required" || behaviour.resource === "strict";
  const origin = new URL(url).origin;
  return !matters || [url, `${url}/`, origin, `${origin}/`].includes(resource ?? "");
}

function challenge(
  { behaviour, resourceMetadata }: Endpoint,
  status: number,
  more: Record<string, string>,
): Response {
  const { challengeScope: scope, challenge } = behaviour;
  const all = { ...more, resource_metadata: resourceMetadata, ...(scope && { scope }), ...more };
  const usual = Object.entries(all).map(([name, value]) => `${name}="${value}"`).join(", ");
  const headers = new Headers();
  if (challenge !== null) headers.set("WWW-Authenticate", challenge ?? `Bearer ${usual}`);
  return Response.json({ error: more.error ?? "unauthorized" }, { status, headers });
}

function replyTo(
  method: string,
  // deno-lint-ignore no-explicit-any -- whatever a client sends
  params: any,
  sub: string,
  { tools, call }: OAuthBehaviour,
): Record<string, unknown> {
  switch (method) {
    case "initialize":
      return {
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: "notes", version: "1" },
        },
      };
    case "tools/list":
      return { result: { tools: tools?.(sub) ?? [tool("whoami"), tool(`notes_of_${sub}`)] } };
    case "tools/call": {
      const text = `called ${params.name} as ${sub}`;
      return { result: call?.(sub, params) ?? { content: [{ type: "text", text }] } };
    }
    case "ping":
      return { result: {} };
    default:
      return { error: { code: -32601, message: "Method not found" } };
  }
}

function tool(name: string) {
  return {
    name,
    description: "Says who asks.",
    inputSchema: { type: "object", properties: {} },
    annotations: { readOnlyHint: true },
  };
}
