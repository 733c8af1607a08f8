/**
 * Records behind a secret: looked up by its digest, changed or used up only if
 * nobody was faster. The handle knows its record, so that no caller digests
 * twice or names another one by mistake.
 *
 * @module
 */

import { digest, isSecret } from "./secrets.ts";
import type { ExpiringStore } from "./store.ts";

/** A record that was found. */
export interface Found<T> {
  value: T;
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
  return {
    value: stored.value,
    take: () => store.take(key, stored.version),
    replace: (value) => store.replace(key, value, stored.version),
  };
}
