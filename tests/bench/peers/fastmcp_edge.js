/**
 * `fastmcp`'s build for the edge, served by Deno.
 *
 * @module
 */

import { EdgeFastMCP } from "fastmcp/edge";
import { port, shaped, TEXT } from "./tools.js";

const server = new EdgeFastMCP({ name: "peer", version: "1.0.0", description: "A peer" });
for (const { name, description, inputSchema: parameters } of shaped) {
  server.addTool({ name, description, parameters, execute: () => Promise.resolve(TEXT) });
}
Deno.serve({ port, hostname: "127.0.0.1" }, (request) => server.fetch(request));
