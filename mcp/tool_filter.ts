/**
 * What of all tools a caller is let through to, and which upstream may hear of it.
 *
 * @module
 */

import { allowsTool } from "../broker/core/gateway_scopes.ts";
import {
  permits,
  permitsName,
  permitsPrefix,
  type ToolPolicy,
} from "../broker/core/tool_policy.ts";
import { ownsTool, prefixesOf } from "../broker/core/upstream.ts";
import type { ToolWords } from "../providers/provider.ts";
import type { UpstreamTool } from "./upstream/list.ts";
import type { Upstream } from "./upstream/upstream.ts";

/** What a caller narrows the list to; all where absent. */
export interface ToolFilter {
  services?: string[] | undefined;
  tools?: string[] | undefined;
  readOnly?: boolean | undefined;
  /** Of an API key, whatever its requests ask for. */
  policy?: ToolPolicy | undefined;
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

function permitsTool(policy: ToolPolicy, { name, aliases, readOnly }: Needs): boolean {
  return permits(policy, { names: [name, ...aliases], readOnly });
}

/** Whether there can be a tool of an upstream that a policy lets through. */
function permitsSome(policy: ToolPolicy, spec: Upstream["spec"]): boolean {
  return spec.prefix === "" || prefixesOf(spec).some((prefix) => permitsPrefix(policy, prefix));
}

/** Whether a filter lets a tool through. */
export function passes(needs: Needs, filter: ToolFilter): boolean {
  const { services, tools, readOnly, scopes, policy } = filter;
  return (policy === undefined || permitsTool(policy, needs)) &&
    (scopes === undefined || allowsTool(scopes, needs)) &&
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
  { services, tools, scopes, policy }: ToolFilter,
  tool?: string,
): boolean {
  return (policy === undefined ||
    (tool === undefined ? permitsSome(policy, spec) : permitsName(policy, tool))) &&
    (scopes === undefined || allowsTool(scopes, { service: spec.name, readOnly: true })) &&
    (services === undefined || services.includes(spec.name)) &&
    (tools === undefined ||
      tools.some((name) =>
        tool === undefined ? spec.prefix === "" || ownsTool(spec, name) : name === tool
      ));
}
