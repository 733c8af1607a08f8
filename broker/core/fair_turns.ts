/**
 * Work that only so much of is done at a time: who waits for it takes turns. One
 * caller with a thousand requests gets no more turns than one with a single one
 * as long as both wait, and all of them when nobody else does.
 *
 * @module
 */

/** Turns at one thing. */
export class FairTurns {
  #free: number;
  /** Who waits, whoever's turn it is next first; each with what waits, the longest first. */
  readonly #waiting = new Map<string, (() => void)[]>();

  /** `atOnce`: so much of the work is done at a time. */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Does `work` when it is the caller's turn. How it ends is the caller's matter alone. */
  async take<T>(caller: string, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(caller);
    try {
      return await work();
    } finally {
      this.#next();
    }
  }

  /** How much of a caller's work waits. */
  waiting(caller: string): number {
    return this.#waiting.get(caller)?.length ?? 0;
  }

  /** Whether who comes now has to wait. */
  get isCrowded(): boolean {
    return this.#free === 0;
  }

  /** How many callers wait. */
  get callers(): number {
    return this.#waiting.size;
  }

  #turn(caller: string): Promise<void> {
    return new Promise((resolve) => {
      const own = this.#waiting.get(caller);
      // A newcomer is the last of this round.
      if (own === undefined) this.#waiting.set(caller, [resolve]);
      else own.push(resolve);
    });
  }

  /** Hands the turn on; whoever had it is the last of the next round. */
  #next(): void {
    for (const [caller, own] of this.#waiting) {
      const first = own.shift()!;
      this.#waiting.delete(caller);
      if (own.length > 0) this.#waiting.set(caller, own);
      return first();
    }
    this.#free += 1;
  }
}
