/**
 * Answers as texts: what is ready is joined, and not made anew.
 *
 * @module
 */

import type { ToolCallResult } from "../wire.ts";
import type { Visit } from "../definition.ts";
import type { Facts, Id, PlainMessage } from "./message.ts";

/** An answer in HTTP; without a body, where there is nothing to say. */
export interface DirectAnswer {
  status: 200 | 202;
  /** JSON. */
  text: string | null;
  /** The session that a greeting is given. */
  session?: string | undefined;
}

/** Answers a message of one revision; `undefined`: not exactly known, and the SDKs answer. */
export type DirectEra = (
  request: Facts,
  message: PlainMessage,
  visit: Visit,
) => Promise<DirectAnswer | undefined>;

/** What a notification is answered. */
export const TAKEN: DirectAnswer = { status: 202, text: null };

/** A result, in the order in which the SDKs write it. */
export function resultText(id: Id, result: string): string {
  return `{"result":${result},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`;
}

/** A JSON-RPC error. */
export function errorText(
  id: Id,
  error: { code: number; message: string; data?: unknown },
): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error });
}

/** Of what was thrown: its own code and words, as the SDK says them, but not "MCP error" before them. */
export function thrownText(id: Id, thrown: unknown): string {
  const { code: own, message: words = "Internal error", data } = thrown as {
    code?: unknown;
    message?: string;
    data?: unknown;
  };
  const code = Number.isSafeInteger(own) ? own as number : -32603;
  const prefix = `MCP error ${code}: `;
  const message = words.startsWith(prefix) ? words.slice(prefix.length) : words;
  return errorText(id, { code, message, data });
}

/** A tool's result, its members in the order in which the SDKs write them. */
export function callText({ content, structuredContent, isError, _meta }: ToolCallResult): string {
  return JSON.stringify({ _meta, content, structuredContent, isError });
}
