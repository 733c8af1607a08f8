/**
 * The broker: every decision of the program behind one object. It knows no
 * HTTP, no MCP, no Deno; the world is passed in.
 *
 * @module
 */

import { type ApiKey, authenticate } from "../gateway/api_keys.ts";
import {
  beginAuthorization,
  type Callback,
  completeAuthorization,
  type Completed,
} from "./connect/authorization.ts";
import { type AuthorizationDeps, claimHandoff } from "./connect/new_connection.ts";
import { createLink, type LinkRequest, type PresentedLink, readLink } from "./connect/link.ts";
import {
  type ConnectionChoice,
  type ConnectionView,
  disconnect,
  type Disconnected,
  listConnections,
  prefer,
} from "./connect/disconnect.ts";
import { type ConnectionDeps, providerToken, type TokenRequest } from "./tokens/provider_token.ts";
import { Refresher } from "./tokens/refresher.ts";
import { type CallKey, once, type Remembered } from "./remembered_calls.ts";
import { resolveService, type Servers, type Target } from "./core/scopes.ts";
import { sweepDue } from "./tokens/sweep.ts";
import type {
  AuthorizationServer,
  Connection,
  ConnectLink,
  Store,
  Subject,
  World,
} from "./core/connection.ts";

/** What a broker is made of. */
export interface BrokerOptions {
  servers: Servers;
  store: Store;
  world: World;
  publicUrl: string;
  returnUrls: string[];
  apiKeys: ApiKey[];
}

/** What routes and the gateway ask for. Every method may throw a `Refusal`. */
export interface Broker {
  publicUrl: string;
  servers: Servers;
  world: World;
  /** The API key that a caller presented. */
  authenticate(presented: string | undefined): ApiKey;
  resolve(service: string): Target;
  createLink(request: LinkRequest): Promise<{ url: string; expiresAt: number }>;
  readLink(presented: PresentedLink): Promise<{ link: ConnectLink; server: AuthorizationServer }>;
  begin(presented: PresentedLink, browser: string): Promise<URL>;
  complete(callback: Callback): Promise<Completed>;
  claim(subject: Subject, code: unknown): Promise<{ connection: Connection; services: string[] }>;
  token(request: TokenRequest): Promise<Connection>;
  connections(subject: Subject): Promise<ConnectionView[]>;
  disconnect(choice: ConnectionChoice): Promise<Disconnected>;
  /** Makes an account the default; returns it. */
  prefer(choice: ConnectionChoice): Promise<Connection>;
  /** Runs a tool call at most once; see `remembered_calls.ts`. */
  once<T>(
    key: CallKey,
    run: () => Promise<T>,
    worthKeeping: (outcome: T) => boolean,
    signal: AbortSignal,
  ): Promise<Remembered<T>>;
  /** Refreshes ahead of need what is due; returns how many that were. */
  sweep(): Promise<number>;
  /** Resolves when no refresh is under way. */
  idle(): Promise<void>;
}

/** Puts the broker together. */
export function createBroker(options: BrokerOptions): Broker {
  const { servers, store, world, publicUrl, returnUrls, apiKeys } = options;
  const refresher = new Refresher({ store, world });
  const links = { links: store.links, world, publicUrl, returnUrls };
  const authorization: AuthorizationDeps = { ...links, servers, store };
  const connections: ConnectionDeps = {
    ...links,
    servers,
    connections: store.connections,
    refresher,
  };
  return {
    publicUrl,
    servers,
    world,
    authenticate: (presented) => authenticate(apiKeys, presented),
    resolve: (service) => resolveService(servers, service),
    createLink: (request) => createLink(links, request),
    async readLink(presented) {
      const { value: link } = await readLink(links, presented);
      return { link, server: resolveService(servers, link.provider).server };
    },
    begin: (presented, browser) => beginAuthorization(authorization, presented, browser),
    complete: (callback) => completeAuthorization(authorization, callback),
    claim: (subject, code) => claimHandoff(authorization, subject, code),
    token: (request) => providerToken(connections, request),
    connections: (subject) => listConnections(connections, subject),
    disconnect: (choice) => disconnect(connections, choice),
    prefer: (choice) => prefer(connections, choice),
    once: (key, run, worthKeeping, signal) =>
      once({ store, world }, key, run, worthKeeping, signal),
    sweep: () => sweepDue(connections),
    idle: () => refresher.idle(),
  };
}
