/**
 * `POST /mcp` and its other spellings: authentication, limits, CORS. What is
 * said inside is the gateway's business.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import type { ApiKey } from "../broker/api_key.ts";
import { subjectOf } from "../broker/subject.ts";
import { isShallow, readText, requireJson } from "./body.ts";
import { requireApiKey } from "./caller.ts";
import type { AppDeps, McpCaller } from "./deps.ts";
import { refuse } from "./errors.ts";

/** Bytes. */
const MCP_LIMIT = 1024 * 1024;
/** `/mcp/sse` and `/sse` are what voice apps of the first hour call. */
const PATHS = ["/mcp", "/mcp/", "/mcp/:service", "/sse"];

/** The routes. */
export function mcpRoutes({ broker, mcp }: AppDeps): Hono {
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
      const key = requireApiKey(c, broker);
      const caller = callerOf(c, key);
      requireJson(c.req.raw);
      const service: string | undefined = c.req.param("service");
      if (service !== undefined && service !== "sse") {
        narrow(caller, broker.resolve(service).services);
      }
      const text = await readText(c.req.raw, MCP_LIMIT);
      const body = parse(text);
      if (body === undefined) return c.json(parseError, 400);
      if (!isShallow(body)) return c.json(tooDeep, 400);
      return await mcp(c.req.raw, body, caller);
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

function callerOf(c: Context, { realm, services }: ApiKey): McpCaller {
  const userId = c.req.header("X-User-Id");
  if (userId === undefined) {
    return refuse({
      code: "invalid_request",
      detail: "The X-User-Id header is missing: it says which of your users the call is for.",
    });
  }
  return {
    subject: subjectOf(realm, userId),
    filter: services === undefined ? {} : { services },
  };
}

function narrow(caller: McpCaller, services: { name: string }[]): void {
  const { services: allowed } = caller.filter;
  const names = services.map(({ name }) => name);
  caller.filter.services = allowed === undefined
    ? names
    : names.filter((name) => allowed.includes(name));
}
