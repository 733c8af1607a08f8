/**
 * `POST /mcp` and its other spellings: authentication, limits, CORS. What is
 * said inside is the gateway's business.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { z } from "zod";
import type { Broker } from "../broker/broker.ts";
import { isGatewayToken } from "../gateway/gateway.ts";
import { toWire } from "../broker/core/refusal.ts";
import { appActor } from "../broker/core/actor.ts";
import { subjectOf } from "../broker/core/subject.ts";
import { check, isShallow, parameters, readText, requireJson } from "./http/body.ts";
import { bearerOf, requireApiKey } from "./http/caller.ts";
import type { AppDeps, McpCaller } from "./http/deps.ts";
import { errorJson, refuse, wireOf } from "./http/errors.ts";

/** Bytes. */
const MCP_LIMIT = 1024 * 1024;
/** `/mcp/sse` and `/sse` are what voice apps of the first hour call. */
const PATHS = ["/mcp", "/mcp/", "/mcp/:service", "/sse"];

/** The routes. */
export function mcpRoutes(deps: AppDeps): Hono {
  const { broker, gateway, mcp } = deps;
  const app = new Hono();
  for (const path of PATHS) {
    app.use(
      path,
      cors({
        // The origin itself was checked before.
        origin: (origin) => origin,
        allowMethods: ["POST"],
        allowHeaders: [
          "Authorization",
          "Content-Type",
          "Idempotency-Key",
          "Last-Event-ID",
          "Mcp-Method",
          "Mcp-Name",
          "Mcp-Protocol-Version",
          "Mcp-Session-Id",
          "X-Api-Key",
          "X-User-Id",
        ],
        exposeHeaders: ["Mcp-Session-Id", "WWW-Authenticate"],
        maxAge: 600,
      }),
    );
    app.post(path, async (c) => {
      let caller: McpCaller;
      try {
        caller = await callerOf(c, deps);
      } catch (error) {
        return unauthorized(c, deps, error);
      }
      requireJson(c.req.raw);
      Object.assign(caller, preferencesOf(c));
      narrowByQuery(caller, new URL(c.req.url).searchParams, broker);
      const service: string | undefined = c.req.param("service");
      if (service !== undefined && service !== "sse") {
        const upstream = gateway.services.filter(({ name }) => name === service);
        narrow(caller, upstream.length > 0 ? upstream : broker.resolve(service).services);
      }
      const text = await readText(c.req.raw, MCP_LIMIT);
      const body = parse(text);
      if (body === undefined) return c.json(parseError, 400);
      if (!isShallow(body)) return c.json(tooDeep, 400);
      const answer = await mcp(c.req.raw, body, caller);
      if (answer instanceof Response) return answer;
      return insufficient(c, deps, caller, answer.missingScope);
    });
    app.all(path, () => refuse({ code: "method_not_allowed", allow: "POST" }));
  }
  return app;
}

const parseError = rpcError(-32700, "Parse error: the body is not valid JSON");
const tooDeep = rpcError(-32600, "Invalid request: the body is nested too deep");

function rpcError(code: number, message: string) {
  return { jsonrpc: "2.0", error: { code, message }, id: null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A backend with its API key, or a person with a gateway token. */
async function callerOf(c: Context, deps: AppDeps): Promise<McpCaller> {
  const bearer = bearerOf(c);
  if (bearer !== undefined && isGatewayToken(bearer)) return await personOf(c, deps, bearer);
  const { realm, services } = requireApiKey(c, deps.gateway);
  const userId = c.req.header("X-User-Id");
  if (userId === undefined) {
    return refuse({
      code: "invalid_request",
      detail: "The X-User-Id header is missing: it says which of your users the call is for.",
    });
  }
  return {
    subject: subjectOf(realm, userId),
    actor: appActor(realm),
    filter: services === undefined ? {} : { services },
  };
}

async function personOf(c: Context, { gateway }: AppDeps, token: string): Promise<McpCaller> {
  const access = await gateway.access(token);
  const resource = gateway.resources.of(c.req.path);
  // RFC 8707: a token for another resource is nobody's here.
  const meant = access?.audience === undefined ||
    gateway.resources.covers(access.audience, resource);
  if (access === undefined || !meant) return refuse({ code: "invalid_gateway_token" });
  const actor = { kind: "client" as const, id: access.grantId };
  return { subject: access.subject, actor, filter: { scopes: access.scopes } };
}

/** Tells an MCP client where to sign in (RFC 9728 §5.1). */
function unauthorized(c: Context, { world, gateway }: AppDeps, error: unknown): Response {
  const wire = wireOf(error, world);
  if (wire.status !== 401) return errorJson(c, wire);
  const reason = wire.error === "invalid_token" ? 'error="invalid_token", ' : "";
  return errorJson(c, wire, challengeOf(c, gateway, reason, gateway.scopes().join(" ")));
}

/** Step-up: what the call needs, with what the caller has (MCP authorization, scope challenges). */
function insufficient(
  c: Context,
  { gateway }: AppDeps,
  { filter }: McpCaller,
  scope: string,
): Response {
  const wire = toWire({ code: "insufficient_gateway_scope", scope });
  const held = (filter.scopes ?? []).filter((other) => other !== `${scope}:read`);
  const wanted = [...held, scope].join(" ");
  return errorJson(c, wire, challengeOf(c, gateway, 'error="insufficient_scope", ', wanted));
}

function challengeOf(
  c: Context,
  { resources }: AppDeps["gateway"],
  error: string,
  scope: string,
): string {
  const metadata = resources.metadataUrl(c.req.path);
  return `Bearer ${error}resource_metadata="${metadata}", scope="${scope}"`;
}

const Query = z.object({
  services: z.string().max(1000).optional(),
  tools: z.string().max(4000).optional(),
  read_only: z.enum(["true", "false"]).optional(),
  voice: z.enum(["true", "false"]).optional(),
  timeout_ms: z.string().regex(/^\d{1,5}$/, "must be a number of milliseconds").optional(),
});

/** How long a voice can be silent; LiveKit's agents give up after 5 s (November 2026). */
const VOICE_TIMEOUT_MS = 4_500;
const TIMEOUT_MS = { least: 500, most: 30_000 };

/** How the caller wants to be answered: `?voice=true`, `?timeout_ms=`, `Idempotency-Key`. */
function preferencesOf(c: Context): Pick<McpCaller, "idempotencyKey" | "timeoutMs"> {
  const { voice, timeout_ms } = check(Query, parameters(new URL(c.req.url).searchParams));
  const idempotencyKey = c.req.header("Idempotency-Key");
  if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    refuse({
      code: "invalid_request",
      detail: "Idempotency-Key must be 1 to 255 visible characters.",
    });
  }
  const wanted = timeout_ms === undefined ? undefined : Number(timeout_ms);
  const usual = voice === "true" ? VOICE_TIMEOUT_MS : undefined;
  const timeoutMs = wanted === undefined
    ? usual
    : Math.min(Math.max(wanted, TIMEOUT_MS.least), TIMEOUT_MS.most);
  return {
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

/** `?services=github,calendar&tools=…&read_only=true`; names that are unknown let nothing through. */
function narrowByQuery(caller: McpCaller, query: URLSearchParams, broker: Broker): void {
  const { services, tools, read_only } = check(Query, parameters(query));
  const listOf = (text: string) => text.split(",").map((item) => item.trim()).filter(Boolean);
  if (services !== undefined) {
    // A provider's name stands for all its services, as everywhere.
    narrow(
      caller,
      listOf(services).flatMap((name) => broker.servers.get(name)?.services ?? [{ name }]),
    );
  }
  if (tools !== undefined) caller.filter.tools = listOf(tools);
  if (read_only === "true") caller.filter.readOnly = true;
}

function narrow(caller: McpCaller, services: { name: string }[]): void {
  const { services: allowed } = caller.filter;
  const names = services.map(({ name }) => name);
  caller.filter.services = allowed === undefined
    ? names
    : names.filter((name) => allowed.includes(name));
}
