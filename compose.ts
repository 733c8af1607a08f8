/**
 * The composition root: puts the parts together, for HTTP, for stdio and for
 * tests alike. What the parts need from outside is handed in as ports; every
 * field of the configuration travels by name, and no further than the parts
 * that read it.
 *
 * @module
 */

import { type Broker, createBroker } from "./broker/broker.ts";
import type { Config, ProviderConfig } from "./broker/config/config.ts";
import type { App } from "./broker/core/api_key.ts";
import { LOCAL_REALM } from "./broker/core/subject.ts";
import type { Callers, Identified } from "./broker/core/callers.ts";
import type { CarefulFetch } from "./broker/core/careful_fetch.ts";
import type { FetchDocument } from "./broker/core/client.ts";
import { lazily } from "./broker/core/lazily.ts";
import { Refusal } from "./broker/core/refusal.ts";
import type { Store } from "./broker/core/store.ts";
import type { StartProcess } from "./broker/core/system_user.ts";
import { isPersonal } from "./broker/core/upstream.ts";
import type { World } from "./broker/core/world.ts";
import type { SigningKeys } from "./gateway/own_jwt.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import type { McpDeps } from "./mcp/definition.ts";
import type { McpEndpoint } from "./mcp/endpoint.ts";
import { SEARCH_TOOLS } from "./mcp/search/tool_names.ts";
import { knowTools, toolNames } from "./start/known_tools.ts";
import { clientDocumentsOf, createDiscovered, createUpstreams } from "./start/upstreams.ts";
import type { Provider, ProviderModule } from "./providers/provider.ts";
import { createApp } from "./routes/app.ts";
import { createFindCaller } from "./routes/http/caller_address.ts";
import type { AppDeps, Health } from "./routes/http/deps.ts";

/** What the whole needs from outside. */
export interface Ports {
  /** Every provider that is known; those with settings are set up. */
  modules: ProviderModule[];
  store: Store;
  /** Keys that sign and verify gateway tokens. */
  signingKeys: SigningKeys;
  /** The way out, to providers and upstreams. */
  fetch: typeof fetch;
  /** Starts local upstreams; absent where nothing can be started. */
  startProcess?: StartProcess | undefined;
  /** The way out to addresses that clients name. */
  fetchDocument: FetchDocument;
  /** The way out to what MCP servers name: where their people sign in. */
  careful: CarefulFetch;
  /** Told for whom each request is answered. */
  callers: Callers;
  /** How much of a caller's work waits for the store. */
  waiting(caller: string): number;
  /** Hears of each request's method and route; see `telemetry/spans.ts`. */
  nameRequest?: AppDeps["nameRequest"];
  /** Resolves when the store takes and gives, with what is wrong beside that. */
  checkHealth(): Promise<Health>;
  version: string;
  /** Of tests, which put something else before the SDKs. */
  createEndpoint?: ((deps: McpDeps) => McpEndpoint) | undefined;
}

/** The program, put together. */
export interface Switchboard {
  /** Answers HTTP requests; Deno hands the connection over as `info`. */
  handle(request: Request, info?: Deno.ServeHandlerInfo): Response | Promise<Response>;
  broker: Broker;
  gateway: Gateway;
  /** Starts what should have started before the first client lists. */
  warmUp(): Promise<void>;
  /** Ends local upstreams. */
  close(): Promise<void>;
}

/** Work of one caller that may wait for the store; whoever asks for more comes again. */
export const MAX_WAITING = 4_000;
/** Seconds; by then most of it is done. */
const CROWDED_RETRY_SECONDS = 1;

/** Notes who calls, and refuses who has too much waiting. Nothing was begun for it by then. */
function identifiedBy({ callers, waiting }: Pick<Ports, "callers" | "waiting">): Identified {
  return {
    caller(name) {
      callers.known(name);
      if (waiting(name) < MAX_WAITING) return;
      throw new Refusal({ code: "rate_limited", retryAfter: CROWDED_RETRY_SECONDS });
    },
  };
}

/** Puts the parts together that serve HTTP. */
export async function compose(
  config: Config,
  world: World,
  ports: Ports,
): Promise<Switchboard> {
  const { publicUrl } = config;
  const { store, fetch, version } = ports;
  const providers = createProviders(ports, config);
  const connectable = await createDiscovered(config, world, ports, providers);
  const servers = new Map(
    [...providers, ...connectable].map((provider): [string, Provider] => [provider.name, provider]),
  );
  const { returnUrls } = config;
  const apps = appsOf(config);
  const isServed = (realm: string) => servesRealm(config, providers, realm);
  const broker = createBroker({ servers, store, world, publicUrl, returnUrls, apps, isServed });
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
  const services = [
    ...providers.flatMap((provider) =>
      provider.services.map(({ name, title }) => ({
        ...{ name, title },
        connects: name,
      }))
    ),
    ...upstreams.map(({ spec: { name, title, provider } }) => ({
      ...{ name, title },
      connects: provider ?? (servers.has(name) ? name : undefined),
    })),
  ];
  const gateway = createGateway({
    publicUrl,
    signInServers: providers.filter(({ signInScopes }) => signInScopes !== undefined),
    services,
    providers: servers,
    store,
    world,
    apiKeys: config.apiKeys,
    signInAllow: config.signInAllow,
    grantLifetimes: config.grantLifetimes,
    mcpClients: config.mcpClients,
    signingKeys: ports.signingKeys,
    fetchDocument: ports.fetchDocument,
    clientDocuments: config.clientDocuments,
    identified: identifiedBy(ports),
  });
  const endpoint = lazily(async () => {
    const [{ composeMcp }, providers] = await Promise.all([import("./start/mcp.ts"), withTools()]);
    return await composeMcp(
      { world, broker, fetch, version },
      {
        providers,
        upstreams,
        pinnedTools: config.pinnedTools,
        createEndpoint: ports.createEndpoint,
      },
    );
  });
  const proxies = { networks: config.trustedProxies, header: config.trustedProxyHeader };
  const findCaller = createFindCaller(proxies, world);
  const app = createApp({
    world,
    publicUrl,
    clientDocuments: await clientDocumentsOf(publicUrl, connectable),
    secure: publicUrl.startsWith("https:"),
    allowedHosts: config.allowedHosts,
    allowedOrigins: config.allowedOrigins,
    version,
    providers: servers,
    broker,
    gateway,
    mcp: (request, body, caller) =>
      endpoint.made === undefined
        ? endpoint().then((made) => made(request, body, caller))
        : endpoint.made(request, body, caller),
    fetch,
    nameRequest: ports.nameRequest,
    checkHealth: ports.checkHealth,
  });
  return {
    handle(request, info) {
      const caller = findCaller(request, info);
      const answer = () => app.fetch(request, { caller });
      return ports.callers.begin(`address ${caller ?? "unknown"}`, answer);
    },
    broker,
    gateway,
    async warmUp() {
      const local = upstreams.filter(({ spec }) => spec.kind === "stdio" && !isPersonal(spec));
      await Promise.all(local.map((upstream) => upstream.start()));
    },
    async close() {
      await Promise.allSettled(upstreams.map((upstream) => upstream.close()));
    },
  };
}

/**
 * What apps may connect. One whose key is for an upstream alone needs the provider behind it:
 * its users connect that by the links that the gateway makes.
 */
function appsOf({ apiKeys, upstreams }: Pick<Config, "apiKeys" | "upstreams">): App[] {
  return apiKeys.map(({ realm, services, returnTo, handOffOnly }) => {
    const behind = upstreams.flatMap((spec) =>
      spec.provider !== undefined && services?.includes(spec.name) ? [spec.provider] : []
    );
    return { realm, services: services && [...services, ...behind], returnTo, handOffOnly };
  });
}

/** Whether an API key, a sign-in or stdio can act for a realm's subjects. */
function servesRealm(
  { apiKeys, signInAllow }: Pick<Config, "apiKeys" | "signInAllow">,
  providers: Provider[],
  realm: string,
): boolean {
  const provider = providers.find(({ name }) => name === realm);
  return realm === LOCAL_REALM || apiKeys.some((key) => key.realm === realm) ||
    (provider?.signInScopes !== undefined && signInAllow.length > 0);
}

/** Names that no upstream's tool may have. */
function takenTools(providers: Provider[]): Set<string> {
  return new Set([...SEARCH_TOOLS, ...providers.flatMap(toolNames)]);
}

/** The providers that are set up. */
export function createProviders(
  { modules, fetch }: Pick<Ports, "modules" | "fetch">,
  { providers, publicUrl }: Pick<Config, "providers" | "publicUrl">,
): Provider[] {
  return modules.flatMap((module) => {
    const settings = providers.get(module.name);
    if (settings === undefined) return [];
    const redirectUri = `${publicUrl}/callback/${module.name}`;
    return [createProvider(module, settings, redirectUri, fetch)];
  });
}

/** Every setting named: what else an operator sets is not a provider's business. */
function createProvider(
  module: ProviderModule,
  { clientId, clientSecret, privateKey, baseUrl, apiUrl }: ProviderConfig,
  redirectUri: string,
  fetch: Ports["fetch"],
): Provider {
  const client = { clientId, clientSecret, privateKey };
  return module.create({ ...client, baseUrl, apiUrl, redirectUri, fetch });
}
