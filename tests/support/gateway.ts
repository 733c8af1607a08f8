/**
 * A gateway for tests, in this process: real HTTP, real SQLite KV, real
 * emulators, a clock that the test moves.
 *
 * @module
 */

import { type Broker, createBroker } from "../../broker/broker.ts";
import type { FetchDocument } from "../../gateway/clients.ts";
import { parseConfig } from "../../broker/config/config.ts";
import { createGateway } from "../../gateway/gateway.ts";
import type { Store } from "../../broker/core/connection.ts";
import { createCatalogue } from "../../mcp/catalogue.ts";
import { createMcpEndpoint, missingScope } from "../../mcp/endpoint.ts";
import { Upstream } from "../../mcp/upstream/upstream.ts";
import { arcticModules } from "../../providers/arctic_provider.ts";
import { configuredModule, parseProviderSpecs } from "../../providers/configured.ts";
import type { Provider } from "../../providers/provider.ts";
import { providerModules } from "../../providers/registry.ts";
import { createApp } from "../../routes/app.ts";
import { createDocumentFetch } from "../../net/client_document.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { openKv } from "../../vault/deno_kv.ts";
import { createStore, roundTrip } from "../../vault/store.ts";
import { Browser, type Page } from "./browser.ts";
import { type EmulatedProvider, freePort, signInForm, startEmulator } from "./emulators.ts";
import { type TestWorld, testWorld } from "./world.ts";

export const API_KEY = "test-voice-key";
export const OTHER_API_KEY = "test-other-key";
export const USER = "user_123";

/** What a test gets. */
export interface Gateway extends AsyncDisposable {
  url: string;
  world: TestWorld;
  kv: Deno.Kv;
  kvPath: string;
  broker: Broker;
  /** The addresses of those that run. */
  emulators: Record<"github" | "google", string> & Partial<Record<EmulatedProvider, string>>;
  /** Calls the REST part with the API key; a body makes it a POST. */
  api(path: string, options?: ApiOptions): Promise<ApiAnswer>;
  /** Connects a service for a user, all the way through the emulator's sign-in page. */
  connect(service: string, options?: ConnectOptions): Promise<Page>;
  /** Sends JSON-RPC; a string goes as it is. */
  mcp(body: unknown, options?: McpOptions): Promise<ApiAnswer>;
}

/** How a call differs from the usual. */
export interface ApiOptions {
  method?: string;
  body?: unknown;
  key?: string | null;
  headers?: Record<string, string>;
}

/** How a connect differs from the usual. */
export interface ConnectOptions {
  userId?: string;
  scope?: string;
  browser?: Browser;
  key?: string;
  /** The login or e-mail address to sign in with at the provider. */
  account?: string;
}

/** How a call differs from the usual. */
export interface McpOptions {
  path?: string;
  userId?: string | null;
  key?: string | null;
  headers?: Record<string, string>;
}

/** An answer, read. */
export interface ApiAnswer {
  status: number;
  headers: Headers;
  text: string;
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  json: any;
}

/** What makes a gateway special. */
export interface GatewayOptions {
  env?: Record<string, string>;
  /** Emulated beside GitHub and Google. */
  emulate?: EmulatedProvider[];
  /** Between the gateway and the providers. */
  fetch?: typeof fetch;
  kvPath?: string;
  /** In the place of the internet, for client id metadata documents. */
  fetchDocument?: FetchDocument;
  /** Around the store, for faults. */
  store?: (store: Store) => Store;
}

/** Starts a gateway with emulated GitHub and Google. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const [github, google] = [await startEmulator("github"), await startEmulator("google")];
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const port = freePort();
  const url = `http://localhost:${port}`;
  const others = await Promise.all(
    (options.emulate ?? []).map(async (provider) => {
      const client = {
        clientId: `${provider}-client`,
        clientSecret: `${provider}-secret`,
        redirectUri: `${url}/callback/${provider}`,
      };
      const { url: baseUrl, close } = await startEmulator(provider, undefined, client);
      return { provider, ...client, baseUrl, close };
    }),
  );
  const kvPath = options.kvPath ?? `${folder}/kv.sqlite`;
  const env: Record<string, string> = {
    PUBLIC_URL: url,
    KV_PATH: kvPath,
    ENCRYPTION_KEYS: newKeyLine("k1"),
    API_KEYS: `voice:sha256:${digestHex(API_KEY)},other:sha256:${digestHex(OTHER_API_KEY)}`,
    GITHUB_CLIENT_ID: "github-client",
    GITHUB_CLIENT_SECRET: "github-secret",
    GITHUB_BASE_URL: github.url,
    GOOGLE_CLIENT_ID: "google-client",
    GOOGLE_CLIENT_SECRET: "google-secret",
    GOOGLE_BASE_URL: google.url,
    ...Object.fromEntries(others.flatMap(({ provider, clientId, clientSecret, baseUrl }) => {
      const prefix = provider.toUpperCase();
      return [
        [`${prefix}_CLIENT_ID`, clientId],
        [`${prefix}_CLIENT_SECRET`, clientSecret],
        [`${prefix}_BASE_URL`, baseUrl],
      ];
    })),
    ...options.env,
  };
  const known = [...providerModules, ...arcticModules];
  const specs = parseProviderSpecs(env.PROVIDERS ?? "[]", known.map(({ name }) => name));
  const modules = [...known, ...specs.map(configuredModule)];
  const config = parseConfig(env, modules.map(({ name }) => name), false);
  const world = testWorld();
  const kv = await openKv(config.kvPath);
  const out = options.fetch ?? fetch;
  const providers: Provider[] = modules.flatMap((module) => {
    const settings = config.providers.get(module.name);
    const redirectUri = `${url}/callback/${module.name}`;
    return settings === undefined ? [] : [module.create({ ...settings, redirectUri, fetch: out })];
  });
  const servers = new Map(providers.map((provider) => [provider.name, provider]));
  const ring = await importKeyRing(config.encryptionKeys);
  const realStore = createStore(kv, ring);
  const store = options.store?.(realStore) ?? realStore;
  const broker = createBroker({ ...config, servers, store, world });
  const upstreams = config.upstreams.map((spec) =>
    new Upstream(spec, { broker, store: store.upstreams, fetch: out })
  );
  const catalogue = createCatalogue(providers, upstreams);
  const gateway = createGateway({
    ...config,
    servers,
    store,
    world,
    signingKeys: ring,
    fetchDocument: options.fetchDocument ?? createDocumentFetch(),
  });
  const app = createApp({
    broker,
    gateway,
    fetch: out,
    missingScope: (body, caller) => missingScope({ catalogue }, body, caller),
    allowedHosts: config.allowedHosts,
    version: "0.0.0-test",
    mcp: createMcpEndpoint({
      broker,
      catalogue,
      fetch: out,
      serverInfo: { name: "switchboard", title: "Switchboard", version: "0.0.0-test" },
      instructions: "",
    }),
    checkHealth: () => roundTrip(kv),
  });
  const server = Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, app.fetch);

  async function api(path: string, options: ApiOptions = {}): Promise<ApiAnswer> {
    const { body, key = API_KEY, method = body === undefined ? "GET" : "POST" } = options;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(key === null ? {} : { Authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...options.headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      redirect: "manual",
    });
    return await read(response);
  }

  return {
    url,
    world,
    kv,
    kvPath,
    broker,
    emulators: {
      github: github.url,
      google: google.url,
      ...Object.fromEntries(others.map(({ provider, baseUrl }) => [provider, baseUrl])),
    },
    api,
    async connect(service, connectOptions = {}) {
      const { userId = USER, scope, browser = new Browser(), key = API_KEY, account } =
        connectOptions;
      const body = { user_id: userId, service, ...(scope === undefined ? {} : { scope }) };
      const link = await api("/links", { body, key });
      const signIn = await browser.submit(await browser.open(link.json.url));
      return await browser.submit(signIn, { form: signInForm(signIn, account) });
    },
    mcp(body, { path = "/mcp", userId = USER, key = API_KEY, headers = {} } = {}) {
      const user: Record<string, string> = userId === null ? {} : { "X-User-Id": userId };
      return api(path, { body, key, headers: { ...user, ...headers } });
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await broker.idle();
      await Promise.all(upstreams.map((upstream) => upstream.close()));
      kv.close();
      await Promise.all([github, google, ...others].map((emulator) => emulator.close()));
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function read(response: Response): Promise<ApiAnswer> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

/** A `tools/call` request. */
export function call(name: string, args: Record<string, unknown> = {}, id: string | number = 1) {
  return { jsonrpc: "2.0", method: "tools/call", params: { name, arguments: args }, id };
}

/** The names of all tools of some providers' services, in the order of the list. */
export function toolNames(...services: string[]): string[] {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  return providerModules.flatMap((module) => module.create(settings).tools)
    .filter(({ service }) => services.includes(service)).map(({ name }) => name);
}
