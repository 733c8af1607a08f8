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
import {
  BatchRoom,
  MAX_BATCH_ANSWER,
  methodsOf,
  traceparentIn,
  withoutCancellations,
} from "../batch.ts";
import {
  type Capabilities,
  type Definition,
  FEATURE_LISTS,
  FEATURE_METHODS,
  has,
  type Visit,
} from "../definition.ts";
import { capabilitiesOf, type ClientSide, type LogLevel, logLevelOf } from "../client_side.ts";
import type { ErrorReply } from "../feature_reply.ts";
import type { Era } from "./era.ts";
import { elicitationOf, greetingSession, isBare, SESSION_HEADER } from "./client_session.ts";
import type { LogLevels } from "./log_levels.ts";
import { Questions } from "./questions.ts";

const jsonSchemaValidator = new AjvJsonSchemaValidator();

type Transport = WebStandardStreamableHTTPServerTransport;

/** The era of everything up to 2025-11-25. */
export function era2025(
  definition: Definition,
  world: Pick<World, "secret" | "sleep" | "now">,
  levels: LogLevels,
): Era {
  const questions = new Questions(world);
  return {
    accepts: () => true,
    async serve(request, body, visit) {
      // An answer to what was asked in the stream of another request.
      if (questions.hear(visit.caller, body)) return new Response(null, { status: 202 });
      const room = Array.isArray(body) ? new BatchRoom(world) : undefined;
      const methods = methodsOf(body);
      const capabilities = await definition.capabilities(visit, methods);
      const instructions = await definition.instructions(visit, methods);
      const least = levels.of(visit.caller);
      const streamed = await wantsStream(request, body, visit, least !== undefined);
      const transport = new OwnWords({ enableJsonResponse: !streamed });
      const server = createServer(definition, {
        ...{ visit, request, room, methods, capabilities, instructions },
        ...{ transport: streamed ? transport : undefined, least, questions, levels },
      });
      await server.connect(transport);
      try {
        const parsedBody = withoutCancellations(body);
        const response = await transport.handleRequest(withAccept(request), { parsedBody });
        const session = greetingSession(body, world.secret);
        if (session !== undefined) response.headers.set(SESSION_HEADER, session);
        return response;
      } finally {
        // A stream ends by itself, with its answer.
        if (!streamed) await server.close();
      }
    },
  };
}

/**
 * The SDK's errors begin with "MCP error -32602: ", and so does what every
 * client makes of them: said once is enough.
 */
class OwnWords extends WebStandardStreamableHTTPServerTransport {
  override send(...[message, options]: Parameters<Transport["send"]>): Promise<void> {
    if (!("error" in message)) return super.send(message, options);
    const { code, message: words } = message.error;
    const prefix = `MCP error ${code}: `;
    const error = words.startsWith(prefix)
      ? { ...message.error, message: words.slice(prefix.length) }
      : message.error;
    return super.send({ ...message, error }, options);
  }
}

/**
 * Only who waits for something before the answer gets a stream: progress, and
 * what an upstream says or asks while it works on a call. Our own tools say
 * nothing before they are done.
 */
async function wantsStream(
  request: Request,
  body: unknown,
  { find }: Visit,
  isLogHeard: boolean,
): Promise<boolean> {
  if (!/text\/event-stream/.test(request.headers.get("Accept") ?? "")) return false;
  const { method, params } = (body ?? {}) as {
    method?: unknown;
    params?: { name?: unknown; _meta?: { progressToken?: unknown } };
  };
  if (method !== "tools/call" || typeof params?.name !== "string") return false;
  const isAwaited = params._meta?.progressToken !== undefined || isLogHeard ||
    elicitationOf(request).form;
  return isAwaited && (await find(params.name))?.kind === "upstream";
}

/** What one server is for: it lives as long as one request, or one batch. */
interface Occasion {
  visit: Visit;
  request: Request;
  room: BatchRoom | undefined;
  /** What is asked for: nothing else need be known. */
  methods: ReadonlySet<unknown>;
  capabilities: Capabilities;
  instructions: string | undefined;
  /** Of a stream: where questions can be asked. */
  transport: Transport | undefined;
  /** What the caller wants to hear of logs. */
  least: LogLevel | undefined;
  questions: Questions;
  levels: LogLevels;
}

function createServer(definition: Definition, occasion: Occasion): Server {
  const { visit, request: httpRequest, room, methods, capabilities, instructions, levels } =
    occasion;
  const fitting = <T>(answer: T, what: string): T => {
    if (room === undefined || room.take(answer)) return answer;
    const limit = `the answers of this batch are longer than ${MAX_BATCH_ANSWER} bytes`;
    throw new McpError(ErrorCode.InternalError, `${what}, but ${limit}. Send one request alone.`);
  };
  const server = new Server(definition.serverInfo, {
    ...{ capabilities, jsonSchemaValidator },
    ...(instructions !== undefined && { instructions }),
  });
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
      countsCalls: isBare(httpRequest),
      asker: { signal: AbortSignal.any([extra.signal, httpRequest.signal]) },
      progressToken: extra._meta?.progressToken,
      notify: (notification) => extra.sendNotification(notification as ServerNotification),
      client: clientOf(occasion, extra),
      // A message alone says it for its whole request; see `endpoint.ts`.
      traceparent: room && traceparentIn(extra._meta),
    });
    if (answer.kind === "unknown_tool" || answer.kind === "invalid_state") {
      throw new McpError(ErrorCode.InvalidParams, answer.text);
    }
    if (answer.kind === "connect" && elicitationOf(httpRequest).url) {
      throw askToConnect(answer, extra.requestId);
    }
    return fitting(answer.result, "The tool was called");
  });
  if (methods.has("logging/setLevel") && has(capabilities, "logging/setLevel")) {
    server.setRequestHandler(anyOf("logging/setLevel"), ({ params = {} }) => {
      const level = logLevelOf(params.level);
      if (level === undefined) throw new McpError(ErrorCode.InvalidParams, "Unknown level");
      levels.set(visit.caller, level);
      return {};
    });
  }
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
      const { capabilities } = clientOf(occasion, extra);
      const reply = await definition.request(visit, { method, params, capabilities, signal });
      switch (reply.kind) {
        case "result":
          return fitting(reply.result, "It was read");
        case "input":
          // What 2026-07-28 has for it, this revision has not.
          throw new McpError(
            ErrorCode.InternalError,
            "This needs an answer from the person first.",
          );
        case "connect":
          if (elicitationOf(httpRequest).url) throw askToConnect(reply, extra.requestId);
          throw errorOf(reply.error);
        case "error":
          throw errorOf(reply);
      }
    });
  }
  return server;
}

/** Of what the SDK hands to a handler. */
interface Extra {
  requestId: string | number;
  sendNotification(notification: ServerNotification): Promise<void>;
}

/** What can be said to this caller, and asked, while its call runs. */
function clientOf(
  { visit, request, transport, least, questions }: Occasion,
  { requestId, sendNotification }: Extra,
): ClientSide {
  const { form } = elicitationOf(request);
  return {
    capabilities: capabilitiesOf({ form: form && transport !== undefined }),
    log: transport && least && {
      least,
      write: (entry) => {
        const notification = { method: "notifications/message", params: { ...entry } };
        // Who has hung up hears nothing any more.
        sendNotification(notification as ServerNotification).catch(() => {});
      },
    },
    ask: form && transport
      ? (params, signal) => {
        const send = (id: string) => {
          const message = { method: "elicitation/create", params: { ...params } };
          return transport.send({ jsonrpc: "2.0", id, ...message }, {
            relatedRequestId: requestId,
          });
        };
        return questions.ask(visit.caller, send, AbortSignal.any([signal, request.signal]));
      }
      : undefined,
  };
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
