/**
 * The list of refreshes to come, taken up by one run: a lane for each provider,
 * in the order of their times. Entries are taken a few at a time by moving them
 * ahead, so that each has one taker, and comes back by itself where that one
 * dies. Whatever length the list has, little of it is held at a time.
 *
 * @module
 */

import type { ConnectionStore, Due } from "../core/store.ts";
import type { World } from "../core/world.ts";

/** Whoever takes an entry has it for so long; it is due again then. */
export const TAKEN_MS = 2 * 60_000;
/** So many are taken, or settled, by one commit. */
const AT_A_TIME = 25;
/** So many of a lane are known at a time. */
const KNOWN = 500;
/** So many are read at a time. */
const PAGE = 500;
/** The first look goes so far into the list. Whose turn comes later is seen by a later run. */
const LOOKED_THROUGH = 50_000;

interface Lane {
  provider: string;
  known: Due[];
  /** The last that was known; the others come after it. */
  last: Due | undefined;
  /** There are others, as far as was seen. */
  hasMore: boolean;
  /** Another process takes from it, too, and may have left some of what it was too late for here. */
  isShared: boolean;
}

/** What lanes need. */
export interface LaneDeps {
  connections: Pick<ConnectionStore, "due" | "postpone" | "settle">;
  world: World;
}

/** What is due, in one run. */
export class Lanes {
  readonly #connections: LaneDeps["connections"];
  readonly #world: World;
  readonly #stops: (provider: string) => boolean;
  readonly #lanes = new Map<string, Lane>();
  #settled: Due[] = [];

  /** `stops`: whether nothing more of a provider is to be begun. */
  constructor({ connections, world }: LaneDeps, stops: (provider: string) => boolean) {
    this.#connections = connections;
    this.#world = world;
    this.#stops = stops;
  }

  /** Lets every lane be worked off by `work`, all beside each other. */
  async each(work: (entries: AsyncIterable<Due>) => Promise<void>): Promise<void> {
    await this.#look();
    const lanes = [...this.#lanes.values()];
    const ends = await Promise.allSettled(lanes.map((lane) => work(this.#entries(lane))));
    await this.#flush();
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  /** There is no more to do about it. */
  async settle(due: Due): Promise<void> {
    this.#settled.push(due);
    if (this.#settled.length >= AT_A_TIME) await this.#flush();
  }

  /** It is tried again in so many ms, unless somebody else has taken it meanwhile. */
  async postpone(due: Due, ms: number): Promise<void> {
    await this.#connections.postpone([due], Math.ceil(this.#world.now() + ms));
  }

  /** What is settled twice, or not at all, costs a look at the connection. */
  async #flush(): Promise<void> {
    const some = this.#settled;
    this.#settled = [];
    if (some.length > 0) await this.#connections.settle(some);
  }

  async *#entries(lane: Lane): AsyncGenerator<Due> {
    while (!this.#stops(lane.provider)) {
      if (lane.known.length === 0) await this.#lookOn(lane);
      const some = lane.known.splice(0, AT_A_TIME);
      if (some.length === 0) return;
      const until = Math.ceil(this.#world.now() + TAKEN_MS);
      const taken = await this.#connections.postpone(some, until);
      if (taken === null) {
        // Elsewhere the other seldom is; what is left out here is seen by the look from the beginning.
        lane.known.splice(0, Math.floor(this.#world.random() * lane.known.length));
        lane.isShared = true;
        continue;
      }
      while (taken.length > 0) {
        if (this.#stops(lane.provider)) {
          await this.#connections.postpone(taken, Math.ceil(this.#world.now()));
          return;
        }
        yield taken.shift()!;
      }
    }
  }

  /** Fills the lanes with the first of each. */
  async #look(): Promise<void> {
    let last: Due | undefined;
    for (let seen = 0; seen < LOOKED_THROUGH;) {
      const page = await this.#connections.due(this.#world.now(), PAGE, last);
      for (const due of page) {
        const { provider } = due.ref;
        const fresh = { provider, known: [], last: due, hasMore: false, isShared: false };
        const lane = this.#lanes.get(provider) ?? fresh;
        this.#lanes.set(provider, lane);
        take(lane, due);
      }
      if (page.length < PAGE) return;
      seen += page.length;
      last = page.at(-1);
    }
    for (const lane of this.#lanes.values()) lane.hasMore = true;
  }

  /** Goes on where the lane is known to; once more from the beginning where others take from it. */
  async #lookOn(lane: Lane): Promise<void> {
    if (!lane.hasMore) {
      if (!lane.isShared) return;
      Object.assign(lane, { isShared: false, last: undefined });
    }
    lane.hasMore = false;
    for (let last = lane.last; !lane.hasMore;) {
      const page = await this.#connections.due(this.#world.now(), PAGE, last);
      for (const due of page) if (due.ref.provider === lane.provider) take(lane, due);
      if (page.length < PAGE) return;
      last = page.at(-1);
    }
  }
}

/** Into its lane, unless that is full. */
function take(lane: Lane, due: Due): void {
  if (lane.known.length >= KNOWN) lane.hasMore = true;
  else {
    lane.known.push(due);
    lane.last = due;
  }
}
