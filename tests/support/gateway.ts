/**
 * A gateway for tests, in this process: real HTTP, real SQLite KV, real
 * emulators, a clock that the test moves.
 *
 * @module
 */

import { createActivityLog } from "../../audit/activity.ts";
import type { RecorderDeps } from "../../audit/recorder.ts";
import type { Broker } from "../../broker/broker.ts";
import { parseConfig } from "../../broker/config/config.ts";
import { Callers } from "../../broker/core/callers.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import type { ActivityReader, TrailReader } from "../../broker/core/activity.ts";
import type { FetchDocument } from "../../broker/core/client.ts";
import type { Store } from "../../broker/core/store.ts";
import type { Settings } from "../../broker/core/settings.ts";
import type { Gateway as RealGateway } from "../../gateway/gateway.ts";
import { allModules, knownProviders } from "../../start/all_providers.ts";
import { Living, type LivingPorts } from "../../start/living.ts";
import { createRequestLog } from "../../start/request_log.ts";
import type { Ports } from "../../compose.ts";
import type { StartProcess } from "../../broker/core/system_user.ts";
import type { CarefulFetch } from "../../broker/core/careful_fetch.ts";
import { createCarefulFetch } from "../../net/careful_fetch.ts";
import { createDocumentFetch } from "../../net/client_document.ts";
import { namesOf, type ProviderModule } from "../../providers/provider.ts";
import { modulesWithTools } from "./own_tools.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { onKv, openKv } from "../../vault/deno_kv.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { type CallersTurns, createKvTurns } from "../../vault/kv_turns.ts";
import type { Records } from "../../vault/records.ts";
import { createSealer } from "../../vault/sealers.ts";
import { createStore, roundTrip } from "../../vault/store.ts";
import { Browser, type Page, pooledBrowsers } from "./browser.ts";
import { checkDescribed } from "./described.ts";
import { type EmulatedProvider, signInForm, startEmulator } from "./emulators.ts";
import { unsaid } from "./said.ts";
import { serve, type TestServer } from "./serve.ts";
import { type TestWorld, testWorld } from "./world.ts";

export const API_KEY = "test-voice-key";
export const OTHER_API_KEY = "test-other-key";
export const USER = "user_123";

/** What a test gets. */
export interface Gateway extends AsyncDisposable {
  url: string;
  world: TestWorld;
  kv: Deno.Kv;
  records: Records;
  /** What broker and gateway see of it. */
  store: Store;
  kvPath: string;
  readonly broker: Broker;
  /** What is noted is written by `broker.idle()`. */
  activity: ActivityReader & TrailReader;
  /** The line of each request in the log. */
  requests: string[];
  /** Who calls. */
  readonly gateway: RealGateway;
  /** What an operator changes while it runs. */
  readonly settings: Settings;
  /** Ends the program and starts it again on the same store, as an operator who changes variables does. */
  restart(env: Record<string, string>): Promise<void>;
  /** Sends the events that are due, as the program does each minute. */
  sendEvents(): Promise<void>;
  /** Resolves when none is being sent. */
  eventsSent(): Promise<void>;
  /** Takes back that this process seals, as its end does. */
  leave(): Promise<void>;
  /** The addresses of those that run. */
  emulators: Record<"github" | "google", string> & Partial<Record<EmulatedProvider, string>>;
  /** Calls the REST part with the API key; a body makes it a POST. */
  api(path: string, options?: ApiOptions): Promise<ApiAnswer>;
  /** Connects a service for a user, all the way through the emulator's sign-in page. */
  connect(service: string, options?: ConnectOptions): Promise<Page>;
  /** Sends JSON-RPC; a string goes as it is. */
  mcp(body: unknown, options?: McpOptions): Promise<ApiAnswer>;
  /** The same program without a socket. */
  handle(request: Request): Promise<Response>;
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
  /** Where another server expects it. */
  port?: number;
  env?: Record<string, string>;
  /** In the place of the program's providers, such as one with a quirk of the test's. */
  modules?: (modules: ProviderModule[]) => ProviderModule[];
  /** Emulated beside GitHub and Google. */
  emulate?: EmulatedProvider[];
  /** Between the gateway and the providers. */
  fetch?: typeof fetch;
  kvPath?: string;
  /** In the place of the internet, for client id metadata documents. */
  fetchDocument?: FetchDocument;
  /** In the place of the internet, for what MCP servers name. */
  careful?: CarefulFetch;
  /** `start/machine.ts` has it; absent: local upstreams are not started. */
  startProcess?: StartProcess;
  /** Nothing is noted of what is done: of a test that looks at all that is stored. */
  isUnnoted?: boolean;
  /** Around the store, for faults. */
  store?: (store: Store) => Store;
  /** In the place of the KV file. */
  records?: Records;
  /** Around the KV, to see what is asked of it. */
  kv?: (kv: Deno.Kv) => Deno.Kv;
  /** In the place of the network, to receivers of events. */
  postEvent?: LivingPorts["postEvent"];
  /** In the place of the MCP endpoint, to see which part of it answers. */
  endpoint?: Ports["createEndpoint"];
  /** Around the turns at the KV, to see who comes. */
  turns?: (turns: CallersTurns, callers: Callers) => CallersTurns;
}

/** Starts a gateway with emulated GitHub and Google. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  let answering: Living | undefined;
  // From the start on: a port that was only found free may be another test's by the time it is wanted.
  const server = serve((request, info) => answering!.handle(request, info), options.port);
  try {
    return await gatewayAt(server, options, (living) => answering = living);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Behind a server that is there already; `serveBy`: says by whom its requests are answered from now on. */
async function gatewayAt(
  server: TestServer,
  options: GatewayOptions,
  serveBy: (living: Living) => void,
): Promise<Gateway> {
  const [github, google] = [await startEmulator("github"), await startEmulator("google")];
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const url = `http://localhost:${server.port}`;
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
  const configure = async (env: Record<string, string>) => {
    const { modules: known, faults } = allModules(env.PROVIDERS ?? "[]");
    const modules = options.modules?.(known) ?? known;
    const all = knownProviders(modules);
    return { modules, known: all, config: await parseConfig(env, all, false, faults) };
  };
  const { config: { encryptionKeys } } = await configure(env);
  const world = testWorld();
  const kv = await openKv(kvPath);
  const requests: string[] = [];
  const callers = new Callers(() => performance.now());
  const realTurns = createKvTurns(() => callers.now());
  const turns = options.turns?.(realTurns, callers) ?? realTurns;
  const records = options.records ?? onKv(options.kv?.(kv) ?? kv, turns);
  const ring = await importKeyRing(encryptionKeys);
  const sealer = createSealer(records, ring, world);
  // With connections of its own: Deno 2.5's servers, the emulators' too, wait for ever for one that
  // was opened and never used.
  const wayOut = Deno.createHttpClient({});
  const closeBrowsers = pooledBrowsers();
  const realStore = createStore(records, ring, world, sealer);
  const store = options.store?.(realStore) ?? realStore;
  const activity = createActivityLog({
    store,
    world: byHand(world),
    request: () => callers.current(),
  });
  const begin = async (env: Record<string, string>) => {
    const { config, modules, known } = await configure(env);
    const load = () => Promise.resolve(modules);
    return Living.start({ config, env, known, load }, world, {
      store,
      ...(options.isUnnoted ? {} : { activity }),
      signingKeys: ring,
      callers,
      requestEnded: createRequestLog({
        ...{ setting: config.requestLog, callers, now: world.now },
        write: (line) => void requests.push(`${line}`),
      }),
      waiting: turns.waiting,
      fetch: options.fetch ?? ((url, init) => fetch(url, { ...init, client: wayOut })),
      startProcess: options.startProcess,
      fetchDocument: options.fetchDocument ?? createDocumentFetch(),
      careful: options.careful ?? createCarefulFetch(),
      checkHealth: () => roundTrip(records, world.now()).then(() => ({})),
      version: "0.0.0-test",
      createEndpoint: options.endpoint,
      postEvent: options.postEvent,
    });
  };
  let switchboard = await begin(env);
  serveBy(switchboard);
  const end = async () => {
    await switchboard.broker.idle();
    await switchboard.close();
  };
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
    const answer = await read(response);
    checkDescribed(method, path, answer);
    return answer;
  }

  return {
    url,
    world,
    kv,
    records,
    store: realStore,
    kvPath,
    activity,
    requests,
    get broker() {
      return switchboard.broker;
    },
    get gateway() {
      return switchboard.gateway;
    },
    get settings() {
      return switchboard.settings;
    },
    async restart(more) {
      await end();
      switchboard = await begin({ ...env, ...more });
      serveBy(switchboard);
    },
    sendEvents: () => switchboard.sendEvents(),
    eventsSent: () => switchboard.eventsSent(),
    leave: sealer.leave,
    handle: async (request) => await switchboard.handle(request),
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
    async mcp(body, { path = "/mcp", userId = USER, key = API_KEY, headers = {} } = {}) {
      const user: Record<string, string> = userId === null ? {} : { "X-User-Id": userId };
      const answer = await api(path, { body, key, headers: { ...user, ...headers } });
      checkSaid(body, answer);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await end();
      kv.close();
      wayOut.close();
      closeBrowsers();
      await Promise.all([github, google, ...others].map((emulator) => emulator.close()));
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** What is noted is written when a test asks for it, by `broker.idle()`. */
function byHand(world: TestWorld): RecorderDeps["world"] {
  return {
    now: () => world.now(),
    log: (event) => world.log(event),
    secret: randomSecret,
    sleep: (ms, signal) =>
      signal === undefined ? world.sleep(ms) : new Promise((resolve) => {
        if (signal.aborted) return resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      }),
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

/** What a repeated call gets: the same, and that it is of an earlier one. */
export function repeated<T extends Record<string, unknown>>(result: T) {
  return { ...result, _meta: { "switchboard/repeated": true } };
}

const OWN_TOOLS = new Set(
  modulesWithTools.flatMap((module) =>
    module.create({ clientId: "", clientSecret: "", redirectUri: "", fetch }).tools
  ).flatMap(namesOf),
);

/** Of a tool of our own, that the data says what the text says: some clients show a model nothing else. */
function checkSaid(body: unknown, { json }: ApiAnswer): void {
  const { method, params } = (body ?? {}) as { method?: string; params?: { name?: string } };
  const { content, structuredContent, isError } = json?.result ?? {};
  const text = content?.[0]?.text;
  if (method !== "tools/call" || !OWN_TOOLS.has(params?.name ?? "") || text === undefined) return;
  // Said of a call that was made before, in both.
  const said = structuredContent.notes?.includes("That was done already.")
    ? text.replace(/^That was done already: /, "")
    : text;
  const missing = isError && structuredContent.message !== text
    ? [text]
    : unsaid(said, structuredContent);
  if (missing.length > 0) {
    throw new Error(`The data does not say ${missing.join(" | ")} of the text: ${text}`);
  }
}

/** A `tools/call` request. */
export function call(name: string, args: Record<string, unknown> = {}, id: string | number = 1) {
  return { jsonrpc: "2.0", method: "tools/call", params: { name, arguments: args }, id };
}

/** The names of all tools of some providers' services, in the order of the list. */
export function toolNames(...services: string[]): string[] {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  return modulesWithTools.flatMap((module) => module.create(settings).tools)
    .filter(({ service }) => services.includes(service)).map(({ name }) => name);
}
