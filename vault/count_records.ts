/**
 * The counters of connections, read. They are written by the commits that write
 * connections (`connection_counts.ts`).
 *
 * @module
 */

import type { ConnectionCount, CountStore } from "../broker/core/counts.ts";
import type { World } from "../broker/core/world.ts";
import { readDead } from "./dead_connections.ts";
import type { KeyRing } from "./key_ring.ts";
import { countedKey, countingKey, countPrefix, peopleKey } from "./keys.ts";
import { type HowFar, recount } from "./recount.ts";
import type { Records } from "./records.ts";

type CountKey = [
  kind: string,
  counting: string,
  of: string,
  provider: string,
  state: ConnectionCount["state"],
  service?: string,
];

/**
 * {@linkcode CountStore} on {@linkcode Records}: the database itself. What is written back is the very
 * box that was there.
 */
export function createCountStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): CountStore {
  return {
    async read() {
      const name = (await records.get<string>(countingKey))?.value;
      if (name === undefined) return { isWhole: false, people: 0, connections: [] };
      const connections: ConnectionCount[] = [];
      const prefix = countPrefix(name, "connections");
      for await (const { key, value: count } of records.list<number>({ prefix })) {
        const [, , , provider, state, service] = key as unknown as CountKey;
        if (count > 0) connections.push({ provider, service, state, count });
      }
      const people = (await records.get<number>(peopleKey(name)))?.value ?? 0;
      const said = await records.get<HowFar>(countedKey);
      return { isWhole: typeof said?.value === "number", people, connections };
    },
    dead: (range) => readDead(records, range),
    recount: (servicesOf, most) => recount({ records, ring, servicesOf }, clock.now(), most),
  };
}
