/**
 * How many local servers run, and when one is started again that has ended.
 *
 * @module
 */

import type { World } from "../../broker/core/world.ts";
import { notDone } from "./fault.ts";
import type { KeptSession } from "./sessions.ts";

/** Local servers of all upstreams together. */
export const MAX_PROCESSES = 64;
/** Of one upstream, where each person has one; `max_processes` of its entry says another number. */
export const DEFAULT_PROCESSES = 16;
/** One that has run for so long has not failed at its start. */
export const STEADY_MS = 60_000;
/** After the second failure in a row, and twice as long after each more. */
export const FIRST_REST_MS = 1_000;
export const LONGEST_REST_MS = 60_000;
/** Keys whose failures are remembered; beyond them the oldest is forgotten. */
const MAX_REMEMBERED = 1_000;

/** Who can end a process that nobody needs at the moment. */
export interface Lender {
  /** false: all are in use. */
  endUnused(): Promise<boolean>;
}

/** The places for all local servers of this program. */
export class ProcessPlaces {
  #taken = 0;
  readonly #lenders = new Set<Lender>();

  /** Asks for an unused process of the lender's where there is no place left. */
  add(lender: Lender): void {
    this.#lenders.add(lender);
  }

  /** Takes a place; whoever has it gives it back. @throws {UpstreamFault} */
  async take(): Promise<() => void> {
    for (const lender of this.#lenders) {
      if (this.#taken < MAX_PROCESSES) break;
      await lender.endUnused();
    }
    if (this.#taken >= MAX_PROCESSES) throw notDone({ kind: "no_place" });
    this.#taken += 1;
    let isBack = false;
    return () => {
      if (!isBack) this.#taken -= 1;
      isBack = true;
    };
  }
}

interface Failures {
  inARow: number;
  restsUntil: number;
}

/** Which of an upstream's servers rest, by their sessions' keys. */
export class Rests {
  readonly #world: Pick<World, "now">;
  readonly #failures = new Map<string, Failures>();

  constructor(world: Pick<World, "now">) {
    this.#world = world;
  }

  /** Opens a session, unless it rests; hears of its end. @throws {UpstreamFault} */
  async open<T extends KeptSession>(key: string, open: () => Promise<T>): Promise<T> {
    const now = this.#world.now();
    const { restsUntil = 0 } = this.#failures.get(key) ?? {};
    // A clock that was set back makes no rest longer.
    if (restsUntil > now && restsUntil <= now + LONGEST_REST_MS) {
      throw notDone({ kind: "resting", retryAfter: Math.ceil((restsUntil - now) / 1000) });
    }
    try {
      const session = await open();
      const ended = () => {
        if (this.#world.now() - now < STEADY_MS) this.#failed(key);
        else this.#failures.delete(key);
      };
      session.ended.then(ended, ended);
      return session;
    } catch (error) {
      this.#failed(key);
      throw error;
    }
  }

  #failed(key: string): void {
    const inARow = (this.#failures.get(key)?.inARow ?? 0) + 1;
    const rest = inARow < 2 ? 0 : Math.min(FIRST_REST_MS * 2 ** (inARow - 2), LONGEST_REST_MS);
    this.#failures.delete(key);
    this.#failures.set(key, { inARow, restsUntil: this.#world.now() + rest });
    if (this.#failures.size > MAX_REMEMBERED) {
      this.#failures.delete(this.#failures.keys().next().value!);
    }
  }
}
