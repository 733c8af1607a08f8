/**
 * How far clocks are apart, as processes tell by the announcements that they
 * write every few minutes anyhow: each says until when it counts, by its own
 * clock. It was written some time ago, nobody knows when: so it is certain that
 * its clock is ahead by as much as it says, and possible that it is behind.
 *
 * @module
 */

import type { Clocks } from "../broker/core/clock.ts";
import { sealerPrefix } from "./keys.ts";
import type { Records } from "./records.ts";
import { ANNOUNCED_MS, type Sealer } from "./sealers.ts";

/** The clocks of all but the process itself. */
export function createClocks(records: Records, { id }: Partial<Pick<Sealer, "id">>): Clocks {
  /** When each last announced itself, by its own clock. */
  async function said(): Promise<number[]> {
    const found: number[] = [];
    for await (
      const { key, value } of records.list<{ expires_at: number }>({ prefix: sealerPrefix })
    ) {
      if (key.at(-1) !== id) found.push(value.expires_at - ANNOUNCED_MS);
    }
    return found;
  }
  return {
    behind: async (now) => Math.max(0, ...(await said()).map((at) => now - at)),
    ahead: async (now) => Math.max(0, ...(await said()).map((at) => at - now)),
  };
}
