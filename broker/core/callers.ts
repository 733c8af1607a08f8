/**
 * For whom the program works at this moment. Nothing is decided by it but whose
 * turn it is: it goes along with a request by itself, through all that the
 * request waits for, down to where the database is asked.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import type { Actor } from "./actor.ts";
import { loggedId } from "./logged_id.ts";
import { RequestIds, RequestNotes } from "./request_notes.ts";
import { type Timing, UNTIMED } from "./time_spent.ts";

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

/** Does what somebody asked for in their name; `request`: the one by which they did. */
export type InNameOf = <T>(actor: Actor, work: () => T, request?: RequestNotes) => T;

/** Nobody in particular: housekeeping. */
const NOBODY = "";

/** What a caller is called here. */
export function callerName({ kind, id }: Pick<Actor, "kind" | "id">): string {
  return `${kind} ${id}`;
}

/** Whose work it is, and which request's. */
interface Work {
  caller: string;
  request: RequestNotes | undefined;
}

/** The callers of one process, and their requests. */
export class Callers {
  readonly #work = new AsyncLocalStorage<Work>();
  readonly #ids = new RequestIds();
  readonly #elapsed: () => number;

  /** `elapsed`: ms since any moment; absent where nobody asks how long anything took. */
  constructor(elapsed: () => number = () => 0) {
    this.#elapsed = elapsed;
  }

  /** How long ago a request came, in ms. */
  since({ startedAt }: RequestNotes): number {
    return this.#elapsed() - startedAt;
  }

  /** Measures what the requests wait for. */
  readonly timing: Timing = {
    begin: (part, request = this.current()) =>
      request === undefined ? UNTIMED : request.spending.begin(part, this.#elapsed),
  };

  /** A request has come. */
  request(): RequestNotes {
    return new RequestNotes(this.#ids, this.#elapsed());
  }

  /**
   * Answers a request from an address, as long as nothing better is known. No more goes along than
   * names and numbers: what does is kept by the engine until it next looks through all that is old.
   */
  begin<T>(address: string | undefined, request: RequestNotes, answer: () => T): T {
    return this.#work.run({ caller: `address ${address ?? "unknown"}`, request }, answer);
  }

  /** The request that is being answered is this caller's. */
  known(name: string): void {
    const work = this.#work.getStore();
    if (work === undefined) return;
    work.caller = name;
    if (work.request === undefined) return;
    work.request.caller = name;
    // What the vault was asked for it is the vault's time.
    const { request } = work;
    request.authMs ??= this.since(request) - (request.spent?.vault ?? 0);
  }

  /**
   * Does what a request of the actor's needs of the store, in the actor's name, whether or not the
   * request itself was begun in anybody's: to begin takes as long as to answer what is known without
   * the store.
   */
  readonly inNameOf: InNameOf = (actor, work, request) => {
    const caller = callerName(actor);
    if (this.now() === caller) return work();
    return this.#work.run({ caller, request: request ?? this.current() }, work);
  };

  /** Whose request is being answered. */
  now(): string {
    return this.#work.getStore()?.caller ?? NOBODY;
  }

  /** What a line in the log says of the request that it comes about in: which it is, and who acts. */
  said(): { request_id: string; caller: string } | undefined {
    const request = this.current();
    if (request === undefined) return undefined;
    const { id: request_id, caller } = request;
    return { request_id, caller: caller === undefined ? "none" : loggedId(caller) };
  }

  /** Which request is being answered, as far as the work of one was begun in a name. */
  current(): RequestNotes | undefined {
    return this.#work.getStore()?.request;
  }
}
