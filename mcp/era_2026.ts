/**
 * MCP 2026-07-28: the SDK's own handler, one server per request.
 *
 * @module
 */

import {
  type ClientCapabilities,
  createMcpHandler,
  inputRequired,
  inputResponse,
  isLegacyRequest,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from "@modelcontextprotocol/server";
import { type Caller, callTool, type Outcome } from "./call.ts";
import type { McpDeps } from "./handler.ts";
import { toolResult } from "./result.ts";

/** How long a client may keep a list before it asks again. */
const LIST_TTL_MS = 5 * 60 * 1000;
const CONNECT = "connect";

export { isLegacyRequest };

/** Answers one HTTP request. `body` is its parsed JSON. */
export async function serve2026(
  deps: McpDeps,
  request: Request,
  body: unknown,
  caller: Caller,
): Promise<Response> {
  const handler = createMcpHandler(() => createServer(deps, caller), {
    legacy: "reject",
    responseMode: "json",
    onerror: ({ name }) =>
      deps.broker.world.log({ level: "warn", event: "mcp_request", detail: name }),
  });
  return await handler.fetch(request, { parsedBody: body });
}

function createServer(deps: McpDeps, caller: Caller): Server {
  const { serverInfo, instructions, catalogue } = deps;
  const server = new Server(serverInfo, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler("tools/list", () => ({
    tools: catalogue.list(caller.filter),
    ttlMs: LIST_TTL_MS,
    cacheScope: "private" as const,
  }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const outcome = await callTool(deps, caller, params.name, params.arguments, mcpReq.signal);
    if (outcome.kind === "unknown_tool") {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, outcome.text);
    }
    const answered = inputResponse(mcpReq.inputResponses, CONNECT).kind === "elicit";
    // A person who said no is not asked again in a circle: the words say what is missing.
    if (outcome.kind === "connect" && !answered && takesUrls(server.getClientCapabilities())) {
      return askToConnect(outcome);
    }
    return toolResult(outcome);
  });
  return server;
}

function askToConnect({ title, url }: Extract<Outcome, { kind: "connect" }>) {
  const message = `Connect ${title} to go on.`;
  return inputRequired({ inputRequests: { [CONNECT]: inputRequired.elicitUrl({ message, url }) } });
}

function takesUrls(capabilities: ClientCapabilities | undefined): boolean {
  return capabilities?.elicitation?.url !== undefined;
}
