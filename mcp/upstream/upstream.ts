/**
 * One upstream MCP server, remote over Streamable HTTP or local over stdio.
 * Whatever happens to it happens to its own tools only.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import type { Awaitable } from "../../broker/core/awaitable.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { isPersonal, type UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { type Called, callUpstream, type UpstreamCall } from "./calling.ts";
import { type ClientDeps, UpstreamClients } from "./client.ts";
import { UpstreamFeatures } from "./features.ts";
import type { UpstreamTool } from "./list.ts";
import { type ListsDeps, UpstreamLists } from "./lists.ts";
import { operatorSecrets } from "./operator_secrets.ts";
import type { UpstreamMessage } from "./session.ts";

/** What an upstream needs, beside what reaching it and listing it need: the clock. */
export interface UpstreamDeps extends Omit<ClientDeps, "world">, ListsDeps {
  world: World;
  broker: ClientDeps["broker"] & ListsDeps["broker"];
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
    this.#clients = new UpstreamClients(spec, { ...deps, heard: this.#heard.bind(this) });
    this.#lists = new UpstreamLists(spec, this.#clients, deps, this.secrets);
    const { world } = deps;
    const { secrets } = this;
    this.features = new UpstreamFeatures(spec, {
      world,
      clients: this.#clients,
      secrets,
      markOf: (visitor) => isPersonal(spec) ? this.#lists.markOf(visitor) : Promise.resolve(""),
    });
  }

  /** Its tools as they are listed for a visitor; does not throw, and does not wait long. */
  tools(visitor: Acting): Awaitable<UpstreamTool[]> {
    return this.#lists.tools(visitor);
  }

  /** The tool that a visitor means by a name that belongs to the upstream. */
  find(name: string, visitor: Acting): Awaitable<UpstreamTool | undefined> {
    return this.#lists.find(name, visitor);
  }

  /** What is known of its list is not the latest any more: for a subject, or for anybody. */
  async listChanged(subject?: Subject): Promise<void> {
    await this.#lists.listChanged(subject);
  }

  /** Its tools as last listed for a visitor; asks nobody. */
  known(visitor: Acting): UpstreamTool[] {
    return this.#lists.known(visitor);
  }

  /** Calls a tool, once. @throws {UpstreamFault}, {Refusal} */
  async call(tool: UpstreamTool, args: unknown, call: UpstreamCall): Promise<Called> {
    if (tool.answer !== undefined) return { kind: "result", result: await tool.answer(call) };
    const { spec } = this;
    const deps = { spec, clients: this.#clients, world: this.#deps.world };
    return await callUpstream(deps, tool, args, call);
  }

  /** Starts a local process ahead of its first caller. */
  async start(): Promise<void> {
    await this.tools({ subject: "local:start", actor: { kind: "operator", id: "start" } });
  }

  /** A server that has changed says so to each session, and no more than that. */
  #heard(subject: Subject | undefined, { method }: UpstreamMessage): void {
    const changed = method === "notifications/tools/list_changed"
      ? this.#lists.listChanged(subject)
      : undefined;
    // What cannot be forgotten now is asked for anew in a few minutes.
    changed?.catch(() => {});
    if (method.endsWith("/list_changed")) this.features.changed(subject);
  }

  /** Ends a local process. */
  async close(): Promise<void> {
    await this.#clients.close();
  }
}
