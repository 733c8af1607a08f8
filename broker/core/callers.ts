/**
 * For whom the program works at this moment. Nothing is decided by it but whose
 * turn it is: it goes along with a request by itself, through all that the
 * request waits for, down to where the database is asked.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Actor } from "./actor.ts";

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

/** Does what somebody asked for in their name. */
export type InNameOf = <T>(actor: Actor, work: () => T) => T;

/** Nobody in particular: housekeeping. */
const NOBODY = "";

/** What a caller is called here. */
export function callerName({ kind, id }: Pick<Actor, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/** The callers of one process. */
export class Callers {
  readonly #requests = new AsyncLocalStorage<{ caller: string }>();

  /**
   * Answers a request from an address, as long as nothing better is known. No more goes along than a
   * name: what does is kept by the engine until it next looks through all that is old.
   */
  begin<T>(address: string | undefined, answer: () => T): T {
    return this.#requests.run({ caller: `address ${address ?? "unknown"}` }, answer);
  }

  /** The request that is being answered is this caller's. */
  known(name: string): void {
    const request = this.#requests.getStore();
    if (request !== undefined) request.caller = name;
  }

  /**
   * Does what a request of the actor's needs of the store, in the actor's name, whether or not the
   * request itself was begun in anybody's: to begin takes as long as to answer what is known without
   * the store.
   */
  readonly inNameOf: InNameOf = (actor, work) => {
    const caller = callerName(actor);
    return this.now() === caller ? work() : this.#requests.run({ caller }, work);
  };

  /** Whose request is being answered. */
  now(): string {
    return this.#requests.getStore()?.caller ?? NOBODY;
  }
}
