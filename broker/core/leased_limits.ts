/**
 * All limits of one process, see `limits.ts`.
 *
 * @module
 */

import type { BudgetSize } from "./budget.ts";
import { LeasedLimit, type LeasedLimitDeps } from "./leased_limit.ts";
import { LimitClock } from "./limit_clock.ts";
import type { LimitName, Limits, LimitSizes } from "./limits.ts";
import type { World } from "./world.ts";

/** A store that stays out is in the log this often. */
export const OUT_TOLD_EVERY_MS = 10 * 60_000;

type Deps = Omit<LeasedLimitDeps, "clock" | "isOut"> & { world: Pick<World, "log"> };

/** {@linkcode Limits} that hold over all processes with the same store. */
export function createLimits(sizes: LimitSizes, deps: Deps): Limits {
  const shared = { ...deps, clock: new LimitClock(), isOut: teller(deps.world) };
  const all = new Map(
    (Object.entries(sizes) as [LimitName, BudgetSize | undefined][])
      .flatMap(([name, size]): [LimitName, LeasedLimit][] =>
        size === undefined ? [] : [[name, new LeasedLimit(name, size, shared)]]
      ),
  );
  return {
    take: ({ name, key, size }, units) => all.get(name)?.take(key, units, size) ?? 0,
    wait: ({ name, key }) => all.get(name)?.wait(key) ?? 0,
    standing: ({ name, key }) => all.get(name)?.standing(key),
  };
}

/** Says once that limits are this process's alone, however many requests see it. */
function teller(world: Deps["world"]): () => void {
  let toldAt = -Infinity;
  return () => {
    const now = world.now();
    const since = now - toldAt;
    if (since >= 0 && since < OUT_TOLD_EVERY_MS) return;
    toldAt = now;
    const detail = "The store is out, or slow: until it answers, each process counts limits for " +
      "itself, and admits up to the whole of each";
    world.log({ level: "warn", event: "limits_alone", detail });
  };
}
