/**
 * What a gateway token may do: `<service>` for everything of a service,
 * `<service>:read` for what changes nothing.
 *
 * @module
 */

import { unique } from "./lists.ts";

/** The scopes that may be asked for, in a fixed order. */
export function supportedScopes(services: string[]): string[] {
  return services.flatMap((name) => [name, `${name}:read`]);
}

/** The known scopes of a `scope` parameter; everything where there is none (RFC 6749 §3.3). */
export function parseGatewayScopes(services: string[], scope: string | undefined): string[] {
  const supported = supportedScopes(services);
  const asked = (scope ?? "").split(" ").filter((word) => supported.includes(word));
  return scope === undefined || scope === "" ? services : withoutImplied(unique(asked));
}

/** `github:read` says nothing beside `github`. */
function withoutImplied(scopes: string[]): string[] {
  return scopes.filter((scope) =>
    !(scope.endsWith(":read") && scopes.includes(scope.slice(0, -5)))
  );
}

/** Whether a token's scopes let a tool run. */
export function allowsTool(
  scopes: string[],
  { service, readOnly }: { service: string; readOnly: boolean },
): boolean {
  return scopes.includes(service) || (readOnly && scopes.includes(`${service}:read`));
}

/** The scope that a tool needs. */
export function scopeOfTool({ service, readOnly }: { service: string; readOnly: boolean }): string {
  return readOnly ? `${service}:read` : service;
}

/** What a person agreed to of what a client asked for: services, and read-only or not. */
export function narrow(asked: string[], services: string[], readOnly: boolean): string[] {
  const kept = asked.filter((scope) => services.includes(scope.replace(/:read$/, "")));
  return unique(
    kept.map((scope) => readOnly && !scope.endsWith(":read") ? `${scope}:read` : scope),
  );
}
