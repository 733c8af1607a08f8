/**
 * How a call is answered, whatever revision it came by: what it came to, what a
 * client is asked instead, and how far it is meanwhile.
 *
 * @module
 */

import { andThen, type Awaitable } from "../broker/core/awaitable.ts";
import { type CallProgress, callTool } from "./call.ts";
import type { AnyEntry } from "./catalogue.ts";
import type { Answer, IncomingCall, McpDeps, Visit } from "./definition.ts";
import type { Outcome } from "./outcome.ts";
import { toolResult } from "./result.ts";

/** Answers a call. May throw as well as reject. */
export function answerCall(
  deps: McpDeps,
  { caller, find }: Visit,
  call: IncomingCall,
): Awaitable<Answer> {
  const { progressToken, notify } = call;
  const onprogress = progressToken === undefined ? undefined : (progress: CallProgress) => {
    const params = { ...progress, progressToken };
    // Who has hung up hears nothing any more; the call itself may go on.
    notify({ method: "notifications/progress", params }).catch(() => {});
  };
  return andThen(find(call.name), (entry) =>
    andThen(
      callTool(deps, caller, entry, call, onprogress),
      (outcome): Awaitable<Answer> =>
        outcome.kind === "unknown_tool"
          ? unknownTool(deps, call.name, outcome)
          : answerOf(call, entry, outcome),
    ));
}

async function unknownTool(
  { lacking }: Pick<McpDeps, "lacking">,
  name: string,
  outcome: Outcome & { kind: "unknown_tool" },
): Promise<Answer> {
  const said = await lacking?.(name);
  return said === undefined ? outcome : { ...outcome, text: `${outcome.text}. ${said}` };
}

function answerOf(
  { client }: IncomingCall,
  entry: AnyEntry | undefined,
  outcome: Exclude<Outcome, { kind: "unknown_tool" }>,
): Answer {
  if (client?.input?.state !== undefined && isUpstreamError(outcome)) {
    return { kind: "invalid_state", text: outcome.text };
  }
  const isChecked = entry?.kind === "upstream" && entry.tool.listed.outputSchema !== undefined;
  const result = toolResult(outcome, isChecked);
  if (outcome.kind === "input") {
    const { requests, state } = outcome;
    return { kind: "input", requests, state, result };
  }
  if (outcome.kind !== "connect") return { kind: "result", result };
  const { title, url, message = `Connect ${title} to go on.` } = outcome;
  return { kind: "connect", message, url, result };
}

/**
 * An upstream's JSON-RPC error is a tool's in words, which a model can act on.
 * Not where a client has brought an upstream's state back: there is nothing in
 * it for a model, and a server must say no to what it did not make (SEP-2322).
 */
function isUpstreamError(outcome: Outcome): outcome is Outcome & { kind: "error" } {
  return outcome.kind === "error" && outcome.code === "upstream_error";
}
