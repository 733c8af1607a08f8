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
import type { LocalConfig } from "./broker/config/local.ts";
import type { App } from "./broker/core/api_key.ts";
import { LOCAL_REALM } from "./broker/core/subject.ts";
import { variable } from "./broker/core/variable.ts";
import type { Callers, Identified } from "./broker/core/callers.ts";
import type { CarefulFetch } from "./broker/core/careful_fetch.ts";
import type { FetchDocument } from "./broker/core/client.ts";
import { Refusal } from "./broker/core/refusal.ts";
import type { Store } from "./broker/core/store.ts";
import type { StartProcess } from "./broker/core/system_user.ts";
import { isPersonal } from "./broker/core/upstream.ts";
import type { World } from "./broker/core/world.ts";
import { createLocalBroker } from "./broker/local.ts";
import type { SigningKeys } from "./gateway/own_jwt.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import type { Caller } from "./mcp/call.ts";
import { createCatalogue } from "./mcp/catalogue.ts";
import type { McpDeps } from "./mcp/definition.ts";
import { createMcpEndpoint, type McpEndpoint } from "./mcp/endpoint.ts";
import {
  clientDocumentsOf,
  createDiscovered,
  createFeatures,
  createUpstreams,
} from "./compose_upstreams.ts";
import type { Provider, ProviderModule, Tool } from "./providers/provider.ts";
import { createApp } from "./routes/app.ts";
import { createFindCaller } from "./routes/http/caller_address.ts";
import type { AppDeps, Health } from "./routes/http/deps.ts";

const TITLE = "Switchboard";
const NAME = "switchboard";
const INSTRUCTIONS = "Tools act for one person, on the accounts that this person has connected. " +
  "Where a result says that a service is not connected, show its link to the person, then call again.";

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
  const upstreams = await createUpstreams(config.upstreams, connectable, {
    world,
    broker,
    store: store.upstreams,
    lists: store.lists,
    fetch,
    startProcess: ports.startProcess,
    taken: new Set(providers.flatMap(({ tools }) => tools.flatMap(namesOf))),
  });
  const services = [
    ...providers.flatMap((provider) => provider.services),
    ...upstreams.map(({ spec }) => spec),
  ].map(({ name, title }) => ({ name, title }));
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
  const catalogue = createCatalogue(providers, upstreams, broker);
  const mcp = (ports.createEndpoint ?? createMcpEndpoint)({
    world,
    broker,
    catalogue,
    features: await createFeatures({ world, upstreams, catalogue }),
    fetch,
    serverInfo: { name: NAME, title: TITLE, version },
    instructions: INSTRUCTIONS,
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
    mcp,
    fetch,
    nameRequest: ports.nameRequest,
    checkHealth: ports.checkHealth,
  });
  return {
    handle(request, info) {
      const caller = () => findCaller(request, info);
      const answer = () => app.fetch(request, { caller });
      return ports.callers.begin(() => `address ${caller() ?? "unknown"}`, answer);
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

/** Puts stdio together: one person, no HTTP. Tokens from env, or from a vault on this machine. */
export function composeLocal(
  config: LocalConfig,
  world: World,
  ports: Pick<Ports, "modules" | "fetch" | "version"> & { store: Store | undefined },
): { deps: McpDeps; caller: Caller } {
  const { publicUrl, subject } = config;
  const { store, fetch, version } = ports;
  const providers = createProviders(ports, config);
  const servers = new Map(providers.map((provider) => [provider.name, provider]));
  const elsewhere = { returnUrls: [], apps: "elsewhere" as const, isServed: () => true };
  const vault = store && createBroker({ servers, store, world, publicUrl, ...elsewhere });
  const absent = ports.modules.filter(({ name }) => !servers.has(name));
  const wanted = (name: string) => variable(name, store === undefined ? "TOKEN" : "CLIENT_ID");
  const nothing = providers.length > 0
    ? undefined
    : `There are no tools: none of ${absent.map(({ name }) => wanted(name)).join(", ")} is set.`;
  if (nothing !== undefined) world.log({ level: "warn", event: "no_tokens", detail: nothing });
  const broker = createLocalBroker({ servers, envTokens: config.tokens, vault });
  return {
    deps: {
      world,
      broker,
      catalogue: createCatalogue(providers, [], broker),
      fetch,
      serverInfo: { name: NAME, title: TITLE, version },
      instructions: nothing ?? INSTRUCTIONS,
      lacking(tool) {
        const owner = absent.find((module) =>
          module.create(NO_SETTINGS).tools.some((own) => namesOf(own).includes(tool))
        );
        return owner && `${wanted(owner.name)} is not set.`;
      },
    },
    caller: { subject, actor: { kind: "client", id: "stdio" }, filter: {} },
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

function namesOf({ name, aliases }: Tool): string[] {
  return [name, ...aliases];
}

/** To see what a provider has; nothing is asked of it. */
const NO_SETTINGS = { clientId: "", clientSecret: "", redirectUri: "", fetch };

function createProviders(
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
