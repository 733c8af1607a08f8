/**
 * The limit for a start: Hono, zod, an opened KV, and a first answer. Arguments:
 * a port and a KV file.
 *
 * @module
 */

import { Hono } from "hono";
import { z } from "zod";

const [port, kvPath] = z.tuple([z.coerce.number(), z.string()]).parse(Deno.args);
const kv = await Deno.openKv(kvPath);
const app = new Hono();
app.get("/health", async (c) => {
  await kv.get(["health"]);
  return c.json({ status: "ok" });
});
Deno.serve({ port, hostname: "127.0.0.1" }, app.fetch);
