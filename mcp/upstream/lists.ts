/**
 * What an upstream lists, as it was last told, and when it is asked again.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import { isToCome } from "../../broker/core/clock.ts";
import { deadlineIn } from "../../broker/core/deadline.ts";
import { kindOf } from "../../broker/core/own_words.ts";
import { longestTime, type UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import type { UpstreamClients } from "./client.ts";
import { type ListDeps, listTools, type UpstreamTool } from "./list.ts";

/** A list is asked for anew after this. */
export const LIST_TTL_MS = 5 * 60_000;
/** A caller's own list does not wait longer for an upstream's. */
export const LIST_PATIENCE_MS = 2_000;
/** An upstream that could not be reached is left alone for this long. */
export const RETRY_MS = 30_000;

/** What listing needs, beside a way to the upstream: the clock. */
export interface ListsDeps extends Omit<ListDeps, "secrets"> {
  world: World;
}

/** The lists of one upstream. */
export class UpstreamLists {
  readonly #spec: UpstreamSpec;
  readonly #clients: Pick<UpstreamClients, "with">;
  readonly #deps: ListsDeps;
  readonly #secrets: readonly string[];
  #tools: UpstreamTool[] = [];
  #goodUntil = 0;
  #listing: Promise<void> | undefined;
  #slow = false;
  /** It did not answer the last time. */
  #isDown = false;

  constructor(
    spec: UpstreamSpec,
    clients: Pick<UpstreamClients, "with">,
    deps: ListsDeps,
    secrets: readonly string[],
  ) {
    this.#spec = spec;
    this.#clients = clients;
    this.#deps = deps;
    this.#secrets = secrets;
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
  known(_visitor: Acting): UpstreamTool[] {
    return this.#tools;
  }

  async #list(visitor: Acting): Promise<void> {
    const { world } = this.#deps;
    const spec = this.#spec;
    using deadline = deadlineIn(world, longestTime(spec));
    const { signal } = deadline;
    const tokens = new Set(this.#secrets);
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
