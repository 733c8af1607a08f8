/**
 * What is noted of a tool call: who called what, with whose account, and how it
 * ended. Nothing that was said in it.
 *
 * @module
 */

import type { Activity } from "../broker/core/activity.ts";
import type { Awaitable } from "../broker/core/awaitable.ts";
import type { RequestNotes } from "../broker/core/request_notes.ts";
import { isPersonal } from "../broker/core/upstream.ts";
import type { Spans, World } from "../broker/core/world.ts";
import type { Call, Caller, ServedBy } from "./caller.ts";
import type { AnyEntry } from "./catalogue.ts";
import type { Outcome } from "./outcome.ts";

/** Notes a call that is over. */
export function noteCall(
  { world }: { world: Pick<World, "now"> },
  activity: Activity,
  { subject, actor, request }: Caller,
  entry: AnyEntry,
  { account }: ServedBy,
  ended: Outcome,
): void {
  const outcome = wordOf(ended);
  // An app can name any user: what is said of one who is not there is not kept.
  if (outcome === "not_connected" && actor.kind === "app") return;
  const noted = { at: world.now(), what: "tool_called" as const, subject, actor, account, outcome };
  const requestId = request?.id;
  if (entry.kind === "own") {
    const { tool: { name: tool, service }, provider: { name: provider } } = entry;
    activity.note({ ...noted, provider, service, tool, requestId });
  } else {
    const { tool: { listed: { name: tool } }, upstream: { spec } } = entry;
    const { name: service, provider = service } = spec;
    activity.note({ ...noted, provider, service, tool, requestId });
  }
}

/** What the request's log line says of it, where it came to nothing. */
export function noteEnd(request: RequestNotes | undefined, ended: Outcome): void {
  if (request === undefined) return;
  const failure = failureOf(ended);
  if (failure !== undefined) request.error = failure;
}

/** A word for why it came to nothing, if so. */
function failureOf(ended: Outcome): string | undefined {
  const word = wordOf(ended);
  return word === "ok" || word === "repeated" || word === "input_required" ? undefined : word;
}

/**
 * Makes a call within a span, by the conventions of OpenTelemetry for MCP (in development, November
 * 2026). It is named after its tool only where everybody sees the same tools: of a server that lists
 * its own to each person a name may be one of that person's.
 */
export function withinSpan(
  spans: Spans,
  { request }: Caller,
  entry: AnyEntry,
  work: () => Awaitable<Outcome>,
  { traceparent = request?.traceparent }: Pick<Call, "traceparent"> = {},
): Awaitable<Outcome> {
  const tool = entry.kind === "own"
    ? entry.tool.name
    : isPersonal(entry.upstream.spec)
    ? undefined
    : entry.tool.listed.name;
  const attributes = { "mcp.method.name": METHOD, "gen_ai.operation.name": "execute_tool" };
  const span = tool === undefined
    ? { name: METHOD, attributes }
    : { name: `${METHOD} ${tool}`, attributes: { ...attributes, "gen_ai.tool.name": tool } };
  return spans.within({ ...span, isAsked: true, caller: traceparent }, work, failureOf);
}

const METHOD = "tools/call";

function wordOf(outcome: Outcome): string {
  if (outcome.repeated) return "repeated";
  switch (outcome.kind) {
    case "result":
      return "ok";
    case "upstream":
      return outcome.result.isError ? "tool_error" : "ok";
    case "input":
      return "input_required";
    case "unknown_tool":
      return outcome.kind;
    case "error":
    case "connect":
      return outcome.code;
  }
}
