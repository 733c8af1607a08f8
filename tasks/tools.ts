/**
 * `deno task tools` writes down what lists need of the tools that are loaded
 * with their first call: it is to be run where such a tool was changed.
 *
 * @module
 */

import { knownTools } from "../mcp/known_tool.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { providerModules } from "../providers/registry.ts";

/** What stands in `providers/known_tools/`: by the names of its files. */
export async function knownToolFiles(
  modules: ProviderModule[] = providerModules,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { name, laterTools } of modules) {
    const tools = await laterTools?.load();
    if (tools !== undefined) files.set(`${name}.json`, JSON.stringify(tools.flatMap(knownTools)));
  }
  return files;
}

if (import.meta.main) {
  const folder = new URL("../providers/known_tools/", import.meta.url);
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, text] of await knownToolFiles()) {
    await Deno.writeTextFile(new URL(name, folder), text);
  }
}
