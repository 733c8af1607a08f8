/**
 * MCP 2025-11-25 and earlier, as `eras/era_2025.ts` answers it.
 *
 * @module
 */

import { andThen, type Awaitable, orElse } from "../../broker/core/awaitable.ts";
import type { World } from "../../broker/core/world.ts";
import type { LogLevel } from "../client_side.ts";
import type { Answer, Definition, IncomingCall, Visit } from "../definition.ts";
import { elicitationOf, greetingSession, isBare } from "../eras/client_session.ts";
import type { LogLevels } from "../eras/log_levels.ts";
import {
  type DirectAnswer,
  type DirectEra,
  type DirectRequest,
  errorAnswer,
  INVALID_PARAMS,
  resultAnswer,
  resultJson,
  type RpcError,
  TAKEN,
  thrownError,
} from "./answer.ts";
import { areCapabilities, isClientInfo } from "./client.ts";
import {
  CLAIM,
  type Facts,
  type Id,
  isListing,
  isNotification,
  isRequest,
  type PlainRequest,
} from "./message.ts";
import { type PlainCall, plainCall } from "./plain_call.ts";
import { isSimple, isWhole, judgedResult } from "./upstream_result.ts";

/** Those that the SDK serves; who asks for another one gets the first. */
const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"];
const URL_ELICITATION_REQUIRED = -32042;

/** The dispatch of this revision and those before it. */
export function direct2025(
  definition: Definition,
  world: Pick<World, "secret">,
  levels: LogLevels,
): DirectEra {
  return ({ request, version }, message, visit) => {
    if (version !== null && !VERSIONS.includes(version)) return undefined;
    if (message.meta !== undefined && CLAIM in message.meta) return undefined;
    if (!isRequest(message)) return isNotification(message) ? TAKEN : undefined;
    switch (message.method) {
      case "ping":
        return resultAnswer(message.id, "{}");
      case "initialize":
        return greet(definition, world, message, visit);
      case "tools/list":
        return isListing(message) ? list(definition, message, visit) : undefined;
      case "tools/call":
        return call({ definition, levels }, { request, version }, message, visit);
      default:
        return undefined;
    }
  };
}

async function greet(
  definition: Definition,
  world: Pick<World, "secret">,
  { id, method, params }: PlainRequest,
  visit: Visit,
): Promise<DirectAnswer | undefined> {
  const { protocolVersion: asked, capabilities: able, clientInfo } = params ?? {};
  if (typeof asked !== "string" || !areCapabilities(able) || !isClientInfo(clientInfo)) {
    return undefined;
  }
  const { serverInfo } = definition;
  const methods = new Set([method]);
  const capabilities = await definition.capabilities(visit, methods);
  const instructions = await definition.instructions(visit, methods) || undefined;
  const protocolVersion = VERSIONS.includes(asked) ? asked : VERSIONS[0];
  const result = { protocolVersion, capabilities, serverInfo, instructions };
  const session = greetingSession({ method, params }, world.secret);
  return { ...resultAnswer(id, JSON.stringify(result)), session };
}

function list(
  definition: Definition,
  { id }: PlainRequest,
  visit: Visit,
): Awaitable<DirectAnswer> {
  return orElse(
    () => andThen(definition.listing(visit), ({ text }) => resultAnswer(id, `{"tools":${text}}`)),
    (error) => thrown(id, error),
  );
}

function call(
  { definition, levels }: { definition: Definition; levels: LogLevels },
  { request, version }: DirectRequest,
  message: PlainRequest,
  visit: Visit,
): Awaitable<DirectAnswer | undefined> {
  const countsCalls = version === null && isBare(request);
  return andThen(plainCall(request, message, visit, countsCalls), (asked) => {
    if (asked === undefined) return undefined;
    const { incoming, isUpstream } = asked;
    // What an upstream says or asks before its answer goes out in a stream, which the SDK makes.
    const isHeard = isUpstream && mayHear(request, incoming, levels.of(visit.caller));
    return isHeard ? undefined : answerCall(definition, asked, visit);
  });
}

function answerCall(
  definition: Definition,
  asked: PlainCall,
  visit: Visit,
): Awaitable<DirectAnswer> {
  return orElse(
    () => andThen(definition.call(visit, asked.incoming), (answer) => written(asked, answer)),
    (error) => thrown(asked.incoming.id, error),
  );
}

function written({ incoming, isUpstream }: PlainCall, answer: Answer): Awaitable<DirectAnswer> {
  const { id, asker } = incoming;
  if (answer.kind === "unknown_tool" || answer.kind === "invalid_state") {
    return errorAnswer(id, { code: INVALID_PARAMS, message: answer.text });
  }
  if (answer.kind === "connect" && elicitationOf(asker).url) {
    return errorAnswer(id, askToConnect(answer, id));
  }
  const { result } = answer;
  if (isUpstream ? !isSimple(result) : !isWhole(result)) {
    return judgedResult(result).then((judged) =>
      judged.kind === "result"
        ? resultAnswer(id, JSON.stringify(judged.result))
        : errorAnswer(id, judged.error)
    );
  }
  const { _meta, content, structuredContent, isError } = result;
  return resultAnswer(
    id,
    _meta === undefined
      ? resultJson(result)
      : JSON.stringify({ _meta, content, structuredContent, isError }),
  );
}

/** Whether its caller wants to hear of a call, or can be asked something, while it runs. */
function mayHear(
  request: Facts,
  { progressToken }: IncomingCall,
  least: LogLevel | undefined,
): boolean {
  return progressToken !== undefined || least !== undefined || elicitationOf(request).form;
}

/** `UrlElicitationRequiredError`: clients that open pages open this one. */
function askToConnect({ url, message }: { url: string; message: string }, id: Id): RpcError {
  const elicitation = { mode: "url", message, elicitationId: `connect-${id}`, url };
  return {
    code: URL_ELICITATION_REQUIRED,
    message: "URL elicitation required",
    data: { elicitations: [elicitation] },
  };
}

/** The SDK's errors say before their words that they are MCP errors, and so does every client: once is enough. */
function thrown(id: Id, error: unknown): DirectAnswer {
  const { code, message, data } = thrownError(error);
  const prefix = `MCP error ${code}: `;
  const words = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  return errorAnswer(id, { code, message: words, data });
}
