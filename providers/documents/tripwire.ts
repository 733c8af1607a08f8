/**
 * A worker ends itself when its time or its memory is used up: nobody else can. (In November 2026
 * `terminate()` leaves a worker that calculates running, in Deno 2.9 for ever, in 2.5 for two
 * seconds; and a worker without memory takes the whole process with it.) `self.close()` does stop
 * it wherever it is, since it is called from within.
 *
 * So whatever a long calculation must come past looks at the clock: the built-in functions that a
 * reader of PDFs calls in each of its loops, and our own loops by {@linkcode Clock.tick}.
 *
 * @module
 */

import type { DocumentText } from "./document.ts";

/** A reader of PDFs takes 40 MB before it has read anything; a long document takes 100 more. */
export const DOCUMENT_MEMORY = 256 * 1024 * 1024;
/** Looking at the clock takes longer than what is counted. */
const CALLS_PER_LOOK = 512;
/** Part of the time after which reading stops by itself, with what was read until then. */
const ENOUGH = 0.7;

/** What a worker can do; the types of the main program do not know it. */
interface WorkerScope {
  onmessage: (event: MessageEvent) => void;
  postMessage(answer: DocumentText | "ready"): void;
  close(): void;
}

/** The worker that this runs in. */
export const thisWorker = self as unknown as WorkerScope;

/** What our own loops ask. */
export interface Clock {
  /** Ends the worker where it must end. */
  tick: () => void;
  /** Whether it is time to stop with what there is. */
  isLate(): boolean;
}

/** Starts the time of this worker. */
export function startClock(ms: number): Clock {
  const { performance } = self;
  const now = performance.now.bind(performance);
  const memoryUsage = Deno.memoryUsage;
  const start = now();
  let calls = 0;
  let nextMemory = 0;
  let isLate = false;
  const end = (why: string) => {
    const answer: DocumentText = { kind: "unreadable", why };
    thisWorker.postMessage(answer);
    thisWorker.close();
  };
  const look = () => {
    const elapsed = now() - start;
    isLate = elapsed > ENOUGH * ms;
    if (elapsed > ms) end("It takes too long to read.");
    if (elapsed < nextMemory) return;
    nextMemory = elapsed + 5;
    const { heapTotal, external } = memoryUsage();
    if (heapTotal + external > DOCUMENT_MEMORY) end("It takes too much memory to read.");
  };
  return {
    tick() {
      calls += 1;
      if (calls % CALLS_PER_LOOK === 0) look();
    },
    isLate: () => isLate,
  };
}

/**
 * Makes built-in functions look at the clock. Those which copy or make whole buffers look each
 * time, since few calls suffice to fill the memory.
 */
export function setTripwires({ tick }: Clock): void {
  const always = () => {
    for (let n = 0; n < CALLS_PER_LOOK; n++) tick();
  };
  const typed: object = Object.getPrototypeOf(Uint8Array.prototype);
  wire(typed, "set", always);
  wire(typed, "subarray", tick);
  wire(typed, "fill", always);
  wire(Date, "now", tick);
  wire(Map.prototype, "get", tick);
  wire(Map.prototype, "has", tick);
  wire(Map.prototype, "set", tick);
  wire(Set.prototype, "has", tick);
  wire(Array.prototype, "push", tick);
  wire(Array.prototype, "join", tick);
  wire(String, "fromCharCode", tick);
  wire(RegExp.prototype, "exec", tick);
  wire(Math, "max", tick);
  wire(Math, "min", tick);
  wire(Object, "create", tick);
  wire(Number, "isInteger", tick);
}

function wire(owner: object, name: string, look: () => void): void {
  const original: (...args: unknown[]) => unknown = Reflect.get(owner, name);
  const value = function (this: unknown, ...args: unknown[]): unknown {
    look();
    return Reflect.apply(original, this, args);
  };
  Object.defineProperty(owner, name, { configurable: true, writable: true, value });
}
