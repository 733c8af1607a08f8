/**
 * Seeded randomness.
 *
 * @module
 */

/** Reproducible choices (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, `limit`. */
  int(limit: number): number {
    this.#state = (this.#state + 0x6D2B79F5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 4294967296 * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  /** `insert` at a random place of `text`. */
  spoil(text: string, insert: string): string {
    const at = this.int(text.length + 1);
    return text.slice(0, at) + insert + text.slice(at);
  }

  /** `text` with a few spans lost, doubled or replaced. */
  mutate(text: string, tokens: readonly string[]): string {
    let mutated = text;
    for (let changes = 1 + this.int(3); changes > 0; changes--) {
      const [from, length] = [this.int(mutated.length), 1 + this.int(8)];
      const [before, span, after] = [
        mutated.slice(0, from),
        mutated.slice(from, from + length),
        mutated.slice(from + length),
      ];
      mutated = this.pick([
        before + after,
        before + span + span + after,
        before + this.pick(tokens) + after,
        before + this.pick(tokens) + span + after,
      ]);
    }
    return mutated;
  }
}
