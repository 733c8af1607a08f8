/**
 * From a token set to a connection: at once, or when the app claims it.
 *
 * @module
 */

import { type Acting, type Actor, personActor } from "../core/actor.ts";
import type { AuthorizationServer } from "../core/authorization_server.ts";
import {
  type Account,
  type Connection,
  type ConnectionRef,
  isUnnamed,
  type MeantAccount,
  type TokenSet,
} from "../core/connection.ts";
import { isRenewable } from "../core/credential.ts";
import { QUOTAS, type Quotas, requireRoom } from "../core/quotas.ts";
import { reachOf, requireReach } from "../core/reach.ts";
import { Refusal } from "../core/refusal.ts";
import { type Servers, servicesOf } from "../core/scopes.ts";
import { find } from "../core/single_use.ts";
import type { AlsoPut, ConnectionStore, RecordOf, Store } from "../core/store.ts";
import { isPermanent, VaultError } from "../core/store_errors.ts";
import type { Subject } from "../core/subject.ts";
import { renewedTenants } from "../core/tenants.ts";
import type { World } from "../core/world.ts";
import { planWarning } from "../tokens/expiry.ts";
import { dueTime } from "../tokens/refresh_rules.ts";
import { isClaimableStill } from "../tokens/held.ts";
import type { LinkDeps } from "./link.ts";
import { ended, takenBack } from "./take_back.ts";
import { noteStep } from "./trail.ts";
import { wayInto } from "./way_in.ts";

/** What an authorization needs from its first click to the stored connection. */
export interface AuthorizationDeps extends LinkDeps {
  store: Store;
  /** Absent: the usual ones. */
  quotas?: Quotas | undefined;
}

/**
 * The app claims what its own signed-in user has just connected. The code is
 * used up by the very write that stores the connection, so that a store that is
 * out costs nothing: the app asks again.
 *
 * @throws {Refusal} `code_invalid`, `unknown_service`, `service_not_allowed`,
 * `connection_not_allowed`, `not_keepable`, `quota_exceeded`: it stays usable until there is room. Another
 * user's code stays usable for its owner: someone tried to slip in an account.
 */
export async function claimHandoff(
  deps: AuthorizationDeps,
  { subject, actor }: Acting,
  code: unknown,
): Promise<Claimed> {
  const { store, world } = deps;
  for (;;) {
    const found = await find(store.handoffs, code);
    const mine = found !== null && found.value.subject === subject &&
      await isClaimableStill(store.clocks, found.value, world.now());
    if (!mine) throw new Refusal({ code: "code_invalid" });
    const { provider, account, tokens, services } = found.value;
    const way = wayInto(deps, { subject, provider, services });
    // Its key may have lost the service since.
    if (way.kind === "closed" && way.why === "service_not_allowed") {
      throw new Refusal({ code: way.why, service: provider });
    }
    const server = serverOf(deps.servers, provider);
    // Not used up: the rule may be put right while it is good.
    requireReach(server, reachOf(deps.apps, subject), tokens.scopes);
    const connected = { subject, actor, provider, account, tokens };
    try {
      const connection = await tryToStore(deps, connected, found.record);
      if (connection !== null) {
        const { missing = [], meant } = found.value;
        noteStep(deps, found.value, "claimed");
        return { connection, services: granted(server, services, tokens), missing, meant };
      }
    } catch (error) {
      if (!isPermanent(error)) throw error;
      // It will never be a connection: whoever uses the code up ends what it stands for.
      if (!await found.take()) throw new Refusal({ code: "code_invalid" });
      throw await takenBack(deps, { server, subject, tokens, account: account.id }, error);
    }
  }
}

/** What an app has claimed. */
export interface Claimed {
  connection: Connection;
  /** What was asked for and is open now. */
  services: string[];
  /** Scopes that were asked for and not granted, by their friendly names. */
  missing: string[];
  /** Which account should have come, where another one did. */
  meant: MeantAccount | undefined;
}

/** What a provider gave to a subject, and who brought it about. */
export interface NewConnection {
  subject: Subject;
  actor: Actor | undefined;
  provider: string;
  account: Account;
  tokens: TokenSet;
}

/**
 * Writes the connection; one that exists for this account keeps its record and
 * its history. One that cannot be opened is replaced: the person has just
 * signed in with this very account.
 */
export async function storeConnection(
  deps: AuthorizationDeps,
  connected: NewConnection,
): Promise<Connection> {
  for (;;) {
    const connection = await tryToStore(deps, connected);
    if (connection !== null) return connection;
  }
}

/** `null`: somebody else wrote first, or used up the handoff. */
async function tryToStore(
  { store, world, servers, activity, quotas = QUOTAS }: AuthorizationDeps,
  { subject, actor, provider, account, tokens }: NewConnection,
  claimed?: RecordOf,
): Promise<Connection | null> {
  const ref = { subject, provider, account: account.id };
  const now = world.now();
  const { existing, version } = await readExisting(store, ref);
  // An account that is connected again takes no more room.
  if (version === null) {
    const held = await store.connections.count(subject, quotas.connections);
    requireRoom(quotas, "connections", held);
  }
  // Google may send no refresh token: the one it sent before is good while the grant lives.
  const earlier = existing?.status === "active" ? existing.tokens : undefined;
  const { connection, warnAt } = planWarning(
    {
      ...ref,
      label: account.label,
      status: "active",
      tokens: {
        ...withRefreshToken(tokens, isUnnamed(account.id) ? undefined : earlier),
        tenants: renewedTenants(tokens.tenants, existing?.tokens.tenants),
      },
      connectedAt: existing?.connectedAt ?? now,
      updatedAt: now,
      usedAt: now,
      signedInAt: now,
      preferredAt: existing?.preferredAt,
      // Those token sets are older than what a person has just connected.
      imported: existing?.imported,
    },
    existing,
    { ends: serverOf(servers, provider).knownEnds, now },
  );
  const also = {
    dueAt: dueTime(connection, now, world.random()),
    warnAt,
    claimed,
    signedIn: true,
    before: existing,
  };
  if (!await put(store.connections, connection, version, also)) return null;
  await endReplaced(world, serverOf(servers, provider), tokens, existing);
  world.log({ level: "info", event: "connected", provider, actor: actor?.kind });
  activity?.note({
    ...{ at: world.now(), what: "connected", subject, actor: actor ?? personActor(subject) },
    ...{ provider, account: account.id, outcome: "ok" },
  });
  return connection;
}

function withRefreshToken(tokens: TokenSet, earlier: TokenSet | undefined): TokenSet {
  // What stands in the place of a refresh token is dated by itself.
  if (isRenewable(tokens) || earlier === undefined || !isSameVia(tokens, earlier)) return tokens;
  const { refreshToken, refreshIssuedAt, refreshExpiresAt, refreshEndSince } = earlier;
  return { ...tokens, refreshToken, refreshIssuedAt, refreshExpiresAt, refreshEndSince };
}

/**
 * What another server issued, whose address the operator has changed since, would live on there
 * when its record is written over: nobody here could end it any more.
 */
async function endReplaced(
  world: World,
  server: AuthorizationServer,
  { via }: TokenSet,
  existing: Connection | undefined,
): Promise<void> {
  const before = existing?.tokens;
  if (before?.via === undefined || before.via.url === via?.url) return;
  const revocation = await ended(world, server, before, "nothing").catch(() => null);
  if (revocation?.kind === "revoked") return;
  const { kind: detail = "failed" } = revocation ?? {};
  world.log({ level: "warn", event: "access_not_ended", provider: server.name, detail });
}

/** What another authorization server issued, or to another client, is of no use at this one. */
function isSameVia({ via: a }: TokenSet, { via: b }: TokenSet): boolean {
  return a?.issuer === b?.issuer && a?.clientId === b?.clientId && a?.url === b?.url;
}

/** Whether it stands there; where the store gave no answer, its record says so. */
async function put(
  connections: ConnectionStore,
  connection: Connection,
  version: string | null,
  also: AlsoPut,
): Promise<boolean> {
  try {
    return await connections.put(connection, version, also) !== null;
  } catch (error) {
    if (isPermanent(error)) throw error;
    const { accessToken, issuedAt } = connection.tokens;
    const found = await connections.get(connection);
    const isWritten = found !== null && found.version !== version &&
      found.value.tokens.accessToken === accessToken && found.value.tokens.issuedAt === issuedAt;
    // The answer was lost, and not the write.
    if (isWritten) return true;
    throw error;
  }
}

/** The record of an account as far as it can be opened, and its version; `null`: there is none. */
async function readExisting(
  { connections }: Pick<Store, "connections">,
  ref: ConnectionRef,
): Promise<{ existing?: Connection | undefined; version: string | null }> {
  try {
    const stored = await connections.get(ref);
    return { existing: stored?.value, version: stored?.version ?? null };
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const { unopened } = await connections.survey(ref.subject, ref.provider);
    const found = unopened.find(({ ref: { account } }) => account === ref.account);
    // It was replaced or deleted by now.
    return found === undefined ? await readExisting({ connections }, ref) : found;
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
