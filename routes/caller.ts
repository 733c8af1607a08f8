/**
 * Who calls the REST part and the MCP endpoint.
 *
 * @module
 */

import type { Context } from "hono";
import type { ApiKey } from "../broker/api_key.ts";
import type { Broker } from "../broker/broker.ts";

/** The token of `Authorization: Bearer` (RFC 6750 §2.1). */
export function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("Authorization") ?? "")?.[1];
}

/** The API key from `Authorization: Bearer` or `X-Api-Key`. */
export function requireApiKey(c: Context, broker: Broker): ApiKey {
  return broker.authenticate(bearerOf(c) ?? c.req.header("X-Api-Key"));
}
