/**
 * Server-sent events (HTML Standard, "Server-sent events"), as far as MCP uses
 * them: data, ids and the time before a stream is taken up again.
 *
 * @module
 */

import { type Body, Gathered, readPieces } from "../../broker/core/bodies.ts";
import type { Meter } from "./bounded.ts";

/** One event. Each member is what was said since the last event, or nothing. */
export interface ServerEvent {
  data?: string | undefined;
  id?: string | undefined;
  /** ms */
  retry?: number | undefined;
}

const [LF, CR, COLON] = [0x0a, 0x0d, 0x3a];
/** An id that is longer is not sent back: no server's headers could take it. */
const MAX_ID = 2_000;

/**
 * The events of a stream, as they come. Those of another type than `message`
 * are left out.
 *
 * @throws what the meter throws; the signal's reason; what the stream throws.
 */
export async function* readEvents(
  response: Body,
  meter: Meter,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const begun = new Gathered();
  let event = new Gathering();
  let length = 0;
  let endsWithCr = false;
  for await (const piece of readPieces(response, signal)) {
    await meter.turn(piece.length);
    // The second half of a line's end is no line.
    let from = endsWithCr && piece[0] === LF ? 1 : 0;
    let counted = 0;
    endsWithCr = piece.at(-1) === CR;
    for (let end = ends(piece, from); end !== undefined; end = ends(piece, from)) {
      const { at, next } = end;
      const line = piece.subarray(from, at);
      from = next;
      length += next - counted;
      meter.bytes(next - counted, length);
      counted = next;
      if (begun.size > 0) begun.add(line);
      const size = begun.size > 0 ? begun.size : line.length;
      if (size > 0) {
        event.take(begun.size > 0 ? begun.take() : line);
        continue;
      }
      length = 0;
      await meter.event();
      signal.throwIfAborted();
      const whole = event.whole();
      event = new Gathering();
      if (whole !== undefined) yield whole;
    }
    if (from < piece.length) begun.add(piece.subarray(from));
    length += piece.length - counted;
    meter.bytes(piece.length - counted, length);
  }
}

/** Where the line ends that begins at `from`, and where the next one begins. */
function ends(piece: Uint8Array, from: number): { at: number; next: number } | undefined {
  const lf = piece.indexOf(LF, from);
  const cr = piece.subarray(from, lf < 0 ? piece.length : lf).indexOf(CR);
  const at = cr < 0 ? lf : from + cr;
  if (at < 0) return undefined;
  const isPair = piece[at] === CR && piece[at + 1] === LF;
  return { at, next: at + (isPair ? 2 : 1) };
}

/** What the lines of one event say. */
class Gathering {
  readonly #data: string[] = [];
  #type = "message";
  #id: string | undefined;
  #retry: number | undefined;

  take(bytes: Uint8Array): void {
    // A comment.
    if (bytes[0] === COLON) return;
    const line = new TextDecoder().decode(bytes);
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const rest = colon < 0 ? "" : line.slice(colon + 1);
    const value = rest.startsWith(" ") ? rest.slice(1) : rest;
    switch (field) {
      case "data":
        this.#data.push(value);
        break;
      case "event":
        this.#type = value || "message";
        break;
      case "id":
        // It becomes a header: nothing but what one can hold.
        if (/^[\x21-\x7e]+$/.test(value) && value.length <= MAX_ID) this.#id = value;
        break;
      case "retry":
        if (/^\d{1,9}$/.test(value)) this.#retry = Number(value);
        break;
    }
  }

  whole(): ServerEvent | undefined {
    const data = this.#type === "message" && this.#data.length > 0
      ? this.#data.join("\n")
      : undefined;
    const event = { data, id: this.#id, retry: this.#retry };
    return Object.values(event).some((member) => member !== undefined) ? event : undefined;
  }
}
