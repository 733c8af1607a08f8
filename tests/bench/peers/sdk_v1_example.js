/**
 * The MCP SDK v1 as its example of a stateless server has it: Express, one
 * `McpServer` and one transport per request.
 *
 * @module
 */

import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { port, register } from "./tools.js";

const app = createMcpExpressApp();
app.get("/health", (_request, response) => void response.json({ status: "ok" }));
app.post("/mcp", async (request, response) => {
  const server = register(new McpServer({ name: "peer", version: "1.0.0" }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
  response.on("close", () => {
    transport.close();
    server.close();
  });
});
app.listen(port, "127.0.0.1");
