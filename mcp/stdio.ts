/**
 * MCP on stdin and stdout, both protocol eras, for Claude Desktop and Cursor.
 * Nothing else may write to stdout.
 *
 * @module
 */

import { serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Caller, McpDeps } from "./call.ts";
import { createServer } from "./eras/era_2026.ts";

/** Serves one caller until stdin ends. */
export function serveLocal(deps: McpDeps, caller: Caller): { close(): Promise<void> } {
  const { world } = deps.broker;
  return serveStdio(() => createServer(deps, caller), {
    onerror: ({ name }) => world.log({ level: "warn", event: "mcp_message_refused", detail: name }),
  });
}
