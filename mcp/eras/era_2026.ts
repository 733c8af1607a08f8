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
  type ListPromptsResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  Server,
} from "@modelcontextprotocol/server";
import type { World } from "../../broker/core/world.ts";
import { OFFER_TTL_MS } from "../abilities.ts";
import { methodsOf } from "../batch.ts";
import {
  type Capabilities,
  type Definition,
  FEATURE_LISTS,
  FEATURE_METHODS,
  has,
  type Visit,
} from "../definition.ts";
import type { ErrorReply } from "../feature_reply.ts";
import { PROVISIONAL } from "../wire.ts";
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
    async ({ authInfo }) => {
      const { visit, methods } = authInfo?.extra as Pick<Occasion, "visit" | "methods">;
      const capabilities = await definition.capabilities(visit, methods);
      return createServer(definition, { visit, methods, capabilities });
    },
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
      const extra = { visit, methods: methodsOf(parsedBody) };
      const authInfo = { token: "", clientId: "", scopes: [], extra };
      return handler.fetch(request, { parsedBody, authInfo });
    },
  };
}

/** What one server is for. */
export interface Occasion {
  visit: Visit;
  /** What is asked for: nothing else need be known. */
  methods: ReadonlySet<unknown>;
  capabilities: Capabilities;
}

/** One visitor's server; also what stdio serves. */
export function createServer(
  definition: Definition,
  { visit, methods, capabilities }: Occasion,
): Server {
  const { serverInfo, instructions } = definition;
  const server = new Server(serverInfo, { capabilities, instructions });
  server.setRequestHandler("tools/list", async () => {
    const tools = await definition.list(visit);
    // What stands there until the person has connected may be over with the next call.
    const ttlMs = tools.some((tool) => tool[PROVISIONAL]) ? 0 : LIST_TTL_MS;
    return { tools, ttlMs, cacheScope: "private" as const };
  });
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
      return askToConnect(answer);
    }
    return answer.result;
  });
  const cached = { ttlMs: OFFER_TTL_MS, cacheScope: "private" as const };
  for (const [method, kind] of Object.entries(FEATURE_LISTS)) {
    if (!methods.has(method) || !has(capabilities, method)) continue;
    server.setRequestHandler(method as "prompts/list", async () =>
      ({
        [kind]: await definition.listFeatures(visit, kind),
        ...cached,
      }) as unknown as ListPromptsResult);
  }
  for (const method of FEATURE_METHODS) {
    if (!methods.has(method) || !has(capabilities, method)) continue;
    server.setRequestHandler(method as "resources/read", async ({ params }, { mcpReq }) => {
      const { inputResponses, signal } = mcpReq;
      const requestState = mcpReq.requestState();
      const asked = { ...params, inputResponses, requestState };
      const reply = await definition.request(visit, { method, params: asked, signal });
      switch (reply.kind) {
        case "result": {
          const fresh = method === "resources/read" ? { ...cached, ttlMs: 0 } : {};
          return { ...fresh, ...reply.result } as unknown as ReadResourceResult;
        }
        case "connect": {
          const answered = inputResponse(inputResponses, CONNECT).kind === "elicit";
          const mayAsk = method !== "completion/complete" && !answered;
          if (mayAsk && takesUrls(server.getClientCapabilities())) return askToConnect(reply);
          throw errorOf(reply.error);
        }
        case "error":
          throw errorOf(reply);
      }
    });
  }
  return server;
}

function askToConnect({ message, url }: { message: string; url: string }) {
  const ask = inputRequired.elicitUrl({ message, url });
  return inputRequired({ inputRequests: { [CONNECT]: ask } });
}

function errorOf({ code, message, data }: ErrorReply): Error {
  return new ProtocolError(code, message, data);
}

function takesUrls(capabilities: ClientCapabilities | undefined): boolean {
  return capabilities?.elicitation?.url !== undefined;
}
