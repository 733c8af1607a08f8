/**
 * `@hono/mcp` on Node. Its README shares one transport between all callers, which
 * sends answers to the wrong one where two use the same id; so this has one server
 * and one transport per request.
 *
 * @module
 */

import { StreamableHTTPTransport } from "@hono/mcp";
import { serve } from "@hono/node-server";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { Hono } from "hono";
import { port, register } from "./tools.js";

const app = new Hono();
app.get("/health", (c) => c.json({ status: "ok" }));
app.all("/mcp", async (c) => {
  const server = register(new McpServer({ name: "peer", version: "1.0.0" }));
  const transport = new StreamableHTTPTransport();
  await server.connect(transport);
  return await transport.handleRequest(c);
});
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" });
