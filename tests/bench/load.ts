/**
 * Callers that all ask the same, and what that costs whom they ask.
 *
 * @module
 */

import { type Connect, connect, type Question, wireOf } from "./caller.ts";
import { cpuUs } from "./process_tree.ts";

/** Whom callers ask. */
export interface Target {
  port: number;
  pid: number;
  /** Absent: by HTTP, as usual. */
  connect?: Connect | undefined;
}

/** How long callers ask. */
export interface Effort {
  callers: number;
  /** It is over when the target has used so much processor… */
  cpuMs: number;
  /** …or after so many requests, or so long. */
  requests: number;
  ms: number;
}

/** What came of it. */
export interface Load {
  requests: number;
  cpuUsPerRequest: number;
  perSecond: number;
}

/** Long enough for a figure that is right within 4 %, since the system counts in steps of 10 ms. */
export const USUAL: Effort = { callers: 8, cpuMs: 250, requests: 20_000, ms: 3_000 };
/**
 * By then a request costs what it goes on to cost: the first full collection, after 15,000 to 20,000 of
 * ours, makes the engine compile much of it once more (seen with Deno 2.9, November 2026).
 */
export const WARM_UP: Effort = { callers: 8, cpuMs: 12_000, requests: 50_000, ms: 15_000 };
export const PEER_WARM_UP: Effort = { callers: 8, cpuMs: 1_000, requests: 3_000, ms: 2_500 };

/** Of those whose figure is no budget's. */
export const PEER: Effort = { ...USUAL, cpuMs: 120, ms: 1_500 };

/** Milliseconds between two looks at what was used; a look costs the callers a little. */
const LOOK_EVERY_MS = 15;

/**
 * Lets callers ask.
 *
 * @throws {Error} where an answer has another status than 200: what fails is not measured.
 */
export async function load(target: Target, question: Question, effort: Effort): Promise<Load> {
  const begun = performance.now();
  const usedBefore = cpuUs(target.pid);
  let requests = 0;
  let over = false;
  let looked = begun;
  const look = () => {
    const now = performance.now();
    if (now - looked < LOOK_EVERY_MS) return;
    looked = now;
    over ||= requests >= effort.requests || now - begun >= effort.ms ||
      cpuUs(target.pid) - usedBefore >= effort.cpuMs * 1000;
  };
  const ask = async (number: number) => {
    const wire = wireOf(question.of?.(number) ?? numbered(question, number), target.port);
    using caller = await (target.connect ?? connect)(target.port);
    while (!over) {
      const status = await caller.ask(wire);
      if (status !== 200) throw new Error(`${question.path} answers ${status} under load`);
      requests += 1;
      look();
    }
  };
  await Promise.all(Array.from({ length: effort.callers }, (_, i) => ask(i + 1)));
  const seconds = (performance.now() - begun) / 1000;
  return {
    requests,
    cpuUsPerRequest: (cpuUs(target.pid) - usedBefore) / requests,
    perSecond: requests / seconds,
  };
}

/** An id of the caller's own: where callers share a session, equal ones would be one request. */
function numbered(question: Question, number: number): Question {
  return { ...question, body: question.body?.replace('"id":1,', `"id":${number},`) };
}
