/**
 * The MCP endpoint behind HTTP: looks up what is called, and leaves the answer
 * to the era that the request speaks. The SDKs are loaded with the first
 * request, not at start.
 *
 * @module
 */

import { allowsTool, scopeOfTool } from "../broker/core/gateway_scopes.ts";
import type { Caller } from "./call.ts";
import { type AnyEntry, needsOfEntry } from "./catalogue.ts";
import { defineServer, type McpDeps } from "./definition.ts";

/** How a request was answered, or why it was not. */
export type McpAnswer =
  | Response
  /** The gateway scope that a call needs beyond what its caller has; for step-up. */
  | { missingScope: string };

/** Answers a POST whose body was read and parsed. */
export type McpEndpoint = (request: Request, body: unknown, caller: Caller) => Promise<McpAnswer>;

/** The endpoint; it serves every era. */
export function createMcpEndpoint(deps: McpDeps): McpEndpoint {
  const { catalogue, world } = deps;
  const load = async () => (await import("./eras/eras.ts")).createEras(defineServer(deps), world);
  let loading: ReturnType<typeof load> | undefined;
  return async (request, body, caller) => {
    const called = await findCalled(deps, body, caller);
    const missingScope = missingScopeOf(called, caller);
    if (missingScope !== undefined) return { missingScope };
    const visit = {
      caller,
      find: async (name: string) =>
        called.has(name) ? called.get(name) : await catalogue.find(name, caller),
    };
    for (const era of await (loading ??= load())) {
      if (await era.accepts(request, body)) return await era.serve(request, body, visit);
    }
    throw new TypeError("Cannot answer: no era takes the request");
  };
}

/** What a body's calls mean, whatever the caller's gateway scopes. */
async function findCalled(
  { catalogue }: Pick<McpDeps, "catalogue">,
  body: unknown,
  { subject, actor, filter: { scopes: _scopes, ...filter } }: Caller,
): Promise<Map<string, AnyEntry | undefined>> {
  const called = new Map<string, AnyEntry | undefined>();
  for (const message of Array.isArray(body) ? body : [body]) {
    const name: unknown = message?.method === "tools/call" ? message.params?.name : undefined;
    if (typeof name !== "string" || called.has(name)) continue;
    called.set(name, await catalogue.find(name, { subject, actor, filter }));
  }
  return called;
}

function missingScopeOf(
  called: Map<string, AnyEntry | undefined>,
  { filter: { scopes } }: Caller,
): string | undefined {
  if (scopes === undefined) return undefined;
  for (const entry of called.values()) {
    if (entry === undefined) continue;
    const needs = needsOfEntry(entry);
    if (!allowsTool(scopes, needs)) return scopeOfTool(needs);
  }
  return undefined;
}
