/**
 * The databases that there are: whatever one of them has to keep to, all have to.
 *
 * @module
 */

import { openRecords } from "../../vault/deno_kv.ts";
import type { Records } from "../../vault/records.ts";
import { memoryRecords } from "../support/memory_records.ts";

interface Opened extends AsyncDisposable {
  records: Records;
}

async function openFile(): Promise<Opened> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const file = await openRecords(`${folder}/kv.sqlite`);
  let isOpen = true;
  const close = () => {
    if (isOpen) file.close();
    isOpen = false;
  };
  return {
    records: { ...file, close },
    async [Symbol.asyncDispose]() {
      close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function openMemory(): Promise<Opened> {
  const records = memoryRecords();
  return Promise.resolve({
    records,
    [Symbol.asyncDispose]: () => Promise.resolve(records.close()),
  });
}

/** One test per database. */
export function testAll(name: string, run: (records: Records) => Promise<void>): void {
  for (const [database, open] of [["Deno KV", openFile], ["memory", openMemory]] as const) {
    Deno.test(`${database}: ${name}`, async () => {
      await using opened = await open();
      await run(opened.records);
    });
  }
}
