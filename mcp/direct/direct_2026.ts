/**
 * MCP 2026-07-28, as `eras/era_2026.ts` answers it.
 *
 * @module
 */

import { andThen, type Awaitable, orElse, settledSoon } from "../../broker/core/awaitable.ts";
import { until } from "../../broker/core/deadline.ts";
import { TOOLS_TTL_MS } from "../abilities.ts";
import type { Answer, Definition, Visit } from "../definition.ts";
import type { ListedTool } from "../wire.ts";
import {
  type DirectAnswer,
  type DirectEra,
  errorAnswer,
  INVALID_PARAMS,
  resultAnswer,
  resultJson,
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
  META,
  type PlainMessage,
  type PlainRequest,
} from "./message.ts";
import { type PlainCall, plainCall } from "./plain_call.ts";

export const VERSION = "2026-07-28";
const CLIENT = `${META}clientInfo`;
const CAPABILITIES = `${META}clientCapabilities`;
const LOG_LEVEL = `${META}logLevel`;
/** Resource not found, until 2025-11-25. */
const NOT_FOUND = -32002;
/** `MissingRequiredClientCapability`: the one error of a call that HTTP speaks of as well, wherever it is from. */
const MISSING_CAPABILITY = -32021;
/** Whoever answers is asked again: the SDK checks what it is sent back. */
const ANSWERS = ["inputResponses", "requestState"];
/** Read in HTTP by who stands in between; in this form it stands for another one. */
const ENCODED = "=?";

/** The dispatch of this revision, for requests whose header says it. */
export function direct2026(definition: Definition): DirectEra {
  const { serverInfo } = definition;
  const signature = { [`${META}serverInfo`]: serverInfo };
  // Results end with this.
  const signed = `"_meta":${JSON.stringify(signature)}`;
  return ({ request }, message, visit) => {
    const { method, params } = message;
    if (!saysWhatItIs(request, message)) return undefined;
    if (!isRequest(message)) return isNotification(message) ? TAKEN : undefined;
    if (!isComplete(message)) return undefined;
    switch (method) {
      case "server/discover":
        return discover(definition, { request, message }, visit, signed);
      case "tools/list":
        return isListing(message)
          ? list(definition, { request, message }, visit, signed)
          : undefined;
      case "tools/call": {
        const name = request.headers.get("Mcp-Name");
        if (name === null || name !== params?.name || name.startsWith(ENCODED)) return undefined;
        return call(definition, request, message, visit, { signature, signed });
      }
      default:
        return undefined;
    }
  };
}

/** A request, and what it says. */
interface Sent {
  request: Facts;
  message: PlainRequest;
}

/** Of whoever has gone. */
const GONE: DirectAnswer = { status: 499, text: null };

/** What says in `_meta` whose result it is, and the JSON of that. */
interface Signature {
  signature: Record<string, unknown>;
  signed: string;
}

/** Whether headers and body say the same: what stands in between decides by the headers alone. */
function saysWhatItIs({ headers }: Facts, { id, method, meta }: PlainMessage): boolean {
  const said = headers.get("Mcp-Method");
  return (said === method || (said === null && id === undefined)) &&
    (id === undefined && meta?.[CLAIM] === undefined || meta?.[CLAIM] === VERSION);
}

/** Whether a request says of its client what it has to, and wants to hear no logs. */
function isComplete({ params = {}, meta = {} }: PlainRequest): boolean {
  return areCapabilities(meta[CAPABILITIES]) && !(LOG_LEVEL in meta) &&
    (!(CLIENT in meta) || isClientInfo(meta[CLIENT])) &&
    !ANSWERS.some((member) => member in params);
}

async function discover(
  definition: Definition,
  { request, message: { id, method } }: Sent,
  visit: Visit,
  signed: string,
): Promise<DirectAnswer | undefined> {
  const methods = new Set([method]);
  const known = async () => {
    const capabilities = await definition.capabilities(visit, methods);
    return { capabilities, instructions: await definition.instructions(visit, methods) };
  };
  try {
    const { capabilities, instructions } = await whileWaited(request, known());
    const said = instructions ? `"instructions":${JSON.stringify(instructions)},` : "";
    const offer = `"supportedVersions":["${VERSION}"],` +
      `"capabilities":${JSON.stringify(capabilities)},${said}`;
    const kept = `"resultType":"complete","ttlMs":0,"cacheScope":"private"`;
    return resultAnswer(id, `{${offer}${kept},${signed}}`);
  } catch {
    // Of what goes wrong here the SDK says in its own way that it has gone wrong.
    return request.signal.aborted ? GONE : undefined;
  }
}

function list(
  definition: Definition,
  { request, message: { id } }: Sent,
  visit: Visit,
  signed: string,
): Awaitable<DirectAnswer | undefined> {
  return orElse<DirectAnswer | undefined>(
    () => {
      const listing = whileWaited(request, definition.listing(visit));
      return andThen(listing, ({ tools, text, isProvisional }) => {
        // This revision has no such member, and the SDK takes it away.
        if (tools.some(isExecuted)) return undefined;
        const ttlMs = isProvisional ? 0 : TOOLS_TTL_MS;
        const kept = `"ttlMs":${ttlMs},"cacheScope":"private","resultType":"complete"`;
        return resultAnswer(id, `{"tools":${text},${kept},${signed}}`);
      });
    },
    (error) => request.signal.aborted ? GONE : thrown(id, error),
  );
}

function isExecuted({ execution }: ListedTool): boolean {
  return execution !== undefined;
}

function call(
  definition: Definition,
  request: Facts,
  message: PlainRequest,
  visit: Visit,
  ours: Signature,
): Awaitable<DirectAnswer | undefined> {
  return andThen(plainCall(request, message, visit, false), (asked) => {
    // What upstreams answer, and ask, the SDK passes on in this revision's shapes.
    if (asked === undefined || asked.isUpstream) return undefined;
    return answerCall(definition, { message, asked }, visit, ours);
  });
}

function answerCall(
  definition: Definition,
  { message, asked: { incoming } }: { message: PlainRequest; asked: PlainCall },
  visit: Visit,
  ours: Signature,
): Awaitable<DirectAnswer> {
  const { asker } = incoming;
  return orElse<DirectAnswer>(
    () => {
      const calling = whileWaited(asker, definition.call(visit, incoming));
      return andThen(calling, (answer) => written(message, answer, ours));
    },
    // Nobody waits for the answer any more; what changes something goes on all the same.
    (error) => asker.signal.aborted ? GONE : thrown(message.id, error),
  );
}

/** What is known at once, or what comes while its asker waits. */
function whileWaited<T>(asker: Facts, answering: Awaitable<T>): Awaitable<T> {
  return answering instanceof Promise ? untilGone(asker, answering) : answering;
}

/** A request makes its signal when somebody looks at it, and that takes as long as all the rest here. */
async function untilGone<T>(asker: Facts, answering: Promise<T>): Promise<T> {
  const soon = await settledSoon(answering);
  if (soon === undefined) return await until(asker.signal, answering);
  if (soon.status === "rejected") throw soon.reason;
  return soon.value;
}

function written(
  { id, meta }: PlainRequest,
  answer: Answer,
  { signature, signed }: Signature,
): DirectAnswer {
  if (answer.kind === "unknown_tool" || answer.kind === "invalid_state") {
    return errorAnswer(id, { code: INVALID_PARAMS, message: answer.text });
  }
  if (answer.kind === "connect" && opensPages(meta?.[CAPABILITIES])) {
    return resultAnswer(id, JSON.stringify(askToConnect(answer, signature)));
  }
  const { _meta, content, structuredContent, isError } = answer.result;
  if (_meta === undefined) {
    const own = resultJson(answer.result).slice(0, -1);
    return resultAnswer(id, `${own},"resultType":"complete",${signed}}`);
  }
  const whole = { ..._meta as Record<string, unknown>, ...signature };
  const result = { content, structuredContent, isError, resultType: "complete" };
  return resultAnswer(id, JSON.stringify({ _meta: whole, ...result }));
}

/** `capabilities.elicitation.url`. */
function opensPages(capabilities: unknown): boolean {
  const { elicitation } = capabilities as { elicitation?: { url?: unknown } };
  return elicitation?.url !== undefined;
}

/** The page that a person has to open, as a question to the client. */
function askToConnect({ url, message }: { url: string; message: string }, _meta: object) {
  const connect = { method: "elicitation/create", params: { message, url, mode: "url" } };
  return { resultType: "input_required", inputRequests: { connect }, _meta };
}

/** What has a code of its own in earlier revisions alone says here what it is. */
function thrown(id: Id, error: unknown): DirectAnswer {
  const { code, ...said } = thrownError(error);
  const answer = errorAnswer(id, { code: code === NOT_FOUND ? INVALID_PARAMS : code, ...said });
  return code === MISSING_CAPABILITY ? { ...answer, status: 400 } : answer;
}
