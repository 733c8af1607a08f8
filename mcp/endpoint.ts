/**
 * The MCP endpoint behind HTTP: chooses the protocol era. The SDKs are loaded
 * with the first request, not at start.
 *
 * @module
 */

import { allowsTool, scopeOfTool } from "../broker/core/gateway_scopes.ts";
import type { Caller, McpDeps } from "./call.ts";
import { needsOfEntry } from "./catalogue.ts";

/** Answers a POST whose body was read and parsed. */
export type McpHandler = (request: Request, body: unknown, caller: Caller) => Promise<Response>;

/** One endpoint for both eras. */
export function createMcpEndpoint(deps: McpDeps): McpHandler {
  const load = async () => {
    const [modern, { serve2025 }] = await Promise.all([
      import("./eras/era_2026.ts"),
      import("./eras/era_2025.ts"),
    ]);
    const serve2026 = modern.create2026(deps);
    return { isLegacyRequest: modern.isLegacyRequest, serve2025, serve2026 };
  };
  let eras: ReturnType<typeof load> | undefined;
  return async (request, body, caller) => {
    const { isLegacyRequest, serve2025, serve2026 } = await (eras ??= load());
    return await isLegacyRequest(request, body)
      ? await serve2025(deps, request, body, caller)
      : await serve2026(request, body, caller);
  };
}

/** The gateway scope that a body's calls need beyond what their caller has; for step-up. */
export async function missingScope(
  { catalogue }: Pick<McpDeps, "catalogue">,
  body: unknown,
  { filter, subject }: Pick<Caller, "filter" | "subject">,
): Promise<string | undefined> {
  const { scopes, ...others } = filter;
  if (scopes === undefined) return undefined;
  for (const message of Array.isArray(body) ? body : [body]) {
    if (message?.method !== "tools/call" || typeof message.params?.name !== "string") continue;
    const entry = await catalogue.find(message.params.name, others, subject);
    if (entry === undefined) continue;
    const needs = needsOfEntry(entry);
    if (!allowsTool(scopes, needs)) return scopeOfTool(needs);
  }
  return undefined;
}
