/**
 * The MCP server, defined once: what it lists, and how it answers a call. The
 * eras put this into the shapes of their revision and add nothing.
 *
 * @module
 */

import { type Call, type CallDeps, type Caller, type CallProgress, callTool } from "./call.ts";
import type { AnyEntry, Catalogue } from "./catalogue.ts";
import { toolResult } from "./result.ts";
import type { ListedTool, ToolCallResult } from "./wire.ts";

/** What the server is made of. */
export interface McpDeps extends CallDeps {
  catalogue: Catalogue;
  serverInfo: { name: string; version: string; title: string };
  instructions: string;
}

/** One request's caller, and the tools that it calls, looked up once. */
export interface Visit {
  caller: Caller;
  find(name: string): Promise<AnyEntry | undefined>;
}

/** A call as a revision of the protocol brings it. */
export interface IncomingCall extends Omit<Call, "onprogress"> {
  /** Where the client wants to hear how far it is (`_meta.progressToken`). */
  progressToken: string | number | undefined;
  notify(notification: ProgressNotification): Promise<void>;
}

/** `notifications/progress`, the same in every revision. */
export type ProgressNotification = {
  method: "notifications/progress";
  params: {
    progress: number;
    total?: number | undefined;
    message?: string | undefined;
    progressToken: string | number;
  };
};

/** How a call is answered. */
export type Answer =
  | { kind: "result"; result: ToolCallResult }
  /** A person must connect first: clients that open URLs are asked to, the others get `result`. */
  | { kind: "connect"; message: string; url: string; result: ToolCallResult }
  | { kind: "unknown_tool"; text: string };

/** The server behind every era. */
export interface Definition {
  serverInfo: McpDeps["serverInfo"];
  /** The options that both SDKs take. */
  options: { capabilities: { tools: Record<never, never> }; instructions: string };
  list(visit: Visit): Promise<ListedTool[]>;
  call(visit: Visit, call: IncomingCall): Promise<Answer>;
}

/** The server over a catalogue; one for all callers, since it keeps nothing of them. */
export function defineServer(deps: McpDeps): Definition {
  const { serverInfo, instructions, catalogue } = deps;
  return {
    serverInfo,
    options: { capabilities: { tools: {} }, instructions },
    list: ({ caller }) => catalogue.list(caller),
    async call({ caller, find }, { progressToken, notify, ...call }) {
      const onprogress = progressToken === undefined ? undefined : (progress: CallProgress) => {
        const params = { ...progress, progressToken };
        // Who has hung up hears nothing any more; the call itself may go on.
        notify({ method: "notifications/progress", params }).catch(() => {});
      };
      const entry = await find(call.name);
      const outcome = await callTool(deps, caller, entry, { ...call, onprogress });
      if (outcome.kind === "unknown_tool") return outcome;
      const result = toolResult(outcome);
      if (outcome.kind !== "connect") return { kind: "result", result };
      const { title, url } = outcome;
      return { kind: "connect", message: `Connect ${title} to go on.`, url, result };
    },
  };
}
