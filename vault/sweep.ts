/**
 * Removal of what has expired: KV's own expiry is only the earliest deletion.
 *
 * @module
 */

import { commit } from "./kv.ts";
import type { OneTimeRecord } from "./one_time.ts";
import { type OneTimeKind, oneTimeKinds } from "./keys.ts";

/** Deletes expired records of single use. */
export async function sweepExpired(kv: Deno.Kv, now: number): Promise<void> {
  for (const kind of oneTimeKinds) await sweepKind(kv, kind, now);
}

async function sweepKind(kv: Deno.Kv, kind: OneTimeKind, now: number): Promise<void> {
  for await (const { key, value, versionstamp } of kv.list<OneTimeRecord>({ prefix: [kind] })) {
    if (value.expires_at > now) continue;
    await commit(kv, (operation) => operation.check({ key, versionstamp }).delete(key));
  }
}
