/**
 * One limit that holds over all processes of a deployment. Each process takes
 * parts of it from the store, counts by itself what it has of them, and asks for
 * the next part in the background before the last one is used up. So a request
 * is counted at once and writes nothing; only somebody at the edge of a limit,
 * or of a limit that is small, waits for the store.
 *
 * - What is far below the limit is counted here alone: a fiftieth of it is free
 *   in each process and window. That is what more than the limit may be admitted:
 *   as many such parts as there are processes that have not asked yet. Of a limit
 *   below 50 nothing is free, and no more is admitted than it says.
 * - The limit holds in every stretch of time as long as its window (`limit_draw.ts`),
 *   so nobody has twice of it around a turn. Whoever is told to wait is let in then.
 * - A store that is out, or slow, refuses nobody: what it would say is counted
 *   here alone meanwhile, from what it said last, and told it later. Each process
 *   may then admit the whole limit, and no more.
 *
 * @module
 */

import type { Awaitable } from "./awaitable.ts";
import { type BudgetSize, MAX_KEYS } from "./budget.ts";
import { deadlineIn, until } from "./deadline.ts";
import { LimitClock } from "./limit_clock.ts";
import { Count, type Taken, type Waiting } from "./limit_count.ts";
import { type Drawn, freeUnits, takenBy, waitFor } from "./limit_draw.ts";
import type { LimitName, LimitStore, SeenLimit, Standing } from "./limits.ts";
import type { World } from "./world.ts";

/** So long somebody at the edge waits for the store. */
export const LIMIT_PATIENCE_MS = 4_000;
/** So long it is counted here alone after the store was out. */
export const LIMIT_OUT_MS = 5_000;
/** Others take at the same time: each try sees what they have left. */
const MOST_TRIES = 50;
/** Where no more are free the first part is not asked for ahead. */
const FEW = 8;
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
  /** What is known of others' clocks, by all limits of this process. */
  clock?: LimitClock | undefined;
  /** Told that the store is out, or slow, each time. */
  isOut?(): void;
}

/** A limit, for as many keys as there are. */
export class LeasedLimit {
  readonly #name: LimitName;
  readonly #size: BudgetSize;
  readonly #deps: LeasedLimitDeps;
  readonly #keys: number;
  readonly #counts = new Map<string, Count>();
  readonly #clock: LimitClock;
  /** Records that were begun lately. */
  #begun = { count: 0, until: 0 };

  constructor(name: LimitName, size: BudgetSize, deps: LeasedLimitDeps, keys = MAX_KEYS) {
    this.#name = name;
    this.#size = size;
    this.#deps = deps;
    this.#keys = keys;
    this.#clock = deps.clock ?? new LimitClock();
  }

  /** Keys in memory. */
  get count(): number {
    return this.#counts.size;
  }

  /** Counts some; returns 0, or for how long (ms) none is admitted. */
  take(key: string, units = 1, size = this.#size): Awaitable<number> {
    const now = this.#deps.world.now();
    const count = this.#counts.get(key) ?? this.#new(key, size, now);
    if (count.size !== size) count.size = size;
    const { taken } = count;
    if (taken !== undefined && this.#use(taken, units, now)) {
      if (taken.held <= taken.low || now >= taken.renewAt) this.#askAhead(key, count, now);
      return 0;
    }
    if (count.isOver(now)) count.begin(now);
    return this.#here(key, count, units, now) ?? this.#later(key, count, units);
  }

  /** For how long (ms) none is admitted, as far as is known here. */
  wait(key: string): number {
    const { taken, size } = this.#counts.get(key) ?? {};
    return taken === undefined ? 0 : spentFor(taken, size!, this.#deps.world.now());
  }

  /** How much a key has left, if it was counted lately. */
  standing(key: string): Standing | undefined {
    const now = this.#deps.world.now();
    const count = this.#counts.get(key);
    if (count === undefined || count.isOver(now)) return undefined;
    const { size, taken } = count;
    const here = count.here(now);
    const all = taken === undefined ? here : taken.all - taken.held + here;
    const spent = taken === undefined ? 0 : spentFor(taken, size, now);
    const left = Math.max(0, size.limit - all);
    return { name: this.#name, size, left, resetMs: spent > 0 ? spent : size.windowMs };
  }

  #use(taken: Taken, units: number, now: number): boolean {
    if (taken.held < units || now >= taken.leaseUntil) return false;
    taken.held -= units;
    return true;
  }

  /** Without the store, where that is allowed; `undefined`: it has to be asked. */
  #here(key: string, count: Count, units: number, now: number): number | undefined {
    const { size, taken } = count;
    if (units > size.limit) return size.windowMs;
    if (taken !== undefined) {
      if (this.#use(taken, units, now)) return 0;
      const spent = spentFor(taken, size, now);
      if (spent > 0) return spent;
    }
    if (count.aloneUntil > now) return this.#alone(count, units, now);
    if (taken !== undefined) return undefined;
    const free = freeUnits(size);
    const here = count.here(now) + units;
    if (here > free) return undefined;
    count.report(units, now);
    // The first part should be there when it is needed. Who has few waits for it instead: most never do.
    if (free >= FEW && 4 * here >= 3 * free) this.#askAhead(key, count, now);
    return 0;
  }

  /** From what the store said last, and what was counted here since. */
  #alone(count: Count, units: number, now: number): number {
    const { size: { limit, windowMs }, taken } = count;
    const others = taken === undefined
      ? 0
      : takenBy(taken.record, windowMs, now, this.#deps.process) + this.#usedOfLease(taken);
    if (others + count.here(now) + units <= limit) {
      count.report(units, now);
      return 0;
    }
    const goesOn = others + count.unreported + units <= limit;
    return count.begun + (goesOn ? 1 : 2) * windowMs - now;
  }

  #usedOfLease({ record, held }: Taken): number {
    const own = record.leases.find(([of]) => of === this.#deps.process);
    return own === undefined ? 0 : own[1] - held;
  }

  /** Behind all who wait already. */
  #later(key: string, count: Count, units: number): Promise<number> {
    return new Promise((resolve) => {
      const waiting: Waiting = { units, resolve, isAsked: false, isDone: false };
      if (count.queue !== undefined) return void count.queue.push(waiting);
      count.queue = [waiting];
      this.#serve(key, count, count.queue).catch(() => this.#standAlone(count));
    });
  }

  /** Asks until nobody waits. Does not reject. */
  async #serve(key: string, count: Count, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      await this.#askInTime(key, count);
      const now = this.#deps.world.now();
      let at = 0;
      for (; at < queue.length; at++) {
        const one = queue[at]!;
        if (!one.isDone) {
          const wait = this.#here(key, count, one.units, now) ?? this.#refused(count, one, now);
          if (wait === undefined) break;
          answer(one, wait);
        }
      }
      queue.splice(0, at);
    }
    count.queue = undefined;
  }

  /** The store was asked for it and gave none; `undefined`: it was not asked yet. */
  #refused({ size, taken }: Count, { units, isAsked }: Waiting, now: number): number | undefined {
    if (!isAsked || taken === undefined) return undefined;
    return Math.max(1, waitFor(units, taken.record, size, now));
  }

  async #askInTime(key: string, count: Count): Promise<void> {
    using deadline = deadlineIn(this.#deps.world, LIMIT_PATIENCE_MS);
    // It does not reject, but for the deadline.
    await until(deadline.signal, this.#ask(key, count)).catch(() => this.#standAlone(count));
  }

  #askAhead(key: string, count: Count, now: number): void {
    if (count.asking !== undefined || count.aloneUntil > now) return;
    this.#ask(key, count).catch(() => this.#standAlone(count));
  }

  /** The next part; once for all who wait for it. Does not reject. */
  #ask(key: string, count: Count): Promise<void> {
    return count.asking ??= this.#deps.apart(() => this.#draw(key, count))
      .catch(() => this.#standAlone(count))
      .finally(() => count.asking = undefined);
  }

  #standAlone(count: Count, isOut = true): void {
    count.aloneUntil = this.#deps.world.now() + LIMIT_OUT_MS;
    // What stands there is read anew afterwards.
    if (count.taken !== undefined) count.taken.seen = undefined;
    if (isOut) this.#deps.isOut?.();
  }

  async #draw(key: string, count: Count): Promise<void> {
    const { store, world, process } = this.#deps;
    let { seen, seenAt } = count.taken ?? {};
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const isKnown = seen !== undefined;
      const before = world.now();
      const read = seen ?? await store.read(this.#name, key);
      if (read === null && !this.#mayBegin()) return this.#standAlone(count, false);
      const now = world.now();
      const stands = read === null || isKnown
        ? read
        : { ...read, value: this.#clock.ownTimes(read.value, now, seenAt) };
      const asked = count.queue?.filter(({ isDone }) => !isDone) ?? [];
      const unreported = count.here(now);
      const drawn = count.draw(stands?.value ?? null, process, asked, now);
      seen = undefined;
      // Nobody is refused by what may be old: others may have given back what they did not use.
      if (isKnown && drawn.letIn.includes(false)) continue;
      const write = { record: drawn.record, windowMs: count.size.windowMs };
      const put = drawn.isChanged ? await store.put(this.#name, key, write, stands) : stands;
      if (drawn.isChanged && put === null) {
        // Somebody else was first: after this stood there still.
        if (!isKnown) seenAt = before;
        continue;
      }
      count.reported(unreported);
      this.#took(count, drawn, now, put ?? undefined);
      this.#letIn(count, asked, drawn);
      return;
    }
    this.#standAlone(count);
  }

  #took(count: Count, drawn: Drawn, now: number, seen: SeenLimit | undefined): void {
    const { size, taken } = count;
    const { record, ahead, leaseUntil } = drawn;
    const kept = taken === undefined || drawn.givenBack ? 0 : taken.held;
    const { limit, windowMs } = size;
    count.taken = {
      held: kept + ahead,
      leaseUntil: kept + ahead > 0 ? leaseUntil : 0,
      low: Math.floor(ahead / 3),
      renewAt: now + (leaseUntil - now) * RENEWED,
      last: ahead,
      lastAt: now,
      all: drawn.taken,
      spentUntil: drawn.taken < limit ? 0 : now + waitFor(1, record, size, now),
      record,
      seen,
      seenAt: now,
    };
    count.aloneUntil = 0;
    if (count.begun + windowMs <= now) count.turn(now);
  }

  /** Whoever was let in by this process alone meanwhile was counted twice. */
  #letIn(count: Count, asked: Waiting[], { letIn }: Drawn): void {
    for (const [at, one] of asked.entries()) {
      one.isAsked = true;
      if (!letIn[at]) continue;
      if (one.isDone) count.reported(one.units);
      else answer(one, 0);
    }
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

  #new(key: string, size: BudgetSize, now: number): Count {
    this.#sweep(now);
    if (this.#counts.size >= this.#keys) this.#makeRoom(now);
    const count = new Count(size);
    count.begin(now);
    this.#counts.set(key, count);
    return count;
  }

  /** Whoever comes new looks at two others: they go, or are looked at again after all others. */
  #sweep(now: number): void {
    let looked = 0;
    for (const [key, count] of this.#counts) {
      if (looked++ === SWEPT) return;
      this.#counts.delete(key);
      if (!count.isOver(now)) this.#counts.set(key, count);
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
    const weight = (count: Count) => count.here(now) + (count.taken?.all ?? 0);
    const lightest = [...this.#counts].sort(([, a], [, b]) => weight(a) - weight(b));
    for (const [key] of lightest.slice(0, Math.ceil(this.#counts.size - enough))) {
      this.#counts.delete(key);
    }
  }
}

/** The next part is asked for when this share of the time to use the last one is over. */
const RENEWED = 3 / 4;

/** For how long (ms) nobody is given any; a clock that was set back has refused nobody. */
function spentFor({ spentUntil, lastAt }: Taken, { windowMs }: BudgetSize, now: number): number {
  return spentUntil > now && now >= lastAt && spentUntil - now <= 2 * windowMs
    ? spentUntil - now
    : 0;
}

function answer(one: Waiting, wait: number): void {
  one.isDone = true;
  one.resolve(wait);
}
