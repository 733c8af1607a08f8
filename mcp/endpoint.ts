/**
 * The MCP endpoint behind HTTP: looks up what is called, and answers what is
 * asked often by itself. The rest it leaves to the era that the request speaks:
 * the SDKs are loaded with the first of these, not at start.
 *
 * @module
 */

import { lazily } from "../broker/core/lazily.ts";
import { batchFault } from "./batch.ts";
import type { Caller } from "./call.ts";
import { withCallArguments } from "./arguments/in_body.ts";
import type { AnyEntry } from "./catalogue.ts";
import { mayChange } from "./changes.ts";
import { defineServer, type McpDeps } from "./definition.ts";
import type { DirectAnswer } from "./direct/answer.ts";
import { createDirect } from "./direct/direct.ts";
import { LogLevels } from "./eras/log_levels.ts";
import { callsThrough, inOwnName } from "./search/in_own_name.ts";

/** How a request was answered, or why it was not. */
export type McpAnswer =
  | Response
  | DirectAnswer
  /** The gateway scope that a call needs beyond what its caller has; for step-up. */
  | { missingScope: string };

/** Answers a POST whose body was read and parsed. */
export type McpEndpoint = (request: Request, body: unknown, caller: Caller) => Promise<McpAnswer>;

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
  return async (received, sent, caller) => {
    const fault = batchFault(sent);
    if (fault !== undefined) return invalidRequest(fault);
    const opened = withCallArguments(sent);
    const { request, body } = callsThrough(opened)
      ? await inOwnName({ request: received, body: opened }, caller, catalogue)
      : { request: received, body: opened };
    const { called, missingScope } = callsNothing(deps, body) ??
      await findCalled(deps, body, caller);
    if (missingScope !== undefined) return { missingScope };
    if (caller.claimOnce !== undefined && mayChange(body, called)) await caller.claimOnce();
    const visit = {
      caller,
      find: async (name: string) =>
        called.has(name) ? called.get(name) : await catalogue.find(name, caller),
    };
    const answer = await answerDirectly(request, body, visit);
    if (answer !== undefined) return answer;
    for (const era of await eras()) {
      if (await era.accepts(request, body)) return await era.serve(request, body, visit);
    }
    throw new TypeError("Cannot answer: no era takes the request");
  };
}

function invalidRequest(fault: string): Response {
  const error = { code: -32600, message: `Invalid request: ${fault}` };
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 400 });
}

/** What {@linkcode findCalled} says of one message that calls no tool, where nothing else has scopes. */
function callsNothing({ features }: Pick<McpDeps, "features">, body: unknown): Called | undefined {
  const isCall = Array.isArray(body) || (body as { method?: unknown } | null)?.method === CALL;
  return isCall || features !== undefined ? undefined : NOTHING_CALLED;
}

/** What calls mean, by their names. */
interface Called {
  called: ReadonlyMap<string, AnyEntry | undefined>;
  missingScope?: string | undefined;
}

const CALL = "tools/call";
const NOTHING_CALLED: Called = { called: new Map() };

/** What a body's calls mean, and the first gateway scope that one of them lacks. */
async function findCalled(
  { catalogue, features }: Pick<McpDeps, "catalogue" | "features">,
  body: unknown,
  caller: Caller,
): Promise<Called> {
  const called = new Map<string, AnyEntry | undefined>();
  let missingScope: string | undefined;
  for (const message of Array.isArray(body) ? body : [body]) {
    const params = message?.params;
    if (typeof params === "object" && params !== null) {
      missingScope ??= features?.missingScope(caller, message.method, params);
    }
    const name: unknown = message?.method === CALL ? message.params?.name : undefined;
    if (typeof name !== "string" || called.has(name)) continue;
    const entry = await catalogue.find(name, caller);
    called.set(name, entry);
    if (entry === undefined) missingScope ??= await catalogue.missingScope(name, caller);
  }
  return { called, missingScope };
}
