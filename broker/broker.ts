/**
 * The broker: every decision about connections behind one object. It knows no
 * HTTP, no MCP, no Deno; the world is passed in.
 *
 * @module
 */

import type { Accounts } from "./core/accounts.ts";
import type { Acting } from "./core/actor.ts";
import type { App } from "./core/api_key.ts";
import type { Secret } from "./core/authorization_server.ts";
import type { CallBroker, Served, Standings } from "./core/call.ts";
import type { Connection } from "./core/connection.ts";
import type { Happened } from "./core/events.ts";
import { lazily } from "./core/lazily.ts";
import { LINK_LENGTHS } from "./core/link_bounds.ts";
import type { Delivery } from "./core/provider_event.ts";
import type { Reach } from "./core/reach.ts";
import { Refusal } from "./core/refusal.ts";
import { resolveService, type Servers, servicesOf, type Target } from "./core/scopes.ts";
import type { Store } from "./core/store.ts";
import type { Subject } from "./core/subject.ts";
import type { TokenRequest } from "./core/token_request.ts";
import type { Quotas } from "./core/quotas.ts";
import type { World } from "./core/world.ts";
import type { OpenedLink, OwnRequest } from "./connect/begin.ts";
import type { Callback } from "./connect/callback.ts";
import type { Completed, Connected, HandedOff } from "./connect/complete.ts";
import type { Declined } from "./connect/decline.ts";
import type { ConnectionChoice, Disconnected } from "./connect/disconnect.ts";
import type { Erased, EraseRequest } from "./connect/erase.ts";
import { LateTenants } from "./connect/late_tenants.ts";
import type { LinkDeps, LinkRequest, PresentedLink, Visitor } from "./connect/link.ts";
import { type ConnectionView, listConnections } from "./connect/list.ts";
import type { AuthorizationDeps, Claimed } from "./connect/new_connection.ts";
import type { SignInRequest } from "./connect/outstanding.ts";
import type { PersonData } from "./connect/person_data.ts";
import type { SecretRequest } from "./connect/secret_connection.ts";
import { listServices, type ServiceView } from "./connect/services.ts";
import { shownEvent } from "./connect/shown_event.ts";
import type { Imported, ImportRequest } from "./moving/import.ts";
import { BrokerMemory } from "./broker_memory.ts";
import { noteRefusal, noteToken } from "./note_token.ts";
import { type ConnectionDeps, providerToken } from "./tokens/provider_token.ts";
import type { ClientSecretEnd } from "./tokens/secret_ends.ts";
import { standingOf } from "./tokens/standing.ts";

export { BrokerMemory };
export type {
  Connected,
  ConnectionView,
  Erased,
  Imported,
  ImportRequest,
  OpenedLink,
  PresentedLink,
};

/** What a broker is made of; each is handed on to the decisions that need it, and no further. */
export interface BrokerOptions {
  servers: Servers;
  store: Store;
  world: World;
  publicUrl: string;
  returnUrls: string[];
  /** The apps of today's API keys; `elsewhere` over stdio, where none are known. */
  apps: App[] | "elsewhere";
  /** How much one person may hold; absent: the usual. */
  quotas?: Quotas | undefined;
  /** Whether anybody can act for a realm's subjects today. */
  isServed(realm: string): boolean;
  /** Of this program's own clients, as far as they are noted. */
  secretEnds?: ClientSecretEnd[] | undefined;
}

/**
 * What routes and the gateway ask for. Every method that touches the store may
 * also throw a `StoreError` or a `VaultError`; `reasonOf()` knows both.
 */
export interface Broker extends CallBroker, Standings, Accounts {
  /** @throws {Refusal} `unknown_service`. */
  resolve(service: string): Target;
  /**
   * Without `returnTo` the app's default counts.
   *
   * @throws {Refusal} `invalid_request`: the scope or `returnTo` is not allowed, or `returnTo` is
   * missing; `service_not_allowed`, `rate_limited`.
   */
  createLink(request: LinkRequest): Promise<{ url: string; expiresAt: number }>;
  /**
   * What the page behind a link shows.
   *
   * @throws {Refusal} `link_invalid`, `link_changed`, `link_expired`, `link_withdrawn`,
   * `sign_in_needed`, `other_person`, `unknown_service`.
   */
  readLink(presented: PresentedLink, visitor: Visitor): Promise<OpenedLink>;
  /**
   * Keeps an API key, or a client and its secret, that a backend has.
   *
   * @throws {Refusal} `invalid_request`, `key_refused`, `provider_unavailable`.
   */
  connectBySecret(request: SecretRequest): Promise<Connection>;
  /**
   * An API key, or a client and its secret, was pasted on the page behind a link.
   *
   * @throws {Refusal} as {@linkcode Broker.readLink}; `invalid_request`, `key_refused`,
   * `provider_unavailable`, `state_invalid`.
   */
  pasteSecret(
    presented: PresentedLink,
    visitor: Visitor & { browser: string; secret: Secret },
  ): Promise<Connected | HandedOff>;
  /** The person said no to a link. @throws {Refusal} as {@linkcode Broker.readLink}. */
  decline(presented: PresentedLink, visitor: Visitor): Promise<Declined>;
  /** The link was confirmed. @throws {Refusal} as {@linkcode Broker.readLink}. */
  begin(presented: PresentedLink, visitor: Visitor & { browser: string }): Promise<URL>;
  /**
   * A signed-in person connects for themselves.
   *
   * @throws {Refusal} `invalid_request`, `link_withdrawn`.
   */
  connect(request: OwnRequest, browser: string): Promise<URL>;
  /** @throws {Refusal} `unknown_service`, `invalid_request`: nobody signs in with it; `rate_limited`. */
  signIn(request: SignInRequest): Promise<URL>;
  /**
   * @throws {Refusal} `state_missing`, `state_invalid`, `state_expired`, `browser_mismatch`,
   * `service_mismatch`, `issuer_mismatch`, `link_withdrawn`, `sign_in_needed`,
   * `other_person`, `invalid_request`, `access_denied`, `provider_refused`,
   * `unknown_service`, `not_stored`, `not_keepable`.
   */
  complete(callback: Callback): Promise<Completed>;
  /**
   * @throws {Refusal} `code_invalid`, `unknown_service`, `service_not_allowed`,
   * `connection_not_allowed`, `not_keepable`.
   */
  claim(request: Acting, code: unknown): Promise<Claimed>;
  /**
   * Where a person can mend what is missing, the refusal carries the link for it, or says that
   * only the app may make one.
   *
   * @throws {Refusal} `unknown_service`, `unknown_account`, `not_connected`,
   * `insufficient_scope`, `connection_not_allowed`, `reauthorization_required`,
   * `provider_unavailable`.
   */
  token(request: TokenRequest): Promise<Served>;
  connections(subject: Subject): Promise<ConnectionView[]>;
  /** What can be connected here, as far as a key reaches. */
  services(reach: Reach): ServiceView[];
  /** @throws {Refusal} `unknown_service`, `unknown_account`, `not_connected`, `connection_not_allowed`. */
  disconnect(choice: ConnectionChoice): Promise<Disconnected>;
  /**
   * Ends everything of a person's, at the providers as well, and removes all that is kept of them.
   * For a quarter of an hour nothing new is kept of them then: who tries is refused with
   * `user_deleted`.
   *
   * @throws {Refusal} `connection_not_allowed`.
   */
  erase(request: EraseRequest): Promise<Erased>;
  /** All that is kept of a person, without secrets. */
  personData(request: { subject: Subject; reach?: Reach }): Promise<PersonData>;
  /** What of an event is within a key's reach; `undefined`: nothing. */
  shownEvent<E extends Happened>(reach: Reach, event: E): E | undefined;
  /** Makes an account the default; returns it. @throws {Refusal} as {@linkcode Broker.disconnect}. */
  prefer(choice: ConnectionChoice): Promise<Connection>;
  /**
   * Takes over a connection that another server held.
   *
   * @throws {Refusal} `unknown_service`, `invalid_request`, `connection_not_allowed`, `too_large`,
   * `reauthorization_required`: its grant is over; `provider_unavailable`, `quota_exceeded`.
   */
  import(request: ImportRequest): Promise<Imported>;
  /**
   * Refreshes ahead of need what is due; returns how many that were. Begins no refresh once the
   * program is `ending`.
   */
  sweep(ending?: AbortSignal): Promise<number>;
  /** Ends at the providers what no app has claimed; returns how many hand-offs that were. */
  endUnclaimed(): Promise<number>;
  /** Counts connections that are not counted yet, a part of them; resolves with whether all are. */
  keepCounts(): Promise<boolean>;
  /** Tells the operator of secrets of this program's clients that end soon. @throws {StoreError} */
  tellSecretEnds(): Promise<void>;
  /** Whether anything is heeded that this provider tells by itself. */
  listensTo(provider: string): boolean;
  /**
   * Heeds what a provider tells by itself: asks it about those concerned. Resolves when that is done,
   * or goes on by itself.
   *
   * @throws {Refusal} `invalid_request`: it is not the provider's; `provider_unavailable`. @throws {StoreError}
   */
  heed(provider: string, delivery: Omit<Delivery, "now">): Promise<void>;
  /** The providers that refuse this program's own client id and secret. */
  refusingClient(): Promise<string[]>;
  /**
   * Resolves when nothing is under way to a provider, and neither an outcome of a call nor what was
   * noted waits for the store.
   */
  idle(): Promise<void>;
}

/** What changes connections: whoever is handed a token, or lists tools, does not wait for it. */
const deeds = lazily(() => import("./deeds.ts"));
type Deeds = typeof import("./deeds.ts");

/** Does something with them. */
function later<Args extends unknown[], T>(
  work: (deeds: Deeds, ...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  return async (...args) => await work(await deeds(), ...args);
}

/**
 * A broker over a store, with the providers that the operator has set up; with a memory of before it
 * forgets nothing of what is under way.
 */
export function createBroker(
  options: BrokerOptions,
  memory: BrokerMemory = new BrokerMemory(options),
): Broker {
  const { servers, world, publicUrl, returnUrls, apps, quotas } = options;
  const { store, remembered, notes, refresher, calls, outstanding, activity } = memory;
  const links: LinkDeps = {
    clocks: store.clocks,
    links: store.links,
    world,
    publicUrl,
    servers,
    apps,
    returnUrls,
    activity,
  };
  const authorization: AuthorizationDeps = { ...links, store, quotas };
  const connections: ConnectionDeps = { servers, connections: store.connections, refresher, world };
  const importing = { leases: store.leases, imports: store.imports };
  const { courtesy, turns } = memory;
  const imports = { ...connections, ...importing, courtesy, turns, activity, quotas };
  const late = new LateTenants(connections);
  const logged = new Set<string>();
  memory.list = (subject) => listConnections(connections, subject);
  memory.servicesOf = ({ provider, tokens }) => {
    const server = servers.get(provider);
    return server === undefined ? [] : servicesOf(server, tokens.scopes).map(({ name }) => name);
  };
  /** Where a link is kept, in the places of whom it is for and of who makes it. */
  const keeping = (request: Acting): LinkDeps => ({
    ...links,
    links: outstanding.linksFor(request),
  });
  /** Where what was begun is noted, in the places of whoever began it. */
  const noting = (pending: Store["pending"]): AuthorizationDeps => ({
    ...authorization,
    store: { ...store, pending },
  });
  return {
    resolve: (service) => resolveService(servers, service),
    createLink: later((deeds, request) => deeds.createLink(keeping(request), request)),
    readLink: later((deeds, presented, visitor) =>
      deeds.openLink(authorization, presented, visitor)
    ),
    decline: later((deeds, presented, visitor) =>
      deeds.declineLink(authorization, presented, visitor)
    ),
    begin: later((deeds, presented, visitor) =>
      deeds.beginAuthorization(noting(outstanding.connecting()), presented, visitor)
    ),
    connectBySecret: later((deeds, request) => deeds.connectBySecret(authorization, request)),
    pasteSecret: later((deeds, presented, visitor) =>
      deeds.pasteSecret(authorization, presented, visitor)
    ),
    connect: later((deeds, request, browser) =>
      deeds.beginConnecting(noting(outstanding.connecting()), request, browser)
    ),
    signIn: later((deeds, request) =>
      deeds.beginSignIn(noting(outstanding.signingIn(request)), request)
    ),
    complete: later((deeds, callback) =>
      deeds.completeAuthorization({ ...authorization, notes }, callback)
    ),
    claim: later((deeds, request, code) => deeds.claimHandoff(authorization, request, code)),
    async token(request) {
      try {
        const served = await providerToken(connections, request);
        if (request.noted !== undefined) noteToken(activity, world, request, served);
        return await late.withThem(served);
      } catch (error) {
        if (request.noted !== undefined) noteRefusal(activity, world, servers, request, error);
        if (!(error instanceof Refusal) || request.unlinked) throw error;
        throw await withCure(error, request, keeping(request));
      }
    },
    standing: (request) => standingOf(connections, request),
    connections: (subject) => listConnections(connections, subject),
    accounts: (acting) => remembered.accounts(acting),
    services: (reach) => listServices(servers, reach),
    disconnect: later((deeds, choice) =>
      deeds.disconnect({ ...connections, handoffs: store.handoffs, activity }, choice)
    ),
    erase: later((deeds, request) => deeds.erase({ servers, store, world, activity }, request)),
    personData: later((deeds, request) => deeds.personData({ servers, store }, request)),
    shownEvent: (reach, event) => shownEvent(servers, reach, event),
    prefer: later((deeds, choice) => deeds.prefer(connections, choice)),
    once: (key, run, worthKeeping, signal) => calls.once(key, run, worthKeeping, signal),
    import: later((deeds, request) => deeds.importConnection(imports, request)),
    sweep: later((deeds, ending) =>
      deeds.sweepDue({
        ...connections,
        pace: notes.pace,
        isServed: options.isServed,
        finish: (server, stored) =>
          deeds.finishDisconnect({ ...connections, handoffs: store.handoffs }, server, stored),
      }, { ending })
    ),
    endUnclaimed: later((deeds) => deeds.endUnclaimed({ servers, store, world, activity })),
    keepCounts: () => store.counts.recount((connection) => memory.servicesOf(connection)),
    tellSecretEnds: later((deeds) => {
      const told = { providers: store.providers, world, logged };
      return deeds.tellSecretEnds(told, options.secretEnds ?? []);
    }),
    refusingClient: () => refresher.refusing([...servers.keys()]),
    listensTo: (provider) => servers.get(provider)?.events !== undefined,
    async heed(provider, delivery) {
      const server = servers.get(provider);
      if (server !== undefined) await memory.heeding.heed(server, delivery);
    },
    misconfigured: (provider, detail) => notes.misconfigured(provider, detail),
    async idle() {
      await Promise.all([
        refresher.idle(),
        calls.idle(),
        late.idle(),
        memory.heeding.idle(),
        activity.idle(),
      ]);
      // What these have noted in the meantime.
      await activity.idle();
    },
  };
}

/** The refusal with what mends it, if a person can. */
async function withCure(
  refusal: Refusal,
  { subject, actor, service, scopeParam, account: named }: TokenRequest,
  links: LinkDeps,
): Promise<Refusal> {
  const { reason } = refusal;
  switch (reason.code) {
    case "not_connected":
    case "insufficient_scope":
    case "reauthorization_required": {
      // Just what is missing: what was granted before is asked for again on the way.
      const scope = reason.code === "insufficient_scope" ? reason.scope : scopeParam;
      const target = resolveService(links.servers, service);
      // The account that was found wanting: else another one's scopes would be asked for, of whoever
      // signs in with it.
      const found = reason.code === "not_connected" ? named : reason.account ?? named;
      const account = (found?.length ?? 0) <= LINK_LENGTHS.account ? found : undefined;
      const wanted = { subject, actor, target, service, scope, account };
      const { cureLink } = await deeds();
      const cure = await unlessOver(cureLink(links, wanted));
      return new Refusal({ ...reason, ...cure });
    }
    default:
      return refusal;
  }
}

/** What is missing is worth saying without a link, too. */
async function unlessOver<T>(cure: Promise<T>): Promise<T | undefined> {
  try {
    return await cure;
  } catch (error) {
    if (error instanceof Refusal && error.reason.code === "rate_limited") return undefined;
    throw error;
  }
}
