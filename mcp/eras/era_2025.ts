/**
 * MCP 2025-11-25 and earlier: the SDK's low-level server, one per request,
 * stateless, answers as JSON.
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
import { type Caller, type CallProgress, callTool, type McpDeps } from "../call.ts";
import { toolResult } from "../result.ts";
import {
  capabilitySession,
  declaresUrlElicitation,
  keepsUrlElicitation,
} from "./capability_session.ts";

const jsonSchemaValidator = new AjvJsonSchemaValidator();

/** Answers one HTTP request. `body` is its parsed JSON. */
export async function serve2025(
  deps: McpDeps,
  request: Request,
  body: unknown,
  caller: Caller,
): Promise<Response> {
  const server = createServer(deps, caller, keepsUrlElicitation(request), request.signal);
  // Only who waits for progress gets a stream.
  const streamed = wantsProgress(request, body);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: !streamed });
  await server.connect(transport);
  try {
    const response = await transport.handleRequest(withAccept(request), { parsedBody: body });
    if (declaresUrlElicitation(body)) response.headers.set("Mcp-Session-Id", capabilitySession());
    return response;
  } finally {
    // A stream ends by itself, with its answer.
    if (!streamed) await server.close();
  }
}

function wantsProgress(request: Request, body: unknown): boolean {
  const token = (body as { params?: { _meta?: { progressToken?: unknown } } } | null)?.params?._meta
    ?.progressToken;
  return token !== undefined && /text\/event-stream/.test(request.headers.get("Accept") ?? "");
}

function createServer(
  deps: McpDeps,
  caller: Caller,
  urlElicitation: boolean,
  hungUp: AbortSignal,
): Server {
  const { serverInfo, instructions, catalogue } = deps;
  const options = { capabilities: { tools: {} }, instructions, jsonSchemaValidator };
  const server = new Server(serverInfo, options);
  server.setRequestHandler(
    ListToolsRequestSchema,
    async () => ({ tools: await catalogue.list(caller.filter, caller.subject) }),
  );
  server.setRequestHandler(AnyCall, async (request, extra) => {
    const { params } = readCall(request);
    const { name, arguments: args } = params;
    const { requestId: id, _meta, sendNotification } = extra;
    const progressToken = _meta?.progressToken;
    const signal = AbortSignal.any([extra.signal, hungUp]);
    const onprogress = progressToken === undefined ? {} : {
      onprogress: (progress: CallProgress) =>
        void sendNotification({
          method: "notifications/progress",
          params: { ...progress, progressToken },
        } as ServerNotification),
    };
    const outcome = await callTool(deps, caller, { name, args, id, signal, ...onprogress });
    if (outcome.kind === "unknown_tool") throw new McpError(ErrorCode.InvalidParams, outcome.text);
    if (outcome.kind === "connect" && urlElicitation) {
      const { url, title } = outcome;
      throw new UrlElicitationRequiredError([{
        mode: "url",
        message: `Connect ${title} to go on.`,
        elicitationId: `connect-${id}`,
        url,
      }]);
    }
    return toolResult(outcome);
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
