/**
 * What is doubtful in a configuration that has no fault: a start is not kept
 * back by it, since it may be on purpose, and says so.
 *
 * @module
 */

import type { Config } from "../config.ts";
import type { Env } from "../env.ts";
import type { KnownProvider } from "../names.ts";

/** One doubt. Nothing of it is a secret. */
export interface Doubt {
  /** The variable that it is about. */
  variable: string;
  /** What was found, as the end of a sentence that begins with the variable. */
  found: string;
  /** What to do. */
  cure?: string | undefined;
  /** It can hardly be on purpose: something does not work, or is open to everybody. */
  isFault: boolean;
  /** What an operator sets in the console may make it right. */
  byConsole?: boolean | undefined;
}

/** What is looked at. */
export interface Doubted {
  /** What was set, without what is there and empty. */
  env: Env;
  config: Config;
  known: KnownProvider[];
  onDeploy: boolean;
  /** Epoch ms. */
  now: number;
}
