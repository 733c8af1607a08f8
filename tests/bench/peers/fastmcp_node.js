/**
 * `fastmcp` on Node, stateless.
 *
 * @module
 */

import { FastMCP } from "fastmcp";
import { port, shaped, TEXT } from "./tools.js";

const server = new FastMCP({ name: "peer", version: "1.0.0" });
for (const { name, description, annotations, inputSchema: parameters } of shaped) {
  server.addTool({
    name,
    description,
    annotations,
    parameters,
    execute: () => Promise.resolve(TEXT),
  });
}
await server.start({
  transportType: "httpStream",
  httpStream: { port, host: "127.0.0.1", stateless: true },
});
