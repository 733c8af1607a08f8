/**
 * The limit for a call through an upstream: the SDK's own client, which is
 * connected once and calls directly. One request here makes several calls, so
 * that what it costs to be asked counts little. Arguments: a port, the
 * upstream's address, the tool, and how many calls.
 *
 * @module
 */

import { Client } from "@modelcontextprotocol/sdk/client";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [port = "", address = "", name = "", calls = ""] = Deno.args;
const client = new Client({ name: "direct", version: "1" });
await client.connect(new StreamableHTTPClientTransport(new URL(address)));

Deno.serve({ port: Number(port), hostname: "127.0.0.1" }, async (request) => {
  if (new URL(request.url).pathname === "/health") return new Response("ok");
  let result: unknown;
  for (let call = 0; call < Number(calls); call++) {
    result = await client.callTool({ name, arguments: { city: "Paris" } });
  }
  return Response.json({ result });
});
