/**
 * The MCP endpoint behind HTTP: looks up what is called, and answers what is
 * asked often by itself. The rest it leaves to the era that the request speaks:
 * the SDKs are loaded with the first of these, not at start.
 *
 * @module
 */

import { andThen, type Awaitable } from "../broker/core/awaitable.ts";
import { isRecord } from "../broker/core/json.ts";
import type { RequestNotes } from "../broker/core/request_notes.ts";
import { permitsName } from "../broker/core/tool_policy.ts";
import { lazily } from "../broker/core/lazily.ts";
import { batchFault, traceparentIn } from "./batch.ts";
import type { Caller } from "./call.ts";
import { withCallArguments } from "./arguments/in_body.ts";
import type { AnyEntry } from "./catalogue.ts";
import { mayChange } from "./changes.ts";
import { defineServer } from "./define.ts";
import type { McpDeps, Visit } from "./definition.ts";
import type { DirectAnswer } from "./direct/answer.ts";
import { createDirect } from "./direct/direct.ts";
import { LogLevels } from "./eras/log_levels.ts";
import { callsThrough, type NamedRequest } from "./search/through.ts";

/** How a request was answered, or why it was not. */
export type McpAnswer =
  | Response
  | DirectAnswer
  /** The gateway scope that a call needs beyond what its caller has; for step-up. */
  | { missingScope: string };

/** Answers a POST whose body was read and parsed. */
export type McpEndpoint = (request: Request, body: unknown, caller: Caller) => Awaitable<McpAnswer>;

/** Loaded with the first call through another tool. */
const ownName = lazily(() => import("./search/in_own_name.ts"));

/** The endpoint; it serves every era. `direct`: what answers before the SDKs do. */
export function createMcpEndpoint(deps: McpDeps, direct = createDirect): McpEndpoint {
  const { catalogue, world } = deps;
  const definition = defineServer(deps);
  const levels = new LogLevels(world);
  const answerDirectly = direct(definition, world, levels);
  const eras = lazily(async () =>
    (await import("./eras/eras.ts"))
      .createEras(definition, world, levels)
  );
  const answerByEra = async ({ request, body }: NamedRequest, visit: Visit) => {
    for (const era of await eras()) {
      if (await era.accepts(request, body)) return await era.serve(request, body, visit);
    }
    throw new TypeError("Cannot answer: no era takes the request");
  };
  const answer = (asked: NamedRequest, caller: Caller): Awaitable<McpAnswer> =>
    andThen(findCalled(deps, asked.body, caller), ({ called, missingScope, denied }) => {
      if (missingScope !== undefined) return { missingScope };
      const { request, body } = asked;
      const visit: Visit = {
        caller: denied === undefined ? caller : { ...caller, denied },
        // Nothing else is called than what was looked up.
        find: (name) => called.get(name),
      };
      const begin = () =>
        andThen(
          answerDirectly(request, body, visit),
          (direct): Awaitable<McpAnswer> => direct ?? answerByEra(asked, visit),
        );
      return caller.claimOnce !== undefined && mayChange(body, called)
        ? caller.claimOnce().then(begin)
        : begin();
    });
  const answerInName = (request: Request, sent: unknown, caller: Caller): Awaitable<McpAnswer> => {
    const fault = batchFault(sent);
    if (fault !== undefined) return invalidRequest(fault);
    if (world.spans !== undefined && caller.request !== undefined) noteTrace(caller.request, sent);
    const asked = { request, body: withCallArguments(sent) };
    return callsThrough(asked.body)
      ? ownName().then(({ inOwnName }) => inOwnName(asked, caller, catalogue))
        .then((named) => answer(named, caller))
      : answer(asked, caller);
  };
  const { features, inNameOf } = deps;
  // Without upstreams the broker alone is asked, which sees to it itself.
  return features === undefined || inNameOf === undefined
    ? answerInName
    : (request, sent, caller) => {
      const { actor, request: notes } = caller;
      return inNameOf(actor, () => answerInName(request, sent, caller), notes);
    };
}

function invalidRequest(fault: string): Response {
  const error = { code: -32600, message: `Invalid request: ${fault}` };
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 400 });
}

/** Names that are called, with the tools that they mean. */
type CalledTools = Pick<ReadonlyMap<string, AnyEntry | undefined>, "get" | "has">;

/** The one that is called by most. */
class OneTool implements CalledTools {
  constructor(readonly name: string, readonly entry: AnyEntry | undefined) {}

  has(name: string): boolean {
    return name === this.name;
  }

  get(name: string): AnyEntry | undefined {
    return name === this.name ? this.entry : undefined;
  }
}

/** What calls mean, by their names. */
interface Called {
  called: CalledTools;
  /** The first gateway scope that one of them lacks. */
  missingScope?: string | undefined;
  /** Of an API key that may not use them, the tools that are called. */
  denied?: ReadonlySet<string> | undefined;
}

const CALL = "tools/call";
/** What the log tells from each other. */
const METHODS = new Set([
  ...[CALL, "tools/list", "initialize", "server/discover", "ping", "logging/setLevel"],
  ...["prompts/list", "prompts/get", "resources/list", "resources/read", "completion/complete"],
  ...["resources/templates/list", "resources/subscribe", "resources/unsubscribe"],
  ...["notifications/initialized", "notifications/cancelled", "notifications/progress"],
]);

/** What a request asks, in a word of ours; of a batch the last. */
function noteAsked(request: RequestNotes, method: unknown): void {
  request.asked = typeof method === "string" && METHODS.has(method) ? method : "other";
}

/** The trace that a message alone belongs to; of a batch each call says its own, see `era_2025.ts`. */
function noteTrace(request: RequestNotes, body: unknown): void {
  const { params } = isRecord(body) ? body : {};
  const traceparent = traceparentIn(isRecord(params) ? params._meta : undefined);
  if (traceparent !== undefined) request.traceparent = traceparent;
}

const NOTHING_CALLED: Called = { called: new Map() };

/** What a body's calls mean. */
function findCalled(
  deps: Pick<McpDeps, "catalogue" | "features">,
  body: unknown,
  caller: Caller,
): Awaitable<Called> {
  return Array.isArray(body) ? calledIn(deps, body, caller) : calledBy(deps, body, caller);
}

/** What the calls of a batch mean. */
async function calledIn(
  deps: Pick<McpDeps, "catalogue" | "features">,
  batch: unknown[],
  caller: Caller,
): Promise<Called> {
  const called = new Map<string, AnyEntry | undefined>();
  let missingScope: string | undefined;
  const denied = new Set<string>();
  for (const message of batch) {
    const one = await calledBy(deps, message, caller, called);
    if (one.called instanceof OneTool) called.set(one.called.name, one.called.entry);
    for (const name of one.denied ?? []) denied.add(name);
    missingScope ??= one.missingScope;
  }
  return { called, missingScope, denied };
}

/** What one message's call means, if it is one; of what is known already it is not asked again. */
function calledBy(
  { catalogue, features }: Pick<McpDeps, "catalogue" | "features">,
  body: unknown,
  caller: Caller,
  known: CalledTools = NOTHING_CALLED.called,
): Awaitable<Called> {
  if (!isRecord(body)) return NOTHING_CALLED;
  if (caller.request !== undefined) noteAsked(caller.request, body.method);
  if (!isRecord(body.params)) return NOTHING_CALLED;
  const { method, params } = body;
  const missing = features?.missingScope(caller, method, params);
  const { name } = params;
  if (method !== CALL || typeof name !== "string" || known.has(name)) {
    return missing === undefined ? NOTHING_CALLED : { ...NOTHING_CALLED, missingScope: missing };
  }
  return andThen(catalogue.find(name, caller), (entry) => {
    const called = new OneTool(name, entry);
    if (caller.request !== undefined && entry !== undefined) {
      // As it is called where it stands, which is no word of the caller's.
      caller.request.tool = entry.kind === "own" ? entry.tool.name : entry.tool.listed.name;
    }
    if (entry !== undefined || missing !== undefined) return { called, missingScope: missing };
    if (caller.filter.policy !== undefined) return deniedOr(catalogue, name, caller, called);
    return catalogue.missingScope(name, caller)
      .then((missingScope) => ({ called, missingScope }));
  });
}

/** Whether a tool is not there, or an API key may not use it; which of them, its names alone tell nobody. */
async function deniedOr(
  catalogue: McpDeps["catalogue"],
  name: string,
  caller: Caller,
  called: Called["called"],
): Promise<Called> {
  const { policy = {}, ...filter } = caller.filter;
  const denied = new Set([name]);
  if (!permitsName(policy, name)) return { called, denied };
  if (policy.readOnly !== true) return { called };
  const more = { ...filter, readOnly: false, policy: { ...policy, readOnly: false } };
  const found = await catalogue.find(name, { ...caller, filter: more });
  return found === undefined ? { called } : { called, denied };
}
