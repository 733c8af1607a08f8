/**
 * `@modelcontextprotocol/server` alone, as its guide has it: a handler that makes
 * an `McpServer` per request, served by Deno.
 *
 * @module
 */

import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { port, register } from "./tools.js";

const handler = createMcpHandler(() => register(new McpServer({ name: "peer", version: "1.0.0" })));
Deno.serve({ port, hostname: "127.0.0.1" }, async (request) => {
  const { pathname } = new URL(request.url);
  return pathname === "/health" ? new Response("ok") : await handler.fetch(request);
});
