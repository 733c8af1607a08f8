/**
 * What one connection to an upstream may bring: so many bytes in a message, so
 * many in all, so many requests. The SDK's transport reads what it is given;
 * here the bytes are counted, after they were decoded, on their way to it.
 *
 * @module
 */

import { TURN_BYTES } from "../../broker/core/bodies.ts";
import type { World } from "../../broker/core/world.ts";

/** One message, decoded: a JSON answer, or an event of a stream. As an API's answer. */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
/** All that comes over one connection, which serves one list or one call. */
export const MAX_CONNECTION_BYTES = 2 * MAX_MESSAGE_BYTES;
/** Events of all streams of a connection; a long call with progress every 100 ms takes 6,000. */
export const MAX_EVENTS = 10_000;
/**
 * A connection's requests. A list takes some twenty, a call three; the rest is
 * for streams that are taken up again. The SDK takes one up as soon as its
 * server likes, and answers each of its pings with a request.
 */
export const MAX_REQUESTS = 100;
/**
 * After so many events everybody else has a turn. The SDK takes what has
 * arrived in one go, which for a flood of events that it does not expect was a
 * second in which no other caller was served (seen with Deno 2.9.6).
 */
const EVENTS_A_TURN = 10;
/** So many come as fast as they can; the next ones wait, so that whoever hangs up ends most of a flood. */
const EVENTS_AT_ONCE = 500;
const TURN_MS = 10;
/** Events are handed on in pieces of so many bytes, since a chunk can hold thousands. */
const PIECE_BYTES = 4096;

/** The way out, and how to let others have a turn. */
export interface BoundedDeps {
  fetch: typeof globalThis.fetch;
  world: Pick<World, "sleep">;
}

/** A fetch for one connection. `onExceeded` hears of it when something was too much. */
export function boundedFetch(
  { fetch, world }: BoundedDeps,
  onExceeded: () => void,
): typeof globalThis.fetch {
  const left: Left = { bytes: MAX_CONNECTION_BYTES, events: MAX_EVENTS };
  let requests = 0;
  return async (url, init) => {
    requests += 1;
    if (requests > MAX_REQUESTS || left.bytes < 0) {
      onExceeded();
      throw new RangeError("the upstream wants too much");
    }
    const response = await fetch(url, init);
    if (response.body === null) return response;
    const streamed = /^text\/event-stream\b/i.test(response.headers.get("Content-Type") ?? "");
    const { status, statusText, headers } = response;
    // By the signal itself: the one that fetch makes of it may be collected as garbage before it
    // tells (seen with Deno 2.9), and a stream that nobody reads would stay open for minutes.
    const { signal } = init ?? {};
    const counted = response.body.pipeThrough(
      streamed ? paced(left, onExceeded, world) : counting(left, onExceeded, world),
      signal ? { signal } : {},
    );
    return new Response(counted, { status, statusText, headers });
  };
}

/** What a connection may still bring. */
interface Left {
  bytes: number;
  events: number;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Lets bytes through until there are too many of them; then the stream fails. */
function counting(
  left: Left,
  onExceeded: () => void,
  world: BoundedDeps["world"],
): TransformStream<Bytes, Bytes> {
  const longest = totalLength();
  let nextTurn = left.bytes - TURN_BYTES;
  return new TransformStream({
    async transform(chunk, controller) {
      letThrough(chunk, { left, longest, onExceeded, controller });
      if (left.bytes > nextTurn) return;
      nextTurn = left.bytes - TURN_BYTES;
      await world.sleep(0);
    },
  });
}

/** The same for events, some at a time. */
function paced(
  left: Left,
  onExceeded: () => void,
  world: BoundedDeps["world"],
): TransformStream<Bytes, Bytes> {
  const longest = eventLength(left);
  let nextTurn = left.events - EVENTS_A_TURN;
  return new TransformStream({
    async transform(chunk, controller) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        letThrough(piece, { left, longest, onExceeded, controller });
        if (left.events > nextTurn) continue;
        nextTurn = left.events - EVENTS_A_TURN;
        await world.sleep(left.events > MAX_EVENTS - EVENTS_AT_ONCE ? 0 : TURN_MS);
      }
    },
  });
}

function letThrough(chunk: Bytes, { left, longest, onExceeded, controller }: {
  left: Left;
  longest: Length;
  onExceeded: () => void;
  controller: TransformStreamDefaultController<Bytes>;
}): void {
  left.bytes -= chunk.length;
  if (longest(chunk) > MAX_MESSAGE_BYTES || left.bytes < 0 || left.events < 0) {
    // A stream that fails leaves its request waiting: the connection must end, too.
    onExceeded();
    throw new RangeError("the upstream's answer is too long");
  }
  controller.enqueue(chunk);
}

/** How long the message is so far that a chunk belongs to. */
type Length = (chunk: Uint8Array) => number;

function totalLength(): Length {
  let length = 0;
  return (chunk) => length += chunk.length;
}

/** The longest event that a chunk belongs to, counting those that end: with an empty line. */
function eventLength(left: Left): Length {
  const [LF, CR] = [0x0a, 0x0d];
  let length = 0;
  let line = 0;
  let last = 0;
  return (chunk) => {
    let longest = 0;
    for (const byte of chunk) {
      length += 1;
      if (byte !== LF && byte !== CR) line += 1;
      // The second half of a line's end is no line.
      else if (byte === CR || last !== CR) {
        longest = Math.max(longest, length);
        if (line === 0) {
          left.events -= 1;
          length = 0;
        }
        line = 0;
      }
      last = byte;
    }
    return Math.max(longest, length);
  };
}
