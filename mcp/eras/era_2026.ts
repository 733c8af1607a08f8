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
  LOG_LEVEL_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { World } from "../../broker/core/world.ts";
import { OFFER_TTL_MS, TOOLS_TTL_MS } from "../abilities.ts";
import { methodsOf } from "../batch.ts";
import {
  type Capabilities,
  type Definition,
  FEATURE_LISTS,
  FEATURE_METHODS,
  has,
  type Visit,
} from "../definition.ts";
import { APPS, capabilitiesOf, type ClientSide, logLevelOf } from "../client_side.ts";
import type { ErrorReply, Reply } from "../feature_reply.ts";
import { readArguments } from "../arguments/read.ts";
import { PROVISIONAL } from "../wire.ts";
import type { Era } from "./era.ts";
import { unfitHeader } from "./parameter_headers.ts";

const CONNECT = "connect";
const HEADER_MISMATCH = -32020;

/**
 * The era of 2026-07-28. Answers are JSON, but for calls that tell how far
 * they are before their result: those are streamed.
 */
export function era2026(definition: Definition, world: Pick<World, "log">): Era {
  const handler = createMcpHandler(
    async ({ authInfo }) => {
      const { visit, methods } = authInfo?.extra as Pick<Occasion, "visit" | "methods">;
      const capabilities = await definition.capabilities(visit, methods);
      const instructions = await definition.instructions(visit, methods);
      return createServer(definition, { visit, methods, capabilities, instructions });
    },
    {
      legacy: "reject",
      onerror: ({ name }) =>
        world.log({ level: "warn", event: "mcp_request_refused", detail: name }),
    },
  );
  return {
    accepts: async (request, body) => !await isLegacyRequest(request, body),
    async serve(request, parsedBody, visit) {
      const unfit = await unfitCall(request, parsedBody, visit);
      if (unfit !== undefined) return unfit;
      // The handler passes this through unread; nothing else carries the visit to the factory.
      const extra = { visit, methods: methodsOf(parsedBody) };
      const authInfo = { token: "", clientId: "", scopes: [], extra };
      return await handler.fetch(request, { parsedBody, authInfo });
    },
  };
}

/** HeaderMismatch (MCP 2026-07-28), for what the SDK cannot know: the tool's schema. */
async function unfitCall(
  request: Request,
  body: unknown,
  { find }: Visit,
): Promise<Response | undefined> {
  const { id, method, params } = (body ?? {}) as { id?: unknown; method?: unknown; params?: Args };
  if (method !== "tools/call" || typeof params?.name !== "string") return undefined;
  const entry = await find(params.name);
  if (entry?.kind !== "upstream") return undefined;
  // As they are sent on: a text that stands for an object must not hide what is in it.
  const read = readArguments(entry, params.arguments);
  const args = read.kind === "args" ? read.args : params.arguments;
  const header = unfitHeader(request, entry.tool.listed.inputSchema, args);
  if (header === undefined) return undefined;
  const message = `Bad Request: ${header} does not say what the body says`;
  const error = { code: HEADER_MISMATCH, message, data: { mismatch: { header } } };
  return Response.json({ jsonrpc: "2.0", id: id ?? null, error }, { status: 400 });
}

/** A call's, as they came. */
interface Args {
  name?: unknown;
  arguments?: unknown;
}

/** What an upstream wants of the person before it goes on. */
type Asked = Pick<Extract<Reply, { kind: "input" }>, "requests" | "state">;
type InputRequests = NonNullable<Parameters<typeof inputRequired>[0]["inputRequests"]>;

/** What one server is for. */
export interface Occasion {
  visit: Visit;
  /** What is asked for: nothing else need be known. */
  methods: ReadonlySet<unknown>;
  capabilities: Capabilities;
  instructions: string | undefined;
}

/** One visitor's server; also what stdio serves. */
export function createServer(
  definition: Definition,
  { visit, methods, capabilities, instructions }: Occasion,
): Server {
  const server = new Server(definition.serverInfo, {
    capabilities,
    ...(instructions !== undefined && { instructions }),
  });
  server.setRequestHandler("tools/list", async () => {
    const tools = await definition.list(visit);
    // What stands there until the person has connected may be over with the next call.
    const ttlMs = tools.some((tool) => tool[PROVISIONAL]) ? 0 : TOOLS_TTL_MS;
    return { tools, ttlMs, cacheScope: "private" as const };
  });
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const { name, arguments: args } = params;
    const answer = await definition.call(visit, {
      name,
      args,
      id: mcpReq.id,
      countsCalls: false,
      asker: mcpReq,
      progressToken: mcpReq._meta?.progressToken,
      // Async, so that what the SDK throws at once is a rejection like the rest.
      notify: async (notification) => await mcpReq.notify(notification),
      client: clientOf(server.getClientCapabilities(), mcpReq),
    });
    if (answer.kind === "unknown_tool" || answer.kind === "invalid_state") {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, answer.text);
    }
    if (answer.kind === "input") return askedFor(answer);
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
      const { capabilities, input } = clientOf(server.getClientCapabilities(), mcpReq);
      const asked = { ...params, inputResponses: input?.responses, requestState: input?.state };
      const request = { method, params: asked, capabilities, signal };
      const reply = await definition.request(visit, request);
      switch (reply.kind) {
        case "result": {
          const fresh = method === "resources/read" ? { ...cached, ttlMs: 0 } : {};
          return { ...fresh, ...reply.result } as unknown as ReadResourceResult;
        }
        case "input":
          return askedFor(reply);
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

/** What can be said to this caller while its call runs, and what it has answered. */
function clientOf(
  { elicitation, extensions }: ClientCapabilities = {},
  mcpReq: ServerContext["mcpReq"],
): ClientSide {
  const { [CONNECT]: _own, ...responses } = { ...mcpReq.inputResponses };
  const state = mcpReq.requestState<string>();
  // The SDK's type leaves out what its schema takes (2.4.0).
  const envelope: Record<string, unknown> = { ...mcpReq.envelope };
  const least = logLevelOf(envelope[LOG_LEVEL_META_KEY]);
  return {
    // Until 2025-06-18 there was only the form, and nothing was said of it.
    capabilities: capabilitiesOf({
      form: elicitation !== undefined && (elicitation.form !== undefined || !elicitation.url),
      apps: extensions?.[APPS],
    }),
    log: least && {
      least,
      // Who has hung up hears nothing any more.
      write: ({ level, data, logger }) => void mcpReq.log(level, data, logger).catch(() => {}),
    },
    input: state === undefined && Object.keys(responses).length === 0
      ? undefined
      : { responses, state },
  };
}

function askToConnect({ message, url }: { message: string; url: string }) {
  const ask = inputRequired.elicitUrl({ message, url });
  return inputRequired({ inputRequests: { [CONNECT]: ask } });
}

/** What an upstream asks, as it asks it. */
function askedFor({ requests, state }: Asked) {
  return inputRequired({
    inputRequests: requests as InputRequests,
    ...(state !== undefined && { requestState: state }),
  });
}

function errorOf({ code, message, data }: ErrorReply): Error {
  return new ProtocolError(code, message, data);
}

function takesUrls(capabilities: ClientCapabilities | undefined): boolean {
  return capabilities?.elicitation?.url !== undefined;
}
