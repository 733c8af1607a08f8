/**
 * What is known of a request while it is answered: its id, which its answer and the log carry, who
 * makes it, and how it ended. Nothing of it is ever secret, and nothing is kept of it afterwards.
 *
 * @module
 */

import { randomWord } from "./random_secret.ts";
import type { Subject } from "./subject.ts";
import { TimeSpent } from "./time_spent.ts";

/** Letters and digits that nobody mixes up, read out over a telephone or not (Crockford's base 32). */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

/** What an id of a request looks like. */
export const REQUEST_ID = /^[0-9a-hjkmnp-tv-z]{9}-[0-9a-hjkmnp-tv-z]{7}$/;

/**
 * The ids of one process's requests: 45 random bits that are the process's, and 32 that tell its
 * requests apart. One id says nothing of how many there are: the count is multiplied and mixed with
 * more that is the process's own. Whoever collects several can work out how many lie between them,
 * which is no secret. No request costs chance of its own.
 */
export class RequestIds {
  readonly #prefix: string;
  readonly #factor: number;
  readonly #mask: number;
  #count = 0;

  /** `word`: 32 random bits. */
  constructor(word: () => number = randomWord) {
    this.#prefix = digits(word(), 6) + digits(word(), 3);
    // An odd number has an inverse: no two counts below 2^32 become the same one.
    this.#factor = word() | 1;
    this.#mask = word();
  }

  /** The number of the next one. */
  next(): number {
    return ++this.#count;
  }

  /** The id of a number. */
  of(count: number): string {
    return `${this.#prefix}-${digits(Math.imul(count, this.#factor) ^ this.#mask, 7)}`;
  }
}

/** The last so many times five bits of a number. */
function digits(number: number, length: number): string {
  let text = "";
  for (let rest = number; text.length < length; rest >>>= 5) text = DIGITS[rest & 31] + text;
  return text;
}

/** One request. A class, so that all of them have one shape. */
export class RequestNotes {
  readonly #ids: RequestIds;
  readonly #count: number;
  #id: string | undefined = undefined;
  /** By a clock of this process alone, in ms. */
  readonly startedAt: number;
  /** As `Callers` calls it: `app voice`. Absent: nobody has proved who it is. */
  caller: string | undefined = undefined;
  /** Whom it is for. */
  subject: Subject | undefined = undefined;
  /** Why it was refused, or failed: a code of ours. */
  error: string | undefined = undefined;
  /** The pattern of its address, such as `/token/:service`; absent where it has none. */
  route: string | undefined = undefined;
  /** What it asks of the MCP endpoint, of the methods that are known. */
  asked: string | undefined = undefined;
  /** The tool that it calls, if that is one of those that are there. */
  tool: string | undefined = undefined;
  /** What a provider's API that it was handed on to calls it: letters, digits and `:._-`. */
  providerRequestId: string | undefined = undefined;
  /** Whether its answer is that of a provider's API, whose status says nothing of us. */
  isHandedOn = false;
  /** The trace that its caller says the call belongs to, unread; only where anything is traced. */
  traceparent: string | undefined = undefined;

  /** How long it took to know its caller, in ms; absent: that was known at once, or never. */
  authMs: number | undefined = undefined;
  /** What it has waited for; absent: nothing. */
  spent: TimeSpent | undefined = undefined;

  constructor(ids: RequestIds, startedAt: number) {
    this.#ids = ids;
    this.#count = ids.next();
    this.startedAt = startedAt;
  }

  /** What it waits for, from here on. */
  get spending(): TimeSpent {
    return this.spent ??= new TimeSpent();
  }

  /** What its answer and the log call it. */
  get id(): string {
    return this.#id ??= this.#ids.of(this.#count);
  }
}
