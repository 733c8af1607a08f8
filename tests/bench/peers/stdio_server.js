/**
 * A server on stdin and stdout, with the list as it is: what stands behind
 * `supergateway` and `mcp-hub`.
 *
 * @module
 */

import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { result, tools } from "./tools.js";

const server = new Server({ name: "peer", version: "1.0.0" }, { capabilities: { tools: {} } });
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
server.setRequestHandler(CallToolRequestSchema, () => result);
await server.connect(new StdioServerTransport());
