/**
 * What a person has connected, for whoever tells a model of it: shown, and
 * never decided by.
 *
 * @module
 */

import type { Acting } from "./actor.ts";
import type { Awaitable } from "./awaitable.ts";

/** One account that a person has connected. */
export interface HeldAccount {
  provider: string;
  /** The services that it is connected for, by name. */
  services: string[];
  /** Its stable id. */
  account: string;
  /** As its provider calls it: text of a stranger's. Absent where nobody knows. */
  label?: string | undefined;
  /** Whether it works; one that does not must be connected again. */
  works: boolean;
}

/** The accounts of one person that an actor may use. */
export interface HeldAccounts {
  /** Those that are used where none is named come first; not all of them where there are very many. */
  accounts: readonly HeldAccount[];
  /** Services for which there are two or more. */
  several: ReadonlySet<string>;
}

/** Knows what a person has connected. */
export interface Accounts {
  /**
   * As it was up to a minute ago; `undefined` where it cannot be known at the moment. Does not
   * throw.
   */
  accounts(acting: Acting): Awaitable<HeldAccounts | undefined>;
}
