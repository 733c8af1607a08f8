/**
 * `--stdio`: one person, no HTTP. Loaded for that alone.
 *
 * @module
 */

import type { Env } from "../broker/config/config.ts";
import { parseLocalConfig } from "../broker/config/local.ts";
import { serveLocal } from "../mcp/stdio.ts";
import { providerModules } from "../providers/registry.ts";
import { startTelemetry } from "../telemetry/telemetry.ts";
import { openVault } from "../vault/vault.ts";
import { vaultOptions } from "./configuration.ts";
import { readKnown } from "./known_providers.ts";
import { composeLocal } from "./local.ts";
import { checkSpans, createWorld, outliveFaults } from "./world.ts";

/** Starts it; the process ends with its input. */
export async function startStdio(env: Env, version: string): Promise<void> {
  const { known } = await readKnown("[]", env);
  const withTools = new Set(providerModules.map(({ name }) => name));
  const config = parseLocalConfig(env, known.filter(({ name }) => withTools.has(name)));
  const telemetry = await startTelemetry(version);
  // stdout is the protocol's.
  const world = createWorld(telemetry, (line) => console.error(line));
  const { vault } = config;
  const store = vault && (await openVault(vaultOptions(vault), world)).store;
  const { deps, caller } = await composeLocal(config, world, {
    modules: providerModules,
    store,
    fetch: telemetry.quietFetch(fetch),
    version,
  });
  serveLocal(deps, caller);
  outliveFaults(world);
  await checkSpans(telemetry, world);
}
