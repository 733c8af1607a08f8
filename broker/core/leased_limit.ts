/**
 * One limit that holds over all processes of a deployment. Each process takes
 * parts of it from the store, counts by itself what it has of them, and asks for
 * the next part in the background before the last one is used up. So a request
 * is counted at once and writes nothing; only somebody at the edge of a limit
 * waits for the store.
 *
 * - What is far below the limit is counted here alone: a fiftieth of it (of a
 *   small one up to four, if that is no more than a twentieth) is free in each
 *   process and window. That is what more than the limit may be admitted: as
 *   many such parts as there are processes that have not asked yet.
 * - A window begins with the first use and lasts for its time, so whoever is told
 *   to wait is let in when the time is over.
 * - A store that is out, or slow, refuses nobody: what it would say is counted
 *   here alone meanwhile, and told it later.
 *
 * @module
 */

import type { Awaitable } from "./awaitable.ts";
import { type BudgetSize, MAX_KEYS } from "./budget.ts";
import { deadlineIn, until } from "./deadline.ts";
import { Count } from "./limit_count.ts";
import { draw, freeUnits } from "./limit_draw.ts";
import type { LimitName, LimitStore, Standing } from "./limits.ts";
import type { World } from "./world.ts";

/** So long somebody at the edge waits for the store. */
export const LIMIT_PATIENCE_MS = 2_000;
/** So long it is counted here alone after the store was out. */
export const LIMIT_OUT_MS = 5_000;
/** Others take at the same time: each try sees what they have left. */
const MOST_TRIES = 50;
/** So many new parts are asked for, for those who wait together. */
const MOST_TURNS = 1_000;
/** Keys that are looked at with each new one. */
const SWEPT = 2;
/** What gives way where the memory is full, as a share of it. */
const GIVING_WAY = 0.1;

/** What a limit is made of. */
export interface LeasedLimitDeps {
  store: LimitStore;
  world: Pick<World, "now" | "sleep">;
  /** A few letters that no other process has. */
  process: string;
  /** Does what a part needs of the store as work of its own, and not of whoever waits for it. */
  apart<T>(work: () => Promise<T>): Promise<T>;
}

/** A limit, for as many keys as there are. */
export class LeasedLimit {
  readonly #name: LimitName;
  readonly #size: BudgetSize;
  readonly #deps: LeasedLimitDeps;
  readonly #keys: number;
  readonly #counts = new Map<string, Count>();
  /** Records that were begun lately. */
  #begun = { count: 0, until: 0 };

  constructor(name: LimitName, size: BudgetSize, deps: LeasedLimitDeps, keys = MAX_KEYS) {
    this.#name = name;
    this.#size = size;
    this.#deps = deps;
    this.#keys = keys;
  }

  /** Keys in memory. */
  get count(): number {
    return this.#counts.size;
  }

  /** Counts some; returns 0, or for how long (ms) none is admitted. */
  take(key: string, units = 1, size = this.#size): Awaitable<number> {
    const now = this.#deps.world.now();
    const count = this.#counts.get(key) ?? this.#new(size, now);
    if (count.size !== size) count.size = size;
    if (count.isOver(now)) this.#begin(key, count, now);
    if (count.held > 0) {
      this.#use(count, units);
      if (count.held <= count.low) this.#askAhead(key, count);
      return 0;
    }
    return this.#here(key, count, units, now) ?? this.#later(key, count, units);
  }

  /** For how long (ms) none is admitted, as far as is known here. */
  wait(key: string): number {
    const now = this.#deps.world.now();
    const count = this.#counts.get(key);
    if (count === undefined || count.isOver(now) || count.held > 0) return 0;
    return count.isSpent || count.used >= count.size.limit ? count.until - now : 0;
  }

  /** How much a key has left, if it was counted in the window that runs. */
  standing(key: string): Standing | undefined {
    const now = this.#deps.world.now();
    const count = this.#counts.get(key);
    if (count === undefined || count.isOver(now)) return undefined;
    const { size, handedOut, held, unreported } = count;
    const left = Math.max(0, size.limit - handedOut + held - unreported);
    return { name: this.#name, size, left, resetMs: count.until - now };
  }

  #use(count: Count, units: number): void {
    count.used += units;
    count.held -= units;
    if (count.held >= 0) return;
    count.unreported -= count.held;
    count.held = 0;
  }

  /** Without the store, where that is allowed; `undefined`: it has to be asked. */
  #here(key: string, count: Count, units: number, now: number): number | undefined {
    if (count.held > 0) {
      this.#use(count, units);
      return 0;
    }
    if (count.isSpent) return count.until - now;
    const { limit } = count.size;
    const isAlone = count.aloneUntil > now;
    if (isAlone && count.used >= limit) return count.until - now;
    const free = freeUnits(count.size);
    if (!isAlone && (count.hasAsked || count.unreported + units > free)) return undefined;
    count.used += units;
    count.unreported += units;
    // The first part should be there when it is needed.
    if (!isAlone && 4 * count.unreported >= 3 * free) this.#askAhead(key, count);
    return 0;
  }

  /** Behind all who wait already. */
  #later(key: string, count: Count, units: number): Promise<number> {
    count.waiting += units;
    return new Promise((resolve) => {
      count.queue.push({ units, resolve });
      if (count.queue.length === 1) this.#serve(key, count).catch(() => this.#standAlone(count));
    });
  }

  /** Asks for parts until nobody waits. Does not reject. */
  async #serve(key: string, count: Count): Promise<void> {
    const { world } = this.#deps;
    for (let turn = 0, served = 0; served < count.queue.length; turn++) {
      if (turn === MOST_TURNS) this.#standAlone(count);
      else await this.#askInTime(key, count);
      const now = world.now();
      if (count.isOver(now)) count.begin(now);
      for (; served < count.queue.length; served++) {
        const { units, resolve } = count.queue[served]!;
        const wait = this.#here(key, count, units, now);
        if (wait === undefined) break;
        count.waiting -= units;
        resolve(wait);
      }
    }
    count.queue = [];
  }

  async #askInTime(key: string, count: Count): Promise<void> {
    using deadline = deadlineIn(this.#deps.world, LIMIT_PATIENCE_MS);
    // It does not reject, but for the deadline.
    await until(deadline.signal, this.#ask(key, count)).catch(() => this.#standAlone(count));
  }

  #askAhead(key: string, count: Count): void {
    if (count.asking !== undefined || count.isSpent) return;
    if (count.aloneUntil > this.#deps.world.now()) return;
    this.#ask(key, count).catch(() => this.#standAlone(count));
  }

  /** The next part; once for all who wait for it. Does not reject. */
  #ask(key: string, count: Count): Promise<void> {
    return count.asking ??= this.#deps.apart(() => this.#draw(key, count))
      .catch(() => this.#standAlone(count))
      .finally(() => count.asking = undefined);
  }

  #standAlone(count: Count): void {
    count.aloneUntil = this.#deps.world.now() + LIMIT_OUT_MS;
    // What stands there is read anew afterwards.
    count.seen = undefined;
    count.hasAsked = true;
  }

  async #draw(key: string, count: Count): Promise<void> {
    const { store, world, process } = this.#deps;
    const { window, size } = count;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const seen = count.seen === undefined ? await store.read(this.#name, key) : count.seen;
      if (seen === null && !this.#mayBegin()) return this.#standAlone(count);
      if (count.window !== window) return;
      const now = world.now();
      const { unreported, last, lastAt, waiting, until: endsAt, known } = count;
      const asked = { process, unreported, last, lasted: now - lastAt, waiting, endsAt, known };
      const drawn = draw(seen?.value ?? null, asked, size, now);
      if (drawn.record !== undefined) {
        const { record } = drawn;
        const version = await store.put(this.#name, key, record, seen);
        count.seen = version === null ? undefined : { value: record, version };
        if (version === null) continue;
      } else count.seen = seen;
      // What was given in a window that is over meanwhile is over with it.
      if (count.window !== window) return;
      const after = world.now();
      count.until = known?.endsAt === drawn.endsAt ? known.until : now + drawn.leftMs;
      count.known = { endsAt: drawn.endsAt, until: count.until };
      count.hasAsked = true;
      count.unreported -= unreported;
      count.held += drawn.granted;
      count.low = Math.floor(drawn.granted / 3);
      count.last = drawn.granted;
      count.lastAt = after;
      count.handedOut = drawn.used;
      count.isSpent = drawn.isSpent;
      return;
    }
    this.#standAlone(count);
  }

  /** A flood of addresses writes so many records and no more; others are counted here alone. */
  #mayBegin(): boolean {
    const now = this.#deps.world.now();
    const { windowMs } = this.#size;
    if (this.#begun.until <= now || this.#begun.until - now > windowMs) {
      this.#begun = { count: 0, until: now + windowMs };
    }
    this.#begun.count += 1;
    return this.#begun.count <= this.#keys;
  }

  #new(size: BudgetSize, now: number): Count {
    this.#sweep(now);
    if (this.#counts.size >= this.#keys) this.#makeRoom(now);
    return new Count(size);
  }

  /** A window begins: its key is the last to be over, and so the last to be looked at. */
  #begin(key: string, count: Count, now: number): void {
    this.#counts.delete(key);
    this.#counts.set(key, count);
    count.begin(now);
  }

  /** Whoever comes new takes two along whose windows are over: so nobody is remembered for long. */
  #sweep(now: number): void {
    let looked = 0;
    for (const [key, count] of this.#counts) {
      if (looked++ === SWEPT || !count.isOver(now)) return;
      if (count.asking === undefined && count.queue.length === 0) this.#counts.delete(key);
    }
  }

  /**
   * What is over goes first, then who has the fewest: many at once, so that a flood of keys does not
   * look through all of them for each.
   */
  #makeRoom(now: number): void {
    for (const [key, count] of this.#counts) if (count.isOver(now)) this.#counts.delete(key);
    const enough = this.#keys * (1 - GIVING_WAY);
    if (this.#counts.size <= enough) return;
    const lightest = [...this.#counts].sort(([, a], [, b]) => a.used - b.used);
    for (const [key] of lightest.slice(0, Math.ceil(this.#counts.size - enough))) {
      this.#counts.delete(key);
    }
  }
}
