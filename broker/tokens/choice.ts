/**
 * Which of a subject's connections a request means. Pure.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Actor } from "../core/actor.ts";
import type { Connection } from "../core/connection.ts";
import { isFor } from "../core/credential.ts";
import { beyondReach, isSeen } from "../core/reach.ts";
import type { Reason } from "../core/refusal.ts";
import {
  friendlyScopes,
  leastMissing,
  scopeWords,
  servicesOf,
  type Target,
} from "../core/scopes.ts";
import type { Stored } from "../core/store.ts";
import type { TokenRequest } from "../core/token_request.ts";

/** A connection, or why there is none. */
export type Choice =
  | {
    stored: Stored<Connection>;
    /** The default account has ended; this one stands in for it. */
    insteadOf?: string | undefined;
    /** Labels of other accounts that could do it, where this one has ended and none was named. */
    others?: string[] | undefined;
  }
  | { reason: Reason };

/** The connection that is meant among a subject's at one provider. */
export function choose(
  target: Target,
  all: Stored<Connection>[],
  { service, account, actor, scopes, reach, reading = false, elsewhere = false }:
    & Pick<TokenRequest, "service" | "account" | "scopes" | "reach" | "reading">
    & {
      /** Whose accounts count. */
      actor?: Pick<Actor, "accounts"> | undefined;
      /** What is from another address than today's, too: to be ended. */
      elsewhere?: boolean | undefined;
    },
): Choice {
  const names = namesOf(target, service);
  const { server } = target;
  const seen = all.filter(({ value: { tokens } }) =>
    (elsewhere || isFor(server, tokens)) && isSeen(server, reach, tokens.scopes)
  );
  if (seen.length === 0) return { reason: { code: "not_connected", ...names } };
  const usual = byPreference(seen.filter(({ value }) => isAllowed(value, actor)));
  const named = account === undefined
    ? usual
    : usual.filter(({ value }) => isAccount(value, account));
  const [first] = named;
  if (first === undefined) {
    const accounts = usual.map(({ value }) => value.label);
    return { reason: { code: "unknown_account", service, accounts } };
  }
  // Calendar on one account and mail on another: the one that can do it is meant.
  const [able, ...more] = named.filter(({ value: { tokens } }) =>
    leastMissing(target.server, tokens.scopes, scopes).length === 0 &&
    (target.isProvider || opens(target, tokens.scopes))
  );
  if (able !== undefined) {
    if (account !== undefined || able.value.status === "active") return { stored: able };
    const living = more.filter(({ value: { status, tokens } }) =>
      status === "active" && beyondReach(target.server, reach, tokens.scopes) === undefined
    );
    const [other] = living;
    return reading && other !== undefined
      ? { stored: other, insteadOf: able.value.label }
      : { stored: able, others: living.map(({ value }) => value.label) };
  }
  const { scopes: granted } = first.value.tokens;
  if (!target.isProvider && !opens(target, granted)) {
    return { reason: { code: "not_connected", ...names } };
  }
  const missing = leastMissing(target.server, granted, scopes);
  const { account: wanting } = first.value;
  const lacks = lackOf(target.server, missing);
  return { reason: { code: "insufficient_scope", ...names, ...lacks, account: wanting } };
}

function isAllowed(connection: Connection, actor: Pick<Actor, "accounts"> | undefined): boolean {
  const { accounts } = actor ?? {};
  return accounts === undefined || accounts.some((account) => isAccount(connection, account));
}

/** Whether a connection is what a caller calls `account`: an id, or a label in any case. */
export function isAccount(
  connection: { account: string; label?: string | undefined },
  account: string,
): boolean {
  return connection.account === account ||
    connection.label?.toLowerCase() === account.toLowerCase();
}

/** The default account first: the one preferred last, else the one connected first. */
export function byPreference(all: Stored<Connection>[]): Stored<Connection>[] {
  return all.toSorted(({ value: a }, { value: b }) =>
    (b.preferredAt ?? 0) - (a.preferredAt ?? 0) || a.connectedAt - b.connectedAt
  );
}

/** How a refusal names what was asked for: the caller's own word, and the title for people. */
export function namesOf({ server, services, isProvider }: Target, service: string) {
  const [only] = services;
  return { service, title: isProvider || only === undefined ? server.title : only.title };
}

/** How a refusal names scopes: for a link, and for people. */
export function lackOf(server: AuthorizationServer, scopes: string[]) {
  return { scope: friendlyScopes(server, scopes), allows: scopeWords(server, scopes) };
}

function opens({ server, services }: Target, scopes: string[]): boolean {
  const opened = servicesOf(server, scopes);
  return services.some((service) => opened.includes(service));
}
