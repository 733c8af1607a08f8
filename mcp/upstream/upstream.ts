/**
 * One upstream MCP server, remote over Streamable HTTP or local over stdio.
 * Whatever happens to it happens to its own tools only.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { deadlineIn } from "../../broker/core/deadline.ts";
import type { Acting } from "../../broker/core/actor.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { longestTime, type UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import type { ToolCallResult } from "../wire.ts";
import { withoutSecrets } from "../secrets_in.ts";
import { type ClientDeps, type Sender, UpstreamClients } from "./client.ts";
import { UpstreamFeatures } from "./features.ts";
import type { UpstreamTool } from "./list.ts";
import { type ListsDeps, UpstreamLists } from "./lists.ts";
import { operatorSecrets } from "./operator_secrets.ts";
import { relay } from "./progress.ts";
import type { UpstreamProgress } from "./session.ts";

/** What an upstream needs, beside what reaching it and listing it need: the clock. */
export interface UpstreamDeps extends ClientDeps, ListsDeps {
  world: World;
  broker: ListsDeps["broker"];
}

/** One call's way back to its caller. */
export interface UpstreamCall extends Sender {
  /** Ends the call. It must not abort after the call has ended. */
  signal: AbortSignal;
  /** Aborts when the caller has gone, even where the call goes on. */
  caller: AbortSignal;
  onprogress?: ((progress: UpstreamProgress) => void) | undefined;
}

/** An upstream with its lists. */
export class Upstream {
  readonly spec: UpstreamSpec;
  /** The operator's, that go to it with every call. */
  readonly secrets: readonly string[];
  /** Its prompts, resources and completions. */
  readonly features: UpstreamFeatures;
  readonly #deps: UpstreamDeps;
  readonly #clients: UpstreamClients;
  readonly #lists: UpstreamLists;

  constructor(spec: UpstreamSpec, deps: UpstreamDeps) {
    this.spec = spec;
    this.secrets = operatorSecrets(spec);
    this.#deps = deps;
    this.#clients = new UpstreamClients(spec, deps);
    this.#lists = new UpstreamLists(spec, this.#clients, deps, this.secrets);
    const { world } = deps;
    const { secrets } = this;
    this.features = new UpstreamFeatures(spec, { world, clients: this.#clients, secrets });
  }

  /** Its tools as they are listed for a visitor; does not throw, and does not wait long. */
  async tools(visitor: Acting): Promise<UpstreamTool[]> {
    return await this.#lists.tools(visitor);
  }

  /** The tool that a visitor means by a name that belongs to the upstream. */
  async find(name: string, visitor: Acting): Promise<UpstreamTool | undefined> {
    return await this.#lists.find(name, visitor);
  }

  /** What is known of its list is not the latest any more: for a subject, or for anybody. */
  async listChanged(subject?: Subject): Promise<void> {
    await this.#lists.listChanged(subject);
  }

  /** Its tools as last listed for a visitor; asks nobody. */
  known(visitor: Acting): UpstreamTool[] {
    return this.#lists.known(visitor);
  }

  /** Calls a tool; its result goes through unchanged. */
  async call(tool: UpstreamTool, args: unknown, call: UpstreamCall): Promise<ToolCallResult> {
    if (tool.answer !== undefined) return await tool.answer(call);
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
}
