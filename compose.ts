/**
 * The composition root: puts the parts together, for HTTP, for stdio and for
 * tests alike. What the parts need from outside is handed in as ports; every
 * field of the configuration travels by name, and no further than the parts
 * that read it.
 *
 * @module
 */

import { createCountsReader } from "./audit/counts.ts";
import { type Broker, BrokerMemory, createBroker } from "./broker/broker.ts";
import type { Config } from "./broker/config/config.ts";
import { secretEndsOf } from "./broker/config/secret_ends.ts";
import type { App } from "./broker/core/api_key.ts";
import { LOCAL_REALM, partsOf } from "./broker/core/subject.ts";
import type { Identified } from "./broker/core/callers.ts";
import type { FetchDocument } from "./broker/core/client.ts";
import { type ActivityLog, DEPLOYMENT, NO_ACTIVITY } from "./broker/core/activity.ts";
import { createLimits } from "./broker/core/leased_limits.ts";
import { lazily } from "./broker/core/lazily.ts";
import { Refusal } from "./broker/core/refusal.ts";
import type { EventsDesk, Happened, KeptEvent } from "./broker/core/events.ts";
import type { Settings } from "./broker/core/settings.ts";
import type { World } from "./broker/core/world.ts";
import type { SigningKeys } from "./gateway/own_jwt.ts";
import {
  createGateway,
  createGatewayMemory,
  type Gateway,
  type GatewayMemory,
} from "./gateway/gateway.ts";
import { createParts, markOf, type Parts, type PartsPorts } from "./start/parts.ts";
import type { Provider } from "./providers/provider.ts";
import { createApp } from "./routes/app.ts";
import {
  createExplainCaller,
  createFindCaller,
  type ExplainCaller,
  type FindCaller,
} from "./routes/http/caller_address.ts";
import type { AppDeps, Health } from "./routes/http/deps.ts";

/** What the whole needs from outside. */
export interface Ports extends PartsPorts {
  /** Where is noted what is done, and read; absent: nowhere. */
  activity?: ActivityLog | undefined;
  /** Keys that sign and verify gateway tokens. */
  signingKeys: SigningKeys;
  /** The way out to addresses that clients name. */
  fetchDocument: FetchDocument;
  /** How much of a caller's work waits for the store. */
  waiting(caller: string): number;
  /** Hears of each request's method and route; see `telemetry/spans.ts`. */
  nameRequest?: AppDeps["nameRequest"];
  /** Told of each request once, when its answer begins; see `start/request_log.ts`. */
  requestEnded?: AppDeps["requestEnded"];
  /** Resolves when the store takes and gives, with what is wrong beside that. */
  checkHealth(): Promise<Health>;
  /** What operators look at and change. */
  settings: Settings;
  /** What happened to users of apps. */
  events: EventsDesk;
}

/** What one process remembers, whatever an operator changes. */
export interface Memory {
  broker: BrokerMemory;
  gateway: GatewayMemory;
  /** Which callers are told apart, and whether the log has it that some are not. */
  findCaller: FindCaller;
  explainCaller: ExplainCaller;
}

/** What limits need of the store has turns of its own: whoever waits for it may have many requests. */
const LIMITS_ACTOR = { kind: "operator" as const, id: "limits" };

/** A memory that knows nothing yet; `config` is env's. */
export function createMemory(
  config: Config,
  world: World,
  { store, activity, signingKeys, fetchDocument, callers: { inNameOf } }: Pick<
    Ports,
    "store" | "activity" | "signingKeys" | "fetchDocument" | "callers"
  >,
): Memory {
  const { publicUrl, mcpClients, clientDocuments } = config;
  const limits = createLimits(config.limits, {
    store: store.limits,
    world,
    process: Math.floor(world.random() * 36 ** 6).toString(36),
    apart: (work) => inNameOf(LIMITS_ACTOR, work),
  });
  const proxies = { networks: config.trustedProxies, header: config.trustedProxyHeader };
  return {
    broker: new BrokerMemory({ store, world, activity, inNameOf, limits }),
    gateway: createGatewayMemory({
      ...{ publicUrl, store, world, mcpClients, signingKeys, fetchDocument, clientDocuments },
      limits,
    }),
    findCaller: createFindCaller(proxies, world),
    explainCaller: createExplainCaller(proxies),
  };
}

/** The program, put together. */
export interface Switchboard {
  /**
   * Answers HTTP requests; Deno hands the connection over as `info`. `ended` is told of each once, when
   * its answer begins or fails.
   */
  handle(request: Request, info?: Deno.ServeHandlerInfo, ended?: () => void): Promise<Response>;
  broker: Broker;
  gateway: Gateway;
  parts: Parts;
  /** What of an event is its app's to see today; `undefined`: nothing, or nobody acts for it. */
  shownEvent(event: KeptEvent): Happened | undefined;
}

/** What there is already, of an earlier composition in this process. */
export interface Before {
  memory: Memory;
  /** They go on where nothing of them has changed. */
  parts?: Parts | undefined;
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
  { memory, parts: earlier }: Before,
): Promise<Switchboard> {
  const { publicUrl, returnUrls, quotas } = config;
  const { store, fetch, version } = ports;
  const parts = earlier?.mark === markOf(config)
    ? earlier
    : await createParts(config, world, ports);
  const { providers, servers, endpoint } = parts;
  const apps = appsOf(config);
  const isServed = (realm: string) => servesRealm(config, providers, realm);
  const broker = createBroker(
    {
      ...{ servers, store, world, publicUrl, returnUrls, apps, isServed, quotas },
      secretEnds: secretEndsOf(config),
    },
    memory.broker,
  );
  const gateway = createGateway({
    publicUrl,
    signInServers: providers.filter(({ signInScopes }) => signInScopes !== undefined),
    services: parts.services,
    providers: servers,
    store,
    world,
    apiKeys: config.apiKeys,
    signInAllow: config.signInAllow,
    operators: config.operators,
    grantLifetimes: config.grantLifetimes,
    quotas: config.quotas,
    mcpClients: config.mcpClients,
    signingKeys: ports.signingKeys,
    fetchDocument: ports.fetchDocument,
    clientDocuments: config.clientDocuments,
    identified: identifiedBy(ports),
    activity: ports.activity,
  }, memory.gateway);
  const app = createApp({
    world,
    publicUrl,
    clientDocuments: parts.clientDocuments,
    secure: publicUrl.startsWith("https:"),
    allowedHosts: config.allowedHosts,
    allowedOrigins: config.allowedOrigins,
    version,
    providers: servers,
    broker,
    gateway,
    settings: ports.settings,
    events: ports.events,
    activity: ports.activity ?? NO_ACTIVITY,
    counts: createCountsReader({ store, world }),
    providerFacts: lazily(async () => {
      const { providerFacts } = await import("./start/provider_facts.ts");
      return await providerFacts();
    }),
    review: lazily(async () => {
      const { createReview } = await import("./mcp/upstream/operator_review.ts");
      return createReview(store.upstreams);
    }),
    mcp: (request, body, caller) =>
      endpoint.made === undefined
        ? endpoint().then((made) => made(request, body, caller))
        : endpoint.made(request, body, caller),
    fetch,
    begin: (address, request, answer) => ports.callers.begin(address, request, answer),
    since: (request) => ports.callers.since(request),
    nameRequest: ports.nameRequest,
    requestEnded: ports.requestEnded,
    checkHealth: ports.checkHealth,
    explainCaller: memory.explainCaller,
  });
  return {
    handle(request, info, ended) {
      return app.fetch(request, {
        caller: memory.findCaller(request, info),
        connection: info,
        request: ports.callers.request(),
        ended,
      });
    },
    broker,
    gateway,
    parts,
    shownEvent(event) {
      // Of no app's users: it goes to the operator's receiver alone.
      if (event.subject === DEPLOYMENT) return event;
      const { realm } = partsOf(event.subject);
      if (!isServed(realm)) return undefined;
      const key = config.apiKeys.find((each) => each.realm === realm);
      return broker.shownEvent(key?.services, event);
    },
  };
}

/**
 * What apps may connect. One whose key is for an upstream alone needs the provider behind it:
 * its users connect that by the links that the gateway makes.
 */
function appsOf({ apiKeys, upstreams }: Pick<Config, "apiKeys" | "upstreams">): App[] {
  return apiKeys.map(({ sha256: _, ...app }) => {
    const { services } = app;
    const behind = upstreams.flatMap((spec) =>
      spec.provider !== undefined && services?.includes(spec.name) ? [spec.provider] : []
    );
    return { ...app, services: services && [...services, ...behind] };
  });
}

/** Whether an API key, a sign-in or stdio can act for a realm's subjects. */
function servesRealm(
  { apiKeys, signInAllow, operators }: Pick<Config, "apiKeys" | "signInAllow" | "operators">,
  providers: Provider[],
  realm: string,
): boolean {
  const provider = providers.find(({ name }) => name === realm);
  return realm === LOCAL_REALM || apiKeys.some((key) => key.realm === realm) ||
    (provider?.signInScopes !== undefined &&
      (signInAllow.length > 0 || operators.some((each) => each.provider === realm)));
}
