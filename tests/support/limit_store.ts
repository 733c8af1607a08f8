/**
 * Where limits are kept, in memory.
 *
 * @module
 */

import { createLimits } from "../../broker/core/leased_limits.ts";
import { LIMITS, type Limits, type LimitStore, type SeenLimit } from "../../broker/core/limits.ts";
import type { World } from "../../broker/core/world.ts";

/** A store in memory, which counts what is written and can be out. */
export function memoryLimitStore(): LimitStore & { writes: number; reads: number; isOut: boolean } {
  const records = new Map<string, SeenLimit>();
  let version = 0;
  const store = {
    writes: 0,
    reads: 0,
    isOut: false,
    async read(_: string, key: string) {
      await undefined;
      store.reads += 1;
      if (store.isOut) throw new Error("out");
      return records.get(key) ?? null;
    },
    async put(
      _: string,
      key: string,
      { record: value }: { record: SeenLimit["value"] },
      seen: SeenLimit | null,
    ) {
      await undefined;
      if (store.isOut) throw new Error("out");
      if ((records.get(key)?.version ?? null) !== (seen?.version ?? null)) return null;
      store.writes += 1;
      const written = { value: structuredClone(value), version: String(++version), endsAt: 0 };
      records.set(key, written);
      return written;
    },
  };
  return store;
}

/** The usual limits, of one process. */
export function memoryLimits(world: Pick<World, "now" | "sleep" | "log">): Limits {
  const apart = <T>(work: () => Promise<T>) => work();
  return createLimits(LIMITS, { store: memoryLimitStore(), world, process: "a", apart });
}
