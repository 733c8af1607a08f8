/**
 * Puts an operator's settings beside env. What reads them is loaded where there
 * are some.
 *
 * @module
 */

import type { StoredSettings } from "../core/settings.ts";
import type { Config } from "./config.ts";
import type { Merged, SettingsContext } from "./merged.ts";

/** Puts settings beside env; `env` must have no fault. */
export async function merge(
  env: Config,
  stored: StoredSettings,
  context: SettingsContext,
): Promise<Merged> {
  if (Object.values(stored).every((entries) => entries.length === 0)) {
    return { config: env, faults: [] };
  }
  const { withSettings } = await import("./settings.ts");
  return withSettings(env, stored, context);
}
