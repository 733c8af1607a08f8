/**
 * The MCP server, defined once: what it lists, and how it answers a call. The
 * eras put this into the shapes of their revision and add nothing.
 *
 * @module
 */

import type { Accounts } from "../broker/core/accounts.ts";
import type { InNameOf } from "../broker/core/callers.ts";
import type { Awaitable } from "../broker/core/awaitable.ts";
import type { Ability, FeatureKind } from "./abilities.ts";
import type { Call, CallDeps, Caller } from "./caller.ts";
import type { AnyEntry, Catalogue } from "./catalogue.ts";
import type { Reply } from "./feature_reply.ts";
import type { Features } from "./features.ts";
import type { Listing } from "./listing.ts";
import type { ListedTool, ToolCallResult } from "./wire.ts";

/** What the server is made of. */
export interface McpDeps extends CallDeps {
  catalogue: Catalogue;
  /** In whose name upstreams and what is kept of them are asked; absent: there is one caller. */
  inNameOf?: InNameOf | undefined;
  /** Absent where there is no upstream. */
  features?: Features | undefined;
  serverInfo: { name: string; version: string; title: string };
  /** Of whoever may use nothing here, or where it is not known what is connected. */
  instructions: string;
  /** Who knows what people have connected; absent: nobody. */
  accounts?: Accounts | undefined;
  /** What is missing for a tool that is known and not here, as a sentence; over stdio. */
  lacking?: ((tool: string) => Promise<string | undefined>) | undefined;
}

/** One request's caller, and the tools that it calls, looked up once. */
export interface Visit {
  caller: Caller;
  find(name: string): Awaitable<AnyEntry | undefined>;
}

/** A call as a revision of the protocol brings it. */
export interface IncomingCall extends Omit<Call, "onprogress" | "served"> {
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
  /** An upstream wants answers first: who speaks 2026-07-28 is asked, the others get `result`. */
  | {
    kind: "input";
    requests: Record<string, { method: string; params: Record<string, unknown> }>;
    state: string | undefined;
    result: ToolCallResult;
  }
  /** What the caller sent back to an upstream was not what it had been given. */
  | { kind: "invalid_state"; text: string }
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
  /** What the caller's client can; see {@linkcode ClientSide}. */
  capabilities: Record<string, unknown> | undefined;
  signal: AbortSignal;
}

/** The server behind every era. */
export interface Definition {
  serverInfo: McpDeps["serverInfo"];
  /** What a model is told of this visitor's services, in answer to a greeting; else `undefined`. */
  instructions(visit: Visit, methods: ReadonlySet<unknown>): Promise<string | undefined>;
  /**
   * What is declared: to a greeting what the visitor's upstreams have. A list of what none of them
   * has is no method here, but where one has not answered yet, what is known of the others is
   * listed. For everything else nobody is asked before.
   */
  capabilities(visit: Visit, methods: ReadonlySet<unknown>): Promise<Capabilities>;
  list(visit: Visit): Promise<ListedTool[]>;
  /** The same, with its JSON. */
  listing(visit: Visit): Awaitable<Listing>;
  /** May throw as well as reject. */
  call(visit: Visit, call: IncomingCall): Awaitable<Answer>;
  listFeatures(visit: Visit, kind: FeatureKind): Promise<Record<string, unknown>[]>;
  request(visit: Visit, request: IncomingRequest): Promise<Reply>;
}

/** Whether a method is one of what was declared. */
export function has(capabilities: Capabilities, method: string): boolean {
  const [area = ""] = method.split("/");
  return (area === "completion" ? "completions" : area) in capabilities;
}
