/**
 * A caller that keeps its connection and spends little itself: the request is
 * written as it was made once, of the answer no more is read than where it ends.
 *
 * @module
 */

/** One request, and how its right answer is known. */
export interface Question {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string> | undefined;
  body?: string | undefined;
  /** What each of several callers asks, the first being 1. Absent: all the same, by an id of their own. */
  of?: ((caller: number) => Question) | undefined;
}

/** An answer as it came. */
export interface Answer {
  status: number;
  /** Lines of the head, in lower case. */
  head: string;
  /** The same as they came. */
  rawHead: string;
  body: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** After this a program that is silent has failed. */
const PATIENCE_MS = 30_000;
/** The end of a body in chunks. */
const LAST_CHUNK = encoder.encode("0\r\n\r\n");
const END_OF_HEAD = encoder.encode("\r\n\r\n");

/** A request as it goes over the wire. */
export function wireOf({ method, path, headers = {}, body }: Question, port: number): Uint8Array {
  const bytes = encoder.encode(body ?? "");
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...("Host" in headers ? [] : [`Host: localhost:${port}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`Content-Length: ${bytes.length}`]),
  ];
  const head = encoder.encode(`${lines.join("\r\n")}\r\n\r\n`);
  const wire = new Uint8Array(head.length + bytes.length);
  wire.set(head);
  wire.set(bytes, head.length);
  return wire;
}

/** Whoever asks, by whatever way. */
export interface Asker extends Disposable {
  /** Asks, and waits for the whole answer. */
  ask(wire: Uint8Array): Promise<number>;
  /** The same, and the answer is handed over. */
  read(wire: Uint8Array): Promise<Answer>;
}

/** How somebody who asks comes to be. */
export type Connect = (port: number) => Asker | Promise<Asker>;

/** By HTTP, as usual. */
export const connect: Connect = (port) => new Caller(port);

/** A connection that is kept; one request at a time. */
export class Caller implements Asker {
  #conn: Deno.Conn | undefined;
  #received = new Uint8Array(256 * 1024);

  constructor(private readonly port: number) {}

  async ask(wire: Uint8Array): Promise<number> {
    return (await this.#exchange(wire)).status;
  }

  async read(wire: Uint8Array): Promise<Answer> {
    const { status, headEnd, length } = await this.#exchange(wire);
    const rawHead = decoder.decode(this.#received.subarray(0, headEnd));
    const head = rawHead.toLowerCase();
    const body = decoder.decode(this.#received.subarray(headEnd + END_OF_HEAD.length, length));
    return { status, head, rawHead, body: isChunked(head) ? joined(body) : body };
  }

  [Symbol.dispose]() {
    this.#conn?.close();
    this.#conn = undefined;
  }

  async #exchange(wire: Uint8Array) {
    const timer = setTimeout(() => this[Symbol.dispose](), PATIENCE_MS);
    try {
      return await this.#asked(wire);
    } finally {
      clearTimeout(timer);
    }
  }

  async #asked(wire: Uint8Array) {
    this.#conn ??= await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    const conn = this.#conn;
    for (let sent = 0; sent < wire.length;) sent += await conn.write(wire.subarray(sent));
    let length = 0;
    let headEnd = -1;
    let ends: ((length: number) => boolean) | undefined;
    let closes = false;
    while (ends?.(length) !== true) {
      if (length === this.#received.length) this.#grow();
      const read = await conn.read(this.#received.subarray(length));
      if (read === null) throw new Error("The connection was closed within an answer");
      length += read;
      if (ends !== undefined) continue;
      headEnd = indexOf(this.#received.subarray(0, length), END_OF_HEAD);
      if (headEnd < 0) continue;
      const head = decoder.decode(this.#received.subarray(0, headEnd)).toLowerCase();
      ends = this.#endOf(head, headEnd + END_OF_HEAD.length);
      closes = /^connection: close/m.test(head);
    }
    if (closes) this[Symbol.dispose]();
    const status = Number(decoder.decode(this.#received.subarray(9, 12)));
    return { status, headEnd, length };
  }

  /** How it is known that an answer is whole. */
  #endOf(head: string, start: number): (length: number) => boolean {
    if (isChunked(head)) {
      return (length) =>
        LAST_CHUNK.every((byte, i) => this.#received[length - LAST_CHUNK.length + i] === byte);
    }
    const size = Number(/^content-length: (\d+)/m.exec(head)?.[1] ?? 0);
    return (length) => length >= start + size;
  }

  #grow(): void {
    const larger = new Uint8Array(this.#received.length * 2);
    larger.set(this.#received);
    this.#received = larger;
  }
}

function isChunked(head: string): boolean {
  return /^transfer-encoding: chunked/m.test(head);
}

/** The text of a body in chunks: of ASCII alone, as every body here. */
function joined(body: string): string {
  let text = "";
  let rest = body;
  for (;;) {
    const [line = "0"] = rest.split("\r\n", 1);
    const size = parseInt(line, 16);
    if (!(size > 0)) return text;
    text += rest.slice(line.length + 2, line.length + 2 + size);
    rest = rest.slice(line.length + 2 + size + 2);
  }
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0; at <= bytes.length - wanted.length; at++) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
