/**
 * What is made when it is first asked for: a start waits for nothing that the
 * first request does not need.
 *
 * @module
 */

import type { Awaitable } from "./awaitable.ts";

/** Makes it once; who asks again gets the same. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What is made in time. */
export interface Lazy<T> {
  /**
   * Who asks while it is being made waits for the same. Where that fails, all of them hear of it,
   * and whoever asks next has it tried again.
   */
  (): Promise<T>;
  /** It, where it is there already. */
  readonly made: T | undefined;
}

/** It at once where it is there: who is behind many requests does not wait for what was loaded. */
export function atOnce<T>(lazy: Lazy<T>): Awaitable<T> {
  return lazy.made ?? lazy();
}

/** What is there already, for whoever takes what may have to be made. */
export function ready<T>(made: T): Lazy<T> {
  return Object.assign(() => Promise.resolve(made), { made });
}

/**
 * Loads or makes something at first use, such as a part of the program by `import()`. That is left
 * unread at a start by `lazy-dynamic-imports` in `deno.json`: without it Deno reads all that stands
 * behind it (seen with 2.9.6, November 2026: 40 ms for the providers alone).
 */
export function lazily<T>(make: () => Promise<T>): Lazy<T> {
  let coming: Promise<T> | undefined;
  let made: T | undefined;
  const ask = () =>
    coming ??= make().then((value) => made = value).catch((error) => {
      coming = undefined;
      throw error;
    });
  return Object.defineProperty(ask, "made", { get: () => made }) as Lazy<T>;
}
