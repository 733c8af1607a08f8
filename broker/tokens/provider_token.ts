/**
 * Which of a subject's connections a request means, and its provider token.
 *
 * @module
 */

import { createLink, type LinkDeps } from "../connect/link.ts";
import { type Reason, Refusal } from "../core/refusal.ts";
import type { Refresher } from "./refresher.ts";
import {
  friendlyScopes,
  missingScopes,
  resolveService,
  type Servers,
  servicesOf,
  type Target,
} from "../core/scopes.ts";
import type { Connection, ConnectionStore, Consistency, Subject } from "../core/connection.ts";

/** What connections are served from. */
export interface ConnectionDeps extends LinkDeps {
  servers: Servers;
  connections: ConnectionStore;
  refresher: Refresher;
}

/** Which provider token a caller wants. */
export interface TokenRequest {
  subject: Subject;
  /** What the caller called the service or provider. */
  service: string;
  /** An account's id or label; the default account where it is not said. */
  account?: string;
  /** All of these must be granted. */
  scopes: string[];
  /** The caller's own words for them: what a link asks for where nothing is connected. */
  scopeParam?: string;
  /** ms */
  minTtl?: number;
  /** The access token that the provider's API has just refused. */
  rejected?: string;
  /** How long the caller waits for a refresh, in ms. */
  waitMs: number;
}

/** The connection that a request means, its token set fresh. */
export async function providerToken(
  deps: ConnectionDeps,
  request: TokenRequest,
): Promise<Connection> {
  const target = resolveService(deps.servers, request.service);
  const { server } = target;
  let refusal: Reason | undefined;
  // A copy near by may be a little old: nothing is refused or refreshed on its word.
  for (const consistency of ["eventual", "strong"] satisfies Consistency[]) {
    const all = await deps.connections.list(request.subject, server.name, consistency);
    const found = choose(target, all.map(({ value }) => value), request);
    if ("code" in found) {
      refusal = found;
      continue;
    }
    const seen = all.find(({ value }) => value.account === found.account)!;
    const refreshed = await deps.refresher.ensure(server, seen, request, request.waitMs);
    switch (refreshed.kind) {
      case "ready":
        return refreshed.stored.value;
      case "unavailable": {
        const retryAfter = Math.max(1, Math.ceil(refreshed.retryAfterMs / 1000));
        throw new Refusal({ code: "provider_unavailable", title: server.title, retryAfter });
      }
      case "reauthorize":
        refusal = { code: "reauthorization_required", ...namesOf(target, request.service) };
        break;
      case "gone":
        refusal = { code: "not_connected", ...namesOf(target, request.service) };
        break;
    }
  }
  throw new Refusal(await withCure(deps, target, request, refusal!));
}

/** The connection that is meant among a subject's at one provider, or why there is none. */
export function choose(
  target: Target,
  all: Connection[],
  { service, account, scopes }: Pick<TokenRequest, "service" | "account" | "scopes">,
): Connection | Reason {
  const names = namesOf(target, service);
  if (all.length === 0) return { code: "not_connected", ...names };
  const named = account === undefined ? byPreference(all) : all.filter(isAccount(account));
  const [first] = named;
  if (first === undefined) {
    return {
      code: "unknown_account",
      service,
      accounts: byPreference(all).map(({ label }) => label),
    };
  }
  const covers = ({ tokens }: Connection) =>
    missingScopes(target.server, tokens.scopes, scopes).length === 0 &&
    (target.isProvider || opens(target, tokens.scopes));
  // Calendar on one account and mail on another: the one that can do it is meant.
  const able = named.find(covers);
  if (able !== undefined) return able;
  if (!target.isProvider && !opens(target, first.tokens.scopes)) {
    return { code: "not_connected", ...names };
  }
  const missing = missingScopes(target.server, first.tokens.scopes, scopes);
  return { code: "insufficient_scope", ...names, scope: friendlyScopes(target.server, missing) };
}

/** Whether a connection is what a caller calls `account`: an id, or a label in any case. */
export function isAccount(account: string): (connection: Connection) => boolean {
  const label = account.toLowerCase();
  return (connection) => connection.account === account || connection.label.toLowerCase() === label;
}

/** The default account first: the one preferred last, else the one connected first. */
export function byPreference(all: Connection[]): Connection[] {
  return all.toSorted((a, b) =>
    (b.preferredAt ?? 0) - (a.preferredAt ?? 0) || a.connectedAt - b.connectedAt
  );
}

function opens({ server, services }: Target, scopes: string[]): boolean {
  const opened = servicesOf(server, scopes);
  return services.some((service) => opened.includes(service));
}

function namesOf({ server, services, isProvider }: Target, service: string) {
  const [only] = services;
  return { service, title: isProvider || only === undefined ? server.title : only.title };
}

/** Adds the link behind which a person can mend it. */
async function withCure(
  deps: ConnectionDeps,
  target: Target,
  { subject, service, scopeParam }: TokenRequest,
  reason: Reason,
): Promise<Reason> {
  switch (reason.code) {
    case "not_connected":
    case "insufficient_scope":
    case "reauthorization_required": {
      // Just what is missing: what was granted before is asked for again on the way.
      const scope = reason.code === "insufficient_scope" ? reason.scope : scopeParam;
      const asked = scope === undefined ? {} : { scope };
      const link = await createLink(deps, { subject, target, service, ...asked });
      return { ...reason, connectUrl: link.url };
    }
    default:
      return reason;
  }
}
