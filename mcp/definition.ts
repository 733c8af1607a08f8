/**
 * The MCP server, defined once: what it lists, and how it answers a call. The
 * eras put this into the shapes of their revision and add nothing.
 *
 * @module
 */

import { ABILITIES, type Ability, type FeatureKind } from "./abilities.ts";
import { type Call, type CallDeps, type Caller, type CallProgress, callTool } from "./call.ts";
import type { AnyEntry, Catalogue } from "./catalogue.ts";
import { errorReply, type Reply } from "./feature_reply.ts";
import type { Features } from "./features.ts";
import { toolResult } from "./result.ts";
import type { ListedTool, ToolCallResult } from "./wire.ts";

/** What the server is made of. */
export interface McpDeps extends CallDeps {
  catalogue: Catalogue;
  /** Absent where there is no upstream. */
  features?: Features | undefined;
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

/** What a server says that it has. */
export type Capabilities = { tools: Nothing } & Partial<Record<Ability, Nothing>>;
type Nothing = Record<never, never>;

/** The requests that are no tool's. */
export const FEATURE_METHODS = ["prompts/get", "resources/read", "completion/complete"] as const;
export type FeatureMethod = typeof FEATURE_METHODS[number];

/** What lists of them are called, and what they list. */
export const FEATURE_LISTS = {
  "prompts/list": "prompts",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
} as const satisfies Record<string, FeatureKind>;

/** What is asked of a feature, as a revision of the protocol brings it. */
export interface IncomingRequest {
  method: FeatureMethod;
  params: Record<string, unknown>;
  signal: AbortSignal;
}

/** The server behind every era. */
export interface Definition {
  serverInfo: McpDeps["serverInfo"];
  instructions: string;
  /**
   * What is declared: to a greeting what the visitor's upstreams have. A list of what none of them
   * has is no method here, but where one has not answered yet, what is known of the others is
   * listed. Whoever names a prompt or resource is answered by its name, and nobody is asked before.
   */
  capabilities(visit: Visit, methods: ReadonlySet<unknown>): Promise<Capabilities>;
  list(visit: Visit): Promise<ListedTool[]>;
  call(visit: Visit, call: IncomingCall): Promise<Answer>;
  listFeatures(visit: Visit, kind: FeatureKind): Promise<Record<string, unknown>[]>;
  request(visit: Visit, request: IncomingRequest): Promise<Reply>;
}

/** Whether a method is one of what was declared. */
export function has(capabilities: Capabilities, method: string): boolean {
  const [area = ""] = method.split("/");
  return (area === "completion" ? "completions" : area) in capabilities;
}

/** Requests that are answered with what the server has, in one revision or another. */
const GREETINGS = ["initialize", "server/discover"];

/** The server over a catalogue; one for all callers, since it keeps nothing of them. */
export function defineServer(deps: McpDeps): Definition {
  const { serverInfo, instructions, catalogue, features } = deps;
  return {
    serverInfo,
    instructions,
    async capabilities({ caller }, methods) {
      if (features === undefined) return { tools: {} };
      const isAnyOf = (names: string[]) => names.some((name) => methods.has(name));
      const isGreeting = isAnyOf(GREETINGS);
      const isList = isAnyOf(Object.keys(FEATURE_LISTS));
      const isNamed = isAnyOf([...FEATURE_METHODS]);
      if (!isGreeting && !isList && !isNamed) return { tools: {} };
      const found = isGreeting || isList ? await features.abilities(caller) : undefined;
      const declared = found !== undefined && (isGreeting || (found.areAll && !isNamed))
        ? found.known
        : ABILITIES;
      return { tools: {}, ...Object.fromEntries([...declared].map((name) => [name, {}])) };
    },
    listFeatures: async ({ caller }, kind) => await features?.list(kind, caller) ?? [],
    async request({ caller }, { method, params, signal }) {
      if (features === undefined) return errorReply(-32601, "Method not found");
      switch (method) {
        case "prompts/get":
          return await features.getPrompt(caller, params, signal);
        case "resources/read":
          return await features.read(caller, params, signal);
        case "completion/complete":
          return await features.complete(caller, params, signal);
      }
    },
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
      const isChecked = entry?.kind === "upstream" && entry.tool.listed.outputSchema !== undefined;
      const result = toolResult(outcome, isChecked);
      if (outcome.kind !== "connect") return { kind: "result", result };
      const { title, url, message = `Connect ${title} to go on.` } = outcome;
      return { kind: "connect", message, url, result };
    },
  };
}
