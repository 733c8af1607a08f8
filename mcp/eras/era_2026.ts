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
import { type Caller, type CallProgress, callTool, type McpDeps } from "../call.ts";
import type { Outcome } from "../outcome.ts";
import { toolResult } from "../result.ts";

/** How long a client may keep a list before it asks again. */
const LIST_TTL_MS = 5 * 60 * 1000;
const CONNECT = "connect";

export { isLegacyRequest };

/** Answers one HTTP request. `body` is its parsed JSON. */
export type Serve2026 = (request: Request, body: unknown, caller: Caller) => Promise<Response>;

/**
 * The handler for all callers. Answers are JSON, but for calls that tell how
 * far they are before their result: those are streamed.
 */
export function create2026(deps: McpDeps): Serve2026 {
  const { world } = deps.broker;
  const handler = createMcpHandler(
    ({ authInfo }) => createServer(deps, authInfo?.extra?.caller as Caller),
    {
      legacy: "reject",
      onerror: ({ name }) =>
        world.log({ level: "warn", event: "mcp_request_refused", detail: name }),
    },
  );
  return (request, parsedBody, caller) => {
    // The handler passes this through unread; nothing else carries the caller to the factory.
    const authInfo = { token: "", clientId: "", scopes: [], extra: { caller } };
    return handler.fetch(request, { parsedBody, authInfo });
  };
}

/** One caller's server; also what stdio serves. */
export function createServer(deps: McpDeps, caller: Caller): Server {
  const { serverInfo, instructions, catalogue } = deps;
  const server = new Server(serverInfo, { capabilities: { tools: {} }, instructions });
  server.setRequestHandler("tools/list", async () => ({
    tools: await catalogue.list(caller.filter, caller.subject),
    ttlMs: LIST_TTL_MS,
    cacheScope: "private" as const,
  }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const { name, arguments: args } = params;
    const { id, signal } = mcpReq;
    const progressToken = mcpReq._meta?.progressToken;
    const onprogress = progressToken === undefined ? {} : {
      onprogress: (progress: CallProgress) =>
        void mcpReq.notify({
          method: "notifications/progress",
          params: { ...progress, progressToken },
        }),
    };
    const outcome = await callTool(deps, caller, { name, args, id, signal, ...onprogress });
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
