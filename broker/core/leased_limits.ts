/**
 * All limits of one process, see `limits.ts`.
 *
 * @module
 */

import type { BudgetSize } from "./budget.ts";
import { LeasedLimit, type LeasedLimitDeps } from "./leased_limit.ts";
import type { LimitName, Limits, LimitSizes } from "./limits.ts";

/** {@linkcode Limits} that hold over all processes with the same store. */
export function createLimits(sizes: LimitSizes, deps: LeasedLimitDeps): Limits {
  const all = new Map(
    (Object.entries(sizes) as [LimitName, BudgetSize | undefined][])
      .flatMap(([name, size]): [LimitName, LeasedLimit][] =>
        size === undefined ? [] : [[name, new LeasedLimit(name, size, deps)]]
      ),
  );
  return {
    take: ({ name, key, size }, units) => all.get(name)?.take(key, units, size) ?? 0,
    wait: ({ name, key }) => all.get(name)?.wait(key) ?? 0,
    standing: ({ name, key }) => all.get(name)?.standing(key),
  };
}
