/**
 * Removal of what has expired: KV's own expiry is only the earliest deletion.
 *
 * @module
 */

import { commit } from "./deno_kv.ts";
import type { ExpiringRecord } from "./expiring_records.ts";
import { type ExpiringKind, expiringKinds } from "./keys.ts";

/** Deletes expired records of single use. */
export async function sweepExpired(kv: Deno.Kv, now: number): Promise<void> {
  for (const kind of expiringKinds) await sweepKind(kv, kind, now);
}

async function sweepKind(kv: Deno.Kv, kind: ExpiringKind, now: number): Promise<void> {
  for await (const { key, value, versionstamp } of kv.list<ExpiringRecord>({ prefix: [kind] })) {
    if (value.expires_at > now) continue;
    await commit(kv, (operation) => operation.check({ key, versionstamp }).delete(key));
  }
}
