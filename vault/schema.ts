/**
 * In which form everything is kept, and which versions of this program read it.
 * A record says it for the whole database; a database without it is of the first
 * form.
 *
 * A process announces itself (`sealers.ts`) before it looks here. So either
 * whoever upgrades sees the announcement of an older one and waits, or the older
 * one sees the upgrade: then it says that the database has old forms again, and
 * a newer version upgrades once more.
 *
 * @module
 */

import { VaultError } from "../broker/core/store_errors.ts";
import { schemaKey } from "./keys.ts";
import type { RecordKey, Records } from "./records.ts";

/** The form that this version writes, and the newest that it reads. */
export const SCHEMA_VERSION = 1;

/** The stored value; see SCHEMA.md. */
export interface SchemaRecord {
  /** Everything has at least this form. */
  version: number;
  /** A program that knows no newer form than this one cannot read all of it. */
  reads: number;
  /** An upgrade that is under way: to which form, and the key from which on it is not done. */
  upgrading?: { to: number; from: RecordKey } | undefined;
}

/** The form as it stands; `version` of the entry is `null` where nothing is said. */
export async function readSchema(
  records: Records,
): Promise<{ value: SchemaRecord; version: string | null }> {
  const entry = await records.get<SchemaRecord>(schemaKey);
  return entry ?? { value: { version: 1, reads: 1 }, version: null };
}

/**
 * What a process looks at once it is announced.
 *
 * @throws {VaultError} `newer_schema`: this version does not read what is there.
 */
export async function requireSchema(
  records: Records,
  own: number = SCHEMA_VERSION,
): Promise<void> {
  for (;;) {
    const { value, version } = await readSchema(records);
    if (value.reads > own) throw newerSchema(value, own);
    if (Math.max(value.version, value.upgrading?.to ?? 0) <= own) return;
    // From here on there are records of the older form again.
    const older = { version: Math.min(value.version, own), reads: value.reads };
    const checks = [{ key: schemaKey, version }];
    const sets = [{ key: schemaKey, value: older satisfies SchemaRecord }];
    if (await records.commit({ checks, sets }) !== null) return;
  }
}

function newerSchema({ reads }: SchemaRecord, own: number): VaultError {
  return new VaultError(
    "newer_schema",
    `Cannot open the database: a newer version has upgraded it for good, and it needs a program that ` +
      `reads form ${reads}; this one reads up to ${own}. Start the newer version again, or restore ` +
      `a backup of before.`,
  );
}
