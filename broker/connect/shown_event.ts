/**
 * What of an event an app may see: no more than `GET /connections` shows it.
 *
 * @module
 */

import type { Happened } from "../core/events.ts";
import { type Reach, reachesAll, scopesBeyond } from "../core/reach.ts";
import type { Servers } from "../core/scopes.ts";

/** By today's limits of its key; `undefined`: nothing. */
export function shownEvent<E extends Happened>(
  servers: Servers,
  reach: Reach,
  event: E,
): E | undefined {
  const { provider, services = [], scopes = [] } = event;
  if (reach === undefined || provider === undefined) return event;
  const server = servers.get(provider);
  // What it was for nobody knows any more.
  if (server === undefined) return undefined;
  if (reachesAll(server, reach)) return event;
  const within = services.filter((service) => reach.includes(service));
  if (within.length === 0) return undefined;
  const beyond = scopesBeyond(server, reach, scopes);
  return { ...event, services: within, scopes: scopes.filter((scope) => !beyond.includes(scope)) };
}
