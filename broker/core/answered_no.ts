/**
 * An API's no, as far as those who ask it for somebody must know it: whether
 * asking later is worth it, and how much later.
 *
 * @module
 */

import { inOwnWords } from "./own_words.ts";

/** Thrown where an API answered, and not with what was asked for. The message quotes nothing of it. */
export class AnsweredNo extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** Seconds. */
    readonly retryAfter?: number | undefined,
  ) {
    super(message);
    this.name = "AnsweredNo";
    inOwnWords(this);
  }
}
