/**
 * GitHub's tools, for installations of a GitHub App.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { listInstalledRepositories } from "./repositories.ts";
import { githubTools } from "./tools.ts";

/** GitHub's tools as those of the app: by its own name, and without scopes. */
function ofApp(tool: Tool): Tool[] {
  // Of a person's repositories; an installation has a list of its own.
  if (tool.name === "github_list_repositories") return [];
  const named = (name: string) => name.replace(/^github_(app_)?/, "github_app_");
  const formerly = Object.fromEntries(
    // Names without the service are those of a person's tools.
    Object.entries(tool.formerly ?? {}).filter(([name]) => name.startsWith("github_"))
      .map(([name, former]) => [named(name), former]),
  );
  return [{
    ...tool,
    name: named(tool.name),
    title: tool.title.replace(/\bGitHub\b/, "GitHub App"),
    aliases: tool.aliases.filter((name) => name.startsWith("github_")).map(named),
    formerly,
    service: "github_app",
    scopes: [],
    scopesFor: undefined,
  }];
}

/** All of them. */
export const githubAppTools: Tool[] = [...githubTools, listInstalledRepositories].flatMap(ofApp);
