/**
 * The limit for a tool call through a provider: Hono, a body that is read as
 * JSON, a fetch whose answer is read as JSON, and an answer that was ready
 * before. Arguments: a port, the address to fetch, a file with the answer.
 *
 * @module
 */

import { Hono } from "hono";

const [port = "", address = "", file = ""] = Deno.args;
const answer = JSON.parse(await Deno.readTextFile(file));
const headers = { "Accept": "application/json", "Authorization": "Bearer x" };
const app = new Hono();
app.get("/health", (c) => c.json({ status: "ok" }));
app.post("/mcp", async (c) => {
  const { jsonrpc } = await c.req.json();
  const response = await fetch(address, { headers });
  const value = await response.json();
  return jsonrpc === "2.0" && Array.isArray(value) ? c.json(answer) : c.body(null, 502);
});
Deno.serve({ port: Number(port), hostname: "127.0.0.1" }, app.fetch);
