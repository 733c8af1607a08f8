/**
 * One upstream MCP server, remote over Streamable HTTP or local over stdio.
 * Whatever happens to it happens to its own tools only.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { isToCome } from "../../broker/core/clock.ts";
import { deadlineIn } from "../../broker/core/deadline.ts";
import { kindOf } from "../../broker/core/own_words.ts";
import type { Acting } from "../../broker/core/actor.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import type { ToolCallResult } from "../wire.ts";
import { withoutSecrets } from "../secrets_in.ts";
import { type ClientDeps, type Sender, UpstreamClients } from "./client.ts";
import { type ListDeps, listTools, type UpstreamTool } from "./list.ts";
import { operatorSecrets } from "./operator_secrets.ts";
import { relay } from "./progress.ts";
import type { UpstreamProgress } from "./session.ts";

/** A list is asked for anew after this. */
export const LIST_TTL_MS = 5 * 60_000;
/** A caller's own list does not wait longer for an upstream's. */
export const LIST_PATIENCE_MS = 2_000;
/** An upstream that could not be reached is left alone for this long. */
export const RETRY_MS = 30_000;

/**
 * A call that tells how far it is may take longer than its upstream's time, and
 * so may a list of several pages: this many times as long, and no longer.
 */
export const LONGEST_TIMES = 5;

/** What an upstream needs, beside what reaching it and listing it need: the clock. */
export interface UpstreamDeps extends ClientDeps, Omit<ListDeps, "secrets"> {
  world: World;
}

/** One call's way back to its caller. */
export interface UpstreamCall extends Sender {
  /** Ends the call. It must not abort after the call has ended. */
  signal: AbortSignal;
  /** Aborts when the caller has gone, even where the call goes on. */
  caller: AbortSignal;
  onprogress?: ((progress: UpstreamProgress) => void) | undefined;
}

/** An upstream with its cached list. */
export class Upstream {
  readonly spec: UpstreamSpec;
  /** The operator's, that go to it with every call. */
  readonly secrets: readonly string[];
  readonly #deps: UpstreamDeps;
  readonly #clients: UpstreamClients;
  #tools: UpstreamTool[] = [];
  #goodUntil = 0;
  #listing: Promise<void> | undefined;
  #slow = false;
  /** It did not answer the last time. */
  #isDown = false;

  constructor(spec: UpstreamSpec, deps: UpstreamDeps) {
    this.spec = spec;
    this.secrets = operatorSecrets(spec);
    this.#deps = deps;
    this.#clients = new UpstreamClients(spec, deps);
  }

  /** Its tools as last listed; does not throw, and does not wait long. */
  async tools(visitor: Acting): Promise<UpstreamTool[]> {
    const { world } = this.#deps;
    if (isToCome(this.#goodUntil, world.now(), LIST_TTL_MS)) return this.#tools;
    if (this.#listing !== undefined && this.#slow) return this.#tools;
    this.#listing ??= this.#list(visitor).finally(() => {
      this.#listing = undefined;
      this.#slow = false;
    });
    // Nobody waits for a server that was down a moment ago, and whose tools are known.
    if (this.#isDown && this.#tools.length > 0) return this.#tools;
    const stop = new AbortController();
    const late = world.sleep(LIST_PATIENCE_MS, stop.signal).then(() => {
      // One caller has waited; the others take what is known.
      this.#slow = this.#listing !== undefined;
    });
    await Promise.race([this.#listing, late]);
    stop.abort();
    return this.#tools;
  }

  /** Its tools as last listed; asks nobody. */
  known(): UpstreamTool[] {
    return this.#tools;
  }

  /** Calls a tool; its result goes through unchanged. */
  async call(tool: UpstreamTool, args: unknown, call: UpstreamCall): Promise<ToolCallResult> {
    const { timeoutMs } = this.spec;
    using deadline = deadlineIn(this.#deps.world, longestTime(this.spec));
    const signal = AbortSignal.any([call.signal, deadline.signal]);
    const onprogress = call.onprogress &&
      this.#searched(tool, call.tokens, relay(call.onprogress, call.caller));
    return await this.#clients.with(call, signal, async (session) => {
      const params = { name: tool.remoteName, arguments: args };
      const result = await session.request("tools/call", params, { signal, timeoutMs, onprogress });
      return CallToolResultSchema.parse(result) as ToolCallResult;
    });
  }

  /** Starts a local process ahead of its first caller. */
  async start(): Promise<void> {
    await this.tools({ subject: "local:start", actor: { kind: "operator", id: "start" } });
  }

  /** Ends a local process. */
  async close(): Promise<void> {
    await this.#clients.close();
  }

  /** Progress without what was sent along, searched before it is cut to its length. */
  #searched(
    { listed: { name: tool } }: UpstreamTool,
    secrets: Set<string>,
    onprogress: (progress: UpstreamProgress) => void,
  ): (progress: UpstreamProgress) => void {
    return (progress) => {
      const searched = withoutSecrets(progress, secrets);
      if (searched.kind === "clean") return onprogress(searched.value);
      this.#deps.world.log({ level: "error", event: "progress_withheld", tool });
    };
  }

  async #list(visitor: Acting): Promise<void> {
    const { world } = this.#deps;
    const { spec } = this;
    using deadline = deadlineIn(world, longestTime(spec));
    const { signal } = deadline;
    const tokens = new Set(this.secrets);
    try {
      const list = await this.#clients.with(
        { ...visitor, tokens },
        signal,
        (session) => listTools(session, spec, { ...this.#deps, secrets: tokens }, signal),
      );
      this.#tools = list;
      this.#goodUntil = world.now() + LIST_TTL_MS;
      this.#isDown = false;
    } catch (error) {
      // What was listed before stays: a server that restarts has not lost its tools.
      this.#goodUntil = world.now() + RETRY_MS;
      this.#isDown = true;
      const detail = kindOf(error);
      world.log({ level: "warn", event: "upstream_unavailable", upstream: spec.name, detail });
    }
  }
}

function longestTime({ timeoutMs }: UpstreamSpec): number {
  return LONGEST_TIMES * timeoutMs;
}
