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

const MEMBERS = new Set(["jsonrpc", "id", "method", "params"]);
/** Tasks, like `params.task`. */
const RELATED_TASK = "io.modelcontextprotocol/related-task";

/** A body as a message; `undefined`: the SDKs say what it is. */
export function plainMessage(body: unknown): PlainMessage | undefined {
  if (!isRecord(body) || body.jsonrpc !== "2.0") return undefined;
  for (const member in body) if (!MEMBERS.has(member)) return undefined;
  const { id, method, params } = body;
  if (typeof method !== "string" || (id !== undefined && !isId(id))) return undefined;
  if (params === undefined) {
    return { id, method, params: undefined, meta: undefined };
  }
  if (!isPlain(params) || "task" in params) return undefined;
  const { _meta: meta } = params;
  if (meta !== undefined && !isPlainMeta(meta)) return undefined;
  return { id, method, params, meta };
}

/** An object that has what is written in it, and all of that: readers differ about `__proto__`. */
export function isPlain(value: unknown): value is Members {
  return isRecord(value) && !Object.hasOwn(value, "__proto__");
}

function isPlainMeta(meta: unknown): meta is Members {
  if (!isPlain(meta) || RELATED_TASK in meta) return false;
  return meta.progressToken === undefined || isId(meta.progressToken);
}

function isId(value: unknown): value is Id {
  return typeof value === "string" || Number.isSafeInteger(value);
}
