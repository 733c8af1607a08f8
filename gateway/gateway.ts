/**
 * The gateway as an OAuth 2.1 resource and authorization server, behind one
 * object: sign-in, clients, grants, access.
 *
 * @module
 */

import { type Access, createPersonalToken, type GrantDeps, readAccess } from "./access.ts";
import { beginSignIn } from "../broker/connect/authorization.ts";
import type { AuthorizationDeps } from "../broker/connect/new_connection.ts";
import { type Client, Clients, type FetchDocument } from "./clients.ts";
import { createGatewayTokens, type SigningKeys } from "./access_token.ts";
import { parseGatewayScopes, supportedScopes } from "../broker/core/gateway_scopes.ts";
import {
  type CodeExchange,
  exchangeCode,
  type GatewayTokenSet,
  issueCode,
  type RefreshExchange,
  refreshGrant,
  revokeToken,
} from "./grants.ts";
import type { Servers } from "../broker/core/scopes.ts";
import { endSession, readSession, type SessionDeps, startSession } from "./sessions.ts";
import type {
  Account,
  AuthorizationCode,
  AuthorizationServer,
  Grant,
  RegisteredClient,
  Session,
  Store,
  Subject,
  World,
} from "../broker/core/connection.ts";

/** What it is made of. */
export interface GatewayOptions {
  publicUrl: string;
  servers: Servers;
  store: Store;
  world: World;
  signInAllow: string[];
  mcpClients: Omit<Client, "kind">[];
  signingKeys: SigningKeys;
  fetchDocument: FetchDocument;
  /** Beside the providers' services: upstream MCP servers. */
  upstreams: { name: string; title: string }[];
}

/** What the edges ask for. Methods may throw a `Refusal` or a `GrantError`. */
export interface Gateway {
  /** The issuer, and the default resource's origin. */
  publicUrl: string;
  /** All that a person can allow: the providers' services, and upstream MCP servers. */
  services: { name: string; title: string }[];
  scopes(): string[];
  parseScopes(scope: string | undefined): string[];
  /** Providers with which a person may sign in. */
  signInServers(): AuthorizationServer[];
  beginSignIn(provider: string, returnTo: string, browser: string): Promise<URL>;
  signIn(
    server: AuthorizationServer,
    account: Account,
  ): Promise<{ secret: string; session: Session }>;
  session(secret: unknown): Promise<Session | undefined>;
  signOut(secret: string, options: { everywhere: boolean }): Promise<void>;
  client(id: string | undefined): Promise<Client>;
  register(metadata: unknown, address: string): Promise<RegisteredClient>;
  issueCode(
    request: Omit<AuthorizationCode, "grantId" | "expiresAt" | "used" | "replayed">,
  ): Promise<string>;
  exchangeCode(exchange: CodeExchange): Promise<GatewayTokenSet>;
  refresh(exchange: RefreshExchange): Promise<GatewayTokenSet>;
  revoke(token: string | undefined, clientId: string | undefined): Promise<void>;
  access(token: string): Promise<Access | undefined>;
  grants(subject: Subject): Promise<Grant[]>;
  endGrant(subject: Subject, id: string): Promise<void>;
  createPersonalToken(subject: Subject, name: string, scopes: string[]): Promise<string>;
}

/** Puts it together. */
export function createGateway(options: GatewayOptions): Gateway {
  const { publicUrl, servers, store, world, signInAllow, fetchDocument } = options;
  const operatorClients = options.mcpClients.map((client): Client => ({
    ...client,
    kind: "operator",
  }));
  const clients = new Clients({ store, world, operatorClients, fetchDocument });
  const tokens = createGatewayTokens(publicUrl, options.signingKeys, world);
  const grants: GrantDeps = { store, tokens, world };
  const sessions: SessionDeps = { store, world, signInAllow };
  const authorization: AuthorizationDeps = {
    servers,
    store,
    world,
    publicUrl,
    links: store.links,
    returnUrls: [],
  };
  const own = [...servers.values()].flatMap((server) => server.services);
  const services = [...own.map(({ name, title }) => ({ name, title })), ...options.upstreams];
  const names = services.map(({ name }) => name);
  const keepingClient = async <T>(client: Client, issuing: Promise<T>): Promise<T> => {
    const issued = await issuing;
    if (client.kind === "registered") await clients.markUsed(client.id);
    return issued;
  };
  return {
    publicUrl,
    services,
    scopes: () => supportedScopes(names),
    parseScopes: (scope) => parseGatewayScopes(names, scope),
    signInServers: () => [...servers.values()].filter(({ signInScopes }) => signInScopes),
    beginSignIn: (provider, returnTo, browser) =>
      beginSignIn(authorization, { provider, returnTo, browser }),
    signIn: (server, account) => startSession(sessions, server, account),
    session: (secret) => readSession(sessions, secret),
    signOut: (secret, how) => endSession(sessions, secret, how),
    client: (id) => clients.find(id),
    register: (metadata, address) => clients.register(metadata, address),
    issueCode: (request) => issueCode(grants, request),
    exchangeCode: (exchange) => keepingClient(exchange.client, exchangeCode(grants, exchange)),
    refresh: (exchange) => keepingClient(exchange.client, refreshGrant(grants, exchange)),
    revoke: (token, clientId) => revokeToken(grants, token, clientId),
    access: (token) => readAccess(grants, token),
    grants: (subject) => store.grants.list(subject),
    endGrant: (subject, id) => store.grants.delete(subject, id),
    createPersonalToken: (subject, name, scopes) =>
      createPersonalToken(grants, { subject, name, scopes, resource: `${publicUrl}/mcp` }),
  };
}
