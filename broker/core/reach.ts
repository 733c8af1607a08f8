/**
 * How far an API key reaches that is limited to services. One token opens all
 * that a person granted, so whatever a key gets, asks for or ends is held
 * against today's limit scope by scope.
 *
 * @module
 */

import type { App } from "./api_key.ts";
import type { AuthorizationServer } from "./authorization_server.ts";
import { unique } from "./lists.ts";
import { type Reason, Refusal } from "./refusal.ts";
import { closureOf, friendlyScopes, scopesOf, servicesOf } from "./scopes.ts";
import { partsOf, type Subject } from "./subject.ts";

/** Names of services and providers; absent: everything. */
export type Reach = App["services"];

/** How far the app of a subject reaches today; people and what no key is known of: everywhere. */
export function reachOf(apps: App[] | "elsewhere", subject: Subject): Reach {
  if (apps === "elsewhere") return undefined;
  const { realm } = partsOf(subject);
  return apps.find((app) => app.realm === realm)?.services;
}

/** Whether all of a provider is within. */
export function reachesAll({ name }: AuthorizationServer, reach: Reach): boolean {
  return reach === undefined || reach.includes(name);
}

/** They say who somebody is, and open nothing (OpenID Connect Core §5.4). */
const IDENTITY = ["openid", "email", "profile"];

/**
 * The scopes that lie beyond. One that belongs to no service that is known here
 * lies beyond every limit: what it opens is not known either.
 */
export function scopesBeyond(
  server: AuthorizationServer,
  reach: Reach,
  scopes: string[],
): string[] {
  if (reach === undefined || reachesAll(server, reach)) return [];
  return scopes.filter((scope) => {
    const services = servicesWith(server, scope);
    return services.length === 0
      ? !isIdentity(server, scope)
      : services.some(({ name }) => !reach.includes(name));
  });
}

/** Whether anything that was granted is within: what is for other services alone is nobody's to see. */
export function isSeen(server: AuthorizationServer, reach: Reach, granted: string[]): boolean {
  return reach === undefined || reachesAll(server, reach) ||
    servicesOf(server, granted).some(({ name }) => reach.includes(name));
}

/** Why a connection is not for the reach: it opens more. */
export function beyondReach(
  server: AuthorizationServer,
  reach: Reach,
  scopes: string[],
): Reason | undefined {
  const beyond = scopesBeyond(server, reach, scopes);
  if (beyond.length === 0) return undefined;
  const others = titlesOf(server, reach, beyond);
  return { code: "connection_not_allowed", title: server.title, others };
}

/** Refuses a connection that opens more. @throws {Refusal} `connection_not_allowed`. */
export function requireReach(server: AuthorizationServer, reach: Reach, scopes: string[]): void {
  const reason = beyondReach(server, reach, scopes);
  if (reason !== undefined) throw new Refusal(reason);
}

/** Refuses a connection of which nobody can say what it opens. @throws as {@linkcode requireReach}. */
export function requireAll(server: AuthorizationServer, reach: Reach): void {
  if (reachesAll(server, reach)) return;
  throw new Refusal({ code: "connection_not_allowed", title: server.title, others: [] });
}

/** What scopes are called to people: by their services, or as themselves. */
function titlesOf(server: AuthorizationServer, reach: Reach = [], scopes: string[]): string[] {
  return unique(scopes.flatMap((scope) => {
    const others = servicesWith(server, scope).filter(({ name }) => !reach.includes(name));
    return others.length === 0
      ? [friendlyScopes(server, [scope])]
      : others.map(({ title }) => title);
  }));
}

function servicesWith(server: AuthorizationServer, scope: string) {
  const opened = closureOf(server, [scope]);
  return server.services.filter((service) =>
    [...scopesOf(server, service)].some((part) => opened.has(part))
  );
}

/**
 * Whether a scope opens something of the account. The others say who somebody is, or how long it
 * lasts (OpenID Connect Core §5.4, §11), and many servers leave them out of what they say was granted.
 */
export function opensSomething(server: AuthorizationServer, scope: string): boolean {
  return scope !== "offline_access" && !isIdentity(server, scope);
}

/** Providers may spell them in another way, and say what they mean by that. */
function isIdentity(server: AuthorizationServer, scope: string): boolean {
  const known = [...IDENTITY, ...server.identityScopes];
  if (known.includes(scope)) return true;
  const [, ...implied] = closureOf(server, [scope]);
  return implied.length > 0 && implied.every((each) => known.includes(each));
}
