/**
 * What a person changes of a connection that is there: the default account,
 * and the end.
 *
 * @module
 */

import type { AuthorizationServer, Revocation } from "../core/authorization_server.ts";
import type { Connection } from "../core/connection.ts";
import { revoke } from "../core/credential.ts";
import { Refusal } from "../core/refusal.ts";
import { resolveService, servicesOf } from "../core/scopes.ts";
import type { Stored } from "../core/store.ts";
import type { TokenRequest } from "../core/token_request.ts";
import { choose } from "../tokens/choice.ts";
import type { ConnectionDeps } from "../tokens/provider_token.ts";

/** What a disconnect did. */
export interface Disconnected {
  provider: string;
  account: string;
  /** Everything that hung on the connection, not only the service that was named. */
  services: string[];
  revocation: Revocation;
}

/** Which connection to change. */
export type ConnectionChoice = Pick<TokenRequest, "subject" | "actor" | "service" | "account">;

/**
 * Revokes at the provider, then deletes; deletes also when the provider could
 * not be told, and says so.
 *
 * @throws {Refusal} `unknown_service`, `unknown_account`, `not_connected`.
 */
export async function disconnect(
  deps: ConnectionDeps,
  choice: ConnectionChoice,
): Promise<Disconnected> {
  const { connections, world } = deps;
  const { server, stored } = await find(deps, choice);
  const { tokens, account } = stored.value;
  const revocation = await revoke(server, tokens);
  let current: Stored<Connection> | null = stored;
  let revoked = tokens.accessToken;
  // A refresh that ended meanwhile has stored newer tokens: those are revoked too.
  while (current !== null && !await connections.delete(current.value, current.version)) {
    current = await connections.get(stored.value);
    if (current !== null && current.value.tokens.accessToken !== revoked) {
      revoked = current.value.tokens.accessToken;
      await revoke(server, current.value.tokens);
    }
  }
  const { kind: actor } = choice.actor;
  world.log({ level: "info", event: "disconnected", provider: server.name, actor });
  const services = servicesOf(server, tokens.scopes).map(({ name }) => name);
  return { provider: server.name, account, services, revocation };
}

/**
 * Makes an account the one that is meant where none is named; returns it.
 *
 * @throws {Refusal} as {@linkcode disconnect}.
 */
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
  const found = choose(target, all, { service, account, scopes: [] });
  if ("reason" in found) throw new Refusal(found.reason);
  return { server: target.server, stored: found.stored };
}
