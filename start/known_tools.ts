/**
 * What is known of providers' tools before one is called.
 *
 * @module
 */

import { namesOf, type Provider, type ProviderModule } from "../providers/provider.ts";

/** The providers with what is known of those of their tools that are loaded later. */
export async function knowTools(
  modules: ProviderModule[],
  providers: Provider[],
): Promise<Provider[]> {
  return await Promise.all(providers.map(async (provider) => {
    const tools = modules.find(({ name }) => name === provider.name)?.laterTools;
    if (tools === undefined) return provider;
    return { ...provider, later: { known: await tools.known(), load: tools.load } };
  }));
}

/** What calls may name a provider's tools by. */
export function toolNames({ tools, later }: Provider): string[] {
  return [...tools, ...later?.known ?? []].flatMap(namesOf);
}
