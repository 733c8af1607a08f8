/**
 * A store with faults at named points.
 *
 * @module
 */

import type { Store } from "../../broker/core/store.ts";
import { StoreError } from "../../broker/core/store_errors.ts";

/**
 * Points at which the store fails, and how many times from now on:
 * `connections.put` does nothing, `connections.put lost` is done and its answer is lost,
 * `connections.put permanent` does nothing and never will.
 */
export type Faults = Map<string, number>;

/** The same store, failing where `faults` says. */
export function failing(store: Store, faults: Faults): Store {
  const due = (point: string) => {
    const left = faults.get(point) ?? 0;
    faults.set(point, left - 1);
    return left > 0;
  };
  const wrap = <T extends object>(part: string, operations: T): T =>
    Object.fromEntries(
      Object.entries(operations as Record<string, (...args: unknown[]) => Promise<unknown>>).map(
        ([verb, run]) => [verb, async (...args: unknown[]) => {
          const error = new StoreError(`${verb} ${part}`, new Error("out of order"));
          if (due(`${part}.${verb}`)) throw error;
          if (due(`${part}.${verb} permanent`)) throw new StoreError(verb, error.cause, true);
          const done = await run(...args);
          if (due(`${part}.${verb} lost`)) throw error;
          return done;
        }],
      ),
    ) as T;
  return Object.fromEntries(
    Object.entries(store).map(([part, operations]) => [part, wrap(part, operations)]),
  ) as unknown as Store;
}
