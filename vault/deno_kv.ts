/**
 * The one place that writes to Deno KV.
 *
 * Deno opens SQLite without a busy time-out: with several processes on one
 * file a commit with a check fails at once with "database is locked" (measured
 * with Deno 2.9: two of three such commits at six writing processes; commits
 * without a check and reads never). Such a commit has changed nothing, so it is tried again.
 *
 * @module
 */

const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;
/** A commit takes under 1 ms: who waits this long has a stuck writer beside it. */
const GIVE_UP_AFTER_MS = 10_000;

/** Opens a KV: a file, whose folder is made, a URL, or the platform's own. */
export async function openKv(path: string | undefined): Promise<Deno.Kv> {
  const folder = path?.match(/^(?!https?:)(.*)\/[^/]*$/)?.[1];
  if (folder) await Deno.mkdir(folder, { recursive: true });
  // Opening writes too: it sets the journal mode and makes the tables.
  return await whileLocked(() => Deno.openKv(path));
}

/** Builds an atomic operation and commits it, however often the file is locked. */
export async function commit(
  kv: Deno.Kv,
  build: (operation: Deno.AtomicOperation) => Deno.AtomicOperation,
): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
  return await whileLocked(() => build(kv.atomic()).commit());
}

async function whileLocked<T>(run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  for (let pause = FIRST_PAUSE_MS;; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await run();
    } catch (error) {
      if (!isLocked(error) || performance.now() - start > GIVE_UP_AFTER_MS) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database (table )?is locked|SQLITE_BUSY/i.test(error.message);
}
