/**
 * What a person changes of a connection that is there: the default account,
 * and the end.
 *
 * @module
 */

import type { Activity } from "../core/activity.ts";
import type { AuthorizationServer, Revocation } from "../core/authorization_server.ts";
import type { Connection, EndedBy } from "../core/connection.ts";
import { isSeen, requireAll, requireReach } from "../core/reach.ts";
import { Refusal } from "../core/refusal.ts";
import { resolveService, servicesOf } from "../core/scopes.ts";
import type { HandoffStore, Stored, Unopened } from "../core/store.ts";
import type { TokenRequest } from "../core/token_request.ts";
import { choose } from "../tokens/choice.ts";
import { endTokens } from "../tokens/end_tokens.ts";
import { layDown } from "../tokens/lay_down.ts";
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
export type ConnectionChoice = Pick<
  TokenRequest,
  "subject" | "actor" | "service" | "account" | "reach"
>;

/** What disconnecting needs. */
export interface DisconnectDeps extends ConnectionDeps {
  handoffs: HandoffStore;
  activity?: Activity | undefined;
}

/**
 * Lays the connection down, ends it at the provider, then deletes it; deletes
 * also when the provider could not be told, or was not since others hang on the
 * same grant, and says so. Who breaks off after the first of these can do it
 * again. So it does with a connection that cannot be opened,
 * of which the provider cannot be told. What is for more than the caller may
 * use stays as it is.
 *
 * @throws {Refusal} `unknown_service`, `unknown_account`, `not_connected`,
 * `connection_not_allowed`.
 */
export async function disconnect(
  deps: DisconnectDeps,
  choice: ConnectionChoice,
): Promise<Disconnected> {
  const { world } = deps;
  const { server, ...found } = await find(deps, choice);
  if ("unopened" in found) {
    requireAll(server, choice.reach);
    return await dropUnopened(deps, choice, found.unopened);
  }
  const { tokens, account } = found.stored.value;
  const by = choice.actor.kind;
  const revocation = await endConnection(deps, server, { ...choice, by }, found.stored);
  note(deps, choice, { provider: server.name, account });
  const { kind: actor } = choice.actor;
  world.log({ level: "info", event: "disconnected", provider: server.name, actor });
  const services = servicesOf(server, tokens.scopes).map(({ name }) => name);
  return { provider: server.name, account, services, revocation };
}

/**
 * Ends one connection as {@linkcode disconnect} does.
 *
 * @throws {Refusal} `connection_not_allowed`.
 */
export async function endConnection(
  { connections, handoffs, world }: Pick<DisconnectDeps, "connections" | "handoffs" | "world">,
  server: AuthorizationServer,
  { reach, by }: Pick<ConnectionChoice, "reach"> & { by: EndedBy },
  stored: Stored<Connection>,
): Promise<Revocation> {
  const held = { store: { connections, handoffs }, world };
  let revocation: Revocation | undefined;
  let ended: string | undefined;
  for (let current: Stored<Connection> | null = stored; current !== null;) {
    // A person may have added a service meanwhile.
    requireReach(server, reach, current.value.tokens.scopes);
    const down = await layDown(connections, current, world.now(), { endedBy: by });
    if (down !== null) {
      const { account, tokens, revokedAt, moved } = down.value;
      // Where it was connected again meanwhile, that is ended too.
      if (tokens.accessToken !== ended) {
        revocation = revokedAt !== undefined ? { kind: "revoked" } : moved !== undefined
          // It is used elsewhere, and only forgotten here.
          ? { kind: "failed", reason: "it was moved to another server, which uses it" }
          : await endTokens(held, server, account, tokens);
        ended = tokens.accessToken;
      }
      const deletion = { by, connection: down.value };
      if (await connections.delete(down.value, down.version, deletion)) break;
    }
    current = await connections.get(stored.value);
  }
  return revocation ?? { kind: "failed", reason: "it was ended by another request" };
}

/**
 * Goes on with a disconnect that was cut off after the connection was laid down: it is ended at the
 * provider once more, deleted, and told of as what it was. Where somebody has connected again since,
 * that stays.
 */
export async function finishDisconnect(
  { connections, handoffs, world }: Pick<DisconnectDeps, "connections" | "handoffs" | "world">,
  server: AuthorizationServer,
  { value, version }: Stored<Connection>,
): Promise<void> {
  const { account, tokens, revokedAt, moved, endedBy } = value;
  if (endedBy === undefined) return;
  if (revokedAt === undefined && moved === undefined) {
    await endTokens({ store: { connections, handoffs }, world }, server, account, tokens);
  }
  if (!await connections.delete(value, version, { by: endedBy, connection: value })) return;
  world.log({ level: "info", event: "disconnect_finished", provider: server.name, actor: endedBy });
}

/**
 * Makes an account the one that is meant where none is named; returns it.
 *
 * @throws {Refusal} as {@linkcode disconnect}.
 */
export async function prefer(deps: ConnectionDeps, choice: ConnectionChoice): Promise<Connection> {
  const { connections, world } = deps;
  for (;;) {
    const found = await find(deps, choice);
    // It says why by itself; who comes again meanwhile finds what took its place.
    if ("unopened" in found) {
      await connections.get(found.unopened.ref);
      continue;
    }
    const { stored, server } = found;
    requireReach(server, choice.reach, stored.value.tokens.scopes);
    // After every choice of before, though it was made by a clock that ran ahead.
    const latest = Math.max(...found.siblings.map(({ value }) => value.preferredAt ?? 0));
    const preferred = { ...stored.value, preferredAt: Math.max(world.now(), latest + 1) };
    if (await connections.put(preferred, stored.version) !== null) return preferred;
  }
}

async function dropUnopened(
  deps: DisconnectDeps,
  choice: ConnectionChoice,
  { ref, version }: Unopened,
): Promise<Disconnected> {
  const { connections, world } = deps;
  // Replaced meanwhile, by a sign-in: what it is now can be revoked.
  const deletion = { by: choice.actor.kind };
  if (!await connections.delete(ref, version, deletion)) return await disconnect(deps, choice);
  const { provider, account } = ref;
  note(deps, choice, ref);
  world.log({ level: "warn", event: "disconnected_unopened", provider, actor: choice.actor.kind });
  const revocation: Revocation = { kind: "failed", reason: "its tokens cannot be opened" };
  return { provider, account, services: [], revocation };
}

function note(
  { activity, world }: DisconnectDeps,
  { subject, actor }: ConnectionChoice,
  { provider, account }: { provider: string; account: string },
): void {
  const at = world.now();
  activity?.note({ at, what: "disconnected", subject, actor, provider, account, outcome: "ok" });
}

type Found =
  & { server: AuthorizationServer }
  & (
    | { stored: Stored<Connection>; siblings: Stored<Connection>[] }
    | { unopened: Unopened }
  );

async function find(
  { servers, connections }: ConnectionDeps,
  { subject, service, account, reach }: ConnectionChoice,
): Promise<Found> {
  const target = resolveService(servers, service);
  const { server } = target;
  const { opened, unopened } = await connections.survey(subject, server.name);
  const accounts = unopened.map(({ ref }) => ref.account);
  const named = unopened.find(({ ref }) => ref.account === account);
  if (named !== undefined) return { server, unopened: named };
  if (account === undefined && unopened.length > 0) {
    const [only, ...others] = [...opened, ...unopened];
    // Which of several is the usual one stands in a box that is shut: nobody guesses.
    if (others.length > 0 || "value" in only!) {
      throw new Refusal({
        code: "unknown_account",
        service,
        accounts: [
          ...opened.filter(({ value }) => isSeen(server, reach, value.tokens.scopes))
            .map(({ value }) => value.label),
          ...accounts,
        ],
      });
    }
    return { server, unopened: only! };
  }
  const found = choose(target, opened, { service, account, scopes: [], reach, elsewhere: true });
  if (!("reason" in found)) return { server, stored: found.stored, siblings: opened };
  const { reason } = found;
  throw new Refusal(
    reason.code === "unknown_account"
      ? { ...reason, accounts: [...reason.accounts, ...accounts] }
      : reason,
  );
}
