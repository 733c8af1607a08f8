/**
 * What can be connected here, for apps that draw their own pages.
 *
 * @module
 */

import type { AuthorizationServer, Service } from "../core/authorization_server.ts";
import { shownKind } from "../core/credential.ts";
import { isSeen, type Reach, reachesAll, scopesBeyond } from "../core/reach.ts";
import { friendlyScopes, scopeWords, type Servers } from "../core/scopes.ts";

/** One of them. */
export interface ServiceView {
  /** For `/links`, `/token` and the others. */
  name: string;
  /** "Google Calendar" */
  title: string;
  provider: string;
  providerTitle: string;
  kind: ReturnType<typeof shownKind>;
  scopes: ScopeView[];
  /** What a link must say, or its page asks for. */
  params: { name: string; title: string }[];
}

/** What a person can be asked for. */
export interface ScopeView {
  /** For a link's `scope`. */
  name: string;
  /** In words for the person. */
  title: string;
  /** Whether a link that names no scope asks for it. */
  isDefault: boolean;
}

/** All that a key reaches, by provider and in its order. */
export function listServices(servers: Servers, reach: Reach): ServiceView[] {
  return [...servers.values()].filter(({ needsNobody }) => !needsNobody).flatMap((server) =>
    server.services
      .filter(({ name }) =>
        reach === undefined || reachesAll(server, reach) || reach.includes(name)
      )
      .map((service) => viewOf(server, service))
  );
}

function viewOf(server: AuthorizationServer, service: Service): ServiceView {
  const { name, title } = service;
  return {
    name,
    title,
    provider: server.name,
    providerTitle: server.title,
    kind: shownKind(server),
    scopes: scopesOf(server, service),
    params: Object.entries(server.params ?? {}).map(([name, { title }]) => ({ name, title })),
  };
}

/** Those that it asks for first, then whatever else has a name and opens this service alone. */
function scopesOf(server: AuthorizationServer, service: Service): ScopeView[] {
  const view = (scope: string, isDefault: boolean): ScopeView => ({
    name: friendlyScopes(server, [scope]),
    title: scopeWords(server, [scope])[0] ?? scope,
    isDefault,
  });
  const named = [
    ...service.moreScopes ?? [],
    ...Object.values(server.scopeNames).flat(),
    ...Object.keys(server.scopeTitles),
  ];
  const others = [...new Set(named)].filter((scope) =>
    !service.scopes.includes(scope) && !server.identityScopes.includes(scope) &&
    scope !== server.unjudgedScope && isOf(server, service, scope)
  );
  return [
    ...service.scopes.map((scope) => view(scope, true)),
    ...others.map((scope) => view(scope, false)),
  ];
}

function isOf(server: AuthorizationServer, { name }: Service, scope: string): boolean {
  if (server.services.length === 1) return true;
  return scopesBeyond(server, [name], [scope]).length === 0 && isSeen(server, [name], [scope]);
}
