/**
 * What of all tools a caller is let through to, and which upstream may hear of it.
 *
 * @module
 */

import { allowsTool } from "../broker/core/gateway_scopes.ts";
import { ownsTool } from "../broker/core/upstream.ts";
import type { ToolWords } from "../providers/provider.ts";
import type { UpstreamTool } from "./upstream/list.ts";
import type { Upstream } from "./upstream/upstream.ts";

/** What a caller narrows the list to; all where absent. */
export interface ToolFilter {
  services?: string[] | undefined;
  tools?: string[] | undefined;
  readOnly?: boolean | undefined;
  /** Of a gateway token; see `broker/core/gateway_scopes.ts`. */
  scopes?: string[] | undefined;
  /** Lists say what our own tools' answers look like, too. */
  outputSchemas?: boolean | undefined;
  /** Whether tools are looked up or listed; absent: as many as there are decide. */
  mode?: "search" | "list" | undefined;
}

/** What a filter decides by. */
export interface Needs {
  name: string;
  aliases: string[];
  service: string;
  readOnly: boolean;
}

/** What a tool of our own needs. */
export function needsOf({ name, aliases, service, hints: { readOnly } }: ToolWords): Needs {
  return { name, aliases, service, readOnly };
}

/** The same of an upstream's. */
export function upstreamNeeds({ spec }: Upstream, { listed, readOnly }: UpstreamTool): Needs {
  return { name: listed.name, aliases: [], service: spec.name, readOnly };
}

/** Whether a filter lets a tool through. */
export function passes(needs: Needs, { services, tools, readOnly, scopes }: ToolFilter): boolean {
  return (scopes === undefined || allowsTool(scopes, needs)) &&
    (services === undefined || services.includes(needs.service)) &&
    (tools === undefined || [needs.name, ...needs.aliases].some((name) => tools.includes(name))) &&
    (readOnly !== true || needs.readOnly);
}

/**
 * Whether an upstream may hear of a caller: whether the filter can let some
 * tool of it through, or the named one, whatever the upstream lists.
 */
export function mayHear(
  { spec }: Upstream,
  { services, tools, scopes }: ToolFilter,
  tool?: string,
): boolean {
  return (scopes === undefined || allowsTool(scopes, { service: spec.name, readOnly: true })) &&
    (services === undefined || services.includes(spec.name)) &&
    (tools === undefined ||
      tools.some((name) =>
        tool === undefined ? spec.prefix === "" || ownsTool(spec, name) : name === tool
      ));
}
