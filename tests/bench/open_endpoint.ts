/**
 * Our MCP endpoint, as the program puts it together, behind a bare server that
 * asks nobody who calls: what is left of a request without authentication,
 * limits and the log. Arguments: a port, and the variables of the program as JSON.
 *
 * @module
 */

import denoJson from "../../deno.json" with { type: "json" };
import { parseConfig } from "../../broker/config/config.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { responseOf } from "../../routes/http/ready.ts";
import { allModules, knownProviders } from "../../start/all_providers.ts";
import { knowTools } from "../../start/known_tools.ts";
import { composeMcp } from "../../start/mcp.ts";
import { createProviders } from "../../start/parts.ts";
import { createWorld } from "../../start/world.ts";
import { startTelemetry } from "../../telemetry/telemetry.ts";

const [port = "", env = "{}"] = Deno.args;
const { modules } = allModules("[]");
const config = await parseConfig(JSON.parse(env), knownProviders(modules), false);
const world = createWorld(await startTelemetry("bench"), () => {});
const nobody = () => Promise.reject(new Error("A call asked for what somebody has connected"));
const endpoint = await composeMcp({
  world,
  fetch: nobody,
  version: denoJson.version,
  pauses: { pauses: nobody, notePause: nobody },
  broker: {
    token: nobody,
    once: async (_call, run) => ({ kind: "outcome", outcome: await run(), repeated: false }),
    accounts: () => ({ accounts: [], several: new Set() }),
  },
}, {
  providers: await knowTools(modules, createProviders({ modules, fetch: nobody }, config)),
  upstreams: [],
});
const caller = {
  subject: "bench:ana" as Subject,
  actor: { kind: "app" as const, id: "bench" },
  filter: {},
};

Deno.serve({ port: Number(port), hostname: "127.0.0.1" }, async (request) => {
  if (request.method === "GET") return Response.json({ status: "ok" });
  const answer = await endpoint(request, JSON.parse(await request.text()), caller);
  if ("missingScope" in answer) return new Response(null, { status: 403 });
  return answer instanceof Response ? answer : responseOf(answer);
});
