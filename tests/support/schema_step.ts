/**
 * A step to another form of records, as a later version would have it; and, run
 * as a program, a process that upgrades with it until it is killed.
 *
 * @module
 */

import { openRecords } from "../../vault/deno_kv.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import type { Records } from "../../vault/records.ts";
import { type SchemaStep, upgradeSchema } from "../../vault/schema_upgrade.ts";
import { reportPrefix } from "../../vault/keys.ts";

/** A record of the test's. `form` of 2 has had `count` doubled, once. */
export interface Counted {
  form?: number;
  count: number;
}

/** Doubles the count of what has the first form. */
export function doubling(options: { keepsOlder: boolean; each?: () => void }): SchemaStep {
  return {
    to: 2,
    kinds: [reportPrefix],
    keepsOlder: options.keepsOlder,
    change({ key, value }) {
      const { form, count } = value as Counted;
      if (form === 2) return undefined;
      options.each?.();
      return { sets: [{ key, value: { form: 2, count: count * 2 } satisfies Counted }] };
    },
  };
}

/** Records of the first form. */
export async function plant(records: Records, many: number): Promise<void> {
  for (let n = 0; n < many; n += 50) {
    const some = Array.from({ length: Math.min(50, many - n) }, (_none, at) => n + at);
    await records.commit({
      sets: some.map((count) => ({
        key: [...reportPrefix, `r${String(count).padStart(6, "0")}`],
        value: { count } satisfies Counted,
      })),
    });
  }
}

/** How many have the new form, and whether each was doubled once. */
export async function standing(records: Records): Promise<{ done: number; right: boolean }> {
  let [done, right] = [0, true];
  for await (const { key, value } of records.list<Counted>({ prefix: reportPrefix })) {
    const count = Number(String(key[1]).slice(1));
    const isDone = value.form === 2;
    if (isDone) done += 1;
    right &&= value.count === (isDone ? 2 * count : count);
  }
  return { done, right };
}

if (import.meta.main) {
  const records = await openRecords(Deno.args[0]);
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  let seen = 0;
  const each = () => {
    seen += 1;
    if (seen % 100 === 0) console.log(`changed ${seen}`);
  };
  const steps = [doubling({ keepsOlder: true, each })];
  console.log(JSON.stringify(await upgradeSchema({ records, ring, steps }, Date.now())));
  records.close();
}
