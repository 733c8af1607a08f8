/**
 * A KV's SQLite file as a file: copied whole while others write it, looked
 * through, and closed to one file without companions. `cp` is none of that: what
 * was written last stands beside the file, in its `-wal`.
 *
 * Seen with Deno 2.5.7 and 2.9.6, November 2026: `VACUUM INTO` is refused to a
 * program that does not have all permissions, `backup()` is not.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { backup, DatabaseSync } from "node:sqlite";
import { kindOf } from "../../broker/core/own_words.ts";
import { FileFault } from "./file_fault.ts";

/** A step of the copy takes all pages: between two steps somebody's write would begin it anew. */
const ALL_PAGES = 2 ** 31 - 1;
/** A KV that was closed lets go of its file a moment later. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 20;

/**
 * Copies a database into an empty file, as it is at one moment, and returns how many records that
 * are. Gateways write on meanwhile.
 *
 * @throws {FileFault}
 */
export async function copyDatabase(from: string, to: string): Promise<number> {
  using source = open(from, true);
  try {
    // Until this ends, the copy and the count see the same.
    source.db.exec("BEGIN");
    const count = countIn(source.db);
    await backup(source.db as unknown as DatabaseSync, to, { rate: ALL_PAGES });
    using copy = open(to, true);
    const copied = countIn(copy.db);
    if (copied !== count) throw new FileFault(`The copy has ${copied} of ${count} records.`);
    return count;
  } catch (error) {
    throw faultOf(error, "It cannot be copied: it is no database, is cut off or damaged.");
  }
}

/**
 * Looks a file through as SQLite does, and for what no KV has: what a stranger put into it could run
 * when it is opened.
 *
 * @throws {FileFault}
 */
export function requireIntact(path: string): void {
  using file = open(path, true);
  try {
    const found = file.db.prepare("PRAGMA integrity_check(1)").all();
    if (found.length !== 1 || Object.values(found[0]!)[0] !== "ok") {
      throw new FileFault("It is damaged: SQLite's own check fails.");
    }
    const tables = schemaOf(file.db);
    const isKv = tables.some(({ type, name }) => type === "table" && name === "kv") &&
      tables.every(({ type }) => type === "table" || type === "index");
    if (!isKv) throw new FileFault("It is no database of a gateway.");
  } catch (error) {
    throw faultOf(error, "It is damaged: SQLite cannot read it.");
  }
}

/** Of all that is in it but the seal; hexadecimal. */
export function digestOf(path: string): string {
  using file = open(path, true);
  const hash: Hash = createHash("sha256");
  const add = (value: unknown) => {
    const bytes = value instanceof Uint8Array
      ? value
      : new TextEncoder().encode(JSON.stringify(value) ?? "");
    hash.update(`${bytes.byteLength}:`);
    hash.update(bytes);
  };
  try {
    for (const { type, name, sql } of schemaOf(file.db)) [type, name, sql].forEach(add);
    const rows = file.db.prepare(
      "SELECT k, v, v_encoding, version, expiration_ms FROM kv ORDER BY k",
    );
    for (const row of rows.iterate()) Object.values(row as Record<string, unknown>).forEach(add);
  } catch (error) {
    throw faultOf(error, "It is damaged: SQLite cannot read it.");
  }
  return hash.digest("hex");
}

const SEAL = "switchboard_seal";

/** What was written into it as its seal; `undefined`: there is none. */
export function sealIn(path: string): string | undefined {
  using file = open(path, true);
  const has = file.db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")
    .get(SEAL);
  if (has === undefined) return undefined;
  const row = file.db.prepare(`SELECT seal FROM ${SEAL}`).get() as { seal: unknown } | undefined;
  return typeof row?.seal === "string" ? row.seal : undefined;
}

/** Writes the seal; without one takes it away. */
export function putSeal(path: string, seal: string | undefined): void {
  using file = open(path, false);
  file.db.exec(`DROP TABLE IF EXISTS ${SEAL}`);
  if (seal === undefined) return;
  file.db.exec(`CREATE TABLE ${SEAL} (seal text not null)`);
  file.db.prepare(`INSERT INTO ${SEAL} VALUES (?)`).run(seal);
}

/**
 * Puts everything into the one file. Nobody else can have it open then: whoever has a KV open holds
 * a lock on it for as long, and keeps this from being done.
 *
 * @throws {FileFault} where somebody has.
 */
export async function closeToOneFile(path: string, patienceMs = PATIENCE_MS): Promise<void> {
  for (const until = performance.now() + patienceMs;;) {
    try {
      using file = open(path, false);
      const mode = file.db.prepare("PRAGMA journal_mode = DELETE").get();
      if (mode !== undefined && Object.values(mode)[0] === "delete") return;
    } catch (error) {
      if (!isLocked(error)) throw faultOf(error, "SQLite cannot read it.");
    }
    if (performance.now() >= until) {
      throw new FileFault("Another program has it open: end the gateway that runs on it.");
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** As far as it is used here, and not one of its answers is a promise. */
interface Database {
  exec(sql: string): void;
  prepare(sql: string): {
    get(...values: string[]): Record<string, unknown> | undefined;
    all(): Record<string, unknown>[];
    iterate(): Iterable<Record<string, unknown>>;
    run(...values: string[]): { changes: number | bigint };
  };
  close(): void;
}

interface Hash {
  update(bytes: string | Uint8Array): object;
  digest(encoding: "hex"): string;
}

function open(path: string, readOnly: boolean): Disposable & { db: Database } {
  let db: Database;
  try {
    db = new DatabaseSync(path, { readOnly }) as unknown as Database;
  } catch (error) {
    throw faultOf(error, "It cannot be opened.");
  }
  return { db, [Symbol.dispose]: () => db.close() };
}

function countIn(db: Database): number {
  const row = db.prepare("SELECT count(*) AS count FROM kv").get() as { count: number };
  return Number(row.count);
}

interface SchemaRow {
  type: string;
  name: string;
  sql: string | null;
}

function schemaOf(db: Database): SchemaRow[] {
  return db.prepare(
    `SELECT type, name, sql FROM sqlite_master WHERE name <> '${SEAL}' ORDER BY type, name`,
  ).all() as unknown as SchemaRow[];
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /locked|busy/i.test(error.message);
}

/** SQLite quotes what it stumbles over. */
function faultOf(error: unknown, otherwise: string): Error {
  if (error instanceof FileFault) return error;
  const message = isLocked(error)
    ? "Another program has it open."
    : `${otherwise} (${kindOf(error)})`;
  return new FileFault(message, { cause: error });
}
