/**
 * Every provider with code of its own. Adding one means a file and a line here.
 *
 * @module
 */

import { asana } from "./asana/asana.ts";
import { github } from "./github/github.ts";
import { githubApp } from "./github/github_app.ts";
import { google } from "./google/google.ts";
import { linear } from "./linear/linear.ts";
import type { ProviderModule } from "./provider.ts";
import { slack } from "./slack/slack.ts";

export const providerModules: ProviderModule[] = [
  github,
  githubApp,
  google,
  asana,
  slack,
  linear,
];
