/**
 * Questions that stand in the stream of one request, and whose answers come
 * with another (MCP until 2025-11-25, `elicitation/create`). Nothing else
 * connects the two: here every request is alone.
 *
 * So a question's id is one that nobody guesses, and it is answered only by
 * whom it was asked: the same actor, for the same subject. Another process
 * knows nothing of it; a person whose answer arrives there is heard as one who
 * has not answered.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import type { World } from "../../broker/core/world.ts";

/** Questions that wait for an answer; beyond them nobody is asked. */
export const MAX_QUESTIONS = 1_000;

/** An answer, as it came: a result, or an error that stands for none. */
export type QuestionAnswer = Record<string, unknown> | undefined;

interface Waiting {
  who: string;
  resolve(answer: QuestionAnswer): void;
}

/** The questions of one process. */
export class Questions {
  readonly #world: Pick<World, "secret">;
  readonly #waiting = new Map<string, Waiting>();

  constructor(world: Pick<World, "secret">) {
    this.#world = world;
  }

  /** Asks, by what `send` does with the id, until there is an answer or the signal aborts. */
  async ask(
    whom: Acting,
    send: (id: string) => Promise<void>,
    signal: AbortSignal,
  ): Promise<QuestionAnswer> {
    if (this.#waiting.size >= MAX_QUESTIONS || signal.aborted) return undefined;
    const id = `question-${this.#world.secret()}`;
    const { promise, resolve } = Promise.withResolvers<QuestionAnswer>();
    const giveUp = () => resolve(undefined);
    this.#waiting.set(id, { who: nameOf(whom), resolve });
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await send(id);
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
      this.#waiting.delete(id);
    }
  }

  /** Whether a body is the answer to a question of this caller's; if so, it is heard. */
  hear(caller: Acting, body: unknown): boolean {
    const { id, result, method } = (body ?? {}) as Record<string, unknown>;
    if (typeof id !== "string" || method !== undefined) return false;
    const waiting = this.#waiting.get(id);
    if (waiting === undefined || waiting.who !== nameOf(caller)) return false;
    waiting.resolve(
      typeof result === "object" && result !== null ? { ...result } : undefined,
    );
    return true;
  }
}

function nameOf({ subject, actor: { kind, id } }: Acting): string {
  return JSON.stringify([subject, kind, id]);
}
