/**
 * A fetch with faults: counts and changes what goes to chosen addresses, and
 * lets everything else through.
 *
 * @module
 */

/** Answers in the place of the real server; `undefined` lets the request through. */
export type Fault = (request: Request, send: () => Promise<Response>) =>
  | Promise<Response>
  | Response
  | undefined;

/** {@linkcode Fault}s by a part of the URL. */
export interface FaultyFetch {
  fetch: typeof fetch;
  /** Puts a fault in front of the addresses that contain `part`; the last one counts. */
  on(part: string, fault: Fault): void;
  /** How many requests went to addresses that contain `part`. */
  count(part: string): number;
  reset(): void;
}

export function faultyFetch(): FaultyFetch {
  const urls: string[] = [];
  const faults = new Map<string, Fault>();
  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      urls.push(request.url);
      const send = () => fetch(request.clone());
      for (const [part, fault] of faults) {
        if (request.url.includes(part)) return await fault(request, send) ?? await send();
      }
      return await send();
    },
    on: (part, fault) => void faults.set(part, fault),
    count: (part) => urls.filter((url) => url.includes(part)).length,
    reset() {
      urls.length = 0;
      faults.clear();
    },
  };
}
