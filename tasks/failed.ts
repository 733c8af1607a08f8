/**
 * How a task says that it failed: its own words where it has some, of anything
 * else the kind and the place, as messages of others may quote a setting.
 *
 * @module
 */

import { ConfigError } from "../broker/config/config.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import { traceOf } from "../broker/core/trace_of.ts";

/** What to print of an error that ended `what`, such as "start". */
export function failureOf(what: string, error: unknown): string {
  if (error instanceof ConfigError || error instanceof VaultError) return error.message;
  const { name, at } = traceOf(error);
  return `Cannot ${what}: ${name} at ${at}`;
}
