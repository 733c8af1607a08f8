/**
 * What is known of MCP servers that ask for OAuth. Sealed: a registration may
 * hold a client secret.
 *
 * @module
 */

import type { DiscoveryRecord } from "../broker/core/discovered.ts";
import type { DiscoveryStore } from "../broker/core/store.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { KeyRing } from "./key_ring.ts";
import { discoveryKey } from "./keys.ts";
import { type CutBox, opened, plainVersion, sealed, versionAfter, versionOf } from "./pieces.ts";
import type { Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface Sealed extends CutBox {
  v: 1;
}

/** {@linkcode DiscoveryStore} on {@linkcode Records}. */
export function createDiscoveryStore(records: Records, ring: KeyRing): DiscoveryStore {
  return {
    async get(name, url) {
      const entry = await records.get<Sealed>(discoveryKey({ name, url }));
      if (entry === null) return null;
      try {
        const found = await opened(records, ring, entry);
        return found && { value: found.plain as DiscoveryRecord, version: versionOf(found.entry) };
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        // Its key is gone. What it said is found again, and this program registered anew.
        return { value: { name, url, registrations: [] }, version: versionOf(entry) };
      }
    },
    async put(value, version) {
      const key = discoveryKey(value);
      const checks = [{ key, version: plainVersion(version) }];
      const change = await sealed(ring, { key, value, clear: {}, before: version });
      const committed = await records.commit({ checks, ...change });
      return committed && versionAfter(committed, change);
    },
  };
}
