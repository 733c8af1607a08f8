/**
 * Who calls the REST part and the MCP endpoint.
 *
 * @module
 */

import type { Context } from "hono";
import { type ApiKey } from "../../broker/core/api_key.ts";
import { type Gateway, requireService } from "../../gateway/gateway.ts";
import type { Broker } from "../../broker/broker.ts";
import { servicesOf, type Target } from "../../broker/core/scopes.ts";
import type { TokenSet } from "../../broker/core/connection.ts";

/** The token of `Authorization: Bearer` (RFC 6750 §2.1). */
export function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("Authorization") ?? "")?.[1];
}

/** The API key from `Authorization: Bearer` or `X-Api-Key`. */
export function requireApiKey(c: Context, gateway: Gateway): ApiKey {
  return gateway.authenticate(bearerOf(c) ?? c.req.header("X-Api-Key"));
}

/** What a service's name means; refuses one that the key is not for. */
export function requireTarget(key: ApiKey, broker: Broker, service: string): Target {
  const target = broker.resolve(service);
  requireService(key, target.server.name, target.services.map(({ name }) => name));
  return target;
}

/** One token opens all that the person granted: a key for less must not get or use it. */
export function requireOpened(key: ApiKey, { server }: Target, { scopes }: TokenSet): void {
  const opened = servicesOf(server, scopes).map(({ name }) => name);
  requireService(key, server.name, opened);
}
