/**
 * JSON-RPC 2.0 as servers really send it. What can be understood in one way is
 * understood: `"error": null` beside a result, a result that is no object, an
 * id that has become a text. An answer with another id is nobody's: it may be
 * another person's.
 *
 * @module
 */

import { isRecord, parseJson } from "../../broker/core/json.ts";
import { mayBeDone, notDone } from "./fault.ts";
import type { UpstreamMessage } from "./session.ts";

/** What a server sent. */
export type Incoming =
  | { kind: "result"; id: unknown; result: Record<string, unknown> }
  | { kind: "error"; id: unknown; code: number; text: string; data: unknown }
  | { kind: "request"; id: string | number; message: UpstreamMessage }
  | { kind: "notification"; message: UpstreamMessage };

/** JSON-RPC: the receiver does not know the method. */
export const METHOD_NOT_FOUND = -32601;
const INTERNAL_ERROR = -32603;
/** A person must open an address first (2025-11-25). */
export const URL_ELICITATION_REQUIRED = -32042;
/** The revision of MCP is not spoken (2026-07-28). */
export const UNSUPPORTED_REVISION = -32022;
/** Headers and body disagree; the client lacks a capability (2026-07-28). */
const REFUSALS = new Set([URL_ELICITATION_REQUIRED, UNSUPPORTED_REVISION, -32020, -32021]);

/** Values of one message: a list of a thousand tools has a hundred thousand. */
export const MAX_MESSAGE_VALUES = 1_000_000;

/**
 * A message's JSON. How deep it is, is for whoever reads a part of it: one tool
 * that is too deep takes no other away.
 *
 * @throws {SyntaxError}, {TooComplex}
 */
export function parseMessage(text: string): unknown {
  return parseJson(text, { maxDepth: Infinity, maxValues: MAX_MESSAGE_VALUES });
}

/** All messages of a text's JSON: one, or several of a batch (2025-03-26). What is none is left out. */
export function messagesOf(json: unknown): Incoming[] {
  return (Array.isArray(json) ? json : [json]).flatMap((one) => {
    const message = messageOf(one);
    return message === undefined ? [] : [message];
  });
}

function messageOf(json: unknown): Incoming | undefined {
  if (!isRecord(json)) return undefined;
  const { id, method, params, result, error } = json;
  if (typeof method === "string") {
    const message = { method, params: isRecord(params) ? params : {} };
    return typeof id === "string" || typeof id === "number"
      ? { kind: "request", id, message }
      : { kind: "notification", message };
  }
  if (error !== undefined && error !== null) return { kind: "error", id, ...errorOf(error) };
  if (!("result" in json)) return undefined;
  return { kind: "result", id, result: asRecord(result) };
}

/** What is no object is what the server has to say. */
function asRecord(result: unknown): Record<string, unknown> {
  if (isRecord(result)) return result;
  return result === null ? {} : { content: result };
}

function errorOf(error: unknown): { code: number; text: string; data: unknown } {
  if (!isRecord(error)) return { code: INTERNAL_ERROR, text: String(error), data: undefined };
  const { code, message, data } = error;
  return {
    code: typeof code === "number" ? code : INTERNAL_ERROR,
    text: typeof message === "string" ? message : "",
    data,
  };
}

/** Whether an answer is the one to a request. A server that could not read a request does not know its id. */
export function answers(answer: Incoming, id: number): boolean {
  if (answer.kind !== "result" && answer.kind !== "error") return false;
  if (answer.kind === "error" && (answer.id === null || answer.id === undefined)) return true;
  return answer.id === id || answer.id === String(id);
}

/** The reply to a server's own request: whoever is asked says, or nobody knows the method. */
export async function replyTo(
  { id, message }: Incoming & { kind: "request" },
  asked:
    | ((request: UpstreamMessage, signal: AbortSignal) => Promise<Record<string, unknown>>)
    | undefined,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const base = { jsonrpc: "2.0", id };
  if (message.method === "ping") return { ...base, result: {} };
  const refusal = { code: METHOD_NOT_FOUND, message: "This client does not do that." };
  if (asked === undefined) return { ...base, error: refusal };
  try {
    return { ...base, result: await asked(message, signal) };
  } catch {
    // Why is not for the server to know.
    return { ...base, error: refusal };
  }
}

/** MCP's progress, where it is of the request with that token. */
export function progressOf(
  { method, params }: UpstreamMessage,
  token: number,
): { progress: number; total?: number | undefined; message?: string | undefined } | undefined {
  if (method !== "notifications/progress") return undefined;
  const { progressToken, progress, total, message } = params;
  if (progressToken !== token && progressToken !== String(token)) return undefined;
  if (typeof progress !== "number") return undefined;
  return {
    progress,
    ...(typeof total === "number" && { total }),
    ...(typeof message === "string" && { message }),
  };
}

/** @throws {UpstreamFault} where the server answered with an error. */
export function resultOf(answer: Incoming): Record<string, unknown> {
  if (answer.kind === "result") return answer.result;
  if (answer.kind !== "error") throw mayBeDone({ kind: "unreadable" });
  const { code, text, data } = answer;
  const why = { kind: "answered_error", code, text, data } as const;
  throw isRefusal(code) ? notDone(why) : mayBeDone(why);
}

/** Codes that say that a request was not understood (JSON-RPC 2.0 §5.1), or that more is needed for it. */
function isRefusal(code: number): boolean {
  return code === -32700 || (code <= -32600 && code >= -32602) || REFUSALS.has(code);
}
