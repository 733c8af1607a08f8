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
import type { World } from "../../broker/core/world.ts";
import type { Definition, Visit } from "../definition.ts";
import type { Era } from "./era.ts";

/** How long a client may keep a list before it asks again. */
const LIST_TTL_MS = 5 * 60 * 1000;
const CONNECT = "connect";

/**
 * The era of 2026-07-28. Answers are JSON, but for calls that tell how far
 * they are before their result: those are streamed.
 */
export function era2026(definition: Definition, world: Pick<World, "log">): Era {
  const handler = createMcpHandler(
    ({ authInfo }) => createServer(definition, authInfo?.extra?.visit as Visit),
    {
      legacy: "reject",
      onerror: ({ name }) =>
        world.log({ level: "warn", event: "mcp_request_refused", detail: name }),
    },
  );
  return {
    accepts: async (request, body) => !await isLegacyRequest(request, body),
    serve(request, parsedBody, visit) {
      // The handler passes this through unread; nothing else carries the visit to the factory.
      const authInfo = { token: "", clientId: "", scopes: [], extra: { visit } };
      return handler.fetch(request, { parsedBody, authInfo });
    },
  };
}

/** One visitor's server; also what stdio serves. */
export function createServer(definition: Definition, visit: Visit): Server {
  const server = new Server(definition.serverInfo, definition.options);
  server.setRequestHandler("tools/list", async () => ({
    tools: await definition.list(visit),
    ttlMs: LIST_TTL_MS,
    cacheScope: "private" as const,
  }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const { name, arguments: args } = params;
    const answer = await definition.call(visit, {
      name,
      args,
      id: mcpReq.id,
      signal: mcpReq.signal,
      progressToken: mcpReq._meta?.progressToken,
      // Async, so that what the SDK throws at once is a rejection like the rest.
      notify: async (notification) => await mcpReq.notify(notification),
    });
    if (answer.kind === "unknown_tool") {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, answer.text);
    }
    const answered = inputResponse(mcpReq.inputResponses, CONNECT).kind === "elicit";
    // A person who said no is not asked again in a circle: the words say what is missing.
    if (answer.kind === "connect" && !answered && takesUrls(server.getClientCapabilities())) {
      const { message, url } = answer;
      const ask = inputRequired.elicitUrl({ message, url });
      return inputRequired({ inputRequests: { [CONNECT]: ask } });
    }
    return answer.result;
  });
  return server;
}

function takesUrls(capabilities: ClientCapabilities | undefined): boolean {
  return capabilities?.elicitation?.url !== undefined;
}
