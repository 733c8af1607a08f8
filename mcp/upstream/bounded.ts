/**
 * What one request to an upstream may bring: so many bytes in a message, so
 * many in all, so many events, so many requests of the server's own. A session
 * lives long and has no such limits: each of its requests has.
 *
 * @module
 */

import { TURN_BYTES } from "../../broker/core/bodies.ts";
import type { World } from "../../broker/core/world.ts";
import { mayBeDone } from "./fault.ts";

/** One message, decoded: a JSON answer, or an event of a stream. As an API's answer. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
/** All that comes in answer to one request. */
export const MAX_REPLY_BYTES = 2 * MAX_MESSAGE_BYTES;
/** Events of all streams of a request; a long call with progress every 100 ms takes 6,000. */
export const MAX_EVENTS = 10_000;
/**
 * How often one request lets its server ask for more: a stream that is to be
 * taken up again, a question that is to be answered, each a request of ours.
 */
export const MAX_REQUESTS = 100;
/** After so many events everybody else has a turn. */
const EVENTS_A_TURN = 10;
/** So many come as fast as they can; the next ones wait, so that whoever hangs up ends most of a flood. */
const EVENTS_AT_ONCE = 500;
const TURN_MS = 10;

/** What leads out, and how to let others have a turn. */
export interface BoundedDeps {
  fetch: typeof globalThis.fetch;
  world: Pick<World, "sleep">;
}

/** Counts what one request brings. Each of its methods throws where it was too much. */
export class Meter {
  #bytes = MAX_REPLY_BYTES;
  #events = MAX_EVENTS;
  #requests = MAX_REQUESTS;
  #sinceTurn = 0;
  readonly #world: BoundedDeps["world"];

  constructor(world: BoundedDeps["world"]) {
    this.#world = world;
  }

  /** More of an answer has come, whose message is so long by now. */
  bytes(more: number, message: number): void {
    this.#bytes -= more;
    if (this.#bytes < 0 || message > MAX_MESSAGE_BYTES) throw tooMuch();
  }

  /** So many bytes are about to be read; resolves when it is their turn. */
  async turn(bytes: number): Promise<void> {
    this.#sinceTurn += bytes;
    if (this.#sinceTurn < TURN_BYTES) return;
    this.#sinceTurn = 0;
    await this.#world.sleep(0);
  }

  /** An event has ended; resolves when it is this one's turn. */
  async event(): Promise<void> {
    this.#events -= 1;
    if (this.#events < 0) throw tooMuch();
    if (this.#events % EVENTS_A_TURN !== 0) return;
    await this.#world.sleep(this.#events > MAX_EVENTS - EVENTS_AT_ONCE ? 0 : TURN_MS);
  }

  /** The server wants one more request of ours. */
  request(): void {
    this.#requests -= 1;
    if (this.#requests < 0) throw tooMuch();
  }
}

function tooMuch() {
  return mayBeDone({ kind: "too_much" });
}
