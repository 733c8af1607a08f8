/**
 * What the HTTP edges are made of; `main.ts` hands it in.
 *
 * @module
 */

import type { Broker } from "../../broker/broker.ts";
import type { Gateway } from "../../gateway/gateway.ts";
import type { Subject } from "../../broker/core/connection.ts";

/** Who calls a tool, and what they may see. */
export interface McpCaller {
  subject: Subject;
  /** `scopes` are the gateway token's, where it is one. */
  filter: { services?: string[]; scopes?: string[]; tools?: string[]; readOnly?: boolean };
  idempotencyKey?: string;
  timeoutMs?: number;
}

/** Dependencies of the app. */
export interface AppDeps {
  broker: Broker;
  /** The way out, to providers. */
  fetch: typeof fetch;
  /** Host names that requests may name, beside the public one. */
  allowedHosts: string[];
  version: string;
  gateway: Gateway;
  /** The MCP endpoint. */
  mcp(request: Request, body: unknown, caller: McpCaller): Promise<Response>;
  /** The gateway scope that a call needs beyond what its caller has. */
  missingScope(body: unknown, caller: McpCaller): Promise<string | undefined>;
  /** Resolves when the store takes and gives. */
  checkHealth(): Promise<void>;
}
