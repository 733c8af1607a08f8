/**
 * The provider token that a request means, fresh.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Connection } from "../core/connection.ts";
import { type Reason, Refusal } from "../core/refusal.ts";
import { beyondReach, requireReach, scopesBeyond } from "../core/reach.ts";
import { resolveService, type Servers, type Target } from "../core/scopes.ts";
import type { Served } from "../core/call.ts";
import type { ConnectionStore, Consistency, Stored } from "../core/store.ts";
import { VaultError } from "../core/store_errors.ts";
import type { TokenRequest } from "../core/token_request.ts";
import type { World } from "../core/world.ts";
import { type Choice, choose, isAccount, lackOf, namesOf } from "./choice.ts";
import type { Refresher } from "./refresher.ts";

/** An API that misses more scopes than these is not understood. */
const MOST_NAMED = 10;

/** What connections are served from. */
export interface ConnectionDeps {
  servers: Servers;
  connections: ConnectionStore;
  refresher: Refresher;
  world: World;
}

/**
 * The connection that a request means, its token set fresh. It is the one that
 * the caller said was refused, where that was only just issued: then it is the
 * API that refuses, and the caller does not try again.
 *
 * @throws {Refusal} `unknown_service`, `unknown_account`, `not_connected`,
 * `insufficient_scope`, `connection_not_allowed`, `reauthorization_required`,
 * `provider_unavailable`.
 */
export async function providerToken(
  deps: ConnectionDeps,
  request: TokenRequest,
): Promise<Served> {
  const { service, waitMs } = request;
  const target = resolveService(deps.servers, service);
  const { server } = target;
  let reason: Reason = { code: "not_connected", ...namesOf(target, service) };
  // A copy near by may be a little old: nothing is refused or refreshed on its word.
  for (const consistency of ["eventual", "strong"] satisfies Consistency[]) {
    const all = await listFor(deps.connections, server.name, request, consistency);
    const choice = within(server, request, choose(target, all, request));
    if ("reason" in choice) {
      reason = choice.reason;
      continue;
    }
    if (request.refused !== undefined) throw refusedByApi(target, choice.stored.value, request);
    const refreshed = await deps.refresher.ensure(server, choice.stored, request, waitMs);
    switch (refreshed.kind) {
      case "ready": {
        const { value } = refreshed.stored;
        // Another process may have refreshed it since, where the copy near by is an old one.
        const again = value.tokens.accessToken === request.rejected;
        if (again && consistency === "eventual") continue;
        // What it opens may have changed with the refresh.
        requireReach(server, request.reach, value.tokens.scopes);
        return choice.insteadOf === undefined ? value : { ...value, insteadOf: choice.insteadOf };
      }
      case "unavailable": {
        const retryAfter = Math.max(1, Math.ceil(refreshed.retryAfterMs / 1000));
        const byClient = refreshed.stored.value.clientRefused;
        const { title } = server;
        throw new Refusal({ code: "provider_unavailable", title, retryAfter, byClient });
      }
      case "reauthorize":
        reason = {
          code: "reauthorization_required",
          ...namesOf(target, service),
          account: choice.stored.value.account,
          others: choice.others,
          moved: refreshed.stored.value.status === "moved",
        };
        break;
      case "gone":
        reason = { code: "not_connected", ...namesOf(target, service) };
        break;
    }
  }
  throw new Refusal(reason);
}

/**
 * The provider's API has said no, and a person can mend it. Nothing is recorded: what an API says
 * once may be its own mistake, and the next call asks it again.
 */
function refusedByApi(
  target: Target,
  { account, status }: Connection,
  { service, refused, scopes }: TokenRequest,
): Refusal {
  const named = { ...namesOf(target, service), account };
  const { server } = target;
  if (refused?.kind !== "scopes" || status !== "active") {
    return new Refusal({ code: "reauthorization_required", ...named });
  }
  const { why } = refused;
  const known = nameable(target, refused.scopes);
  const wanted = known.length > 0 ? known : scopes[0] ?? [];
  return wanted.length === 0
    ? new Refusal({ code: "reauthorization_required", ...named })
    : new Refusal({ code: "insufficient_scope", ...named, ...lackOf(server, wanted), why });
}

/**
 * Of what an API calls scopes, those that a link may ask for: an API that names another service's
 * neither opens that service nor puts the connection beyond the reach of who may use this one alone.
 */
function nameable({ server, services }: Target, named: string[]): string[] {
  const scopes = named.filter((scope) => server.acceptsScope(scope)).slice(0, MOST_NAMED);
  const beyond = scopesBeyond(server, services.map(({ name }) => name), scopes);
  return scopes.filter((scope) => !beyond.includes(scope));
}

/**
 * The choice, unless it opens more than the caller may have. One that has ended
 * opens nothing: its caller is told the cure.
 */
function within(server: AuthorizationServer, { reach }: TokenRequest, choice: Choice): Choice {
  if ("reason" in choice || choice.stored.value.status !== "active") return choice;
  const reason = beyondReach(server, reach, choice.stored.value.tokens.scopes);
  return reason === undefined ? choice : { reason };
}

/**
 * A connection that cannot be opened ends the request, since it may be the one
 * that is meant: nobody gets the token of another account in its place. It does
 * not stand in the way of an account that is named.
 */
async function listFor(
  connections: ConnectionStore,
  provider: string,
  { subject, account }: TokenRequest,
  consistency: Consistency,
): Promise<Stored<Connection>[]> {
  try {
    return await connections.list(subject, provider, consistency);
  } catch (error) {
    if (!(error instanceof VaultError) || account === undefined) throw error;
    const { opened } = await connections.survey(subject, provider);
    if (!opened.some(({ value }) => isAccount(value, account))) throw error;
    return opened;
  }
}
