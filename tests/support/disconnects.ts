/**
 * Callers that hang up: each sends some of a well-formed request over a socket
 * of its own, waits a moment, reads some of the answer, and is gone.
 *
 * @module
 */

import type { Dice } from "./fuzz/dice.ts";

/** One caller's way to go. What is planned does not depend on what happens. */
export interface Disconnect {
  request: string;
  /** How much of it is sent. */
  sent: number;
  /** Between sending and reading, in ms: hanging up has no event to wait for. */
  pause: number;
  /** How often the answer is read. What is left unread makes the end a reset. */
  reads: number;
  /** Whether the caller says before that it will send no more. */
  halfClosed: boolean;
}

const MOST_PAUSE_MS = 20;

/** A plan by the dice. Half of all requests are sent whole: the more of the program is at work. */
export function plan(dice: Dice, requests: (() => string)[]): Disconnect {
  const request = dice.pick(requests)();
  return {
    request,
    sent: dice.int(2) === 0 ? request.length : dice.int(request.length),
    pause: dice.int(4) === 0 ? 0 : dice.int(MOST_PAUSE_MS),
    reads: dice.int(3),
    halfClosed: dice.int(8) === 0,
  };
}

const encoder = new TextEncoder();

async function hangUp(
  port: number,
  disconnect: Disconnect,
  seen: (answer: Uint8Array) => void,
): Promise<void> {
  const { request, sent, pause, reads, halfClosed } = disconnect;
  using socket = await Deno.connect({ hostname: "127.0.0.1", port });
  const answer = new Uint8Array(2048);
  try {
    const bytes = encoder.encode(request.slice(0, sent));
    for (let done = 0; done < bytes.length;) done += await socket.write(bytes.subarray(done));
    if (halfClosed) await socket.closeWrite();
    await new Promise((resolve) => setTimeout(resolve, pause));
    // An answer that does not come is not waited for.
    const late = setTimeout(() => socket.close(), 10 * MOST_PAUSE_MS);
    try {
      for (let count = 0; count < reads; count++) {
        const length = await socket.read(answer);
        if (length === null) break;
        seen(answer.subarray(0, length));
      }
    } finally {
      clearTimeout(late);
    }
  } catch (error) {
    // The program may be the first to go.
    const gone = error instanceof Deno.errors.BrokenPipe ||
      error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BadResource ||
      error instanceof Deno.errors.Interrupted || error instanceof Deno.errors.NotConnected;
    if (!gone) throw error;
  }
}

/** Carries out plans, so many at a time; `seen` gets what was read of the answers. */
export async function hangUpAll(
  port: number,
  disconnects: Iterable<Disconnect>,
  atOnce: number,
  seen: (answer: Uint8Array) => void = () => {},
): Promise<void> {
  const rest = disconnects[Symbol.iterator]();
  const one = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      await hangUp(port, next.value, seen);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

/** What a process holds, as Linux tells it. */
export async function holdings(pid: number): Promise<{ files: number; resident: number }> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const resident = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  return { files: (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length, resident };
}
