/**
 * Reads one HTTP/1.1 answer as it comes (RFC 9112), of a connection that is
 * used once: head, then a body with a length, in chunks, or until the end.
 * Strict: what two readers could take for two things is no answer.
 *
 * @module
 */

import { Gathered } from "../broker/core/bodies.ts";

export const MAX_HEADER_BYTES = 16 * 1024;

/** Answers that say "wait" before the answer (RFC 9110 §15.2). */
const MOST_INTERIM = 4;

/** Why there is no answer. */
export type Fault = "not_http" | "too_long" | "broken_off";

/** The other side sent what is no answer, or too much of one. */
export class BadAnswer extends Error {
  override name = "BadAnswer";
  constructor(readonly fault: Fault) {
    super(fault);
  }
}

/** An answer, whole. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

const [CR, LF] = [0x0d, 0x0a];

/** What comes of one connection. */
export class AnswerReader {
  readonly #limit: number;
  #text = "";
  #interim = 0;
  #answer: { status: number; headers: Headers; body: BodyReader } | undefined;

  /** @param limit of the body, in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the answer is there, whole. @throws {BadAnswer} */
  add(bytes: Uint8Array): boolean {
    let rest = bytes;
    while (this.#answer === undefined) {
      const end = this.#readHead(rest);
      if (end === undefined) return false;
      rest = rest.subarray(end);
      this.#parseHead();
    }
    return this.#answer.body.add(rest);
  }

  /** The other side has closed. @throws {BadAnswer} where it did so too early. */
  end(): Answer {
    if (this.#answer === undefined) throw new BadAnswer("not_http");
    return { ...this.#answer, body: this.#answer.body.end() };
  }

  /** How many of the bytes end the head; nothing while it goes on. */
  #readHead(bytes: Uint8Array): number | undefined {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      // Bytes, not UTF-8: a header's value is opaque (RFC 9110 §5.5).
      this.#text += String.fromCharCode(byte);
      if (this.#text.length > MAX_HEADER_BYTES) throw new BadAnswer("too_long");
      if (byte === LF && this.#text.endsWith("\r\n\r\n")) return at + 1;
    }
    return undefined;
  }

  #parseHead(): void {
    const [statusLine = "", ...lines] = this.#text.slice(0, -4).split("\r\n");
    this.#text = "";
    const [, digits] = /^HTTP\/1\.[01] (\d{3})(?: .*)?$/.exec(statusLine) ?? [];
    const status = Number(digits);
    if (digits === undefined || status < 100 || status > 599) throw new BadAnswer("not_http");
    const headers = new Headers();
    for (const line of lines) {
      const field = /^([!#$%&'*+.^_`|~\w-]+):(.*)$/.exec(line);
      if (field === null) throw new BadAnswer("not_http");
      const [, name = "", value = ""] = field;
      try {
        headers.append(name, value.trim());
      } catch {
        throw new BadAnswer("not_http");
      }
    }
    if (status < 200) {
      this.#interim += 1;
      // Nobody asked for another protocol.
      if (status === 101 || this.#interim > MOST_INTERIM) throw new BadAnswer("not_http");
      return;
    }
    this.#answer = { status, headers, body: bodyReader(status, headers, this.#limit) };
  }
}

interface BodyReader {
  /** Whether it is whole. */
  add(bytes: Uint8Array): boolean;
  end(): Uint8Array<ArrayBuffer>;
}

function bodyReader(status: number, headers: Headers, limit: number): BodyReader {
  const encoding = headers.get("Transfer-Encoding");
  const length = headers.get("Content-Length");
  if (status === 204 || status === 304) return new LengthReader(0);
  if (encoding !== null) {
    // With a length beside it, somebody on the way may have read another answer.
    const isPlain = encoding.toLowerCase() === "chunked" && length === null;
    if (!isPlain) throw new BadAnswer("not_http");
    return new ChunkReader(limit);
  }
  if (length === null) return new RestReader(limit);
  // Twice the same is one; two are none (RFC 9110 §8.6).
  const [said = "", ...more] = length.split(",").map((each) => each.trim());
  if (!/^\d{1,15}$/.test(said) || more.some((each) => each !== said)) {
    throw new BadAnswer("not_http");
  }
  if (Number(said) > limit) throw new BadAnswer("too_long");
  return new LengthReader(Number(said));
}

class LengthReader implements BodyReader {
  readonly #bytes = new Gathered();
  readonly #length: number;
  constructor(length: number) {
    this.#length = length;
  }
  add(bytes: Uint8Array): boolean {
    this.#bytes.add(bytes);
    if (this.#bytes.size > this.#length) throw new BadAnswer("broken_off");
    return this.#bytes.size === this.#length;
  }
  end(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.size !== this.#length) throw new BadAnswer("broken_off");
    return this.#bytes.take();
  }
}

class RestReader implements BodyReader {
  readonly #bytes = new Gathered();
  readonly #limit: number;
  constructor(limit: number) {
    this.#limit = limit;
  }
  add(bytes: Uint8Array): boolean {
    this.#bytes.add(bytes);
    if (this.#bytes.size > this.#limit) throw new BadAnswer("too_long");
    return false;
  }
  end(): Uint8Array<ArrayBuffer> {
    return this.#bytes.take();
  }
}

/** A line of a chunk's size, with its extensions, or of a trailer. */
const LONGEST_LINE = 1024;
const MOST_TRAILERS = 16;

/** RFC 9112 §7.1. */
class ChunkReader implements BodyReader {
  readonly #bytes = new Gathered();
  readonly #limit: number;
  #state: "size" | "data" | "after" | "trailer" | "done" = "size";
  #left = 0;
  #line = "";
  #trailers = 0;
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length && this.#state !== "done";) {
      if (this.#state === "data") {
        const piece = bytes.subarray(at, at + this.#left);
        this.#bytes.add(piece);
        at += piece.length;
        this.#left -= piece.length;
        if (this.#left === 0) this.#state = "after";
      } else {
        this.#readLine(bytes[at]!);
        at += 1;
      }
    }
    return this.#state === "done";
  }

  #readLine(byte: number): void {
    this.#line += String.fromCharCode(byte);
    if (this.#line.length > LONGEST_LINE) throw new BadAnswer("broken_off");
    if (byte !== LF) return;
    if (this.#line.charCodeAt(this.#line.length - 2) !== CR) throw new BadAnswer("broken_off");
    const line = this.#line.slice(0, -2);
    this.#line = "";
    switch (this.#state) {
      case "size":
        return this.#begin(line);
      case "after":
        if (line !== "") throw new BadAnswer("broken_off");
        this.#state = "size";
        return;
      default:
        this.#trailers += 1;
        if (this.#trailers > MOST_TRAILERS) throw new BadAnswer("too_long");
        if (line === "") this.#state = "done";
    }
  }

  #begin(line: string): void {
    // Hexadecimal digits and nothing else: a sign would lead backwards.
    const [, digits] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line) ?? [];
    if (digits === undefined) throw new BadAnswer("broken_off");
    this.#left = parseInt(digits, 16);
    if (this.#bytes.size + this.#left > this.#limit) throw new BadAnswer("too_long");
    this.#state = this.#left === 0 ? "trailer" : "data";
  }

  end(): Uint8Array<ArrayBuffer> {
    if (this.#state !== "done") throw new BadAnswer("broken_off");
    return this.#bytes.take();
  }
}
