/**
 * Upstream MCP servers made with the protocol's own SDKs: one of the era with
 * sessions, one of the era without.
 *
 * @module
 */

import { Server } from "@modelcontextprotocol/sdk/server";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/server/webStandardStreamableHttp"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import {
  createMcpHandler,
  inputRequired,
  Server as Server2026,
} from "@modelcontextprotocol/server";
import { serve } from "./serve.ts";

/** What came in. */
export interface SeenRequest {
  /** `POST tools/call`, `DELETE`. */
  what: string;
  session: string | null;
  authorization: string | null;
  headers: Headers;
}

/** A server that runs. */
export interface SdkUpstream extends AsyncDisposable {
  url: string;
  seen: SeenRequest[];
  /** One more tool, of which the server tells, if it `tells` of any. */
  addTool(): Promise<void>;
  /** Sessions that the server has. */
  sessions: Map<string, WebStandardStreamableHTTPServerTransport>;
}

const COUNT = {
  name: "count",
  description: "Counts the calls of this session.",
  inputSchema: {
    type: "object" as const,
    properties: { city: { type: "string", "x-mcp-header": "City" } },
  },
  annotations: { readOnlyHint: false },
};
const REFUSE = { ...COUNT, name: "refuse" };
const ASK = { ...COUNT, name: "ask" };
const ADDED = { ...COUNT, name: "added" };

/** A server of MCP 2025-11-25 that keeps a count in each session. */
export function startStateful({ tells = false } = {}): SdkUpstream {
  const seen: SeenRequest[] = [];
  const servers: Server[] = [];
  const added: (typeof COUNT)[] = [];
  const sessions: SdkUpstream["sessions"] = new Map();
  const server = serve(async (request) => {
    await note(seen, request);
    const id = request.headers.get("Mcp-Session-Id");
    if (id !== null) {
      return await sessions.get(id)?.handleRequest(request) ?? new Response(null, { status: 404 });
    }
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const one = counting(added, tells);
    servers.push(one);
    await one.connect(transport as Parameters<Server["connect"]>[0]);
    return await transport.handleRequest(request);
  });
  return {
    url: `http://127.0.0.1:${server.port}/mcp`,
    seen,
    sessions,
    async addTool() {
      added.push(ADDED);
      if (tells) await Promise.all(servers.map((server) => server.sendToolListChanged()));
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function counting(added: (typeof COUNT)[], listChanged: boolean): Server {
  const capabilities = { tools: listChanged ? { listChanged } : {} };
  const server = new Server({ name: "counting", version: "1" }, { capabilities });
  let count = 0;
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [COUNT, REFUSE, ...added] }));
  server.setRequestHandler(CallToolRequestSchema, ({ params: { name } }) => {
    if (name === "refuse") throw new McpError(-32602, "'city' is required");
    count += 1;
    return { content: [{ type: "text", text: `${count}` }] };
  });
  return server;
}

/** A server of MCP 2026-07-28 that knows nothing of sessions. */
export function startStateless({ tells = false } = {}): Omit<SdkUpstream, "sessions"> {
  const seen: SeenRequest[] = [];
  const added: (typeof COUNT)[] = [];
  const handler = createMcpHandler(() => {
    const server = new Server2026({ name: "stateless", version: "1" }, {
      capabilities: { tools: tells ? { listChanged: true } : {} },
      instructions: "Ask away.",
    });
    server.setRequestHandler("tools/list", () => ({ tools: [COUNT, REFUSE, ASK, ...added] }));
    server.setRequestHandler("tools/call", ({ params: { name, arguments: args } }, { mcpReq }) => {
      if (name === "refuse") throw new McpError(-32602, "'city' is required");
      if (name === "ask") {
        const ask = inputRequired.elicitUrl({ message: "Pay.", url: "https://pay.example/1" });
        return inputRequired({ inputRequests: { pay: ask }, requestState: "s1" });
      }
      const text = JSON.stringify({ args, token: mcpReq._meta?.progressToken !== undefined });
      return { content: [{ type: "text" as const, text }] };
    });
    return server;
  }, { legacy: "reject" });
  const server = serve(async (request) => {
    await note(seen, request);
    return await handler.fetch(request);
  });
  return {
    url: `http://127.0.0.1:${server.port}/mcp`,
    seen,
    addTool() {
      added.push(ADDED);
      handler.notify.toolsChanged();
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function note(seen: SeenRequest[], request: Request): Promise<void> {
  const { method, headers } = request;
  const said = method === "POST" ? (await request.clone().json()).method ?? "answer" : "";
  seen.push({
    what: `${method} ${said}`.trim(),
    session: headers.get("Mcp-Session-Id"),
    authorization: headers.get("Authorization"),
    headers,
  });
}
