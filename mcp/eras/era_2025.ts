/**
 * MCP 2025-11-25 and earlier: the SDK's low-level server, one per request,
 * stateless, answers as JSON. It takes every request that no newer era does.
 *
 * @module
 */

import { Server } from "@modelcontextprotocol/sdk/server";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/server/webStandardStreamableHttp"
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import {
  type CallToolRequest,
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type ServerNotification,
  UrlElicitationRequiredError,
} from "@modelcontextprotocol/sdk/types.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { z } from "zod";
import type { World } from "../../broker/core/world.ts";
import { BatchRoom, MAX_BATCH_ANSWER, withoutCancellations } from "../batch.ts";
import type { Definition, Visit } from "../definition.ts";
import type { Era } from "./era.ts";
import {
  capabilitySession,
  declaresUrlElicitation,
  keepsUrlElicitation,
} from "./capability_session.ts";

const jsonSchemaValidator = new AjvJsonSchemaValidator();

/** The era of everything up to 2025-11-25. */
export function era2025(definition: Definition, world: Pick<World, "secret" | "sleep">): Era {
  return {
    accepts: () => true,
    async serve(request, body, visit) {
      const room = Array.isArray(body) ? new BatchRoom(world) : undefined;
      const server = createServer(definition, visit, request, room);
      // Only who waits for progress gets a stream.
      const streamed = wantsProgress(request, body);
      const transport = new WebStandardStreamableHTTPServerTransport({
        enableJsonResponse: !streamed,
      });
      await server.connect(transport);
      try {
        const parsedBody = withoutCancellations(body);
        const response = await transport.handleRequest(withAccept(request), { parsedBody });
        if (declaresUrlElicitation(body)) {
          response.headers.set("Mcp-Session-Id", capabilitySession(world.secret()));
        }
        return response;
      } finally {
        // A stream ends by itself, with its answer.
        if (!streamed) await server.close();
      }
    },
  };
}

function wantsProgress(request: Request, body: unknown): boolean {
  const token = (body as { params?: { _meta?: { progressToken?: unknown } } } | null)?.params?._meta
    ?.progressToken;
  return token !== undefined && /text\/event-stream/.test(request.headers.get("Accept") ?? "");
}

function createServer(
  definition: Definition,
  visit: Visit,
  httpRequest: Request,
  room: BatchRoom | undefined,
): Server {
  const fitting = <T>(answer: T, what: string): T => {
    if (room === undefined || room.take(answer)) return answer;
    const limit = `the answers of this batch are longer than ${MAX_BATCH_ANSWER} bytes`;
    throw new McpError(ErrorCode.InternalError, `${what}, but ${limit}. Send one request alone.`);
  };
  const { serverInfo, options } = definition;
  const server = new Server(serverInfo, { ...options, jsonSchemaValidator });
  server.setRequestHandler(
    ListToolsRequestSchema,
    async () => {
      await room?.turn();
      return fitting({ tools: await definition.list(visit) }, "The tools were listed");
    },
  );
  server.setRequestHandler(AnyCall, async (request, extra) => {
    const { name, arguments: args } = readCall(request).params;
    await room?.turn();
    const answer = await definition.call(visit, {
      name,
      args,
      id: extra.requestId,
      signal: AbortSignal.any([extra.signal, httpRequest.signal]),
      progressToken: extra._meta?.progressToken,
      notify: (notification) => extra.sendNotification(notification as ServerNotification),
    });
    if (answer.kind === "unknown_tool") throw new McpError(ErrorCode.InvalidParams, answer.text);
    if (answer.kind === "connect" && keepsUrlElicitation(httpRequest)) {
      const { url, message } = answer;
      const elicitationId = `connect-${extra.requestId}`;
      throw new UrlElicitationRequiredError([{ mode: "url", message, elicitationId, url }]);
    }
    return fitting(answer.result, "The tool was called");
  });
  return server;
}

/** Loose, so that a malformed call is ours to answer: the SDK would say "internal error". */
const AnyCall = z.looseObject({ method: z.literal("tools/call") });

function readCall(request: unknown): CallToolRequest {
  const call = CallToolRequestSchema.safeParse(request);
  if (call.success) return call.data;
  const fields = call.error.issues.map(({ path }) => path.join(".")).join(", ");
  throw new McpError(ErrorCode.InvalidParams, `Malformed tools/call: ${fields}`);
}

/** Voice apps send bare JSON-RPC; the SDK would answer 406 without this header. */
function withAccept(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set("Accept", "application/json, text/event-stream");
  return new Request(request.url, { method: request.method, headers, signal: request.signal });
}
