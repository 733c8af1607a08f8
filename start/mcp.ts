/**
 * Puts together what answers MCP: loaded with the first such request.
 *
 * @module
 */

import type { ProviderStore } from "../broker/core/store.ts";
import type { Accounts } from "../broker/core/accounts.ts";
import { createFeatures } from "./upstreams.ts";
import type { McpDeps } from "../mcp/definition.ts";
import { createCatalogue } from "../mcp/catalogue.ts";
import { ProviderCrowds } from "../mcp/provider_crowds.ts";
import { createMcpEndpoint, type McpEndpoint } from "../mcp/endpoint.ts";
import { withSearch } from "../mcp/search/search_catalogue.ts";
import type { Upstream } from "../mcp/upstream/upstream.ts";
import type { Provider } from "../providers/provider.ts";

const TITLE = "Switchboard";
const NAME = "switchboard";
export const INSTRUCTIONS =
  "Tools act for one person, on the accounts that this person has connected. " +
  "Where a result says that a service is not connected, show its link to the person, then call again.";

/** How the program is called. */
export function serverInfoOf(version: string): McpDeps["serverInfo"] {
  return { name: NAME, title: TITLE, version };
}

/** What calls are made with. */
export interface Core extends Pick<McpDeps, "world" | "fetch" | "activity" | "inNameOf"> {
  broker: McpDeps["broker"] & Accounts;
  version: string;
  /** What processes tell each other of providers. */
  pauses: Pick<ProviderStore, "pauses" | "notePause">;
}

/** What has tools. */
export interface Parts {
  /** With all of their tools. */
  providers: Provider[];
  upstreams: Upstream[];
  /** Tools that are listed where all others are looked up. */
  pinnedTools?: readonly string[] | undefined;
  /** Of tests, which put something else before the SDKs. */
  createEndpoint?: ((deps: McpDeps) => McpEndpoint) | undefined;
}

/** The endpoint. */
export async function composeMcp(
  { world, broker, fetch, version, pauses, activity, inNameOf }: Core,
  { providers, upstreams, pinnedTools, createEndpoint = createMcpEndpoint }: Parts,
): Promise<McpEndpoint> {
  const catalogue = createCatalogue(providers, upstreams, broker);
  return createEndpoint({
    world,
    broker,
    fetch,
    activity,
    inNameOf,
    crowds: new ProviderCrowds(world, pauses),
    catalogue: withSearch(catalogue, { pinned: pinnedTools, people: broker }),
    features: await createFeatures({ world, upstreams, catalogue }),
    serverInfo: serverInfoOf(version),
    instructions: INSTRUCTIONS,
    accounts: broker,
  });
}
