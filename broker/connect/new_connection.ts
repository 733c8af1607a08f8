/**
 * From a token set to a connection: at once, or when the app claims it.
 *
 * @module
 */

import type { LinkDeps } from "./link.ts";
import { dueTime } from "../tokens/refresh_rules.ts";
import { Refusal } from "../core/refusal.ts";
import { type Servers, servicesOf } from "../core/scopes.ts";
import { digest, isSecret } from "../core/secrets.ts";
import type {
  Account,
  AuthorizationServer,
  Connection,
  Store,
  Subject,
  TokenSet,
} from "../core/connection.ts";

/** What authorizations work with. */
export interface AuthorizationDeps extends LinkDeps {
  servers: Servers;
  store: Store;
}

/** The app claims what its own signed-in user has just connected. */
export async function claimHandoff(
  deps: AuthorizationDeps,
  subject: Subject,
  code: unknown,
): Promise<{ connection: Connection; services: string[] }> {
  const { store, world } = deps;
  const stored = isSecret(code) ? await store.handoffs.peek(digest(code)) : null;
  const handoff = stored?.value;
  // Another user's code stays usable for its owner: someone tried to slip in an account.
  if (
    stored === null || handoff === undefined || handoff.subject !== subject ||
    handoff.expiresAt <= world.now() ||
    !await store.handoffs.take(digest(code as string), stored.version)
  ) throw new Refusal({ code: "code_invalid" });
  const connection = await storeConnection(deps, handoff);
  const server = serverOf(deps.servers, handoff.provider);
  return { connection, services: granted(server, handoff.services, handoff.tokens) };
}

/** Writes the connection; one that exists for this account keeps its record and its history. */
export async function storeConnection(
  { store, world }: AuthorizationDeps,
  { subject, provider, account, tokens }: {
    subject: Subject;
    provider: string;
    account: Account;
    tokens: TokenSet;
  },
): Promise<Connection> {
  const ref = { subject, provider, account: account.id };
  for (;;) {
    const now = world.now();
    const existing = await store.connections.get(ref);
    const { connectedAt = now, preferredAt } = existing?.value ?? {};
    // Google may send no refresh token: the one it sent before is good while the grant lives.
    const earlier = existing?.value.status === "active" ? existing.value.tokens : undefined;
    const refreshToken = tokens.refreshToken ?? earlier?.refreshToken;
    const connection: Connection = {
      ...ref,
      label: account.label,
      status: "active",
      tokens: { ...tokens, ...(refreshToken === undefined ? {} : { refreshToken }) },
      connectedAt,
      updatedAt: now,
      usedAt: now,
      ...(preferredAt === undefined ? {} : { preferredAt }),
    };
    const dueAt = dueTime(connection, now, world.random());
    const also = dueAt === undefined ? {} : { dueAt };
    const version = await store.connections.put(connection, existing?.version ?? null, also);
    if (version !== null) {
      world.log({ level: "info", event: "connected", provider });
      return connection;
    }
  }
}

/** Of the services that were asked for, those that the person granted. */
export function granted(
  server: AuthorizationServer,
  asked: string[],
  { scopes }: TokenSet,
): string[] {
  const open = servicesOf(server, scopes).map(({ name }) => name);
  return asked.filter((service) => open.includes(service));
}

export function serverOf(servers: Servers, name: string): AuthorizationServer {
  const server = servers.get(name);
  if (server !== undefined) return server;
  throw new Refusal({ code: "unknown_service", service: name, known: [...servers.keys()] });
}
