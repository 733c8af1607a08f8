/**
 * Which requests call a tool through `call_tool` or `call_read_tool`.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { CALL_READ_TOOL, CALL_TOOL } from "./tool_names.ts";

/** A request, and its body as it is to be answered. */
export interface NamedRequest {
  request: Request;
  body: unknown;
}

/** Whether a body has a call through one of the two: most have none. */
export function callsThrough(body: unknown): boolean {
  return Array.isArray(body) ? body.some(isThrough) : isThrough(body);
}

/** A call through one of the two. */
export interface Through extends Record<string, unknown> {
  params: Record<string, unknown> & { name: string };
}

/** Whether a message is one. */
export function isThrough(message: unknown): message is Through {
  return isRecord(message) && message.method === "tools/call" && isRecord(message.params) &&
    (message.params.name === CALL_TOOL || message.params.name === CALL_READ_TOOL);
}
