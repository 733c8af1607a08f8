/**
 * Records behind a secret: looked up by its digest, changed or used up only if
 * nobody was faster. The handle knows its record, so that no caller digests
 * twice or names another one by mistake.
 *
 * @module
 */

import { digest, isSecret } from "./secrets.ts";
import type { ExpiringStore, RecordOf, Stored } from "./store.ts";

/** A record that was found. */
export interface Found<T> {
  value: T;
  /** For a commit that uses it up together with something else. */
  record: RecordOf;
  /** Uses it up; `false` when another request was first. */
  take(): Promise<boolean>;
  /** Puts another value in its place; `false` when another request was first. */
  replace(value: T): Promise<boolean>;
}

/**
 * Finds the record of a secret that came from outside; `null` where there is
 * none. What cannot be a secret is not looked up. Expiry is for the caller to
 * check: some say more than "unknown" of a record that is too old.
 */
export async function find<T extends { expiresAt: number }>(
  store: ExpiringStore<T>,
  secret: unknown,
  prefix = "",
): Promise<Found<T> | null> {
  if (typeof secret !== "string" || !secret.startsWith(prefix)) return null;
  if (!isSecret(secret.slice(prefix.length))) return null;
  const key = digest(secret);
  const stored = await store.peek(key);
  if (stored === null) return null;
  const { value } = stored;
  return {
    value,
    record: { digest: key, version: stored.version },
    take: () => whileSame(store, key, stored, (version) => store.take(key, version)),
    replace: (next) =>
      whileSame(
        store,
        key,
        stored,
        async (version) => await store.replace(key, next, version) !== null,
      ),
  };
}

/**
 * Writes under the version that was seen. A record that has another version
 * and says the same was only sealed anew, under a new key: that is no other
 * request, and must not look like one (a code that came twice ends its grant).
 */
async function whileSame<T extends { expiresAt: number }>(
  store: ExpiringStore<T>,
  key: string,
  seen: Stored<T>,
  write: (version: string) => Promise<boolean>,
): Promise<boolean> {
  const said = JSON.stringify(seen.value);
  for (let { version } = seen;;) {
    if (await write(version)) return true;
    const current = await store.peek(key);
    if (current === null || JSON.stringify(current.value) !== said) return false;
    // The store could not say which of two writers was first: it says so by throwing, not here.
    if (current.version === version) return false;
    version = current.version;
  }
}
