/**
 * What is mostly known at once and has to be waited for now and then. On the
 * way of every request each `async` function and each `await` costs, and so do
 * those that have nothing to wait for.
 *
 * @module
 */

/** It, or a promise of it. Whoever gives one may throw as well as reject. */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with something: at once where it is there. */
export function andThen<T, U>(
  value: Awaitable<T>,
  next: (value: T) => Awaitable<U>,
): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/** What work comes to, or what `failed` makes of why it failed, at once or later. */
export function orElse<T>(
  work: () => Awaitable<T>,
  failed: (error: unknown) => T,
): Awaitable<T> {
  try {
    const value = work();
    return value instanceof Promise ? value.catch(failed) : value;
  } catch (error) {
    return failed(error);
  }
}

/** Turns of the microtask queue in which is done what waits for nobody outside. */
const FEW_TURNS = 5;

/**
 * How a promise is settled, where it is as soon as the work that is under way is done: then no clock
 * has to be set and no signal made for waiting. `undefined`: it is not.
 */
export async function settledSoon<T>(
  work: Promise<T>,
): Promise<PromiseSettledResult<T> | undefined> {
  let settled: PromiseSettledResult<T> | undefined;
  work.then(
    (value) => void (settled = { status: "fulfilled", value }),
    (reason) => void (settled = { status: "rejected", reason }),
  );
  for (let turn = 0; turn < FEW_TURNS && settled === undefined; turn++) await undefined;
  return settled;
}
