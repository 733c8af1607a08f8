/**
 * Scopes and services: what a name asks for, and what a grant covers.
 *
 * @module
 */

import { lookUp, unique } from "./lists.ts";
import { Refusal } from "./refusal.ts";
import { plainWord } from "./shown_name.ts";
import type { AuthorizationServer, Service } from "./authorization_server.ts";

/** The authorization servers of this program, by name, in a fixed order. */
export type Servers = Map<string, AuthorizationServer>;

/** What `{service}` in a path or body means. */
export interface Target {
  server: AuthorizationServer;
  /** The services that are meant: one, or all of the provider's where none has its name. */
  services: Service[];
  /** Whether the name was the provider's. */
  isProvider: boolean;
}

/** The longest `scope` parameter that is read. */
const MAX_SCOPE_LENGTH = 2000;

/** Finds a service, or a provider, by name. A service's own name wins. */
export function resolveService(servers: Servers, name: string): Target {
  for (const server of servers.values()) {
    const service = server.services.find((service) => service.name === name);
    if (service !== undefined && server.name !== name) {
      return { server, services: [service], isProvider: false };
    }
  }
  const server = servers.get(name);
  // With one that has no service people sign in, and nobody connects anything.
  if (server !== undefined && server.services.length > 0) {
    const own = server.services.filter((service) => service.name === name);
    return { server, services: own.length === 0 ? server.services : own, isProvider: true };
  }
  const known = [...servers.values()].flatMap((s) =>
    s.services.length === 0 ? [] : [s.name, ...s.services.map((x) => x.name)]
  );
  const service = plainWord(name, 60);
  throw new Refusal({ code: "unknown_service", service, known: unique(known) });
}

/**
 * The scopes that a `scope` parameter asks for: friendly names or the
 * provider's own, separated by spaces. Without it, what the services need.
 */
export function requestedScopes(target: Target, scope: string | undefined): string[] {
  const { server, services } = target;
  const words = (scope ?? "").split(" ").filter(Boolean);
  if (words.length === 0) return unique(services.flatMap((service) => service.scopes));
  if (scope !== undefined && scope.length > MAX_SCOPE_LENGTH) {
    throw new Refusal({ code: "invalid_request", detail: "scope is too long" });
  }
  return unique(words.flatMap((word) => {
    const named = lookUp(server.scopeNames, word);
    if (named !== undefined) return named;
    if (server.acceptsScope(word)) return [word];
    const known = Object.keys(server.scopeNames).join(", ");
    const shown = word.slice(0, 60).replaceAll(/[^\w.:/-]/g, "?");
    throw new Refusal({
      code: "invalid_request",
      detail: `scope "${shown}" is unknown to ${server.title}. Known names: ${known}`,
    });
  }));
}

/** Which of `needed` a grant does not cover, neither itself nor by a scope that includes it. */
export function missingScopes(
  server: AuthorizationServer,
  granted: string[],
  needed: string[],
): string[] {
  if (isUnjudged(server, granted)) return [];
  const covered = closureOf(server, granted);
  return needed.filter((scope) => !covered.has(scope));
}

/**
 * What a grant lacks of the alternative that it lacks the least of, the first of those; nothing
 * where it covers one of them, or where there are none.
 */
export function leastMissing(
  server: AuthorizationServer,
  granted: string[],
  alternatives: string[][],
): string[] {
  const missing = alternatives.map((needed) => missingScopes(server, granted, needed));
  return missing.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

/**
 * The services that a grant opens at least in part. Any grant opens one that
 * needs no scope: most providers without code are such a service.
 */
export function servicesOf(server: AuthorizationServer, granted: string[]): Service[] {
  if (isUnjudged(server, granted)) return server.services;
  const covered = closureOf(server, granted);
  return server.services.filter((service) => {
    const parts = scopesOf(server, service);
    return parts.size === 0 || [...parts].some((scope) => covered.has(scope));
  });
}

/** All that open something of a service. */
export function scopesOf(server: AuthorizationServer, service: Service): Set<string> {
  // What the others include is not looked at: one that opens two services may include what opens
  // only one of them.
  return new Set([...closureOf(server, service.scopes), ...service.moreScopes ?? []]);
}

function isUnjudged({ unjudgedScope }: AuthorizationServer, granted: string[]): boolean {
  return unjudgedScope !== undefined && granted.includes(unjudgedScope);
}

/** Scopes by their friendly names, where they have one: shorter to say, and shorter in a link. */
export function friendlyScopes({ scopeNames }: AuthorizationServer, scopes: string[]): string {
  const names = Object.entries(scopeNames);
  const nameOf = (scope: string) =>
    names.find(([, meant]) => meant.length === 1 && meant[0] === scope)?.[0] ?? scope;
  return scopes.map(nameOf).join(" ");
}

/** Scopes without those that another one of the list includes, in words a person knows. */
export function scopeWords(server: AuthorizationServer, scopes: string[]): string[] {
  const shown = scopes.filter((scope) => !server.identityScopes.includes(scope));
  return unique(shown.map((scope) => lookUp(server.scopeTitles, scope) ?? scope));
}

/** `scopes` with all that they include. */
export function closureOf({ impliedScopes }: AuthorizationServer, scopes: string[]): Set<string> {
  const covered = new Set<string>();
  const add = (scope: string) => {
    if (covered.has(scope)) return;
    covered.add(scope);
    for (const implied of lookUp(impliedScopes, scope) ?? []) add(implied);
  };
  scopes.forEach(add);
  return covered;
}
