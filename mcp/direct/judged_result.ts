/**
 * A result of a call as the SDK for 2025-11-25 and earlier checks it: loaded
 * where one is not the usual kind.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { ToolCallResult } from "../wire.ts";
import { INVALID_PARAMS, type RpcError } from "./answer.ts";

/** A result, or the error that the SDK throws instead. */
export type JudgedResult = { kind: "result"; result: unknown } | { kind: "error"; error: RpcError };

/** What the SDK's server makes of a result. */
export function judged(result: ToolCallResult): JudgedResult {
  const judged = CallToolResultSchema.safeParse(result);
  if (judged.success) return { kind: "result", result: judged.data };
  const message = `Invalid tools/call result: ${judged.error.message}`;
  return { kind: "error", error: { code: INVALID_PARAMS, message } };
}
