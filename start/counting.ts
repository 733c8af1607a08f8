/**
 * What counts in a process at one moment.
 *
 * @module
 */

import type { Merged } from "../broker/config/merged.ts";
import type { StoredSettings } from "../broker/core/settings.ts";

/** The configuration that counts, and the settings that it was made with. */
export interface Counting extends Merged {
  stored: StoredSettings;
  version: string | null;
  /** What is kept now cannot be opened: these are the last that could. */
  isUnopened: boolean;
}
