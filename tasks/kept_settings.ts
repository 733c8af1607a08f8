/**
 * What an operator has set in the console, for tasks that are told the rest by
 * their environment.
 *
 * @module
 */

import { consoleUpstream } from "../broker/config/console_upstreams.ts";
import type { Env } from "../broker/config/env.ts";
import { NO_SETTINGS, type StoredSettings } from "../broker/core/settings.ts";
import type { Store } from "../broker/core/store.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import type { UpstreamSpec } from "../broker/core/upstream.ts";
import { variable } from "../broker/core/variable.ts";
import { officialServers } from "../providers/discovered/official.ts";

/** The settings; what cannot be opened is said, and ends no task that can go on without. */
export async function keptSettings(
  { settings }: Pick<Store, "settings">,
  say: (line: string) => void,
): Promise<StoredSettings> {
  try {
    return (await settings.read())?.value ?? NO_SETTINGS;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    say(`Without the settings of the console: ${error.message}`);
    return NO_SETTINGS;
  }
}

/** The environment, with the client of a provider or an MCP server that is kept; env counts. */
export function withKeptClient(env: Env, { credentials }: StoredSettings, provider: string): Env {
  const [id, secret] = [variable(provider, "CLIENT_ID"), variable(provider, "CLIENT_SECRET")];
  const kept = credentials.find((each) => each.provider === provider);
  if (kept === undefined || env[id] || env[secret]) return env;
  return { ...env, [id]: kept.clientId, [secret]: kept.clientSecret };
}

/** The MCP servers that are kept and could be reached. */
export function keptUpstreams(
  { upstreams, credentials }: StoredSettings,
  env: Env,
): UpstreamSpec[] {
  // Whether one is this program itself is nothing here.
  const context = { env, official: officialServers, publicUrl: "http://localhost" };
  return upstreams.flatMap((entry) => {
    const read = consoleUpstream(entry, context);
    if ("fault" in read) return [];
    const { spec } = read;
    const kept = credentials.find(({ provider }) => provider === spec.name);
    if (spec.kind !== "http" || spec.client !== undefined || kept?.url !== spec.url) return [spec];
    return [{ ...spec, client: { id: kept.clientId, secret: kept.clientSecret } }];
  });
}
