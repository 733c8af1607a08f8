/**
 * A subject's connections: the list, the default account, the end.
 *
 * @module
 */

import {
  byPreference,
  choose,
  type ConnectionDeps,
  type TokenRequest,
} from "../tokens/provider_token.ts";
import { Refusal } from "../core/refusal.ts";
import { resolveService, servicesOf } from "../core/scopes.ts";
import { isAlive } from "../tokens/freshness.ts";
import type {
  AuthorizationServer,
  Connection,
  ConnectionStatus,
  Revocation,
  Stored,
  Subject,
} from "../core/connection.ts";

/** A connection as its owner may see it: no tokens. */
export interface ConnectionView {
  provider: string;
  services: string[];
  account: string;
  label: string;
  status: ConnectionStatus;
  scopes: string[];
  isDefault: boolean;
  connectedAt: number;
  updatedAt: number;
  expiresAt?: number;
}

/** All connections of a subject. */
export async function listConnections(
  { servers, connections, world }: ConnectionDeps,
  subject: Subject,
): Promise<ConnectionView[]> {
  const all = (await connections.list(subject)).map(({ value }) => value);
  return all.flatMap((connection) => {
    const { provider, account, label, tokens, connectedAt, updatedAt } = connection;
    const server = servers.get(provider);
    // Its provider was taken out of the configuration; the record stays.
    if (server === undefined) return [];
    const siblings = all.filter((other) => other.provider === provider);
    const dead = tokens.refreshToken === undefined && !isAlive(tokens, world.now());
    return [{
      provider,
      services: servicesOf(server, tokens.scopes).map(({ name }) => name),
      account,
      label,
      status: dead ? "reauthorization_required" : connection.status,
      scopes: tokens.scopes,
      isDefault: byPreference(siblings)[0] === connection,
      connectedAt,
      updatedAt,
      ...(tokens.expiresAt === undefined ? {} : { expiresAt: tokens.expiresAt }),
    }];
  });
}

/** What a disconnect did. */
export interface Disconnected {
  provider: string;
  account: string;
  /** Everything that hung on the connection, not only the service that was named. */
  services: string[];
  revocation: Revocation;
}

/** Which connection to change. */
export type ConnectionChoice = Pick<TokenRequest, "subject" | "service" | "account">;

/**
 * Revokes at the provider, then deletes; deletes also when the provider could
 * not be told, and says so.
 */
export async function disconnect(
  deps: ConnectionDeps,
  choice: ConnectionChoice,
): Promise<Disconnected> {
  const { connections, world } = deps;
  const { server, stored } = await find(deps, choice);
  const { tokens, account } = stored.value;
  const revocation = await server.revoke(tokens);
  let current: Stored<Connection> | null = stored;
  let revoked = tokens.accessToken;
  // A refresh that ended meanwhile has stored newer tokens: those are revoked too.
  while (current !== null && !await connections.delete(current.value, current.version)) {
    current = await connections.get(stored.value);
    if (current !== null && current.value.tokens.accessToken !== revoked) {
      revoked = current.value.tokens.accessToken;
      await server.revoke(current.value.tokens);
    }
  }
  world.log({ level: "info", event: "disconnected", provider: server.name });
  const services = servicesOf(server, tokens.scopes).map(({ name }) => name);
  return { provider: server.name, account, services, revocation };
}

/** Makes an account the one that is meant where none is named; returns it. */
export async function prefer(deps: ConnectionDeps, choice: ConnectionChoice): Promise<Connection> {
  const { connections, world } = deps;
  for (;;) {
    const { stored } = await find(deps, choice);
    const preferred = { ...stored.value, preferredAt: world.now() };
    if (await connections.put(preferred, stored.version) !== null) return preferred;
  }
}

async function find(
  { servers, connections }: ConnectionDeps,
  { subject, service, account }: ConnectionChoice,
): Promise<{ server: AuthorizationServer; stored: Stored<Connection> }> {
  const target = resolveService(servers, service);
  const all = await connections.list(subject, target.server.name);
  const found = choose(target, all.map(({ value }) => value), {
    service,
    scopes: [],
    ...(account === undefined ? {} : { account }),
  });
  if ("code" in found) throw new Refusal(found);
  const stored = all.find(({ value }) => value.account === found.account)!;
  return { server: target.server, stored };
}
