/**
 * A session with a local upstream: one process, MCP over its input and output.
 *
 * @module
 */

import { readPieces } from "../../broker/core/bodies.ts";
import { silenceLimit, until } from "../../broker/core/deadline.ts";
import type { ProcessSpec, StartedProcess, StartProcess } from "../../broker/core/system_user.ts";
import type { World } from "../../broker/core/world.ts";
import { Meter } from "./bounded.ts";
import { beforehand, faultOfEnd, mayBeDone, notDone, UpstreamFault } from "./fault.ts";
import { LastWords } from "./last_words.ts";
import { Lines } from "./lines.ts";
import {
  type ClientSays,
  discoveryOf,
  envelope,
  type Greeting,
  greetingOf,
  initializeParams,
  STATELESS_REVISION,
  withProgressToken,
} from "./open.ts";
import { type Incoming, messagesOf, progressOf, replyTo, resultOf } from "./rpc.ts";
import type { RequestOptions, UpstreamMessage, UpstreamSession } from "./session.ts";
import type { KeptSession } from "./sessions.ts";

/** Messages that a process has not read; beyond them it gets no more. */
export const MAX_UNREAD = 100;

/** What a process is started with. */
export interface ProcessOpening {
  process: ProcessSpec;
  start: StartProcess;
  world: Pick<World, "sleep">;
  timeoutMs: number;
  says: ClientSays;
  /** Of the person whose process it is. */
  token: string | undefined;
  /** Whether all who call are one person: then what it says and asks is that person's. */
  isPersonal: boolean;
  /** What its standard error must not be repeated with. */
  secrets: readonly string[];
  heard: ((notification: UpstreamMessage) => void) | undefined;
  /** Hears the last words of one that did not greet. */
  onfailed(lastWords: string): void;
}

/** Starts a process and greets it. @throws {UpstreamFault} that says that nothing was done. */
export async function openProcess(opening: ProcessOpening): Promise<ProcessSession> {
  const session = new ProcessSession(opening);
  try {
    await beforehand(() => session.greet());
    return session;
  } catch (error) {
    await session.close();
    opening.onfailed(session.lastWords());
    throw error;
  }
}

/** A request that waits for its answer. */
interface Pending {
  answer: PromiseWithResolvers<Record<string, unknown>>;
  options: RequestOptions;
  listen(): void;
  rest(): void;
  meter: Meter;
}

/** A process that runs. */
export class ProcessSession implements UpstreamSession, KeptSession {
  /** Resolves where it ends without having been told to. */
  readonly ended: Promise<void>;
  /** Resolves when it has ended. */
  readonly over: Promise<void>;
  #isToldToEnd = false;
  readonly #opening: ProcessOpening;
  readonly #process: StartedProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines = new Lines();
  readonly #lastWords = new LastWords();
  readonly #pending = new Map<number, Pending>();
  readonly #closing = new AbortController();
  #nextId = 1;
  #greeting: Greeting = { revision: "", capabilities: {}, instructions: undefined };

  constructor(opening: ProcessOpening) {
    this.#opening = opening;
    try {
      this.#process = opening.start(opening.process);
    } catch (error) {
      throw notDone({ kind: "not_started" }, { cause: error });
    }
    this.#writer = this.#process.input.getWriter();
    // A process that is gone has closed it already.
    this.#writer.closed.catch(() => {});
    this.over = Promise.all([this.#read(), this.#readErrors(), this.#process.ended])
      .then(() => this.#failAll("dropped"));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    const told = () => this.#isToldToEnd || resolve();
    this.over.then(told, told);
  }

  get instructions(): string | undefined {
    return this.#greeting.instructions;
  }

  get capabilities(): Readonly<Record<string, unknown>> {
    return this.#greeting.capabilities;
  }

  get revision(): string {
    return this.#greeting.revision;
  }

  /** The token is in its environment: with another one it is another process. */
  as(token: string | undefined): UpstreamSession | undefined {
    return token === this.#opening.token ? this : undefined;
  }

  /** Its standard error's last lines. */
  lastWords(): string {
    const { secrets, token } = this.#opening;
    return this.#lastWords.said(token === undefined ? secrets : [...secrets, token]);
  }

  async request(
    method: string,
    params: Record<string, unknown>,
    options: RequestOptions,
  ): Promise<Record<string, unknown>> {
    const id = this.#nextId++;
    const asked = options.onprogress === undefined ? params : withProgressToken(params, id);
    const said = this.#isStateless() ? envelope(asked, this.#opening.says) : asked;
    const { world } = this.#opening;
    const silence = silenceLimit(world, options.timeoutMs);
    const signal = AbortSignal.any([options.signal, silence.signal]);
    const answer = Promise.withResolvers<Record<string, unknown>>();
    const { listen, rest } = silence;
    this.#pending.set(id, { answer, options, listen, rest, meter: new Meter(world) });
    silence.listen();
    try {
      if (this.#closing.signal.aborted) throw notDone({ kind: "dropped" });
      if (this.#isFull()) throw notDone({ kind: "no_place" });
      this.#write({ id, method, params: said });
      return await until(signal, answer.promise);
    } catch (error) {
      const isOver = signal.aborted && !(error instanceof UpstreamFault);
      if (isOver) this.#write({ method: "notifications/cancelled", params: { requestId: id } });
      const fault = isOver ? faultOfEnd(signal) : error;
      if (fault instanceof UpstreamFault) fault.lastWords = this.lastWords();
      throw fault;
    } finally {
      silence.rest();
      this.#pending.delete(id);
    }
  }

  /**
   * Greets as servers of sessions are greeted, since some of them end at any
   * other first message; one that knows none is asked for what it knows.
   */
  async greet(): Promise<void> {
    const { says, timeoutMs } = this.#opening;
    const options = { signal: this.#closing.signal, timeoutMs };
    try {
      const params = initializeParams(says);
      this.#greeting = greetingOf(await this.request("initialize", params, options));
      this.#write({ method: "notifications/initialized" });
    } catch (error) {
      if (!(error instanceof UpstreamFault) || error.why.kind !== "answered_error") throw error;
      const found = await this.request("server/discover", envelope({}, says), options)
        .then(discoveryOf, () => undefined);
      if (found === undefined) throw error;
      this.#greeting = found;
    }
  }

  async close(): Promise<void> {
    this.#isToldToEnd = true;
    await this.#end();
  }

  async #end(): Promise<void> {
    this.#failAll("dropped");
    void this.#writer.close().catch(() => {});
    await this.#process.end();
    this.#lines.clear();
  }

  #isFull(): boolean {
    return (this.#writer.desiredSize ?? 0) < -MAX_UNREAD;
  }

  #isStateless(): boolean {
    return this.#greeting.revision >= STATELESS_REVISION;
  }

  /**
   * Not waited for: a process that reads nothing is told by its answer's time, and gets no answers
   * to what it asks meanwhile.
   */
  #write(message: Record<string, unknown>): void {
    if (this.#isFull()) return;
    const line = `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
    void this.#writer.write(new TextEncoder().encode(line)).catch(() => {});
  }

  async #read(): Promise<void> {
    const { output } = this.#process;
    try {
      for await (const piece of readPieces({ body: output }, new AbortController().signal)) {
        this.#lines.append(piece);
        for (let line = this.#lines.next(); line !== null; line = this.#lines.next()) {
          for (const message of messagesOf(line.json)) this.#hear(message);
        }
      }
    } catch (error) {
      this.#failAll(error instanceof RangeError ? "too_much" : "dropped");
    }
    // It can say nothing any more, even where it still runs.
    await this.#end();
  }

  async #readErrors(): Promise<void> {
    const { errors } = this.#process;
    try {
      for await (const piece of readPieces({ body: errors }, new AbortController().signal)) {
        this.#lastWords.append(piece);
      }
    } catch {
      // Nobody speaks there any more.
    }
  }

  #failAll(kind: "dropped" | "too_much"): void {
    this.#closing.abort();
    const fault = mayBeDone({ kind });
    for (const { answer } of this.#pending.values()) answer.reject(fault);
  }

  #hear(message: Incoming): void {
    if (message.kind === "request") this.#asked(message);
    else if (message.kind === "notification") this.#notified(message.message);
    else this.#answered(message);
  }

  #answered(answer: Incoming & { kind: "result" | "error" }): void {
    const pending = this.#pending.get(Number(answer.id));
    // Thrown as an answer to whoever waits.
    pending?.answer.resolve(Promise.try(resultOf, answer));
  }

  #notified(notification: UpstreamMessage): void {
    const token = Number(notification.params.progressToken);
    const { options, listen } = this.#pending.get(token) ?? {};
    const progress = progressOf(notification, token);
    if (progress !== undefined && options?.onprogress !== undefined) {
      listen?.();
      options.onprogress(progress);
    } else if (notification.method.endsWith("/list_changed")) this.#opening.heard?.(notification);
    else if (this.#opening.isPersonal) {
      for (const { options } of this.#pending.values()) options.onnotification?.(notification);
    }
  }

  /** Of a process that several share nobody knows whose call a question belongs to. */
  #asked(request: Incoming & { kind: "request" }): void {
    const { isPersonal } = this.#opening;
    const pending = [...this.#pending.values()].at(-1);
    const asked = isPersonal ? pending?.options.onrequest : undefined;
    try {
      pending?.meter.request();
    } catch (error) {
      return pending?.answer.reject(error);
    }
    // It does not throw: what goes wrong with whoever is asked becomes a refusal.
    // While a person is asked, it is not the server that is silent.
    if (asked !== undefined) pending?.rest();
    replyTo(request, asked, this.#closing.signal).then((reply) => {
      const isWaiting = [...this.#pending.values()].some((each) => each === pending);
      if (asked !== undefined && isWaiting) pending?.listen();
      this.#write(reply);
    }, () => {});
  }
}
