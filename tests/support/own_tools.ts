/**
 * The providers with code of their own, and the code of their tools, which the
 * program loads with the first call of one.
 *
 * @module
 */

import type { ProviderModule } from "../../providers/provider.ts";
import { providerModules } from "../../providers/registry.ts";

export const modulesWithTools: ProviderModule[] = await Promise.all(
  providerModules.map(async ({ laterTools, ...module }) => {
    const tools = await laterTools?.load() ?? [];
    return {
      ...module,
      create(settings) {
        const provider = module.create(settings);
        return { ...provider, tools: [...provider.tools, ...tools] };
      },
    };
  }),
);
