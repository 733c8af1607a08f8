/**
 * The one place that reads bodies, of requests and of other servers' answers:
 * never more than a limit in decoded bytes, since 200 KB of gzip may hold
 * 200 MB, and never after its signal, since a sender may send a byte a minute
 * for ever. A stream that is not read to its end is cancelled, so that its
 * connection is given up.
 *
 * The signal is the caller's, and should be the one that the request was sent
 * with: then one time covers headers and body. Sending it along is not enough:
 * after a garbage collection it no longer ends a body that is being read (seen
 * with Deno 2.5 and 2.9, November 2026).
 *
 * @module
 */

import { type Silence, until } from "./deadline.ts";
import { parseJson, TooComplex } from "./json.ts";
import { inOwnWords } from "./own_words.ts";

/** As much of a `Response` or a `Request` as reading it needs. */
export interface Body {
  readonly body: ReadableStream<Uint8Array> | null;
  /** How long it says that it is: for how much room is made at first, and nothing else. */
  readonly headers?: Headers | undefined;
}

/** Bytes that several bodies may have between them. */
export interface Budget {
  left: number;
}

/** How far a body is read. */
export interface Bound {
  /** In decoded bytes. */
  limit: number;
  /** Of several bodies together, where one asks for many. */
  budget?: Budget | undefined;
  /** Reading ends with it. Absent: the body alone decides how long it takes. */
  signal?: AbortSignal | undefined;
  /**
   * Lets others have their turn, between pieces of a long body: while one is
   * there faster than it is read, nobody else is served.
   */
  turn?: (() => Promise<void>) | undefined;
}

/** After so many bytes it is somebody else's turn. */
export const TURN_BYTES = 256 * 1024;

/** A body is longer than it may be. The message says by how much it was bounded, and nothing of it. */
export class TooLong extends RangeError {
  constructor(limit: number) {
    super(`the answer is longer than ${limit} bytes`);
    this.name = "TooLong";
    inOwnWords(this);
  }
}

/** A body that is handed on broke off, on its way here or from here. Nobody is to be told of it. */
export class BrokenOff extends Error {
  constructor() {
    super("The body broke off");
    this.name = "BrokenOff";
  }
}

/**
 * The first `limit` bytes, and whether there were more.
 *
 * @throws {TooLong} when the budget is used up.
 * @throws the signal's reason; what the stream throws.
 */
export async function readBytes(
  { body, headers }: Body,
  { limit, budget = { left: Infinity }, signal, turn }: Bound,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; truncated: boolean }> {
  const gathered = new Gathered();
  if (body !== null) {
    const reader = new Pieces(body, roomFor(headers));
    // A cancelled stream that fails while it ends has nothing left to say.
    const cancel = () => void reader.cancel().catch(() => {});
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      while (gathered.size <= limit) {
        signal?.throwIfAborted();
        const value = await reader.read();
        // Cancelling ends a read as if the body had ended.
        signal?.throwIfAborted();
        if (value === undefined) break;
        budget.left -= value.byteLength;
        if (budget.left < 0) throw new TooLong(limit);
        const turns = Math.floor(gathered.size / TURN_BYTES);
        gathered.add(value);
        if (turn && Math.floor(gathered.size / TURN_BYTES) > turns) await turn();
      }
    } finally {
      signal?.removeEventListener("abort", cancel);
      cancel();
    }
  }
  const truncated = gathered.size > limit;
  return { bytes: gathered.take().subarray(0, limit), truncated };
}

const NOTHING = new Uint8Array();
/** Bytes that a first piece gets, however short it is. */
const LEAST_ROOM = 256;

/**
 * Bytes that come in pieces. They are copied together at once: kept as they
 * come, a million pieces of one byte would weigh a hundred times as much.
 */
export class Gathered {
  #buffer = NOTHING;
  /** How many there are. */
  size = 0;

  add(piece: Uint8Array): void {
    const size = this.size + piece.length;
    if (size > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#buffer.length, LEAST_ROOM));
      larger.set(this.#buffer.subarray(0, this.size));
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.size);
    this.size = size;
  }

  /** All of them; from now on there are none. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#buffer.subarray(0, this.size);
    this.#buffer = NOTHING;
    this.size = 0;
    return bytes;
  }
}

/** Of a request, as much as says how long its body is. */
export interface Sent extends Body {
  readonly headers: Headers;
  text(): Promise<string>;
}

/** A body that may be read without its stream: such a reading ends only when its sender has. */
const SHORT_BYTES = 16 * 1024;

/**
 * A short body whose sender says how long it is, as text; `undefined` for every other one. It is
 * not read as a stream: making one takes longer than all the rest of a request (seen with Deno 2.9,
 * November 2026), and most bodies have come together with their head. Nothing ends the reading of
 * one that does not come, so what it may hold meanwhile is little.
 */
export function readShort(request: Sent, limit: number): Promise<string> | undefined {
  const { headers } = request;
  const length = headers.get("content-length");
  // Where both are there the encoding counts (RFC 9112 §6.3), and that says no length.
  if (length === null || headers.get("transfer-encoding") !== null) return undefined;
  const isShort = /^\d{1,5}$/.test(length) && Number(length) <= Math.min(SHORT_BYTES, limit);
  return isShort ? request.text() : undefined;
}

/** As much as is read in one piece. */
const PIECE_BYTES = 16 * 1024;

/** What one piece of a body needs, by what it says of its length: most are short. */
function roomFor(headers: Headers | undefined): number {
  const said = headers?.get("content-length") ?? "";
  return /^\d{1,5}$/.test(said)
    ? Math.min(PIECE_BYTES, Math.max(LEAST_ROOM, Number(said) + 1))
    : PIECE_BYTES;
}

/**
 * A body's pieces. What comes from the network is read into a buffer that is
 * used again and again, since that takes half of the time (seen with Deno 2.9,
 * November 2026): a piece is good until the next one is read.
 */
class Pieces {
  readonly #reader: ReadableStreamBYOBReader | ReadableStreamDefaultReader<Uint8Array>;
  #buffer: Uint8Array<ArrayBuffer> | undefined;

  constructor(body: ReadableStream<Uint8Array>, room = PIECE_BYTES) {
    try {
      this.#reader = body.getReader({ mode: "byob" });
      this.#buffer = new Uint8Array(room);
    } catch (error) {
      // A stream of this program's own, or one that somebody else reads: that says it once more.
      if (!(error instanceof TypeError)) throw error;
      this.#reader = body.getReader();
    }
  }

  /** `undefined`: there are no more. */
  async read(): Promise<Uint8Array | undefined> {
    const buffer = this.#buffer;
    const { done, value } = buffer === undefined
      ? await (this.#reader as ReadableStreamDefaultReader<Uint8Array>).read()
      : await (this.#reader as ReadableStreamBYOBReader).read(buffer);
    if (done || value === undefined) return undefined;
    if (buffer !== undefined) this.#buffer = nextBuffer(value);
    return value;
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }
}

/** The same again; of full size where a body turns out to be longer than it said, as one of gzip is. */
function nextBuffer({ buffer, byteLength }: Uint8Array): Uint8Array<ArrayBuffer> {
  return byteLength < buffer.byteLength || buffer.byteLength >= PIECE_BYTES
    ? new Uint8Array(buffer as ArrayBuffer)
    : new Uint8Array(PIECE_BYTES);
}

/**
 * The pieces of a body as they come, of any number: whoever reads them counts.
 * What nobody has asked for yet is not read. A piece is good until the next one.
 *
 * @throws the signal's reason; what the stream throws.
 */
export async function* readPieces(
  { body }: Body,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = new Pieces(body);
  // A cancelled stream that fails while it ends has nothing left to say.
  const cancel = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const value = await reader.read();
      // Cancelling ends a read as if the body had ended.
      signal.throwIfAborted();
      if (value === undefined) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

/** Gives a body up that nobody will read. One that has failed meanwhile is given up already. */
export async function discard({ body }: Body): Promise<void> {
  await body?.cancel().catch(() => {});
}

/**
 * All of a body as text.
 *
 * @throws {TooLong} when it is longer than `limit`; else as {@linkcode readBytes}.
 */
export async function readText(body: Body, bound: Bound): Promise<string> {
  const { bytes, truncated } = await readBytes(body, bound);
  if (truncated) throw new TooLong(bound.limit);
  return new TextDecoder().decode(bytes);
}

/**
 * All of a body as JSON.
 *
 * @throws {SyntaxError} when it is none, {TooComplex} when it is not worth its
 * time, without a word of it; else as {@linkcode readText}.
 */
export async function readJson(body: Body, bound: Bound): Promise<unknown> {
  const text = await readText(body, bound);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof TooComplex) throw inOwnWords(error);
    // The parser's own message quotes what it read.
    throw inOwnWords(new SyntaxError("the answer is not JSON"));
  }
}

/**
 * A body that is handed on as it comes, of any length: nothing is kept here, and
 * what is not read is not fetched. Whoever should send the next piece has the
 * time of `silence` for it; so has, with `listening`, whoever should take it.
 * When one side ends too early, the other one hears of it.
 */
export function passOn(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  silence: Silence,
  { listening = false }: { listening?: boolean } = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const giveUp = () => reader.cancel().catch(() => {});
  return new ReadableStream({
    async pull(controller) {
      silence.listen();
      try {
        const { done, value } = await until(silence.signal, reader.read());
        if (done) controller.close();
        else controller.enqueue(value);
      } catch {
        await giveUp();
        // The error's own words may have an address in them, and Deno would print them.
        throw new BrokenOff();
      } finally {
        if (listening) silence.listen();
        else silence.rest();
      }
    },
    async cancel() {
      silence.rest();
      await giveUp();
    },
  }, { highWaterMark: 0 });
}

/** How lines are read. */
export interface LineBound {
  /** Of one line, in bytes. What is longer is passed over, and not kept meanwhile. */
  limit: number;
  /** Whoever sends has its time for each piece. */
  silence?: Silence | undefined;
  /** Reading ends with it, such as when whoever sends has hung up: the body itself may not say so. */
  signal?: AbortSignal | undefined;
}

/**
 * The lines of a body, one after the other, of any number: what nobody has
 * asked for yet is not read, so whoever sends waits for whoever reads. `null`
 * stands for a line that is too long.
 *
 * @throws the reason of `silence` or of `signal`; what the stream throws.
 */
export async function* readLines(
  { body }: Body,
  { limit, silence, signal }: LineBound,
): AsyncGenerator<string | null> {
  if (body === null) return;
  const reader = body.getReader();
  const end = AbortSignal.any([silence?.signal, signal].filter((each) => each !== undefined));
  const line = new Gathered();
  let isTooLong = false;
  const add = (piece: Uint8Array) => {
    if (line.size + piece.length > limit) isTooLong = true;
    if (isTooLong) line.take();
    else line.add(piece);
  };
  const take = () => {
    const text = new TextDecoder().decode(line.take());
    return isTooLong ? null : text;
  };
  try {
    for (;;) {
      silence?.listen();
      const { done, value } = await until(end, reader.read());
      silence?.rest();
      if (done) break;
      let start = 0;
      for (let end = value.indexOf(LINE_END); end >= 0; end = value.indexOf(LINE_END, start)) {
        add(value.subarray(start, end));
        yield take();
        isTooLong = false;
        start = end + 1;
      }
      add(value.subarray(start));
    }
    if (isTooLong || line.size > 0) yield take();
  } finally {
    silence?.rest();
    // A cancelled stream that fails while it ends has nothing left to say.
    await reader.cancel().catch(() => {});
  }
}

const LINE_END = 0x0a;

/** A form that was sent with files (RFC 7578): texts, and the bytes of files that are not empty. */
export interface FormParts {
  texts: URLSearchParams;
  files: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Reads such a form, which is here already; `null` where it is none. */
export async function readFormParts(
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<FormParts | null> {
  let form;
  try {
    form = await new Response(bytes, { headers: { "Content-Type": type } }).formData();
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
  const parts: FormParts = { texts: new URLSearchParams(), files: new Map() };
  for (const [name, value] of form) {
    if (typeof value === "string") parts.texts.append(name, value);
    else if (value.size > 0) parts.files.set(name, new Uint8Array(await value.arrayBuffer()));
  }
  return parts;
}
