/**
 * `POST /mcp` and its other spellings: authentication, limits, CORS. What is
 * said inside is the gateway's business.
 *
 * @module
 */

import { cors } from "hono/cors";
import { reasonOf } from "../../broker/core/refusal.ts";
import { type Area, post } from "../http/area.ts";
import { type Asked, notesOf } from "../http/asked.ts";
import type { AppDeps } from "../http/deps.ts";
import { LIMIT_HEADERS, limitHeaders } from "../http/limited.ts";
import { hasWaitedOutside, serverTiming } from "../http/server_timing.ts";
import { responseOf } from "../http/ready.ts";
import { answer } from "./answer.ts";
import { callerOf } from "./callers.ts";
import { sayMcpError } from "./challenge.ts";

/** `/mcp/sse` and `/sse` are what voice apps of the first hour call. */
const PATHS = ["/mcp", "/mcp/", "/mcp/:service", "/mcp/:service/", "/sse"];

/** The MCP endpoint at all its addresses. */
export function mcpArea(deps: AppDeps): Area {
  return {
    sayError: (c, error) => sayMcpError(c, deps, error),
    desktopApps: true,
    limitHeaders: (c) => limitHeaders(c.env, deps.gateway.limits, { low: true }),
    timing(c) {
      const request = notesOf(c);
      return hasWaitedOutside(request) ? serverTiming(request, deps.since(request)) : undefined;
    },
    admit: (c) => admit(c, deps),
    cors: cors({
      // The origin itself was checked before.
      origin: (origin) => origin,
      // A client in a browser has to read the 405 that it gets for the others.
      allowMethods: ["POST", "GET", "DELETE"],
      allowHeaders: [
        "Authorization",
        "Content-Type",
        "DPoP",
        "Idempotency-Key",
        "Last-Event-ID",
        "Mcp-Method",
        "Mcp-Name",
        "Mcp-Protocol-Version",
        "Mcp-Session-Id",
        "X-Api-Key",
        "X-User-Id",
      ],
      exposeHeaders: ["DPoP-Nonce", "Mcp-Session-Id", "WWW-Authenticate", ...LIMIT_HEADERS],
      maxAge: 600,
    }),
    routes: PATHS.map((path) =>
      post(path, async (c) => {
        const said = await answer(c, deps);
        if (typeof said === "function") return said(c);
        return said instanceof Response ? said : responseOf(said);
      })
    ),
  };
}

/**
 * Clients that begin with a GET look for the challenge there (Codex, mcp-remote
 * and mcporter, November 2026): 405 is for those that are known. For whom they
 * call does not matter yet.
 */
async function admit(c: Asked, deps: AppDeps): Promise<void> {
  try {
    await callerOf(c, deps);
  } catch (error) {
    if (reasonOf(error)?.code !== "invalid_request") throw error;
  }
}
