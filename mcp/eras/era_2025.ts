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
import { BatchRoom, MAX_BATCH_ANSWER, methodsOf, withoutCancellations } from "../batch.ts";
import {
  type Capabilities,
  type Definition,
  FEATURE_LISTS,
  FEATURE_METHODS,
  has,
  type Visit,
} from "../definition.ts";
import type { ErrorReply } from "../feature_reply.ts";
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
      const methods = methodsOf(body);
      const capabilities = await definition.capabilities(visit, methods);
      const server = createServer(definition, { visit, request, room, methods, capabilities });
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

/** What one server is for: it lives as long as one request, or one batch. */
interface Occasion {
  visit: Visit;
  request: Request;
  room: BatchRoom | undefined;
  /** What is asked for: nothing else need be known. */
  methods: ReadonlySet<unknown>;
  capabilities: Capabilities;
}

function createServer(definition: Definition, occasion: Occasion): Server {
  const { visit, request: httpRequest, room, methods, capabilities } = occasion;
  const fitting = <T>(answer: T, what: string): T => {
    if (room === undefined || room.take(answer)) return answer;
    const limit = `the answers of this batch are longer than ${MAX_BATCH_ANSWER} bytes`;
    throw new McpError(ErrorCode.InternalError, `${what}, but ${limit}. Send one request alone.`);
  };
  const { serverInfo, instructions } = definition;
  const server = new Server(serverInfo, { capabilities, instructions, jsonSchemaValidator });
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
      throw askToConnect(answer, extra.requestId);
    }
    return fitting(answer.result, "The tool was called");
  });
  for (const [method, kind] of Object.entries(FEATURE_LISTS)) {
    if (!methods.has(method) || !has(capabilities, method)) continue;
    server.setRequestHandler(anyOf(method), async () => {
      await room?.turn();
      return fitting({ [kind]: await definition.listFeatures(visit, kind) }, "They were listed");
    });
  }
  for (const method of FEATURE_METHODS) {
    if (!methods.has(method) || !has(capabilities, method)) continue;
    server.setRequestHandler(anyOf(method), async ({ params = {} }, extra) => {
      await room?.turn();
      const signal = AbortSignal.any([extra.signal, httpRequest.signal]);
      const reply = await definition.request(visit, { method, params, signal });
      switch (reply.kind) {
        case "result":
          if (reply.result.resultType === undefined) return fitting(reply.result, "It was read");
          // What 2026-07-28 has for it, this revision has not.
          throw new McpError(
            ErrorCode.InternalError,
            "This needs an answer from the person first.",
          );
        case "connect":
          if (keepsUrlElicitation(httpRequest)) throw askToConnect(reply, extra.requestId);
          throw errorOf(reply.error);
        case "error":
          throw errorOf(reply);
      }
    });
  }
  return server;
}

function askToConnect({ url, message }: { url: string; message: string }, id: string | number) {
  const elicitationId = `connect-${id}`;
  return new UrlElicitationRequiredError([{ mode: "url", message, elicitationId, url }]);
}

/** Thrown as it is: the SDK's class would put words before the message. */
function errorOf({ code, message, data }: ErrorReply): Error {
  return Object.assign(new Error(message), { code, data });
}

/** Loose, so that a malformed call is ours to answer: the SDK would say "internal error". */
const AnyCall = z.looseObject({ method: z.literal("tools/call") });

const anyOf = (method: string) =>
  z.looseObject({ method: z.literal(method), params: z.looseObject({}).optional() });

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
