/**
 * The list of an upstream as one person, or everybody, gets it: when it is
 * asked for anew, who waits for that, and what is shown meanwhile.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import type { Awaitable } from "../../broker/core/awaitable.ts";
import { isToCome } from "../../broker/core/clock.ts";
import { kindOf } from "../../broker/core/own_words.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { World } from "../../broker/core/world.ts";
import { UpstreamFault } from "./fault.ts";
import type { UpstreamTool } from "./list.ts";

/** A list is asked for anew after this. */
export const LIST_TTL_MS = 5 * 60_000;
/** A caller's own list does not wait longer for an upstream's. */
export const LIST_PATIENCE_MS = 2_000;
/** An upstream that could not be reached is left alone for this long. */
export const RETRY_MS = 30_000;

/** A list that was got, and until when it is good. */
export interface Got {
  tools: UpstreamTool[];
  goodUntil: number;
  /** About as much as it takes. */
  bytes: number;
}

/** Gets a list; `isLatest` says whether nothing was heard of a change since it was asked for. */
export type Get = (visitor: Acting, isLatest: () => boolean) => Promise<Got>;

/** One list. */
export class SubjectList {
  readonly #upstream: string;
  readonly #world: Pick<World, "now" | "sleep" | "log">;
  readonly #get: Get;
  readonly #isPersonal: boolean;
  #tools: UpstreamTool[] = [];
  #bytes = 0;
  #goodUntil = 0;
  #listing: Promise<void> | undefined;
  #slow = false;
  /** It did not answer the last time. */
  #isDown = false;
  /** Counts what it was told: a list that was asked for before is not the latest. */
  #changes = 0;
  #needsPerson = false;
  /** It was got once, or it is certain that there is none. */
  #isKnown = false;

  constructor(
    upstream: string,
    world: Pick<World, "now" | "sleep" | "log">,
    get: Get,
    /** It is one person's own. */
    isPersonal: boolean,
  ) {
    this.#isPersonal = isPersonal;
    this.#upstream = upstream;
    this.#world = world;
    this.#get = get;
  }

  /** As last listed, at once where that is good still; does not throw, and does not wait long. */
  tools(visitor: Acting): Awaitable<UpstreamTool[]> {
    return isToCome(this.#goodUntil, this.#world.now(), LIST_TTL_MS)
      ? this.#tools
      : this.#listed(visitor);
  }

  async #listed(visitor: Acting): Promise<UpstreamTool[]> {
    const world = this.#world;
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

  /** As last listed; asks nobody. */
  known(): UpstreamTool[] {
    return this.#tools;
  }

  /** Whether its person has to do something before there can be a list. */
  get needsPerson(): boolean {
    return this.#needsPerson;
  }

  /** Whether nobody can say what is on it: it was never got, for the upstream did not answer. */
  get isUnknown(): boolean {
    return !this.#isKnown && !this.#needsPerson;
  }

  /** About as much as it takes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is known is not the latest any more; `false` where that was known already. */
  changed(): boolean {
    const isNews = this.#goodUntil !== 0;
    this.#changes += 1;
    this.#goodUntil = 0;
    this.#isDown = false;
    return isNews;
  }

  async #list(visitor: Acting): Promise<void> {
    const world = this.#world;
    const changes = this.#changes;
    const isLatest = () => changes === this.#changes;
    try {
      const { tools, goodUntil, bytes } = await this.#get(visitor, isLatest);
      this.#tools = tools;
      this.#bytes = bytes;
      this.#goodUntil = isLatest() ? goodUntil : 0;
      this.#isDown = false;
      this.#needsPerson = false;
      this.#isKnown = true;
    } catch (error) {
      this.#goodUntil = world.now() + RETRY_MS;
      this.#needsPerson = needsPerson(error);
      // Whom the server lets in no more has nothing there.
      if (this.#needsPerson || (this.#isPersonal && isRefused(error))) {
        this.#tools = [];
        this.#bytes = 0;
        this.#isKnown = true;
      }
      if (this.#needsPerson) return;
      // What was listed before stays: a server that restarts has not lost its tools.
      this.#isDown = true;
      const upstream = this.#upstream;
      const detail = kindOf(error);
      world.log({ level: "warn", event: "upstream_unavailable", upstream, detail });
    }
  }
}

/** Nothing of the upstream's is wrong: its person has to connect, or to allow more. */
function needsPerson(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  const { code } = error.reason;
  return code === "not_connected" || code === "reauthorization_required" ||
    code === "insufficient_scope";
}

/** The server refuses the person's token, also one that was only just issued. */
function isRefused(error: unknown): boolean {
  return error instanceof UpstreamFault &&
    (error.why.kind === "unauthorized" || error.why.kind === "forbidden");
}
