/**
 * Work that only so much of is done at a time: who waits for it takes turns. One
 * caller with a thousand requests gets no more turns than one with a single one
 * as long as both wait, and all of them when nobody else does.
 *
 * @module
 */

/** What waits, of several callers: one of each in turn, each caller's in its own order. */
export class FairQueue<T> {
  /** Whose turn it is next first; each with what waits, the longest first. */
  readonly #waiting = new Map<string, T[]>();

  /** A newcomer is the last of this round. */
  add(caller: string, one: T): void {
    const own = this.#waiting.get(caller);
    if (own === undefined) this.#waiting.set(caller, [one]);
    else own.push(one);
  }

  /**
   * The next one, taken out; its caller is the last of the next round. `undefined`: nothing waits, or
   * the next one does not fit.
   */
  next(fits?: (one: T) => boolean): T | undefined {
    for (const [caller, own] of this.#waiting) {
      if (fits !== undefined && !fits(own[0]!)) return undefined;
      const first = own.shift()!;
      this.#waiting.delete(caller);
      if (own.length > 0) this.#waiting.set(caller, own);
      return first;
    }
    return undefined;
  }

  /** How much of a caller's waits. */
  of(caller: string): number {
    return this.#waiting.get(caller)?.length ?? 0;
  }

  /** How many callers wait. */
  get callers(): number {
    return this.#waiting.size;
  }
}

/** Turns at one thing. */
export class FairTurns {
  #free: number;
  readonly #waiting = new FairQueue<() => void>();

  /** `atOnce`: so much of the work is done at a time. */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Does `work` when it is the caller's turn. How it ends is the caller's matter alone. */
  async take<T>(caller: string, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.add(caller, resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.next();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  /** How much of a caller's work waits. */
  waiting(caller: string): number {
    return this.#waiting.of(caller);
  }

  /** Whether who comes now has to wait. */
  get isCrowded(): boolean {
    return this.#free === 0;
  }

  /** How many callers wait. */
  get callers(): number {
    return this.#waiting.callers;
  }
}
