/**
 * What a scenario says.
 *
 * @module
 */

import type { Need } from "../../../broker/tokens/freshness.ts";
import type { Rotation } from "./provider.ts";

/** What can go wrong in a model. */
export interface ModelOptions {
  rotation: Rotation;
  /** How long the stored access token still lives; if not said, it ended 3 minutes ago. */
  leftMs?: number;
  /**
   * How many timers may fire while something else could happen first. When they
   * are used up, time passes only where all are waiting for it.
   */
  timers?: number;
  /**
   * Timers fire at multiples of this, in ms, as on a busy machine: the orders
   * of events are the same, the times at which they happen are fewer. 1,000 if
   * not said.
   */
  tick?: number;
  /** This process may die, at any point. */
  crash?: string;
  /** From any point on, so many store operations of `of` fail in a row. */
  outage?: { of: string; failures: number };
  /** For tests of the model itself: a store that does not check what it should. */
  broken?: "leases" | "versions";
}

/** A caller. */
export interface CallOptions {
  /** How far its process's clock is ahead, in ms. */
  skew?: number;
  need?: Need;
  waitMs?: number;
}
