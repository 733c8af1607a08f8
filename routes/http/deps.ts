/**
 * What the HTTP edges are made of; `main.ts` hands it in.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import type { Awaitable } from "../../broker/core/awaitable.ts";
import type { ProviderApi } from "../../broker/core/provider_api.ts";
import type { AuthorizationServer } from "../../broker/core/authorization_server.ts";
import type { ActivityReader, TrailReader } from "../../broker/core/activity.ts";
import type { CountsReader } from "../../broker/core/counts.ts";
import type { Refusal } from "../../broker/core/refusal.ts";
import type { EventsDesk } from "../../broker/core/events.ts";
import type { Settings } from "../../broker/core/settings.ts";
import type { UpstreamReview } from "../../broker/core/upstream_review.ts";
import type { RequestNotes } from "../../broker/core/request_notes.ts";
import type { ToolPolicy } from "../../broker/core/tool_policy.ts";
import type { World } from "../../broker/core/world.ts";
import type { Broker } from "../../broker/broker.ts";
import type { ExplainCaller } from "./caller_address.ts";
import type { Gateway } from "../../gateway/gateway.ts";

/** Who calls a tool, and what they may see. */
export interface McpCaller extends Acting {
  filter: {
    services?: string[] | undefined;
    /** The gateway token's, where it is one. */
    scopes?: string[] | undefined;
    tools?: string[] | undefined;
    readOnly?: boolean | undefined;
    /** Of the API key, whatever else is asked for. */
    policy?: ToolPolicy | undefined;
    /** Whether lists say what answers look like. */
    outputSchemas?: boolean | undefined;
    /** Whether tools are looked up or listed; absent: as many as there are decide. */
    mode?: "search" | "list" | undefined;
  };
  idempotencyKey?: string | undefined;
  /** There were too many requests: a call of a tool is answered so, and not made. */
  refused?: Refusal | undefined;
  /** Before something is changed: rejects where the request was made before. Absent: it cannot be told. */
  claimOnce?: (() => Promise<void>) | undefined;
  /** Of the request by which it is called. */
  request?: RequestNotes | undefined;
  timeoutMs?: number | undefined;
  voice?: boolean | undefined;
}

/** An MCP answer that is not in a `Response` yet; `text` is JSON. */
export interface ReadyAnswer {
  status: 200 | 202 | 400 | 499;
  text: string | null;
  /** `Mcp-Session-Id`. */
  session?: string | undefined;
}

/** What an operator is told of a provider that is not set up yet. */
export interface ProviderFacts {
  title: string;
  /** Where apps are registered, if that is one page. */
  registerAt?: string | undefined;
}

/** Dependencies of the app. */
export interface AppDeps {
  world: World;
  /** No slash at the end. */
  publicUrl: string;
  /** Whether people reach it by https: then cookies are for https only. */
  secure: boolean;
  /** What this program says of itself as a client, by the name of the upstream that it is for. */
  clientDocuments: Map<string, Record<string, unknown>>;
  broker: Broker;
  /** By name, in a fixed order. */
  providers: Map<string, AuthorizationServer & ProviderApi>;
  /** The way out, to providers. */
  fetch: typeof fetch;
  /**
   * Answers a request from an address, whose work counts as the address's until it is known whose
   * it is. Whatever asks the store for a request has to be inside.
   */
  begin<T>(address: string | undefined, request: RequestNotes, answer: () => T): T;
  /** How long ago a request came, in ms. */
  since(request: RequestNotes): number;
  /** Hears of each request's method and route, such as `/auth/:service`. */
  nameRequest?: ((method: string, route: () => string) => void) | undefined;
  /** Told of each request once, when its answer begins. */
  requestEnded?: ((request: RequestNotes, method: string, status: number) => void) | undefined;
  /** Host names that requests may name, beside the public one. */
  allowedHosts: string[];
  /** Origins of desktop apps that may call the MCP endpoint. */
  allowedOrigins: string[];
  version: string;
  gateway: Gateway;
  /** What operators look at and change, and what people are shown of apps. */
  settings: Settings;
  /** What was done for a person. */
  activity: ActivityReader & TrailReader;
  /** What happened to users of apps, and what of it was sent. */
  events: EventsDesk;
  /** Numbers of all people together, for operators. */
  counts: CountsReader;
  /** What is known of all providers, set up or not; loaded when it is asked for. */
  providerFacts(): Promise<ReadonlyMap<string, ProviderFacts>>;
  /** What of upstreams is let in, for operators; loaded when it is asked for. */
  review(): Promise<UpstreamReview>;
  /** The MCP endpoint. `missingScope`: what a call needs beyond what its caller has. */
  mcp(
    request: Request,
    body: unknown,
    caller: McpCaller,
  ): Awaitable<Response | ReadyAnswer | { missingScope: string }>;
  /** How it finds who calls. */
  explainCaller?: ExplainCaller | undefined;
  /** Resolves when the store takes and gives, with what is wrong beside that. */
  checkHealth(): Promise<Health>;
}

/** What is wrong with a program that works. */
export interface Health {
  /** Some of what is stored cannot be opened with the keys that it has. */
  keys?: "missing" | undefined;
  /** The clock of this process is a minute or more behind that of another one. */
  clock?: "behind" | undefined;
}
