/**
 * Upgrades of what is kept, record by record, beside those who work with it.
 * Housekeeping does a part of it each round and goes on there; several processes
 * may do it at once, and be killed anywhere.
 *
 * An upgrade whose records the version before still reads runs by itself, once no
 * older process is announced; until `deno task admin schema finish` one can go
 * back to that version. One that it cannot read waits for that command.
 *
 * @module
 */

import { pagesOf } from "./end_index.ts";
import type { KeyRing } from "./key_ring.ts";
import { schemaKey, type TextKey } from "./keys.ts";
import type { Change, Entry, RecordKey, Records } from "./records.ts";
import { readSchema, type SchemaRecord } from "./schema.ts";
import { listSealers } from "./sealers.ts";

/** One run goes through at most so many records; the next goes on there. */
export const UPGRADED_IN_A_RUN = 20_000;

/** From one form to the next. */
export interface SchemaStep {
  /** The form afterwards; steps are numbered from 2, without gaps. */
  to: number;
  /** The kinds of records that it goes through, as prefixes. */
  kinds: TextKey[];
  /** Whether the version before reads, and keeps, what this one writes. */
  keepsOlder: boolean;
  /**
   * What makes of a record one of the new form; `undefined`: it is one. It may be asked more than once
   * for the same, and by two processes. The commit checks that the record is still what it was.
   */
  change(
    entry: Entry<unknown>,
    deps: { records: Records; ring: KeyRing },
  ): Promise<Change | undefined> | Change | undefined;
}

/** All there ever were. A step that is added raises `SCHEMA_VERSION` (`schema.ts`). */
export const SCHEMA_STEPS: readonly SchemaStep[] = [];

/** How far it is. `waits`: for older processes to end, or for an operator. */
export type Upgrade =
  | { state: "done" | "under_way"; version: number }
  | { state: "waits"; version: number; for: "older_processes" | "operator" };

/** What an upgrade works with. `records`: the database itself. */
export interface UpgradeDeps {
  records: Records;
  ring: KeyRing;
  /** @default SCHEMA_STEPS */
  steps?: readonly SchemaStep[] | undefined;
}

/** Does a part of what there is to do. */
export async function upgradeSchema(
  { records, ring, steps = SCHEMA_STEPS }: UpgradeDeps,
  now: number,
  most = UPGRADED_IN_A_RUN,
): Promise<Upgrade> {
  let left = most;
  for (;;) {
    const { value, version } = await readSchema(records);
    const step = steps.find(({ to }) => to === value.version + 1);
    if (step === undefined) return { state: "done", version: value.version };
    const waiting = await waitsFor(records, step, value, now);
    if (waiting !== undefined) return { state: "waits", version: value.version, for: waiting };
    if (left <= 0) return { state: "under_way", version: value.version };
    const put = async (after: SchemaRecord) => {
      const checks = [{ key: schemaKey, version }];
      return await records.commit({ checks, sets: [{ key: schemaKey, value: after }] });
    };
    const { version: before, reads, upgrading } = value;
    if (upgrading?.to !== step.to) {
      // Said before anything is changed: an older process that comes now takes it back.
      const from = step.kinds[0]!;
      await put({ version: before, reads, upgrading: { to: step.to, from } });
      continue;
    }
    // One page at a time: after each it is known whether somebody older has come.
    const pages = pagesOf<unknown>(records, { kinds: step.kinds, from: upgrading.from, most: 1 });
    const { value: { page, next } } = await pages.next() as { value: Page };
    for (const entry of page) await changeOne({ records, ring }, step, entry);
    left -= Math.max(1, page.length);
    // Where this fails another process is further, or an older one was here: that counts.
    await put(
      next === undefined
        ? { version: step.to, reads }
        : { version: before, reads, upgrading: { to: step.to, from: next } },
    );
  }
}

interface Page {
  page: Entry<unknown>[];
  next: RecordKey | undefined;
}

/**
 * From here on no version before this form opens the database. `false`: an older process is
 * announced, and nothing was done.
 */
export async function finishSchema(records: Records, to: number, now: number): Promise<boolean> {
  for (;;) {
    if ((await listSealers(records, now)).some(({ schema }) => schema < to)) return false;
    const { value, version } = await readSchema(records);
    if (value.reads >= to) return true;
    const checks = [{ key: schemaKey, version }];
    const sets = [{ key: schemaKey, value: { ...value, reads: to } }];
    if (await records.commit({ checks, sets }) !== null) return true;
  }
}

async function waitsFor(
  records: Records,
  { to, keepsOlder }: SchemaStep,
  { reads }: SchemaRecord,
  now: number,
): Promise<"older_processes" | "operator" | undefined> {
  if (!keepsOlder && reads < to) return "operator";
  const isOlder = (await listSealers(records, now)).some(({ schema }) => schema < to);
  return isOlder ? "older_processes" : undefined;
}

/** Until it has the new form, or is gone. */
async function changeOne(
  deps: { records: Records; ring: KeyRing },
  step: SchemaStep,
  found: Entry<unknown>,
): Promise<void> {
  const { records } = deps;
  for (let entry: Entry<unknown> | null = found; entry !== null;) {
    const change = await step.change(entry, deps);
    if (change === undefined) return;
    const { key, version }: Entry<unknown> = entry;
    const checks = [...change.checks ?? [], { key, version }];
    if (await records.commit({ ...change, checks }) !== null) return;
    entry = await records.get(key);
  }
}
