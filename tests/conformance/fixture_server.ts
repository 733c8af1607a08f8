/**
 * The fixture as an MCP server over Streamable HTTP, in either revision: with
 * sessions by the SDK's first version, as most servers are, or stateless by
 * its second.
 *
 * @module
 */

import { Server as ServerV1 } from "@modelcontextprotocol/sdk/server";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/server/webStandardStreamableHttp"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { createMcpHandler, ProtocolError, Server } from "@modelcontextprotocol/server";
import { z } from "zod";
import { serve } from "../support/serve.ts";
import { type Doing, PROMPTS, read, RESOURCES, TEMPLATES, TOOLS } from "./fixture.ts";

const INFO = { name: "fixture", version: "1" };
const CAPABILITIES = { tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} };
const CACHED = { ttlMs: 60_000, cacheScope: "private" as const };

const LISTS = {
  "tools/list": {
    tools: Object.entries(TOOLS).map(([name, { description, inputSchema }]) => ({
      name,
      description,
      inputSchema: inputSchema ?? { type: "object", properties: {} },
    })),
  },
  "resources/list": { resources: RESOURCES },
  "resources/templates/list": { resourceTemplates: TEMPLATES },
  "prompts/list": {
    prompts: Object.entries(PROMPTS).map(([name, { description, arguments: names = [] }]) => ({
      name,
      description,
      arguments: names.map((name) => ({ name, required: true })),
    })),
  },
};

/** A started fixture. */
export interface Fixture extends AsyncDisposable {
  url: string;
}

// deno-lint-ignore no-explicit-any -- read as the suite sends it
type Params = any;

/** Answers everything that is the same in both revisions. */
async function answer(method: string, params: Params, doing: Omit<Doing, "args">) {
  const { name, uri, arguments: args = {} } = params;
  switch (method) {
    case "tools/call": {
      const tool = TOOLS[name];
      if (tool === undefined) throw { code: -32602, message: `Unknown tool: ${name}` };
      return await tool.call({ ...doing, args });
    }
    case "prompts/get": {
      const prompt = PROMPTS[name];
      if (prompt === undefined) throw { code: -32602, message: `Unknown prompt: ${name}` };
      return prompt.get({ ...doing, args });
    }
    case "resources/read": {
      const contents = read(uri);
      if (contents === undefined) {
        throw { code: -32002, message: "Resource not found", data: { uri } };
      }
      return { ...CACHED, ...contents };
    }
    default:
      return { completion: { values: ["paris", "park", "party"], total: 150, hasMore: false } };
  }
}

const REQUESTS = ["tools/call", "prompts/get", "resources/read", "completion/complete"] as const;

/** As servers until 2025-11-25 are: a session per client. */
export function startFixture2025(): Fixture {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const { port, close } = serve(async (request) => {
    const id = request.headers.get("Mcp-Session-Id");
    if (id !== null) {
      return await sessions.get(id)?.handleRequest(request) ?? new Response(null, { status: 404 });
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await server2025().connect(transport);
    return await transport.handleRequest(request);
  });
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      await close();
    },
  };
}

const anyOf = (method: string) =>
  z.looseObject({ method: z.literal(method), params: z.looseObject({}).optional() });

function server2025(): ServerV1 {
  const server = new ServerV1(INFO, { capabilities: CAPABILITIES });
  for (const [method, result] of Object.entries(LISTS)) {
    server.setRequestHandler(anyOf(method), () => result);
  }
  for (const method of REQUESTS) {
    server.setRequestHandler(anyOf(method), async ({ params }, extra) => {
      const notify = (method: string, params: Params) =>
        extra.sendNotification({ method, params } as Parameters<typeof extra.sendNotification>[0]);
      const token = extra._meta?.progressToken;
      const takesForms = server.getClientCapabilities()?.elicitation?.form !== undefined;
      return await answer(method, params, {
        answered: {},
        state: undefined,
        capabilities: { ...server.getClientCapabilities() },
        progress: async (progress, total) => {
          if (token === undefined) return;
          await notify("notifications/progress", { progressToken: token, progress, total });
        },
        log: (data) => notify("notifications/message", { level: "info", data }),
        ...(takesForms && {
          elicit: (message: string, requestedSchema: unknown) =>
            extra.sendRequest(
              { method: "elicitation/create", params: { message, requestedSchema } } as Params,
              z.looseObject({}) as Params,
            ),
        }),
      }).catch(thrown) as Params;
    });
  }
  return server;
}

/** As servers of 2026-07-28 are: every request alone. */
export function startFixture2026(): Fixture {
  const handler = createMcpHandler(server2026, { legacy: "reject" });
  const { port, close } = serve((request) => handler.fetch(request));
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      await handler.close();
      await close();
    },
  };
}

function server2026(): Server {
  const server = new Server(INFO, { capabilities: CAPABILITIES });
  for (const [method, result] of Object.entries(LISTS)) {
    server.setRequestHandler(method as "tools/list", () => ({ ...result, ...CACHED }) as Params);
  }
  for (const method of REQUESTS) {
    server.setRequestHandler(method as "tools/call", async ({ params }, { mcpReq }) => {
      const token = mcpReq._meta?.progressToken;
      return await answer(method, params, {
        answered: { ...mcpReq.inputResponses },
        state: mcpReq.requestState(),
        capabilities: { ...server.getClientCapabilities() },
        progress: async (progress, total) => {
          if (token === undefined) return;
          const params = { progressToken: token, progress, total };
          await mcpReq.notify({ method: "notifications/progress", params });
        },
        log: (data) => mcpReq.log("info", data),
      }).catch(thrown) as Params;
    });
  }
  return server;
}

/** What a fixture throws is a JSON-RPC error as it stands. */
function thrown(error: unknown): never {
  if (error instanceof Error) throw error;
  const { code, message, data } = error as { code: number; message: string; data?: unknown };
  throw new ProtocolError(code, message, data);
}
