/**
 * How many records may live at a time, per owner and in all. Where there is no
 * place left the newcomer gets one: an old record of the owner who has the most
 * loses it. So a flood drops its own records, and locks nobody out.
 *
 * Known to this process alone: after a restart what was there before lives on
 * until it expires by itself.
 *
 * @module
 */

import { isToCome } from "./clock.ts";

/** How many, and for how long each. */
export interface PlacesSize {
  perOwner: number;
  all: number;
  /** Longer than any of the records lives. */
  lifetimeMs: number;
}

/** Who holds which records. */
export class Places {
  readonly #size: PlacesSize;
  /** The oldest first. */
  readonly #records = new Map<string, { owner: string; until: number }>();
  /** Each with the oldest record first. Most hold one: a set of its own would weigh five times as much. */
  readonly #owners = new Map<string, string | Set<string>>();

  constructor(size: PlacesSize) {
    this.#size = size;
  }

  /** Records that have a place. */
  get count(): number {
    return this.#records.size;
  }

  /** Gives a record a place; returns those that lost theirs. */
  take(owner: string, record: string, now: number): string[] {
    const { perOwner, all, lifetimeMs } = this.#size;
    this.#forgetExpired(now);
    const dropped: string[] = [];
    if (this.held(owner) >= perOwner) dropped.push(this.#dropOldestOf(owner));
    if (this.#records.size >= all) dropped.push(this.#dropOldestOf(this.#heaviest()));
    this.leave(record);
    this.#records.set(record, { owner, until: now + lifetimeMs });
    const held = this.#owners.get(owner);
    if (held instanceof Set) held.add(record);
    else this.#owners.set(owner, held === undefined ? record : new Set([held, record]));
    return dropped;
  }

  /** The record needs no place any more. */
  leave(record: string): void {
    const { owner } = this.#records.get(record) ?? {};
    if (owner === undefined) return;
    this.#records.delete(record);
    const held = this.#owners.get(owner);
    if (held instanceof Set) held.delete(record);
    if (!(held instanceof Set) || held.size === 0) this.#owners.delete(owner);
  }

  /** Whether a record has its place still: another may have taken it before it was written. */
  has(record: string): boolean {
    return this.#records.has(record);
  }

  /** How many records an owner holds. */
  held(owner: string): number {
    return countOf(this.#owners.get(owner));
  }

  /** For how long (ms) an owner has no place of its own; 0: there is one. Nobody loses theirs. */
  wait(owner: string, now: number): number {
    this.#forgetExpired(now);
    if (this.held(owner) < this.#size.perOwner) return 0;
    return (this.#records.get(this.#oldestOf(owner))?.until ?? now) - now;
  }

  /** All live equally long, so the oldest are the first to go. */
  #forgetExpired(now: number): void {
    for (const [record, { until }] of this.#records) {
      if (isToCome(until, now, this.#size.lifetimeMs)) return;
      this.leave(record);
    }
  }

  #dropOldestOf(owner: string): string {
    const oldest = this.#oldestOf(owner);
    this.leave(oldest);
    return oldest;
  }

  #oldestOf(owner: string): string {
    const held = this.#owners.get(owner) ?? "";
    if (typeof held === "string") return held;
    const [oldest = ""] = held;
    return oldest;
  }

  /** Of several with as many records, the one that has held some for the longest. */
  #heaviest(): string {
    let heaviest = "";
    let most = 0;
    for (const [owner, held] of this.#owners) {
      if (countOf(held) > most) [heaviest, most] = [owner, countOf(held)];
    }
    return heaviest;
  }
}

function countOf(held: string | Set<string> | undefined): number {
  return typeof held === "string" ? 1 : held?.size ?? 0;
}
