/**
 * The MCP endpoint behind HTTP: chooses the protocol era. The SDKs are loaded
 * with the first request, not at start.
 *
 * @module
 */

import type { CallDeps, Caller } from "./call.ts";

/** What the endpoint is made of. */
export interface McpDeps extends CallDeps {
  serverInfo: { name: string; version: string; title: string };
  instructions: string;
}

/** Answers a POST whose body was read and parsed. */
export type McpHandler = (request: Request, body: unknown, caller: Caller) => Promise<Response>;

/** One endpoint for both eras. */
export function createMcpEndpoint(deps: McpDeps): McpHandler {
  return async (request, body, caller) => {
    const { isLegacyRequest, serve2026 } = await import("./era_2026.ts");
    if (!await isLegacyRequest(request, body)) return await serve2026(deps, request, body, caller);
    const { serve2025 } = await import("./era_2025.ts");
    return await serve2025(deps, request, body, caller);
  };
}
