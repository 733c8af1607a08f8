/**
 * What a gateway token may do: `<service>` for everything of a service,
 * `<service>:read` for what changes nothing.
 *
 * @module
 */

import { unique } from "./lists.ts";

const READ = ":read";

/** The scopes that may be asked for, in a fixed order. */
export function supportedScopes(services: string[]): string[] {
  return services.flatMap((name) => [name, toRead(name)]);
}

/** What an address of the gateway can be used for. */
export interface Reach {
  services: string[];
  /** Nothing that changes something. */
  readOnly: boolean;
}

/** The scopes that can be of use at an address, in a fixed order. */
export function usableScopes({ services, readOnly }: Reach): string[] {
  return readOnly ? services.map(toRead) : supportedScopes(services);
}

/**
 * What a `scope` parameter asks for, as far as the address can use it. Where
 * nothing of that is left (clients ask for `openid` of everybody, RFC 6749
 * §3.3), it is what the address can read: the person adds more, or a call steps
 * up.
 */
export function parseGatewayScopes(
  services: string[],
  scope: string | undefined,
  { readOnly = false }: { readOnly?: boolean } = {},
): string[] {
  const supported = supportedScopes(services);
  const known = (scope ?? "").split(" ").filter((word) => supported.includes(word));
  if (known.length === 0) return services.map(toRead);
  return withoutImplied(unique(readOnly ? known.map(toRead) : known));
}

/** `github` and `github:read` as `github:read`. */
export function toRead(scope: string): string {
  return scope.endsWith(READ) ? scope : scope + READ;
}

/** The service of a scope. */
export function serviceOf(scope: string): string {
  return scope.endsWith(READ) ? scope.slice(0, -READ.length) : scope;
}

/** `github:read` says nothing beside `github`. */
function withoutImplied(scopes: string[]): string[] {
  return scopes.filter((scope) => !(scope.endsWith(READ) && scopes.includes(serviceOf(scope))));
}

/** Whether a token's scopes let a tool run. */
export function allowsTool(
  scopes: string[],
  { service, readOnly }: { service: string; readOnly: boolean },
): boolean {
  return scopes.includes(service) || (readOnly && scopes.includes(toRead(service)));
}

/** The scope that a tool needs. */
export function scopeOfTool({ service, readOnly }: { service: string; readOnly: boolean }): string {
  return readOnly ? toRead(service) : service;
}

/** What a person agreed to of what a client asked for: services, and read-only or not. */
export function narrow(asked: string[], services: string[], readOnly: boolean): string[] {
  const kept = asked.filter((scope) => services.includes(serviceOf(scope)));
  return unique(readOnly ? kept.map(toRead) : kept);
}

/** What a person chose on the consent page. */
export interface Choice {
  services: string[];
  /** Of what the client asked to change, only to read. */
  readOnly: boolean;
  /** Services that the client asked to read, and that the person lets it change as well. */
  changes: string[];
}

/** Services that a client asked to read alone, and that the address could change: the person's to add. */
export function widenable(asked: string[], reach: Reach): string[] {
  if (reach.readOnly) return [];
  return asked.filter((scope) => scope.endsWith(READ)).map(serviceOf)
    .filter((service) => reach.services.includes(service));
}

/**
 * What a person agreed to: what was asked for, narrowed as they wished, and
 * widened where they ticked it themselves. Never a service that was not asked
 * for, and nothing that the address cannot use.
 */
export function agreed(asked: string[], reach: Reach, choice: Choice): string[] {
  const { services, readOnly, changes } = choice;
  const more = widenable(asked, reach).filter((service) => changes.includes(service));
  const kept = asked.filter((scope) => services.includes(serviceOf(scope)));
  return unique(kept.map((scope) => {
    const service = serviceOf(scope);
    if (scope.endsWith(READ)) return more.includes(service) ? service : scope;
    return readOnly ? toRead(scope) : scope;
  }));
}
