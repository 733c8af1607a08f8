/**
 * The whole examination: of a deployment by its environment, or of a running
 * gateway by its address alone.
 *
 * @module
 */

import type { Config, Env } from "../../broker/config/config.ts";
import { givenOf } from "../../broker/config/env.ts";
import { hexOfBytes } from "../../broker/core/random_secret.ts";
import type { OidcSettings } from "../../broker/core/oidc.ts";
import { createCarefulFetch } from "../../net/careful_fetch.ts";
import type { Provider, ProviderModule } from "../../providers/provider.ts";
import { deadAddresses } from "../../start/dead_addresses.ts";
import { createPostEvent } from "../../net/post_event.ts";
import { createProviders } from "../../start/parts.ts";
import { createDiscovered } from "../../start/upstreams.ts";
import { type Check, runChecks } from "./check.ts";
import { clientFinding, type Trial } from "./clients.ts";
import { collectorFindings } from "./collector.ts";
import { clockFinding } from "./clock.ts";
import { type Configured, doubtFindings, fileFindings, readConfigured } from "./configuration.ts";
import { openStored, type Stored } from "./database.ts";
import type { Finding } from "./finding.ts";
import { mcpFindings } from "./mcp.ts";
import { oidcFindings, oidcRedirect } from "./oidc.ts";
import type { PublicLook } from "./asking.ts";
import { publicFindings } from "./public_url.ts";
import { receiverFinding } from "./receivers.ts";
import { redirectFinding } from "./redirects.ts";
import { scopeFindings } from "./scopes.ts";
import { serverFinding } from "./servers.ts";
import type { Seen, Ways } from "./ways.ts";
import { taskWorld } from "../task_world.ts";

/** How it is done. */
export interface Examination {
  /** A running gateway, of which nothing else is known; its origin. */
  url?: string | undefined;
  /** An API key, to list tools with. */
  key?: string | undefined;
  /** Nobody else is asked. */
  offline?: boolean | undefined;
}

/** Looks at everything; `outside`: the environment as it was set. */
export async function examine(
  outside: Env,
  { url, key, offline = false }: Examination,
  ways: Ways,
): Promise<Finding[]> {
  const seen: Seen[] = [];
  if (url !== undefined) {
    const look = { url, ways, seen, mayBeDown: false };
    return [...await fromOutside(look, key), clockFinding(seen)];
  }
  const configured = await readConfigured(outside);
  const opened = await opening(configured, ways);
  try {
    const { config } = opened;
    const own: Check[] = [
      { what: "keys", run: async () => await opened.look?.() ?? [] },
    ];
    const settings = config === undefined
      ? fileFindings()
      : await doubtFindings(outside, config, configured.context);
    const inside = [...configured.findings, ...settings, ...opened.findings];
    if (config === undefined) {
      const found =
        "providers, MCP servers and the public URL wait until the configuration is right.";
      const rest: Finding = { what: "the rest", state: "note", found };
      return [...inside, ...await runChecks(own, ways.patience), rest];
    }
    const { modules } = configured;
    const checks = [
      ...own,
      ...offline
        ? registered(config, modules)
        : await askingOthers(config, modules, { opened, ways, seen, key, env: givenOf(outside) }),
    ];
    const found = await runChecks(checks, ways.patience);
    return [...inside, ...found, offline ? NOBODY_ASKED : clockFinding(seen)];
  } finally {
    opened.close();
  }
}

const NOBODY_ASKED: Finding = {
  what: "the rest",
  state: "note",
  found:
    "clients, sign-in, MCP servers, receivers, the public URL and the clock were not looked at: " +
    "--offline.",
};

/** A database that never answers holds up nothing else. */
async function opening(configured: Configured, ways: Ways): Promise<Stored> {
  let stored: Stored | undefined;
  const run = async () => {
    stored = await openStored(configured, ways);
    return [];
  };
  const findings = await runChecks([{ what: "database", run }], ways.patience);
  const cure =
    "Another program holds it (a backup, a shell, a gateway that hangs): end that one. On a " +
    "network disk, or with a remote KV, see whether that answers.";
  return stored ?? {
    findings: findings.map((finding) => ({ ...finding, cure })),
    config: configured.config,
    close() {},
  };
}

/** What is to be registered where, and what scopes ask for: nobody is asked for either. */
function registered(config: Config, modules: ProviderModule[]): Check[] {
  const trials = trialsOf(config, modules);
  return [
    ...trials.map((trial): Check => ({
      what: "redirect URIs",
      run: async () => [await redirectFinding(trial, undefined)],
    })),
    ...ownSignIn(config, () => Promise.resolve([])),
    { what: "scopes", run: () => Promise.resolve(scopeFindings(trials)) },
  ];
}

/** The operator's own OpenID Connect provider, where there is one. */
function ownSignIn(
  { oidc, publicUrl }: Config,
  ask: (oidc: OidcSettings) => Promise<Finding[]>,
): Check[] {
  if (oidc === undefined) return [];
  const redirect = oidcRedirect(oidc, publicUrl);
  return [
    { what: redirect.what, run: () => Promise.resolve([redirect]) },
    { what: "sign-in", run: () => ask(oidc) },
  ];
}

/** What it takes to ask them. */
interface Asking {
  opened: Stored;
  ways: Ways;
  seen: Seen[];
  key: string | undefined;
  env: Env;
}

async function askingOthers(
  config: Config,
  modules: ProviderModule[],
  { opened, ways, seen, key, env }: Asking,
): Promise<Check[]> {
  const trials = trialsOf(config, modules);
  const { publicUrl, upstreams } = config;
  const careful = createCarefulFetch();
  const connectable = await connectableOf(config, opened, ways, trials);
  const dead = async () =>
    // Whether a provider itself is there shows when its client is tried.
    (await deadAddresses(config, env)).filter(({ variable }) => variable.endsWith("_API_URL")).map((
      { variable, found, cure },
    ): Finding => ({
      ...{ what: "settings", state: "fault", found: `${variable} ${found}`, cure },
    }));
  return [
    { what: "settings", run: dead },
    ...trials.map((trial): Check => ({
      what: "redirect URIs",
      run: async () => [await redirectFinding(trial, ways)],
    })),
    ...trials.map((trial): Check => ({
      what: "clients",
      run: async () => [await clientFinding(trial, ways, seen)],
    })),
    ...ownSignIn(config, (oidc) => oidcFindings(oidc, publicUrl, { ways, seen })),
    { what: "scopes", run: () => Promise.resolve(scopeFindings(trials)) },
    ...upstreams.map((spec): Check => ({
      what: "MCP servers",
      run: async () => [await serverFinding(spec, { ways, careful, seen, connectable })],
    })),
    {
      what: "public URL",
      run: () =>
        fromOutside({
          ...{ url: publicUrl, ways, seen, mayBeDown: true },
          proxies: { header: config.trustedProxyHeader },
          digests: config.apiKeys.map(({ realm, sha256 }) => ({
            realm,
            sha256: hexOfBytes(sha256),
          })),
        }, key),
    },
    ...config.events.map((receiver): Check => ({
      what: "receivers",
      run: async () => [await receiverFinding(receiver, ways, createPostEvent(ways.fetch))],
    })),
    { what: "telemetry", run: () => collectorFindings(env, ways) },
  ];
}

/** MCP servers that people connect, over the store: what is registered is kept there. */
async function connectableOf(
  config: Config,
  { discoveries }: Stored,
  { fetch }: Ways,
  trials: Trial[],
) {
  if (discoveries === undefined) return [];
  const careful = createCarefulFetch();
  return await createDiscovered(
    config,
    taskWorld(),
    { store: { discoveries }, fetch, careful },
    trials.map(({ provider }) => provider),
  );
}

function trialsOf(config: Config, modules: ProviderModule[]): Trial[] {
  const { publicUrl, providers } = config;
  return modules.flatMap((module): Trial[] => {
    const settings = providers.get(module.name);
    if (settings === undefined) return [];
    const make = (fetch: typeof globalThis.fetch, clientSecret = settings.clientSecret) => {
      const only = new Map([[module.name, { ...settings, clientSecret }]]);
      const made = createProviders({ modules: [module], fetch }, { providers: only, publicUrl });
      return made[0] as Provider;
    };
    const provider = make(fetch);
    if (provider.credential.kind !== "oauth") return [];
    const { console } = module;
    const redirectUri = `${publicUrl}/callback/${module.name}`;
    return [{ provider, console, redirectUri, baseUrl: settings.baseUrl, make }];
  });
}

async function fromOutside(look: PublicLook, key: string | undefined): Promise<Finding[]> {
  const { findings, isThere } = await publicFindings(look);
  return key === undefined || !isThere ? findings : [...findings, ...await mcpFindings(look, key)];
}
