/**
 * A call's outcome as a `CallToolResult`, the same in both protocol eras.
 *
 * @module
 */

import type { Outcome } from "./outcome.ts";
import type { ToolCallResult } from "./wire.ts";

/** In `_meta` of what a call gave that was made before; this one was not. */
const REPEATED = "switchboard/repeated";

/**
 * Words for a voice in `content`, the same for a program in `structuredContent`.
 * Some clients show a model only one of them (Claude Code the second, November
 * 2026): whatever the words say stands in the data too.
 */
export function toolResult(
  outcome: Exclude<Outcome, { kind: "unknown_tool" }>,
  /** Clients hold it against a schema that knows nothing of our errors. */
  isChecked = false,
): ToolCallResult {
  const result = resultOf(outcome, isChecked);
  if (!outcome.repeated) return result;
  return { ...result, _meta: { ...result._meta as Record<string, unknown>, [REPEATED]: true } };
}

function resultOf(
  outcome: Exclude<Outcome, { kind: "unknown_tool" }>,
  isChecked: boolean,
): ToolCallResult {
  if (outcome.kind === "upstream") return outcome.result;
  const content = [{ type: "text" as const, text: outcome.text }];
  if (isChecked && outcome.kind !== "result") return { content, isError: true };
  const isError = true;
  switch (outcome.kind) {
    case "result":
      return { content, structuredContent: outcome.data };
    case "connect":
    case "input": {
      const { code, text: message, url } = outcome;
      return { content, structuredContent: { error: code, message, connect_url: url }, isError };
    }
    case "error": {
      const { code, text: message, retryAfter } = outcome;
      const structuredContent = { error: code, message, retry_after: retryAfter };
      return { content, structuredContent, isError };
    }
  }
}
