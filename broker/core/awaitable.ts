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
 * Whether a promise is settled as soon as the work that is under way is done:
 * then no clock has to be set and no signal made for waiting.
 */
export async function isSettledSoon(work: Promise<unknown>): Promise<boolean> {
  let isOver = false;
  const end = () => void (isOver = true);
  work.then(end, end);
  for (let turn = 0; turn < FEW_TURNS && !isOver; turn++) await undefined;
  return isOver;
}
