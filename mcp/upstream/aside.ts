/**
 * The stream of what a server says beside its answers (until 2025-11-25, a GET
 * of its own). Some servers ask and log there in the middle of a call, as the
 * SDK's do that forget which request they are at: who does not listen waits for
 * an answer that never comes.
 *
 * It is open as long as one call runs whose client can be asked something. What
 * comes there says nothing of the call that it is about. So it counts for a call
 * only where that is the only one in its session: one client of a person must
 * not answer what another one's call has made a server ask.
 *
 * @module
 */

import { deadlineIn, until } from "../../broker/core/deadline.ts";
import type { World } from "../../broker/core/world.ts";
import { Meter } from "./bounded.ts";
import { readEvents, type ServerEvent } from "./events.ts";

/** A server that has not opened it by then is called without it, in this session. */
export const ASIDE_MS = 1_000;

/** What a call has to do with it. */
export interface Beside {
  open(signal: AbortSignal): Promise<Response>;
  /** `isAlone`: whether there is no doubt whose call it is about. */
  hear(event: ServerEvent, isAlone: boolean): void;
}

/** The stream of one session. */
export class Aside {
  readonly #world: Pick<World, "sleep">;
  #running = 0;
  /** Of the call that runs; of several nobody knows which one is meant. */
  #hear: Beside["hear"] | undefined;
  /** The server has none, or somebody else has it. */
  #isRefused = false;

  constructor(world: Pick<World, "sleep">) {
    this.#world = world;
  }

  /** Does `work` while listening. What goes wrong with the stream is nobody's concern. */
  async during<T>(beside: Beside, work: () => Promise<T>): Promise<T> {
    const stop = new AbortController();
    this.#running += 1;
    const { hear } = beside;
    this.#hear = this.#running === 1 ? hear : undefined;
    try {
      if (this.#running === 1 && !this.#isRefused) await this.#listen(beside, stop);
      return await work();
    } finally {
      this.#running -= 1;
      // Whoever is left is not known to be meant either: it may be about what has just ended.
      this.#hear = undefined;
      stop.abort();
    }
  }

  /** Somebody else listens as long as the session lasts, and hands on by {@linkcode offer}. */
  share(): void {
    this.#isRefused = true;
  }

  /** Hands an event to the call that it must be about; whether there is one. */
  offer(event: ServerEvent): boolean {
    this.#hear?.(event, true);
    return this.#hear !== undefined;
  }

  /** Resolves when it is open, or will not be. */
  async #listen({ open, hear }: Beside, stop: AbortController): Promise<void> {
    using deadline = deadlineIn(this.#world, ASIDE_MS);
    const { signal } = stop;
    const read = async (response: Response) => {
      for await (const event of readEvents(response, new Meter(this.#world), signal)) {
        hear(event, this.#hear === hear);
      }
    };
    try {
      const response = await until(deadline.signal, open(signal));
      read(response).catch(() => {});
    } catch {
      this.#isRefused = true;
      stop.abort();
    }
  }
}
