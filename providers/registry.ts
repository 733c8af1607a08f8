/**
 * Every provider this program knows. Adding one means a file and a line here.
 *
 * @module
 */

import { github } from "./github/github.ts";
import { google } from "./google/google.ts";
import type { ProviderModule } from "./provider.ts";

export const providerModules: ProviderModule[] = [github, google];
