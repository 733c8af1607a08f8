/**
 * The ways out of the doctor, and what it sees on them: which machine answered
 * with which status, by which clock, or what stood in the way.
 *
 * @module
 */

import { type NetworkFault, networkFaultOf } from "../../broker/core/network_fault.ts";
import type { Patience } from "./check.ts";

/** What it needs of the outside. */
export interface Ways {
  fetch: typeof fetch;
  /** Epoch ms. */
  now(): number;
  patience: Patience;
}

/** One request, and what came of it; nothing of the answer itself. */
export interface Seen {
  origin: string;
  status?: number | undefined;
  /** So far this machine's clock is ahead, in ms, by the answer's `Date`; to a second. */
  aheadMs?: number | undefined;
  fault?: NetworkFault | undefined;
}

/** A fetch that notes what it sees, and gives up in time. */
export interface Watched {
  fetch: typeof fetch;
  seen: Seen[];
}

/** `seen`: where it is noted, also of others. */
export function watched({ fetch, now, patience }: Ways, seen: Seen[] = []): Watched {
  return {
    seen,
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : String(input);
      const origin = new URL(url).origin;
      const timeout = AbortSignal.timeout(patience.answerMs);
      const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
      const sent = now();
      try {
        const response = await fetch(input, { ...init, signal });
        const said = Date.parse(response.headers.get("Date") ?? "");
        // It is cut off to a second.
        const aheadMs = (sent + now()) / 2 - (said + 500);
        const known = Number.isFinite(aheadMs) ? { aheadMs } : {};
        seen.push({ origin, status: response.status, ...known });
        return response;
      } catch (error) {
        seen.push({ origin, fault: networkFaultOf(error) });
        throw error;
      }
    },
  };
}
