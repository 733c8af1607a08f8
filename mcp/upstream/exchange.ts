/**
 * One request to a remote upstream and everything that comes until its answer:
 * a JSON answer, or a stream that may break off and be taken up again.
 *
 * @module
 */

import { isEventStream } from "../../broker/core/event_stream.ts";
import { discard, readText, TooLong } from "../../broker/core/bodies.ts";
import { deadlineIn, type Silence, silenceLimit } from "../../broker/core/deadline.ts";
import type { Aside } from "./aside.ts";
import { MAX_MESSAGE_BYTES, Meter } from "./bounded.ts";
import { readEvents, type ServerEvent } from "./events.ts";
import { faultOfEnd, mayBeDone, UpstreamFault } from "./fault.ts";
import type { HttpWays, HttpWire } from "./http_wire.ts";
import {
  answers,
  type Incoming,
  messagesOf,
  parseMessage,
  progressOf,
  replyTo,
  resultOf,
} from "./rpc.ts";
import type { RequestOptions, UpstreamMessage } from "./session.ts";

/** Before a stream is taken up again whose server did not say when. */
export const RESUME_MS = 1_000;
/** A server that says so wants no longer. */
export const LONGEST_RESUME_MS = 30_000;
/** After its answer a stream has this long to end by itself, so that its connection can be used again. */
export const TRAILING_MS = 1_000;

/** A request as it goes out. */
export interface Outgoing {
  id: number;
  method: string;
  params: Record<string, unknown>;
  headers: Record<string, string>;
}

/** What an exchange belongs to. */
export interface Around {
  wire: HttpWire;
  /** Of whoever asks. */
  token: string | undefined;
  ways: HttpWays;
  /** Aborts when the session ends. */
  closing: AbortSignal;
  /** Whether the server may ask back, and a stream be taken up again (until 2025-11-25). */
  isStateful: boolean;
  /** Where the client behind it can be asked something. */
  aside?: Aside | undefined;
  /** Hears what concerns no request alone. */
  heard: (notification: UpstreamMessage) => void;
}

/** Sends a request and waits for its answer. @throws {UpstreamFault} */
export async function exchange(
  around: Around,
  outgoing: Outgoing,
  options: RequestOptions,
): Promise<Record<string, unknown>> {
  const { ways, wire, closing } = around;
  const silence = silenceLimit(ways.world, options.timeoutMs);
  const end = new AbortController();
  const { signal } = end;
  const letGo = endWith(end, [options.signal, silence.signal, closing]);
  const { id, method, params, headers } = outgoing;
  const receiver = new Receiver(around, outgoing, options, silence, signal);
  silence.listen();
  const run = async () => {
    const response = await wire.post({ jsonrpc: "2.0", id, method, params }, headers, {
      signal,
      token: around.token,
    });
    return isEventStream(response.headers)
      ? await receiver.fromStreams(response, end)
      : await receiver.fromJson(response);
  };
  const { aside } = around;
  try {
    if (aside === undefined || !around.isStateful || options.onrequest === undefined) {
      return await run();
    }
    return await aside.during({
      open: (stop) => {
        const going = { signal: AbortSignal.any([stop, signal]), token: around.token };
        return wire.open(undefined, going);
      },
      hear: (event, isAlone) => receiver.hearBeside(event, isAlone),
    }, run);
  } catch (error) {
    if (error instanceof UpstreamFault) throw error;
    throw faultOf(error, signal);
  } finally {
    receiver.isOver = true;
    silence.rest();
    letGo();
    if (options.signal.aborted || silence.signal.aborted) cancelled(around, id);
  }
}

/** Ends with the first of several; until it is let go. By hand, since `AbortSignal.any()` takes its time. */
function endWith(end: AbortController, signals: AbortSignal[]): () => void {
  const listening = signals.map((signal) => {
    const over = () => end.abort(signal.reason);
    if (signal.aborted) over();
    signal.addEventListener("abort", over, { once: true });
    return () => signal.removeEventListener("abort", over);
  });
  return () => listening.forEach((stop) => stop());
}

/** Tells a server of sessions that nobody waits any more; the others see it by the connection. */
function cancelled(around: Around, requestId: number): void {
  if (!around.isStateful) return;
  const method = "notifications/cancelled";
  tell(around, { jsonrpc: "2.0", method, params: { requestId } }).catch(() => {});
}

/** Sends what has no answer. What becomes of it is nobody's concern: it does not throw. */
export async function tell(
  { wire, token, ways, closing }: Around,
  message: Record<string, unknown>,
): Promise<void> {
  using deadline = deadlineIn(ways.world, TRAILING_MS);
  const signal = AbortSignal.any([deadline.signal, closing]);
  await wire.post(message, {}, { signal, token }).then(discard).catch(() => {});
}

/** What went wrong with an answer that had begun. */
function faultOf(error: unknown, signal: AbortSignal): UpstreamFault {
  if (signal.aborted) return faultOfEnd(signal);
  if (error instanceof TooLong) return mayBeDone({ kind: "too_much" }, { cause: error });
  const isUnreadable = error instanceof SyntaxError || error instanceof RangeError;
  return mayBeDone({ kind: isUnreadable ? "unreadable" : "dropped" }, { cause: error });
}

/** Hears everything until the answer is there. */
class Receiver {
  readonly #around: Around;
  readonly #outgoing: Outgoing;
  readonly #options: RequestOptions;
  readonly #silence: Silence;
  readonly #signal: AbortSignal;
  readonly #meter: Meter;
  #asking = 0;
  /** Nobody waits for the answer any more. */
  isOver = false;

  constructor(
    around: Around,
    outgoing: Outgoing,
    options: RequestOptions,
    silence: Silence,
    signal: AbortSignal,
  ) {
    this.#around = around;
    this.#outgoing = outgoing;
    this.#options = options;
    this.#silence = silence;
    this.#signal = signal;
    this.#meter = new Meter(around.ways.world);
  }

  async fromJson(response: Response): Promise<Record<string, unknown>> {
    const { world } = this.#around.ways;
    const turn = () => world.sleep(0);
    const bound = { limit: MAX_MESSAGE_BYTES, signal: this.#signal, turn };
    const answer = this.#hear(parseMessage(await readText(response, bound)));
    if (answer === undefined) throw mayBeDone({ kind: "unreadable" });
    return resultOf(answer);
  }

  /** `end` ends what is left of a stream behind its answer. */
  async fromStreams(first: Response, end: AbortController): Promise<Record<string, unknown>> {
    let last: string | undefined;
    let pauseMs = RESUME_MS;
    for (let response = first;;) {
      const events = readEvents(response, this.#meter, this.#signal);
      let isLeft = true;
      try {
        for (;;) {
          const { done, value } = await this.#next(events, last !== undefined);
          if (done) break;
          last = value.id ?? last;
          pauseMs = Math.min(value.retry ?? pauseMs, LONGEST_RESUME_MS);
          const answer = this.#hear(jsonOf(value));
          if (answer === undefined) continue;
          isLeft = false;
          this.#trail(events, end).catch(() => {});
          return resultOf(answer);
        }
      } finally {
        if (isLeft) await events.return(undefined);
      }
      if (last === undefined || !this.#around.isStateful) throw mayBeDone({ kind: "dropped" });
      this.#meter.request();
      await this.#around.ways.world.sleep(pauseMs, this.#signal);
      const going = { signal: this.#signal, token: this.#around.token };
      response = await this.#around.wire.open(last, going).catch((error) => {
        // Whatever it says of the stream: the request itself was sent long ago.
        throw error instanceof UpstreamFault ? mayBeDone(error.why, { cause: error }) : error;
      });
    }
  }

  /** The next event. A stream that can be taken up again has only ended where its connection broke. */
  async #next(
    events: AsyncGenerator<ServerEvent>,
    canGoOn: boolean,
  ): Promise<IteratorResult<ServerEvent>> {
    try {
      return await events.next();
    } catch (error) {
      if (!canGoOn || this.#signal.aborted || error instanceof UpstreamFault) throw error;
      return { done: true, value: undefined };
    }
  }

  /** Reads what is left of a stream, for a moment: given up, its connection could not be used again. */
  async #trail(events: AsyncGenerator<ServerEvent>, end: AbortController): Promise<void> {
    using deadline = deadlineIn(this.#around.ways.world, TRAILING_MS);
    const letGo = endWith(end, [deadline.signal, this.#around.closing]);
    // The answer is there: what goes wrong behind it concerns nobody.
    while (!await events.next().then(({ done }) => done, () => true));
    letGo();
  }

  /** Takes in what is no answer; `isAlone`: it is about no other request. */
  hearBeside(event: ServerEvent, isAlone: boolean): void {
    if (this.isOver) return;
    for (const message of messagesOf(jsonOf(event))) {
      if (message.kind === "notification" && isAlone) this.#notified(message.message);
      else if (message.kind === "request") this.#asked(message, isAlone);
    }
  }

  /** Takes messages in; the answer, if it is among them. */
  #hear(json: unknown): Incoming | undefined {
    for (const message of messagesOf(json)) {
      if (answers(message, this.#outgoing.id)) return message;
      if (message.kind === "notification") this.#notified(message.message);
      else if (message.kind === "request") this.#asked(message);
    }
    return undefined;
  }

  #notified(notification: UpstreamMessage): void {
    const { onprogress, onnotification } = this.#options;
    const progress = progressOf(notification, this.#outgoing.id);
    if (progress !== undefined) {
      if (onprogress === undefined) return;
      this.#silence.listen();
      onprogress(progress);
    } else if (notification.method.endsWith("/list_changed")) this.#around.heard(notification);
    else onnotification?.(notification);
  }

  /** Answers without being waited for: a person may be asked, and progress goes on meanwhile. */
  #asked(request: Incoming & { kind: "request" }, isOurs = true): void {
    if (!this.#around.isStateful) return;
    this.#meter.request();
    // While a person is asked, it is not the server that is silent.
    this.#asking += 1;
    this.#silence.rest();
    replyTo(request, isOurs ? this.#options.onrequest : undefined, this.#signal)
      .then((reply) => {
        this.#asking -= 1;
        if (this.#asking === 0 && !this.isOver) this.#silence.listen();
        return tell(this.#around, reply);
      }).catch(() => {});
  }
}

/** What an event holds; nothing where it holds no JSON: some servers say `ping`. */
export function jsonOf({ data }: ServerEvent): unknown {
  if (data === undefined) return undefined;
  try {
    return parseMessage(data);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
