/**
 * The limit for MCP: Hono, a body that is read as JSON, and an answer that was
 * ready before. Arguments: a port, and a file with the answer.
 *
 * @module
 */

import { Hono } from "hono";

const [port = "", file = ""] = Deno.args;
const answer = await Deno.readTextFile(file);
const headers = { "Content-Type": "application/json" };
const app = new Hono();
app.get("/health", (c) => c.json({ status: "ok" }));
app.post("/mcp", async (c) => {
  const { jsonrpc } = await c.req.json();
  return jsonrpc === "2.0" ? c.body(answer, 200, headers) : c.body(null, 400);
});
Deno.serve({ port: Number(port), hostname: "127.0.0.1" }, app.fetch);
