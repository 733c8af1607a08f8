/**
 * JSON-RPC batches, which revisions before 2025-06-18 have: what one may hold.
 * One request must not make the program do what a hundred would.
 *
 * @module
 */

import { isRecord } from "../broker/core/json.ts";
import type { World } from "../broker/core/world.ts";

/** Messages in a batch. */
export const MAX_BATCH = 20;
/** What its answers may be together, in bytes. */
export const MAX_BATCH_ANSWER = 4 * 1024 * 1024;

type Message = { method?: unknown; id?: unknown } | null | undefined;

/** What is wrong with a batch as a whole; `undefined` for what is right, or none. */
export function batchFault(body: unknown): string | undefined {
  if (!Array.isArray(body)) return undefined;
  if (body.length > MAX_BATCH) return `a batch holds at most ${MAX_BATCH} messages`;
  const ids = body.filter(isRequest).map(({ id }) => JSON.stringify(id));
  // Both would be done, and one answer given for them.
  if (new Set(ids).size < ids.length) return "a batch holds an id twice";
  return undefined;
}

/** What a body, one message or a batch, asks for. */
export function methodsOf(body: unknown): ReadonlySet<unknown> {
  const messages = Array.isArray(body) ? body : [body];
  return new Set(messages.map((message: Message) => message?.method));
}

/**
 * The trace that a message belongs to by its own word (MCP, SEP-414: `traceparent` in `_meta`), as it
 * came. `tracestate` and `baggage` beside it are not even read.
 */
export function traceparentIn(meta: unknown): string | undefined {
  const { traceparent } = isRecord(meta) ? meta : {};
  return typeof traceparent === "string" ? traceparent : undefined;
}

function isRequest(message: Message): message is { method: unknown; id: unknown } {
  return message?.method !== undefined && message.id !== undefined;
}

/**
 * A batch without its cancellations. Each request is alone here, so all that
 * one can cancel is what stands beside it, and the SDK gives no answer to that:
 * the others' answers would wait for it without end. Who gets a cancellation may
 * ignore it (MCP 2025-11-25, cancellation).
 */
export function withoutCancellations(body: unknown): unknown {
  if (!Array.isArray(body)) return body;
  return body.filter((message: Message) => message?.method !== "notifications/cancelled");
}

/** What the requests of one batch share: when each begins, and room for their answers. */
export class BatchRoom {
  #left = MAX_BATCH_ANSWER;
  #turns: Promise<void> = Promise.resolve();

  constructor(private readonly world: Pick<World, "sleep">) {}

  /** They begin one after the other, and everybody else has a turn in between. */
  async turn(): Promise<void> {
    this.#turns = this.#turns.then(() => this.world.sleep(0));
    await this.#turns;
  }

  /** Counts an answer; whether it still fits. */
  take(answer: unknown): boolean {
    this.#left -= new TextEncoder().encode(JSON.stringify(answer)).length;
    return this.#left >= 0;
  }
}
