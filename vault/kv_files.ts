/**
 * The files of a KV on this machine: nobody but the gateway's own user reads
 * them. What is secret in them is sealed; user ids, account ids and times are
 * not, and whoever can write could delete.
 *
 * Windows has no such modes: there the folder's own rules count.
 *
 * @module
 */

/** Beside the file: SQLite makes and deletes them as it goes, with the mode of the file itself. */
const COMPANIONS = ["", "-wal", "-shm", "-journal"];
const OTHERS = 0o077;

/** What was found open to others. */
export interface Opened {
  /** So many files were closed to others. */
  closed: number;
  /** So many are another user's, and could not be. */
  left: number;
}

/** The file behind a `KV_PATH`, if it is one. */
export function kvFileOf(path: string | undefined): string | undefined {
  return path === undefined || path === ":memory:" || /^https?:/.test(path) ? undefined : path;
}

/**
 * Makes the file, empty, before SQLite would make it for everybody to read:
 * closing it afterwards would leave a moment in which it can be opened. A folder
 * that is there already stays as it is: it may hold more than the KV.
 */
export async function makeKvFile(path: string): Promise<void> {
  const folder = /^(.*)\/[^/]*$/.exec(path)?.[1];
  if (folder) await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    (await Deno.open(path, { createNew: true, write: true, mode: 0o600 })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** Closes the file, and what stands beside it, to others: versions before 0.2.0 left them open. */
export async function closeKvFiles(path: string): Promise<Opened> {
  const opened = { closed: 0, left: 0 };
  if (Deno.build.os === "windows") return opened;
  // SQLite puts its own files beside the file itself, and not beside a link to it.
  const file = await Deno.realPath(path);
  for (const companion of COMPANIONS) {
    try {
      const { mode } = await Deno.stat(file + companion);
      if (mode === null || (mode & OTHERS) === 0) continue;
      await Deno.chmod(file + companion, mode & ~OTHERS & 0o777);
      opened.closed += 1;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
      opened.left += 1;
    }
  }
  return opened;
}
