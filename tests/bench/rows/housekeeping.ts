/**
 * Row `housekeeping`: what a run of the sweep reads of records that are not due.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { onKv, openKv } from "../../../vault/deno_kv.ts";
import { sweepExpired } from "../../../vault/expired.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import type { Records } from "../../../vault/records.ts";
import { createStore } from "../../../vault/store.ts";
import { parseKeyRing } from "../../../broker/config/vault.ts";
import { newKeyLine } from "../../../tasks/key.ts";
import type { Finding, Row } from "../finding.ts";

const KEPT = 2_000;
const DUE = 20;
/** Any moment: it is an argument. */
const NOW = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Records, and how many of them were read since the last look. */
function counted(records: Records): { records: Records; read(): number } {
  let reads = 0;
  const proxy = new Proxy(records, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (name === "list") {
        return async function* (...args: Parameters<Records["list"]>) {
          for await (const entry of target.list(...args)) {
            reads += 1;
            yield entry;
          }
        };
      }
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        if (name === "get") reads += 1;
        if (name === "getMany") reads += (args[0] as unknown[]).length;
        return method.apply(target, args);
      };
    },
  });
  return {
    records: proxy,
    read() {
      const seen = reads;
      reads = 0;
      return seen;
    },
  };
}

/** What the sweep reads where nothing is due, and where something is; and how much it leaves. */
async function sweeps(kept: number, due: number) {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_bench_" });
  const kv = await openKv(`${folder}/kv.sqlite`);
  try {
    const all = onKv(kv);
    const { records, read } = counted(all);
    const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
    const store = createStore(records, ring, { now: () => NOW });
    const put = (digest: string, expiresAt: number) =>
      store.sessions.put(digest, { expiresAt } as never);
    for (let i = 0; i < kept; i++) await put(`kept-${i}`, NOW + DAY_MS);
    read();
    await sweepExpired(records, NOW);
    const idle = read();
    for (let i = 0; i < due; i++) await put(`due-${i}`, NOW + 1_000);
    read();
    await sweepExpired(records, NOW + HOUR_MS);
    const busy = read();
    const left = [];
    for await (const { key } of all.list({ prefix: ["sessions"] })) left.push(key);
    return { idle, busy, left: left.length };
  } finally {
    kv.close();
    await Deno.remove(folder, { recursive: true });
  }
}

export const housekeepingRow: Row = {
  name: "housekeeping",
  async run({ say, whole }): Promise<Finding[]> {
    say("housekeeping");
    const kept = whole ? KEPT * 50 : KEPT;
    const { idle, busy } = await sweeps(kept, DUE);
    const count = kept.toLocaleString("en");
    return [
      {
        what: `records that a sweep reads, ${count} kept, none due`,
        unit: "reads",
        ours: idle,
        budget: { most: 10 },
      },
      {
        what: `records that a sweep reads, ${count} kept, ${DUE} due`,
        unit: "reads",
        ours: busy,
        budget: { most: 3 * DUE },
      },
    ];
  },
  async check() {
    const { left } = await sweeps(20, 5);
    assertEquals(left, 20, "what is due goes, what is not stays");
  },
};
