/**
 * Answers as texts: what is ready is joined, and not made anew.
 *
 * @module
 */

import type { Awaitable } from "../../broker/core/awaitable.ts";
import type { Visit } from "../definition.ts";
import type { ToolCallResult } from "../wire.ts";
import { type Facts, type Id, isText, type PlainMessage } from "./message.ts";

/** An answer in HTTP; without a body, where there is nothing to say. */
export interface DirectAnswer {
  status: 200 | 202 | 400 | 499;
  /** JSON. */
  text: string | null;
  /** The session that a greeting is given. */
  session?: string | undefined;
}

/** A request, and the revision that it says it speaks (`MCP-Protocol-Version`). */
export interface DirectRequest {
  request: Facts;
  version: string | null;
}

/** Answers a message of one revision; `undefined`: not exactly known, and the SDKs answer. */
export type DirectEra = (
  request: DirectRequest,
  message: PlainMessage,
  visit: Visit,
) => Awaitable<DirectAnswer | undefined>;

/** What a JSON-RPC error says. */
export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

export const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

/** What a notification is answered. */
export const TAKEN: DirectAnswer = { status: 202, text: null };

/** A result, which is JSON already. */
export function resultAnswer(id: Id, result: string): DirectAnswer {
  // In the order in which the SDKs write it.
  const text = `{"result":${result},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`;
  return { status: 200, text };
}

/**
 * What `JSON.stringify()` makes of these members of a result, in this order, in half the time: nearly
 * all of ours are one text, and data beside it.
 */
export function resultJson(
  { content, structuredContent, isError }: Pick<
    ToolCallResult,
    "content" | "structuredContent" | "isError"
  >,
): string {
  const first = content[0];
  const said = content.length === 1 && isText(first)
    ? `[{"type":"text","text":${JSON.stringify(first.text)}}]`
    : JSON.stringify(content);
  const data = structuredContent === undefined
    ? ""
    : `,"structuredContent":${JSON.stringify(structuredContent)}`;
  const failed = isError === undefined ? "" : isError ? ',"isError":true' : ',"isError":false';
  return `{"content":${said}${data}${failed}}`;
}

/** An error. */
export function errorAnswer(id: Id, error: RpcError): DirectAnswer {
  return { status: 200, text: JSON.stringify({ jsonrpc: "2.0", id, error }) };
}

/** What the SDKs say of something that was thrown. */
export function thrownError(thrown: unknown): RpcError {
  const { code, message = "Internal error", data } = thrown as Partial<RpcError>;
  return { code: Number.isSafeInteger(code) ? code! : INTERNAL_ERROR, message, data };
}
