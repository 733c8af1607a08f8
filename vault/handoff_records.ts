/**
 * Hand-offs: records that expire, and that housekeeping looks through for those
 * that nobody has claimed.
 *
 * @module
 */

import type { Handoff } from "../broker/core/connection.ts";
import type { HandoffStore, KeptHandoff } from "../broker/core/store.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { World } from "../broker/core/world.ts";
import { createExpiringStore, type ExpiringRecord } from "./expiring_records.ts";
import type { KeyRing } from "./key_ring.ts";
import { expiringPrefix } from "./keys.ts";
import { opened as openedOf, versionOf } from "./pieces.ts";
import type { Records } from "./records.ts";

/** {@linkcode HandoffStore} on {@linkcode Records}. */
export function createHandoffStore(
  records: Records,
  ring: KeyRing,
  clock: Pick<World, "now">,
): HandoffStore {
  return {
    ...createExpiringStore<Handoff>(records, ring, clock, "handoffs"),
    async survey() {
      const opened: KeptHandoff[] = [];
      let unopened = 0;
      const all = records.list<ExpiringRecord>({ prefix: expiringPrefix("handoffs") });
      for await (const found of all) {
        try {
          const record = await openedOf(records, ring, found);
          // `null`: it was claimed meanwhile.
          if (record === null) continue;
          const { entry, plain } = record;
          const digest = entry.key[1] as string;
          opened.push({ digest, value: plain as Handoff, version: versionOf(entry) });
        } catch (error) {
          if (!(error instanceof VaultError)) throw error;
          unopened += 1;
        }
      }
      return { opened, unopened };
    },
  };
}
