/**
 * What a start says of itself once it listens: one line of what it is, and a
 * line for each thing that looks wrong. Loaded after the program listens, and
 * nobody waits for it.
 *
 * @module
 */

import { type Config, type Env, isOnDeploy, type KnownProvider } from "../broker/config/config.ts";
import { doubtsOf } from "../broker/config/doubts/doubts.ts";
import { givenOf } from "../broker/config/env.ts";
import { keyFileDoubt } from "./key_file.ts";
import type { LogEvent, World } from "../broker/core/world.ts";
import { deadAddresses } from "./dead_addresses.ts";
import { doubtsOfFile } from "./own_env.ts";

/** Of what it tells. */
export interface Telling {
  config: Config;
  /** As the process was started, the key ring put in. */
  env: Env;
  known: KnownProvider[];
  /** Keys that sealed something, and that the ring lacks or has wrong. */
  missingKeys: string[];
  /** Whether an operator has set something in the console, which may make up for what env lacks. */
  hasSettings(): Promise<boolean>;
}

/** Writes it all to the log. Does not reject. */
export async function tellStart(
  telling: Telling,
  world: Pick<World, "log" | "now">,
): Promise<void> {
  world.log(startedLine(telling));
  const { config, known, hasSettings } = telling;
  const env = givenOf(telling.env);
  const onDeploy = isOnDeploy(env);
  const doubts = [
    ...doubtsOfFile(),
    ...doubtsOf({ env, config, known, onDeploy, now: world.now() }),
    ...await keyFileDoubt(Deno.env.toObject()),
    // On Deploy a start is somebody's request.
    ...(onDeploy ? [] : await deadAddresses(config, env)),
  ];
  const isMadeUpFor = doubts.some(({ byConsole }) => byConsole) &&
    await hasSettings().catch(() => true);
  for (const { variable, found, cure, isFault, byConsole } of doubts) {
    if (byConsole && isMadeUpFor) continue;
    const level = isFault ? "warn" : "info";
    world.log({ level, event: "setting_doubtful", setting: variable, detail: found, cure });
  }
}

/** One line; counts in the place of people, names in the place of secrets. Pure. */
export function startedLine({ config, missingKeys }: Telling): LogEvent {
  const { providers, upstreams, apiKeys, operators, encryptionKeys, grantLifetimes } = config;
  const [first, ...others] = encryptionKeys.map(({ id }) => id);
  const byAddress = config.trustedProxies.length > 0;
  return {
    level: "info",
    event: "started",
    providers: [...providers.keys()].join(", ") || "none",
    mcp_servers: upstreams.map(({ name }) => name).join(", ") || "none",
    api_keys: apiKeys.length,
    sign_in: signInWords(config.signInAllow),
    operators: operators.length,
    kv: kvWords(config.kvPath),
    keys: others.length === 0 ? `${first} seals` : `${first} seals, ${others.join(", ")} open`,
    records_under_unknown_keys: missingKeys.length === 0 ? "none seen" : missingKeys.join(", "),
    limits: byAddress ? "by the address that proxies say" : "by the address that connects",
    grants: `${grantLifetimes.idleMs / DAY_MS} days unused, ${
      grantLifetimes.maxMs / DAY_MS
    } in all`,
  };
}

const DAY_MS = 24 * 60 * 60_000;

/** Who may sign in; nobody is named. Pure. */
export function signInWords(patterns: string[]): string {
  if (patterns.length === 0) return "nobody but operators";
  if (patterns.includes("*")) return "everybody";
  const domains = patterns.filter((pattern) => pattern.startsWith("*")).map((one) => one.slice(1));
  const people = patterns.length - domains.length;
  const named = people === 0 ? [] : [`${people} addresses`];
  return [...domains.map((domain) => `everybody ${domain}`), ...named].join(", ");
}

/** What looks like no path is not shown: it may be something else that was pasted. */
function kvWords(path: string | undefined): string {
  if (path === undefined) return "the platform's own";
  if (/^https?:/i.test(path)) return new URL(path).origin;
  return /[/\\]|\.(sqlite3?|db|kv)$/.test(path) ? path : "a file in the working folder";
}
