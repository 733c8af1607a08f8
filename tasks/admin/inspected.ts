/**
 * A copy of a database, looked through: whether it is whole, whether it is what
 * it was when it was made, and whether these keys open it.
 *
 * @module
 */

import { openRecords } from "../../vault/deno_kv.ts";
import { inspect, type Inspection } from "../../vault/inspect.ts";
import type { KeyRing } from "../../vault/key_ring.ts";
import { SCHEMA_VERSION } from "../../vault/schema.ts";
import { readSeal, type Sealed } from "./backup_seal.ts";
import { FileFault } from "./file_fault.ts";
import { closeToOneFile, digestOf, requireIntact, sealIn } from "./sqlite_file.ts";

/** What is known of a backup. */
export interface Looked {
  inspection: Inspection;
  /** Absent: nobody has sealed it. */
  sealed?: Sealed | undefined;
}

/**
 * Looks at a copy that nobody else has. It is opened as a KV only after it is known to be what it was.
 *
 * @throws {FileFault}
 */
export async function lookAt(copy: string, ring: KeyRing): Promise<Looked> {
  requireIntact(copy);
  const seal = sealIn(copy);
  const sealed = seal === undefined ? undefined : await readSeal(ring, seal);
  if (sealed !== undefined && digestOf(copy) !== sealed.digest) {
    throw new FileFault("It was changed, or damaged, since it was made.");
  }
  return { inspection: await inspectCopy(copy, ring), sealed };
}

/** Opens it as a gateway does, and every box in it. */
export async function inspectCopy(copy: string, ring: KeyRing): Promise<Inspection> {
  const records = await openRecords(copy);
  let inspection: Inspection;
  try {
    inspection = await inspect(records, ring);
  } finally {
    records.close();
  }
  await closeToOneFile(copy);
  return inspection;
}

/** A file of its own for a copy, which nobody else reads; taken away whatever happens. */
export async function withCopyFile<T>(path: string, run: () => Promise<T>): Promise<T> {
  (await Deno.open(path, { createNew: true, write: true, mode: 0o600 })).close();
  try {
    return await run();
  } finally {
    for (const companion of ["", "-wal", "-shm", "-journal"]) {
      await Deno.remove(path + companion).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  }
}

/** Beside a file, and nobody else's. */
export function besideOf(path: string, what: string): string {
  return `${path}.${what}-${crypto.randomUUID().slice(0, 8)}`;
}

/** What a backup holds, as lines. */
export function* linesOf({ inspection, sealed }: Looked): Generator<string> {
  const { records, kinds, keys, newestAt, unknown, schema } = inspection;
  yield `${records} records, ${kinds.connections ?? 0} connections among them; the newest was ` +
    `written ${newestAt === undefined ? "-" : new Date(newestAt).toISOString()}.`;
  if (unknown > 0) yield `${unknown} are of no kind that this version knows.`;
  yield `Its form is ${schema.version}, and programs that know form ${schema.reads} read it; this one ` +
    `knows ${SCHEMA_VERSION}.`;
  if (sealed !== undefined) yield `Made ${new Date(sealed.madeAt).toISOString()}.`;
  const needed = [...keys].map(([id, count]) => `${id} (${count})`).join(", ") || "none";
  yield `It is useless without these keys of ENCRYPTION_KEYS, which are not in it: ${needed}.`;
  yield* missingIn(inspection);
}

/** What cannot be opened. */
export function* missingIn({ unopened }: Inspection): Generator<string> {
  for (const [id, count] of unopened) {
    yield `${count} sealed under ${id} cannot be opened: the key is not in ENCRYPTION_KEYS, or is ` +
      `another one by this id, or they were changed.`;
  }
}

/** The same, for programs. */
export function jsonOf({ inspection, sealed }: Looked) {
  const { records, kinds, keys, unopened, newestAt, unknown, schema } = inspection;
  return {
    ...{ records, kinds, unknown, schema },
    newest_at: newestAt,
    made_at: sealed?.madeAt,
    sealed: sealed !== undefined,
    keys: Object.fromEntries(keys),
    unopened: Object.fromEntries(unopened),
  };
}
