/**
 * Messages that are known through and through: what both SDKs take for valid,
 * whatever else a body may be. Of everything else nothing is said here.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";

type Members = Record<string, unknown>;

/** Of an HTTP request, what an answer depends on. */
export type Facts = Pick<Request, "headers" | "signal">;

/** A JSON-RPC id as the SDKs take it. */
export type Id = string | number;

/** A request or, without an id, a notification. */
export interface PlainMessage {
  id: Id | undefined;
  method: string;
  params: Members | undefined;
  /** `params._meta`. */
  meta: Members | undefined;
}

/** One that is answered. */
export type PlainRequest = PlainMessage & { id: Id };

/** Before the names of MCP's own members of `_meta`. */
export const META = "io.modelcontextprotocol/";
/** Who says this speaks 2026-07-28 or later. */
export const CLAIM = `${META}protocolVersion`;
/** Tasks, like `params.task`: nobody has them here, and each SDK says so in its way. */
const RELATED_TASK = `${META}related-task`;
const MEMBERS = new Set(["jsonrpc", "id", "method", "params"]);

/** A body as a message; `undefined`: the SDKs say what it is. */
export function plainMessage(body: unknown): PlainMessage | undefined {
  if (!isRecord(body) || body.jsonrpc !== "2.0") return undefined;
  for (const member in body) if (!MEMBERS.has(member)) return undefined;
  const { id, method, params } = body;
  if (typeof method !== "string" || (id !== undefined && !isId(id))) return undefined;
  if (params === undefined) return { id, method, params, meta: undefined };
  if (!isPlain(params) || "task" in params) return undefined;
  const { _meta: meta } = params;
  if (meta !== undefined && !isPlainMeta(meta)) return undefined;
  return { id, method, params, meta };
}

/** Whether a message wants an answer. */
export function isRequest(message: PlainMessage): message is PlainRequest {
  return message.id !== undefined;
}

/**
 * Whether one that wants no answer is a notification by its name too. Another one is a request that
 * forgot its id, of which the SDKs look at all that they look at of a request.
 */
export function isNotification({ method }: PlainMessage): boolean {
  return method.startsWith("notifications/");
}

/** An object that has what is written in it, and all of that: readers differ about `__proto__`. */
export function isPlain(value: unknown): value is Members {
  return isRecord(value) && !Object.hasOwn(value, "__proto__");
}

/** A block of text, and nothing else about it, in the order in which it is written. */
export function isText(block: unknown): block is { type: "text"; text: string } {
  if (!isRecord(block) || block.type !== "text" || typeof block.text !== "string") return false;
  const members = Object.keys(block);
  return members.length === 2 && members[0] === "type" && members[1] === "text";
}

/** Whether a list is asked for as a whole: of ours there are no further pages, and any cursor will do. */
export function isListing({ params }: PlainMessage): boolean {
  return params?.cursor === undefined || typeof params.cursor === "string";
}

function isPlainMeta(meta: unknown): meta is Members {
  if (!isPlain(meta) || RELATED_TASK in meta) return false;
  return meta.progressToken === undefined || isId(meta.progressToken);
}

function isId(value: unknown): value is Id {
  return typeof value === "string" || Number.isSafeInteger(value);
}
