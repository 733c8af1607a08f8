/**
 * An upstream MCP server over Streamable HTTP that lists and answers what a
 * test wants, and notes what it was sent.
 *
 * @module
 */

import { serve } from "./serve.ts";

/** One message that came in. */
export interface Heard {
  method: string;
  authorization: string | null;
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  params: any;
}

/** What a test sets, at the start or later. */
export interface Behaviour {
  /** `tools/list`. */
  tools?: unknown[];
  /** The same for one caller, or a whole answer to it. */
  list?: (heard: Heard) => unknown[] | Response | Promise<unknown[] | Response> | undefined;
  instructions?: string | undefined;
  /** Beside `tools`. */
  capabilities?: Record<string, unknown>;
  /** The result of `tools/call`, and of all that is not named here, or a promise of it; what is thrown becomes the JSON-RPC error. */
  answer?: (heard: Heard) => unknown;
  /** A whole answer in HTTP, in the place of all that. */
  whole?: (heard: Heard) => Response | undefined;
  /** Messages of `notifications/progress` before the result. */
  progress?: (heard: Heard) => string[];
  /** What else it says or asks before the result. */
  before?: (heard: Heard) => Record<string, unknown>[];
}

/** The double: its settings, and what came in. */
export interface UpstreamDouble extends Behaviour, AsyncDisposable {
  url: string;
  heard: Heard[];
  /** The JSON-RPC id of the request that came last. */
  lastId: unknown;
}

/** Starts one. */
export function startUpstream(behaviour: Behaviour = {}): UpstreamDouble {
  const { port, close } = serve((request) => respond(request, double));
  const double: UpstreamDouble = {
    ...behaviour,
    url: `http://127.0.0.1:${port}/mcp`,
    heard: [],
    lastId: undefined,
    [Symbol.asyncDispose]: close,
  };
  return double;
}

async function respond(request: Request, double: UpstreamDouble): Promise<Response> {
  const authorization = request.headers.get("Authorization");
  if (request.method !== "POST") {
    double.heard.push({ method: request.method, authorization, params: undefined });
    return new Response(null, { status: 405 });
  }
  const { id, method, params, ...answer } = await request.json();
  const heard = { method, authorization, params };
  double.lastId = id ?? double.lastId;
  // An answer to what it asked.
  double.heard.push(method === undefined ? { ...heard, method: "answer", params: answer } : heard);
  if (id === undefined || method === undefined) return new Response(null, { status: 202 });
  const whole = double.whole?.(heard);
  if (whole !== undefined) return whole;
  const listed = method === "tools/list" ? await double.list?.(heard) : undefined;
  if (listed instanceof Response) return listed;
  if (listed !== undefined) {
    return Response.json({ jsonrpc: "2.0", id, result: { tools: listed } });
  }
  const message = { jsonrpc: "2.0", id, ...await replyTo(heard, double) };
  const isCall = method === "tools/call";
  const steps = isCall ? double.progress?.(heard) : undefined;
  const others = isCall ? double.before?.(heard) : undefined;
  if (steps === undefined && others === undefined) return Response.json(message);
  const { progressToken } = params._meta ?? {};
  const events = [
    ...(steps ?? []).map((step, progress) => ({
      jsonrpc: "2.0",
      method: "notifications/progress",
      params: { progressToken, progress, message: step },
    })),
    ...(others ?? []).map((other) => ({ jsonrpc: "2.0", ...other })),
    message,
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  return new Response(events, { headers: { "Content-Type": "text/event-stream" } });
}

async function replyTo(
  heard: Heard,
  { tools = [], instructions, capabilities, answer }: Behaviour,
) {
  const { method, params } = heard;
  switch (method) {
    case "initialize":
      return {
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {}, ...capabilities },
          serverInfo: { name: "double", version: "1" },
          instructions,
        },
      };
    case "server/discover":
      // As a server of sessions says it that knows nothing of those without.
      return { error: { code: -32601, message: "Method not found" } };
    case "tools/list":
      return { result: { tools } };
    default:
      try {
        const text = `called ${params.name}`;
        return { result: await answer?.(heard) ?? { content: [{ type: "text", text }] } };
      } catch (error) {
        return { error };
      }
  }
}

/** A tool that an upstream lists. */
export function remoteTool(
  name: string,
  description = "Does it.",
  more: Record<string, unknown> = {},
) {
  const inputSchema = {
    type: "object",
    properties: { x: { type: "string", description: "an x" } },
  };
  return { name, description, inputSchema, ...more };
}
