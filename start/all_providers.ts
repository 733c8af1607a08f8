/**
 * All providers, loaded: for what an operator runs. A start loads those that
 * are set up, see `known_providers.ts`.
 *
 * @module
 */

import type { KnownProvider } from "../broker/config/config.ts";
import { faultOf } from "../broker/config/env.ts";
import { takenNames } from "../broker/config/names.ts";
import { catalogueModules } from "../providers/catalogue/catalogue.ts";
import { clientModules } from "../providers/client_catalogue/client_catalogue.ts";
import { configuredModule, parseProviderSpecs } from "../providers/configured.ts";
import { keyModules } from "../providers/key_catalogue/key_catalogue.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { providerModules } from "../providers/registry.ts";
import { knownAs } from "./known_providers.ts";

/** Providers of data alone. */
const withoutTools = [...catalogueModules, ...keyModules, ...clientModules];

/** Providers with code, those that are named, and the operator's own, with what is wrong. */
export function allModules(specs: string): { modules: ProviderModule[]; faults: string[] } {
  const known = [...providerModules, ...withoutTools];
  try {
    const taken = takenNames(knownProviders(known));
    const own = parseProviderSpecs(specs, [...taken]).map(configuredModule);
    return { modules: [...known, ...own], faults: [] };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { modules: known, faults: [faultOf("PROVIDERS", error.message)] };
  }
}

/** What modules are called, and their services. */
export function knownProviders(modules: ProviderModule[]): KnownProvider[] {
  return modules.map((module) => knownAs(module, withoutTools.includes(module)));
}
