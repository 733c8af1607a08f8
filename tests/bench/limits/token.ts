/**
 * The limit for `/token`: Hono, a body that is read as JSON, one KV get, and
 * one record opened with AES-GCM. Arguments: a port, a KV file, the answer
 * to give, and for whom.
 *
 * @module
 */

import { Hono } from "hono";

const [port = "", kvPath = "", answer = "", ...people] = Deno.args;
const kv = await Deno.openKv(kvPath);
const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
  "encrypt",
  "decrypt",
]);
const additionalData = new TextEncoder().encode("connection\0voice:ana\0github");
const iv = crypto.getRandomValues(new Uint8Array(12));
const sealed = new Uint8Array(
  await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    key,
    new TextEncoder().encode(answer),
  ),
);
for (const person of people) await kv.set(["connection", person, "github"], { iv, sealed });

const app = new Hono();
app.get("/health", (c) => c.json({ status: "ok" }));
app.post("/token/:service", async (c) => {
  const { user_id: person } = await c.req.json();
  const { value } = await kv.get<{ iv: Uint8Array<ArrayBuffer>; sealed: Uint8Array<ArrayBuffer> }>([
    "connection",
    person,
    c.req.param("service"),
  ]);
  if (value === null) return c.json({ error: "not_connected" }, 404);
  const opened = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: value.iv, additionalData },
    key,
    value.sealed,
  );
  return c.json(JSON.parse(new TextDecoder().decode(opened)));
});
Deno.serve({ port: Number(port), hostname: "127.0.0.1" }, app.fetch);
