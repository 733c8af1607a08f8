/**
 * One composition of the program, and how many requests it is answering: it is
 * not taken apart before they have their answers.
 *
 * @module
 */

import type { Switchboard } from "../compose.ts";

/** Answers requests, and knows when none is left. */
export class Composition {
  readonly switchboard: Switchboard;
  #running = 0;
  #done: (() => void) | undefined;

  constructor(switchboard: Switchboard) {
    this.switchboard = switchboard;
  }

  /** Answers a request; it counts until its answer begins. */
  handle(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response> {
    this.#running += 1;
    try {
      return this.switchboard.handle(request, info, this.#ended);
    } catch (error) {
      this.#ended();
      throw error;
    }
  }

  readonly #ended = (): void => {
    this.#running -= 1;
    if (this.#running === 0) this.#done?.();
  };

  /** Resolves when nothing is being answered; for whoever sends no more requests here. */
  answered(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => void (this.#done = resolve));
  }
}
