/**
 * Every provider with code of its own, with its tools. Adding one means a file
 * and a line here.
 *
 * @module
 */

import { asana } from "./asana/asana.ts";
import { asanaTools } from "./asana/tools.ts";
import { githubAppTools } from "./github/app_tools.ts";
import { github } from "./github/github.ts";
import { githubApp } from "./github/github_app.ts";
import { githubTools } from "./github/tools.ts";
import { google } from "./google/google.ts";
import { googleTools } from "./google/tools.ts";
import { linear } from "./linear/linear.ts";
import { linearTools } from "./linear/tools.ts";
import type { ProviderModule, Tool } from "./provider.ts";
import { slack } from "./slack/slack.ts";
import { slackTools } from "./slack/tools.ts";

export const providerModules: ProviderModule[] = [
  withTools(github, githubTools),
  withTools(githubApp, githubAppTools),
  withTools(google, googleTools),
  withTools(asana, asanaTools),
  withTools(slack, slackTools),
  withTools(linear, linearTools),
];

/** A provider whose tools need not be loaded any more. */
function withTools(module: ProviderModule, tools: Tool[]): ProviderModule {
  return {
    ...module,
    loadTools: undefined,
    create: (settings) => ({ ...module.create(settings), tools }),
  };
}
