/**
 * How a task says that it failed: its own words where it has some, of anything
 * else the kind and the place, as messages of others may quote a setting.
 *
 * @module
 */

import { ConfigError } from "../broker/config/config.ts";
import { kindOf, saidOf } from "../broker/core/own_words.ts";
import { traceOf } from "../broker/core/trace_of.ts";
import { whereLooked } from "../start/own_env.ts";

/** What to print of an error that ended `what`, such as "start". */
export function failureOf(what: string, error: unknown): string {
  if (error instanceof ConfigError) return error.message + whereLooked(error);
  const said = saidOf(error);
  if (said !== kindOf(error)) return said.startsWith("Cannot ") ? said : `Cannot ${what}: ${said}`;
  const { name, at } = traceOf(error);
  return `Cannot ${what}: ${name} at ${at}`;
}
