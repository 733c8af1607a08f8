/**
 * Puts stdio together.
 *
 * @module
 */

import type { LocalConfig } from "../broker/config/local.ts";
import type { Store } from "../broker/core/store.ts";
import { variable } from "../broker/core/variable.ts";
import type { World } from "../broker/core/world.ts";
import { createBroker } from "../broker/broker.ts";
import { createLocalBroker } from "../broker/local.ts";
import { NO_SETTINGS } from "./known_providers.ts";
import { knowTools, toolNames } from "./known_tools.ts";
import { createProviders, type PartsPorts } from "./parts.ts";
import { INSTRUCTIONS, serverInfoOf } from "./mcp.ts";
import type { Caller } from "../mcp/call.ts";
import { createCatalogue } from "../mcp/catalogue.ts";
import type { McpDeps } from "../mcp/definition.ts";

/** Puts stdio together: one person, no HTTP. Tokens from env, or from a vault on this machine. */
export async function composeLocal(
  config: LocalConfig,
  world: World,
  ports: Pick<PartsPorts, "modules" | "fetch" | "version"> & { store: Store | undefined },
): Promise<{ deps: McpDeps; caller: Caller }> {
  const { publicUrl, subject } = config;
  const { store, fetch, version } = ports;
  const providers = await knowTools(ports.modules, createProviders(ports, config));
  const servers = new Map(providers.map((provider) => [provider.name, provider]));
  const elsewhere = { returnUrls: [], apps: "elsewhere" as const, isServed: () => true };
  const vault = store && createBroker({ servers, store, world, publicUrl, ...elsewhere });
  const absent = ports.modules.filter(({ name }) => !servers.has(name));
  const wanted = (name: string) => variable(name, store === undefined ? "TOKEN" : "CLIENT_ID");
  const nothing = providers.length > 0
    ? undefined
    : `There are no tools: none of ${absent.map(({ name }) => wanted(name)).join(", ")} is set.`;
  if (nothing !== undefined) world.log({ level: "warn", event: "no_tokens", detail: nothing });
  const broker = createLocalBroker({ servers, envTokens: config.tokens, vault });
  return {
    deps: {
      world,
      broker,
      catalogue: createCatalogue(providers, [], broker),
      fetch,
      serverInfo: serverInfoOf(version),
      instructions: nothing ?? INSTRUCTIONS,
      accounts: broker,
      async lacking(tool) {
        const others = absent.map((module) => module.create(NO_SETTINGS));
        const owner = (await knowTools(absent, others))
          .find((provider) => toolNames(provider).includes(tool));
        return owner && `${wanted(owner.name)} is not set.`;
      },
    },
    caller: { subject, actor: { kind: "client", id: "stdio" }, filter: {} },
  };
}
