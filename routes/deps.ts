/**
 * What the HTTP edges are made of; `main.ts` hands it in.
 *
 * @module
 */

import type { Broker } from "../broker/broker.ts";
import type { Subject } from "../broker/types.ts";

/** Who calls a tool, and what they may see. */
export interface McpCaller {
  subject: Subject;
  filter: { services?: string[] };
}

/** Dependencies of the app. */
export interface AppDeps {
  broker: Broker;
  /** Host names that requests may name, beside the public one. */
  allowedHosts: string[];
  version: string;
  /** The MCP endpoint. */
  mcp(request: Request, body: unknown, caller: McpCaller): Promise<Response>;
  /** Resolves when the store takes and gives. */
  checkHealth(): Promise<void>;
}
