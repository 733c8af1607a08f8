/**
 * Who calls the REST part and the MCP endpoint.
 *
 * @module
 */

import type { Context } from "hono";
import type { ApiKey } from "../broker/api_key.ts";
import type { Broker } from "../broker/broker.ts";

/** The API key from `Authorization: Bearer` or `X-Api-Key`. */
export function requireApiKey(c: Context, broker: Broker): ApiKey {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(c.req.header("Authorization") ?? "") ?? [];
  return broker.authenticate(bearer ?? c.req.header("X-Api-Key"));
}
