/**
 * What is called: providers, upstreams, and the MCP endpoint before them. An
 * operator who changes apps, keys or operators changes nothing of it, so it
 * stays as it is then, with its sessions, its local processes, its lists and
 * the questions that people have not answered yet. It is made anew where a
 * provider or an upstream comes, goes or changes.
 *
 * @module
 */

import type { Config, ProviderConfig } from "../broker/config/config.ts";
import type { Activity } from "../broker/core/activity.ts";
import type { Callers } from "../broker/core/callers.ts";
import { lazily, type Lazy } from "../broker/core/lazily.ts";
import { OIDC } from "../broker/core/oidc.ts";
import { digest } from "../broker/core/secrets.ts";
import type { StartProcess } from "../broker/core/system_user.ts";
import { isPersonal, longestTime } from "../broker/core/upstream.ts";
import type { World } from "../broker/core/world.ts";
import type { GatewayService } from "../gateway/gateway.ts";
import type { McpDeps } from "../mcp/definition.ts";
import type { McpEndpoint } from "../mcp/endpoint.ts";
import { SEARCH_TOOLS } from "../mcp/search/tool_names.ts";
import type { Provider, ProviderModule } from "../providers/provider.ts";
import { knowTools, toolNames } from "./known_tools.ts";
import { LatestBroker } from "./latest_broker.ts";
import {
  clientDocumentsOf,
  createDiscovered,
  createUpstreams,
  type UpstreamPorts,
} from "./upstreams.ts";

/** What the parts need from outside. */
export interface PartsPorts extends UpstreamPorts {
  /** Where calls are noted; absent: nowhere. */
  activity?: Activity | undefined;
  /** Every provider that is known; those with settings are set up. */
  modules: ProviderModule[];
  /** Starts local upstreams; absent where nothing can be started. */
  startProcess?: StartProcess | undefined;
  version: string;
  /** Told for whom each request is answered. */
  callers: Callers;
  /** Of tests, which put something else before the SDKs. */
  createEndpoint?: ((deps: McpDeps) => McpEndpoint) | undefined;
}

/** What of the configuration they are made of; env alone says the last two. */
type PartsConfig = Pick<Config, "providers" | "oidc" | "upstreams" | "publicUrl" | "pinnedTools">;

/** The parts, put together. */
export interface Parts {
  /** The same for the same providers and upstreams. */
  mark: string;
  providers: Provider[];
  /** By name, with those that people connect because an upstream asks for it. */
  servers: Map<string, Provider>;
  services: GatewayService[];
  clientDocuments: Map<string, Record<string, unknown>>;
  endpoint: Lazy<McpEndpoint>;
  /** Whom they ask. */
  broker: LatestBroker;
  /** The longest time that a call of an upstream takes, in ms; 0: there is none. */
  longestMs: number;
  /** Starts what should have started before the first client lists. */
  warmUp(): Promise<void>;
  /** Ends local upstreams, and sessions with others. */
  close(): Promise<void>;
}

/** What tells parts apart. It is made of secrets, and says nothing of them. */
export function markOf({ providers, oidc, upstreams }: PartsConfig): string {
  return digest(JSON.stringify([[...providers], oidc, upstreams]));
}

/** Puts them together. */
export async function createParts(
  config: PartsConfig,
  world: World,
  ports: PartsPorts,
): Promise<Parts> {
  const { publicUrl } = config;
  const { store, fetch, version } = ports;
  const broker = new LatestBroker(ports.callers.inNameOf);
  const providers = createProviders(ports, config);
  const signIns = await createSignIns(config, world, ports);
  const connectable = await createDiscovered(config, world, ports, [...providers, ...signIns]);
  const withTools = lazily(() => knowTools(ports.modules, providers));
  const upstreams = await createUpstreams(config.upstreams, connectable, {
    world,
    broker,
    store: store.upstreams,
    lists: store.lists,
    fetch,
    startProcess: ports.startProcess,
    taken: config.upstreams.length === 0 ? new Set() : takenTools(await withTools()),
  });
  const servers = new Map(
    [...providers, ...signIns, ...connectable].map((
      provider,
    ): [string, Provider] => [provider.name, provider]),
  );
  return {
    mark: markOf(config),
    providers: [...providers, ...signIns],
    servers,
    services: [
      ...providers.flatMap(({ services }) => services)
        .map(({ name, title }) => ({ name, title, connects: name })),
      ...upstreams.map(({ spec: { name, title, provider } }) => ({
        ...{ name, title },
        connects: provider ?? (servers.has(name) ? name : undefined),
      })),
    ],
    clientDocuments: await clientDocumentsOf(publicUrl, connectable),
    endpoint: lazily(async () => {
      const [{ composeMcp }, providers] = await Promise.all([import("./mcp.ts"), withTools()]);
      return await composeMcp(
        {
          ...{ world, broker, fetch, version, activity: ports.activity },
          inNameOf: ports.callers.inNameOf,
          pauses: store.providers,
        },
        {
          providers,
          upstreams,
          pinnedTools: config.pinnedTools,
          createEndpoint: ports.createEndpoint,
        },
      );
    }),
    broker,
    longestMs: Math.max(0, ...upstreams.map(({ spec }) => longestTime(spec))),
    async warmUp() {
      const local = upstreams.filter(({ spec }) => spec.kind === "stdio" && !isPersonal(spec));
      await Promise.all(local.map((upstream) => upstream.start()));
    },
    async close() {
      await Promise.allSettled(upstreams.map((upstream) => upstream.close()));
    },
  };
}

/** Names that no upstream's tool may have. */
function takenTools(providers: Provider[]): Set<string> {
  return new Set([...SEARCH_TOOLS, ...providers.flatMap(toolNames)]);
}

/** The providers that are set up. */
export function createProviders(
  { modules, fetch }: Pick<PartsPorts, "modules" | "fetch">,
  { providers, publicUrl }: Pick<Config, "providers" | "publicUrl">,
): Provider[] {
  return modules.flatMap((module) => {
    const settings = providers.get(module.name);
    if (settings === undefined) return [];
    const redirectUri = `${publicUrl}/callback/${module.name}`;
    return [createProvider(module, settings, redirectUri, fetch)];
  });
}

/** Where people sign in and connect nothing; loaded only where there is such a one. */
async function createSignIns(
  { oidc, publicUrl }: Pick<Config, "oidc" | "publicUrl">,
  world: World,
  { fetch }: Pick<PartsPorts, "fetch">,
): Promise<Provider[]> {
  if (oidc === undefined) return [];
  const { oidcProvider } = await import("../providers/oidc/provider.ts");
  return [oidcProvider(oidc, { world, fetch, redirectUri: `${publicUrl}/callback/${OIDC}` })];
}

/** Every setting named: what else an operator sets is not a provider's business. */
function createProvider(
  module: ProviderModule,
  { clientId, clientSecret, privateKey, webhookSecret, isTesting, baseUrl, apiUrl }: ProviderConfig,
  redirectUri: string,
  fetch: PartsPorts["fetch"],
): Provider {
  const client = { clientId, clientSecret, privateKey, webhookSecret };
  return module.create({ ...client, isTesting, baseUrl, apiUrl, redirectUri, fetch });
}
