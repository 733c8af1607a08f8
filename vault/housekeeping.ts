/**
 * What the vault does every few minutes though nobody asks: its indexes, and
 * the removal of what has ended.
 *
 * @module
 */

import { MAX_CLOCK_SKEW_MS } from "../broker/core/clock.ts";
import type { World } from "../broker/core/world.ts";
import { indexAccounts } from "./account_index.ts";
import { indexEnds } from "./end_index.ts";
import { forgetEvents } from "./event_sweep.ts";
import { sweepExpired } from "./expired.ts";
import { forgetFigures } from "./figure_records.ts";
import type { KeyRing } from "./key_ring.ts";
import { indexOwned } from "./owned_index.ts";
import type { Records } from "./records.ts";
import { upgradeSchema } from "./schema_upgrade.ts";

/** One round of it, in this process beside others. */
export async function keepVault(
  records: Records,
  ring: KeyRing,
  world: Pick<World, "now" | "random">,
): Promise<void> {
  await indexEnds(records, world.now());
  await indexOwned(records, ring, world.now());
  // The clock of another process may be behind, which still has use for what has ended by ours.
  const random = () => world.random();
  await sweepExpired(records, world.now() - MAX_CLOCK_SKEW_MS, { random });
  await indexAccounts(records, world.now());
  await forgetFigures(records, world.now());
  await forgetEvents(records, world.now());
  await upgradeSchema({ records, ring }, world.now());
}
