/**
 * For whom the program works at this moment. Nothing is decided by it but whose
 * turn it is: it goes along with a request by itself, through all that the
 * request waits for, down to where the database is asked.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";

/** Whoever says for sure who calls tells it here. */
export interface Identified {
  /**
   * From here on this request's work is the caller's. Only for who has proved who it is: else a
   * stranger would work in another one's name, and take its turns.
   *
   * @throws {Refusal} `rate_limited` where too much of the caller's work waits already.
   */
  caller(name: string): void;
}

/** Nobody in particular: housekeeping. */
const NOBODY = "";

/** The callers of one process. */
export class Callers {
  readonly #requests = new AsyncLocalStorage<{ caller: string }>();

  /**
   * Answers a request of `caller`, as long as nothing better is known. No more goes along than a name:
   * what does is kept by the engine until it next looks through all that is old.
   */
  begin<T>(caller: string, answer: () => T): T {
    return this.#requests.run({ caller }, answer);
  }

  /** The request that is being answered is this caller's. */
  known(name: string): void {
    const request = this.#requests.getStore();
    if (request !== undefined) request.caller = name;
  }

  /** Whose request is being answered. */
  now(): string {
    return this.#requests.getStore()?.caller ?? NOBODY;
  }
}
