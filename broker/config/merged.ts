/**
 * What env and an operator's settings come to together.
 *
 * @module
 */

import type { Config } from "./config.ts";
import type { Env } from "./env.ts";
import type { KnownProvider } from "./names.ts";
import type { OfficialServer } from "./upstreams.ts";

/** What settings are read with. */
export interface SettingsContext {
  /** Addresses of providers stand there alone. */
  env: Env;
  known: KnownProvider[];
  /** Servers that are known by name; may be left out where no entry names one. */
  official: readonly OfficialServer[];
}

/** Something that is kept and does not count. */
export interface SettingFault {
  kind: "app" | "credentials" | "upstream" | "operator";
  /** The realm, the provider, the upstream, or `provider:address`. */
  name: string;
  fault: string;
}

/** What a log calls an entry: somebody's address is nobody's business there. */
export function loggedName({ kind, name }: Pick<SettingFault, "kind" | "name">): string {
  return kind === "operator" ? name.slice(0, name.indexOf(":")) : name;
}

/** The configuration that counts, and what of the settings does not. */
export interface Merged {
  config: Config;
  faults: SettingFault[];
}
