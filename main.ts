/**
 * Switchboard: the composition root. Reads the configuration, opens KV, puts
 * the parts together, serves.
 *
 * @module
 */

import { metrics } from "@opentelemetry/api";
import denoJson from "./deno.json" with { type: "json" };
import { type Broker, createBroker } from "./broker/broker.ts";
import {
  type Config,
  ConfigError,
  type Env,
  isLoopback,
  isOnDeploy,
  parseConfig,
  parseKeyRing,
  parseVaultConfig,
  readKeyFile,
} from "./broker/config/config.ts";
import { randomSecret } from "./broker/core/secrets.ts";
import { createLocalBroker } from "./broker/local.ts";
import type { LogEvent, Metrics, Subject, World } from "./broker/core/connection.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createCatalogue } from "./mcp/catalogue.ts";
import { createMcpEndpoint, missingScope } from "./mcp/endpoint.ts";
import type { Upstream, UpstreamDeps } from "./mcp/upstream/upstream.ts";
import { arcticModules } from "./providers/arctic_provider.ts";
import { configuredModule, parseProviderSpecs } from "./providers/configured.ts";
import type { Provider, ProviderModule } from "./providers/provider.ts";
import { providerModules } from "./providers/registry.ts";
import { createApp } from "./routes/app.ts";
import { createDocumentFetch } from "./net/client_document.ts";
import { importKeyRing, type KeySpec } from "./vault/key_ring.ts";
import { openKv } from "./vault/deno_kv.ts";
import { createStore, roundTrip } from "./vault/store.ts";
import { sweepExpired } from "./vault/expired.ts";

const { version } = denoJson;
/** Deploy ends a program 5 s after SIGINT. */
const DRAIN_MS = 4_500;

const INSTRUCTIONS = "Tools act for one person, on the accounts that this person has connected. " +
  "Where a result says that a service is not connected, show its link to the person, then call again.";

/** No exporter, no cost: Deno exports these by itself where OpenTelemetry is switched on. */
function createMetrics(): Metrics {
  const meter = metrics.getMeter("switchboard", version);
  const refreshes = meter.createCounter("switchboard.refreshes", {
    description: "Refreshes of provider tokens, by how they ended",
  });
  const waits = meter.createHistogram("switchboard.refresh.wait", {
    description: "How long callers waited for a refresh",
    unit: "ms",
  });
  const takeovers = meter.createCounter("switchboard.lease.takeovers", {
    description: "Leases taken over from a process that had died",
  });
  return {
    refresh: (provider, outcome) => refreshes.add(1, { provider, outcome }),
    waited: (provider, ms) => waits.record(ms, { provider }),
    takeover: (provider) => takeovers.add(1, { provider }),
  };
}

const world: World = {
  metrics: createMetrics(),
  now: () => Date.now(),
  secret: randomSecret,
  random: Math.random,
  log: (event: LogEvent) => console[event.level](JSON.stringify({ time: new Date(), ...event })),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    }),
};

/** The providers of the code, and those of `PROVIDERS` or `providers.json`. */
async function readModules(
  { PROVIDERS }: Env,
): Promise<{ modules: ProviderModule[]; faults: string[] }> {
  const known = [...providerModules, ...arcticModules];
  const names = known.map(({ name }) => name);
  try {
    const text = PROVIDERS || await readIfThere("providers.json") || "[]";
    const own = parseProviderSpecs(text, names).map(configuredModule);
    return { modules: [...known, ...own], faults: [] };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const example =
      '[{"name":"acme","authorization_endpoint":"https://…","token_endpoint":"https://…"}]';
    return { modules: known, faults: [`PROVIDERS: ${error.message}. Example: ${example}`] };
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function createProviders(modules: ProviderModule[], { providers, publicUrl }: Config): Provider[] {
  return modules.flatMap((module) => {
    const settings = providers.get(module.name);
    if (settings === undefined) return [];
    const redirectUri = `${publicUrl}/callback/${module.name}`;
    return [module.create({ ...settings, redirectUri, fetch: (...args) => fetch(...args) })];
  });
}

/** A ring in a file can grow while the program runs. */
function reloadKeys({ encryptionKeysFile: file }: Config): (() => Promise<KeySpec[]>) | undefined {
  return file === undefined ? undefined : async () => parseKeyRing(await Deno.readTextFile(file));
}

/** The client side of MCP is loaded only where there is an upstream. */
async function createUpstreams(
  { upstreams }: Config,
  deps: Omit<UpstreamDeps, "fetch">,
): Promise<Upstream[]> {
  if (upstreams.length === 0) return [];
  const { Upstream } = await import("./mcp/upstream/upstream.ts");
  return upstreams.map((spec) => new Upstream(spec, { ...deps, fetch }));
}

/** Starts the program; returns its housekeeping. */
async function start(modules: ProviderModule[], config: Config): Promise<() => Promise<void>> {
  const kv = await openKv(config.kvPath);
  const ring = await importKeyRing(config.encryptionKeys, reloadKeys(config));
  const store = createStore(kv, ring);
  const providers = createProviders(modules, config);
  const servers = new Map(providers.map((provider) => [provider.name, provider]));
  const broker = createBroker({ ...config, servers, store, world });
  const upstreams = await createUpstreams(config, { broker, store: store.upstreams });
  const catalogue = createCatalogue(providers, upstreams);
  const mcp = createMcpEndpoint({
    broker,
    catalogue,
    fetch: (...args) => fetch(...args),
    serverInfo: { name: "switchboard", title: "Switchboard", version },
    instructions: INSTRUCTIONS,
  });
  const gateway = createGateway({
    ...config,
    servers,
    store,
    world,
    signingKeys: ring,
    fetchDocument: createDocumentFetch(),
  });
  const app = createApp({
    broker,
    gateway,
    fetch: (...args) => fetch(...args),
    missingScope: (body, caller) => missingScope({ catalogue }, body, caller),
    allowedHosts: config.allowedHosts,
    version,
    mcp,
    checkHealth: () => roundTrip(kv),
  });
  const server = Deno.serve({
    port: config.port,
    // What only this machine may call, only this machine can reach.
    ...(isLoopback(new URL(config.publicUrl).hostname) ? { hostname: "127.0.0.1" } : {}),
    onListen: ({ port }) =>
      world.log({ level: "info", event: "listening", port, public_url: config.publicUrl }),
  }, app.fetch);
  // Clients list once: local servers should have started by then.
  for (const upstream of upstreams.filter(({ spec }) => spec.kind === "stdio")) {
    void upstream.tools("local:start");
  }
  drainOnSignal(server, broker, kv, upstreams);
  return async () => {
    await sweepExpired(kv, world.now());
    await broker.sweep();
  };
}

/** Lets running requests and refreshes finish: a refresh that dies may cost a connection. */
function drainOnSignal(
  server: Deno.HttpServer,
  broker: Broker,
  kv: Deno.Kv,
  upstreams: Upstream[],
): void {
  let draining = false;
  const drain = async () => {
    if (draining) Deno.exit(130);
    draining = true;
    const work = server.shutdown().then(() => broker.idle());
    await Promise.race([work, world.sleep(DRAIN_MS)]);
    await Promise.allSettled(upstreams.map((upstream) => upstream.close()));
    kv.close();
    Deno.exit(0);
  };
  Deno.addSignalListener("SIGINT", drain);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", drain);
}

/** `--stdio`: one person, no HTTP. Tokens from env, or from the vault of a gateway here. */
async function startStdio(env: Env): Promise<() => Promise<void>> {
  // stdout is the protocol's.
  world.log = (event) => console.error(JSON.stringify({ time: new Date(), ...event }));
  const keys = env.ENCRYPTION_KEYS ? parseVaultConfig(env, false) : undefined;
  const envTokens = new Map(providerModules.flatMap(({ name }) => {
    const token = env[`${name.toUpperCase()}_TOKEN`];
    return token ? [[name, token]] : [];
  }));
  const publicUrl = env.PUBLIC_URL || "http://localhost:8000";
  const providers = providerModules.flatMap((module) => {
    const prefix = module.name.toUpperCase();
    const clientId = env[`${prefix}_CLIENT_ID`] ?? "";
    const baseUrl = env[`${prefix}_BASE_URL`];
    if (!envTokens.has(module.name) && !(clientId && keys)) return [];
    return [module.create({
      clientId,
      clientSecret: env[`${prefix}_CLIENT_SECRET`] ?? "",
      redirectUri: `${publicUrl}/callback/${module.name}`,
      fetch,
      ...(baseUrl ? { baseUrl } : {}),
    })];
  });
  const servers = new Map(providers.map((provider) => [provider.name, provider]));
  const vault = keys && await openVault(keys, { servers, publicUrl });
  const broker = createLocalBroker({ servers, envTokens, world, ...(vault ? { vault } : {}) });
  const { serveLocal } = await import("./mcp/stdio.ts");
  const subject = (env.SUBJECT || "local:me") as Subject;
  serveLocal({
    broker,
    catalogue: createCatalogue(providers),
    fetch,
    serverInfo: { name: "switchboard", title: "Switchboard", version },
    instructions: INSTRUCTIONS,
  }, { subject, filter: {} });
  return () => Promise.resolve();
}

async function openVault(
  { encryptionKeys, kvPath }: Pick<Config, "encryptionKeys" | "kvPath">,
  { servers, publicUrl }: { servers: Map<string, Provider>; publicUrl: string },
): Promise<Broker> {
  const store = createStore(await openKv(kvPath), await importKeyRing(encryptionKeys));
  return createBroker({ servers, store, world, publicUrl, returnUrls: [], apiKeys: [] });
}

async function main(): Promise<() => Promise<void>> {
  try {
    const env = await readKeyFile(Deno.env.toObject(), Deno.readTextFile);
    if (stdio) return await startStdio(env);
    const { modules, faults } = await readModules(env);
    const names = modules.map(({ name }) => name);
    return await start(modules, parseConfig(env, names, isOnDeploy(env), faults));
  } catch (error) {
    if (error instanceof ConfigError) console.error(error.message);
    else if (error instanceof Deno.errors.AddrInUse) {
      console.error("Cannot start: another program listens on this port. Set PORT to a free one.");
    } else throw error;
    return Deno.exit(1);
  }
}

const stdio = Deno.args.includes("--stdio");
const started = main();
// Deploy finds cron jobs at the top level of the entry point only.
if (!stdio) Deno.cron("housekeeping", "*/5 * * * *", async () => (await started)());
await started;
