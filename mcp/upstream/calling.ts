/**
 * One call of an upstream's tool.
 *
 * @module
 */

import { deadlineIn } from "../../broker/core/deadline.ts";
import { isShallow } from "../../broker/core/json.ts";
import { isOwnServer, longestTime, type UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { withoutSecrets } from "../secrets_in.ts";
import { type LogLevel, takesForms } from "../client_side.ts";
import type { ToolCallResult } from "../wire.ts";
import { askedBy, type AskedInput } from "./asked_input.ts";
import type { Sender, UpstreamClients } from "./client.ts";
import { mayBeDone } from "./fault.ts";
import { argumentsFor } from "./flat_schema.ts";
import { parameterHeaders } from "./header_values.ts";
import type { UpstreamTool } from "./list.ts";
import { relay } from "./progress.ts";
import type { RequestOptions, UpstreamProgress } from "./session.ts";
import { toolAnswer } from "./tool_answer.ts";

const LOG_LEVEL = "io.modelcontextprotocol/logLevel";

/** One call's way back to its caller. */
export interface UpstreamCall
  extends Sender, Pick<RequestOptions, "onprogress" | "onnotification" | "onrequest"> {
  /** Ends the call. It must not abort after the call has ended. */
  signal: AbortSignal;
  /** Aborts when the caller has gone, even where the call goes on. */
  caller: AbortSignal;
  /** Answers to what the server asked for the last time (2026-07-28), and the state that it gave. */
  input?: { responses: Record<string, unknown>; state: string | undefined } | undefined;
  /** From which level on the caller hears the server's log (2026-07-28). */
  logLevel?: LogLevel | undefined;
}

/** What a call needs. */
export interface CallingDeps {
  spec: UpstreamSpec;
  clients: UpstreamClients;
  world: Pick<World, "sleep" | "log" | "spans" | "timing">;
}

/** How a call was answered. */
export type Called =
  | { kind: "result"; result: ToolCallResult }
  /** The person is to do something first. */
  | { kind: "input"; input: AskedInput };

/** Calls a tool, once. @throws {UpstreamFault}, {Refusal} */
export async function callUpstream(
  { spec, clients, world }: CallingDeps,
  { remoteName: name, listed, renamed }: UpstreamTool,
  args: unknown,
  call: UpstreamCall,
): Promise<Called> {
  const { timeoutMs } = spec;
  const onprogress = call.onprogress &&
    searched(world, listed.name, call.tokens, relay(call.onprogress, call.caller));
  // Without progress, or a person who is asked, nothing makes a request longer than its time.
  const isLonger = onprogress !== undefined || takesForms(call.capabilities);
  using deadline = isLonger ? deadlineIn(world, longestTime(spec)) : undefined;
  const signal = deadline === undefined
    ? call.signal
    : AbortSignal.any([call.signal, deadline.signal]);
  const { onnotification, onrequest, input, logLevel } = call;
  // Nobody else's: what it can be compared by would go to strangers with it.
  const traceparent = world.spans !== undefined && isOwnServer(spec)
    ? world.spans.traceparent()
    : undefined;
  const headers = parameterHeaders(listed.inputSchema, args);
  const told = { onprogress, onnotification, onrequest };
  const options = { signal, timeoutMs, headers, traceparent, ...told };
  const answered = input === undefined
    ? {}
    : { inputResponses: input.responses, ...(input.state && { requestState: input.state }) };
  return await clients.with(call, signal, async (session) => {
    const meta = {
      ...(logLevel && { [LOG_LEVEL]: logLevel }),
      ...(traceparent && { traceparent }),
    };
    const _meta = logLevel === undefined && traceparent === undefined ? {} : { _meta: meta };
    const params = { name, arguments: argumentsFor(renamed, args), ...answered, ..._meta };
    const end = world.timing?.begin("provider");
    const result = await session.request("tools/call", params, options).finally(end);
    // No reader's recursion ends well there, ours and the clients'.
    if (!isShallow(result)) throw mayBeDone({ kind: "unreadable" });
    const asked = askedBy(result, spec);
    return asked === undefined
      ? { kind: "result", result: toolAnswer(result) }
      : { kind: "input", input: asked };
  });
}

/** Progress without what was sent along, searched before it is cut to its length. */
function searched(
  world: Pick<World, "log">,
  tool: string,
  secrets: Set<string>,
  onprogress: (progress: UpstreamProgress) => void,
): (progress: UpstreamProgress) => void {
  return (progress) => {
    const searched = withoutSecrets(progress, secrets);
    if (searched.kind === "clean") return onprogress(searched.value);
    world.log({ level: "error", event: "progress_withheld", tool });
  };
}
