/**
 * MCP 2025-11-25 and earlier, as `eras/era_2025.ts` answers it.
 *
 * @module
 */

import type { World } from "../../broker/core/world.ts";
import type { Definition, Visit } from "../definition.ts";
import { askToConnect } from "./ask_to_connect.ts";
import { elicitationOf, greetingSession, isBare } from "../eras/client_session.ts";
import {
  callText,
  type DirectAnswer,
  type DirectEra,
  errorText,
  resultText,
  TAKEN,
  thrownText,
} from "./answer.ts";
import { greetedVersion } from "./greeting.ts";
import { type Facts, type Id, isPlain, type PlainMessage } from "./message.ts";
import { listText } from "./ready_list.ts";

/** Those that the SDK serves; who asks for another one gets the first. */
export const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"];
/** Who says this speaks a later revision. */
const CLAIM = "io.modelcontextprotocol/protocolVersion";
const INVALID_PARAMS = -32602;

/** The dispatch of this revision and those before it. */
export function direct2025(definition: Definition, world: Pick<World, "secret">): DirectEra {
  return async (request, message, visit) => {
    const { id, method, params, meta } = message;
    const version = request.headers.get("Mcp-Protocol-Version");
    if (version !== null && !VERSIONS.includes(version)) return undefined;
    if (meta !== undefined && CLAIM in meta) return undefined;
    // One that greets without an id is given a session all the same.
    if (id === undefined) return method === "initialize" ? undefined : TAKEN;
    switch (method) {
      case "ping":
        return answered(resultText(id, "{}"));
      case "initialize":
        return await greet(definition, world, message, visit);
      case "tools/list":
        if (params?.cursor !== undefined && typeof params.cursor !== "string") return undefined;
        return answered(await listed(definition, id, visit));
      case "tools/call":
        return await called(definition, request, message, visit);
      default:
        return undefined;
    }
  };
}

function answered(text: string): DirectAnswer {
  return { status: 200, text };
}

async function greet(
  definition: Definition,
  world: Pick<World, "secret">,
  { id, method, params }: PlainMessage,
  visit: Visit,
): Promise<DirectAnswer | undefined> {
  const asked = greetedVersion(params);
  if (asked === undefined || id === undefined) return undefined;
  const protocolVersion = VERSIONS.includes(asked) ? asked : VERSIONS[0];
  const { serverInfo, instructions } = definition;
  const result = {
    protocolVersion,
    capabilities: await definition.capabilities(visit, new Set([method])),
    serverInfo,
    ...(instructions !== "" && { instructions }),
  };
  const session = greetingSession({ method, params }, world.secret);
  return { ...answered(resultText(id, JSON.stringify(result))), session };
}

async function listed(definition: Definition, id: Id, visit: Visit): Promise<string> {
  try {
    return resultText(id, `{"tools":${listText(await definition.list(visit))}}`);
  } catch (error) {
    return thrownText(id, error);
  }
}

/** A call of a tool of our own: upstreams have things to say and to ask before they answer. */
async function called(
  definition: Definition,
  request: Facts,
  { id, params, meta }: PlainMessage,
  visit: Visit,
): Promise<DirectAnswer | undefined> {
  const { name, arguments: args } = params ?? {};
  if (id === undefined || typeof name !== "string") return undefined;
  if (args !== undefined && !isPlain(args)) return undefined;
  if ((await visit.find(name))?.kind === "upstream") return undefined;
  try {
    const answer = await definition.call(visit, {
      name,
      args,
      id,
      countsCalls: isBare(request),
      signal: request.signal,
      progressToken: meta?.progressToken as Id | undefined,
      notify: () => Promise.resolve(),
    });
    if (answer.kind === "unknown_tool" || answer.kind === "invalid_state") {
      return answered(errorText(id, { code: INVALID_PARAMS, message: answer.text }));
    }
    if (answer.kind === "connect" && elicitationOf(request).url) {
      return answered(errorText(id, askToConnect(answer, id)));
    }
    return answered(resultText(id, callText(answer.result)));
  } catch (error) {
    return answered(thrownText(id, error));
  }
}
