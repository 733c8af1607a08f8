/**
 * What all providers are called, and where apps of theirs are registered: for
 * an operator who sets one up. Loads the code of each, once.
 *
 * @module
 */

import { knownModules } from "../providers/known.ts";
import type { ProviderFacts } from "../routes/http/deps.ts";
import { NO_SETTINGS } from "./known_providers.ts";

/** By name. */
export async function providerFacts(): Promise<Map<string, ProviderFacts>> {
  return new Map(
    await Promise.all(knownModules.map(async ({ name, load }): Promise<[string, ProviderFacts]> => {
      const module = await load();
      const { title: own, services } = module.create(NO_SETTINGS);
      // Two providers may be of one company; what people connect tells them apart.
      const [only, ...others] = services;
      const title = only !== undefined && others.length === 0 ? only.title : own;
      const registerAt = URL.canParse(module.console) ? module.console : undefined;
      return [name, { title, registerAt }];
    })),
  );
}
