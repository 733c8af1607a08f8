/**
 * What an API key may see of a connection.
 *
 * @module
 */

import type { ApiKey } from "../../broker/core/api_key.ts";
import { reachesAll, scopesBeyond } from "../../broker/core/reach.ts";
import type { Broker, ConnectionView } from "../../broker/broker.ts";

/** A connection with what the key is for, and nothing else of it; nothing where it is for none of it. */
export function visibleTo(
  { services: reach }: ApiKey,
  broker: Broker,
  connection: ConnectionView,
): ConnectionView[] {
  const { server } = broker.resolve(connection.provider);
  if (reach === undefined || reachesAll(server, reach)) return [connection];
  const services = connection.services.filter((service) => reach.includes(service));
  const beyond = scopesBeyond(server, reach, connection.scopes);
  const scopes = connection.scopes.filter((scope) => !beyond.includes(scope));
  return services.length === 0 ? [] : [{ ...connection, services, scopes }];
}
