/**
 * Plants faults that nobody waits for into a whole process. It is loaded before
 * the program: `deno run --preload="file:///…/planted_faults.ts" …`. Each request
 * that comes in or goes out leaves one behind, in every shape that a fault can
 * have; the program itself knows nothing of it.
 *
 * @module
 */

import { SECRET } from "./planted_secret.ts";

const PLACE = `${SECRET}/leak.ts:1`;

/** What a promise can be rejected with, and what can be thrown. */
const FAULTS: (() => unknown)[] = [
  () => new Error(PLACE),
  () => new Error(`first line\n    at ${SECRET} (nowhere)`),
  () => new TypeError(PLACE, { cause: new Error(PLACE) }),
  () => new AggregateError([new Error(PLACE)], PLACE),
  () => new DOMException(PLACE, "AbortError"),
  () => PLACE,
  () => ({ message: PLACE }),
  () => undefined,
  () => null,
];

function plant(): void {
  for (const fault of FAULTS) {
    // This is the fault that is planted.
    void Promise.reject(fault());
    setTimeout(() => {
      throw fault();
    });
    queueMicrotask(() => {
      throw fault();
    });
  }
}

const { serve } = Deno;
// deno-lint-ignore no-explicit-any -- every one of its forms ends with the handler
Deno.serve = ((options: any, handle: Deno.ServeHandler) =>
  serve(options, (request, info) => {
    if (request.headers.has("X-Plant")) plant();
    return handle(request, info);
  })) as typeof Deno.serve;

const { fetch } = globalThis;
globalThis.fetch = (...args) => {
  plant();
  return fetch(...args);
};
