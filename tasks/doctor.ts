/**
 * `deno task doctor`: what is wrong with a deployment, and what to do. Reads
 * the environment that the gateway would read, and its database; gateways may
 * run meanwhile. `--json` for programs. Ends with 0 only where all is well.
 *
 * @module
 */

import { officialServers } from "../providers/discovered/official.ts";
import {
  type Config,
  ConfigError,
  type Env,
  isOnDeploy,
  parseConfig,
} from "../broker/config/config.ts";
import { givenOf } from "../broker/config/env.ts";
import { type SettingsContext, withSettings } from "../broker/config/settings.ts";
import { parseVaultConfig, readKeyFile } from "../broker/config/vault.ts";
import type { SettingsStore } from "../broker/core/settings.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import { allModules, knownProviders } from "../start/all_providers.ts";
import { providerSpecs, systemUsers } from "../start/machine.ts";
import { openRecords } from "../vault/deno_kv.ts";
import { importKeyRing } from "../vault/key_ring.ts";
import { createSettingsStore } from "../vault/settings_records.ts";
import { failureOf } from "./failed.ts";
import { type Finding, isWell, linesOf } from "./findings.ts";
import { vaultFindings } from "./vault_findings.ts";

const USAGE = "Usage: deno task doctor [--json]";

/** Runs the task; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const asJson = args.includes("--json");
  if (args.some((arg) => arg !== "--json")) {
    console.error(USAGE);
    return 2;
  }
  const env = await readKeyFile(Deno.env.toObject(), Deno.readTextFile);
  const { findings, ...known } = await configured(env);
  findings.push(...await stored(env, known));
  const lines = asJson ? [JSON.stringify({ well: isWell(findings), findings })] : linesOf(findings);
  for (const line of lines) console.log(line);
  return isWell(findings) ? 0 : 1;
}

/** What the environment says. */
interface Configured {
  providers: string[];
  /** With what judges the settings of the console; absent where it has faults of its own. */
  whole?: { config: Config; context: SettingsContext } | undefined;
}

/** The environment, as a start would read it. */
async function configured(env: Env): Promise<Configured & { findings: Finding[] }> {
  const { modules, faults } = allModules(await providerSpecs(env));
  const known = knownProviders(modules);
  const what = "configuration";
  try {
    const config = parseConfig(env, known, isOnDeploy(env), faults, {
      users: await systemUsers(),
      official: officialServers,
    });
    const providers = [...config.providers.keys()];
    const servers = config.upstreams.filter((spec) => spec.kind === "http" && spec.oauth);
    const found = `no fault; ${providers.length} providers: ${providers.join(", ") || "none"}.`;
    const names = [...providers, ...servers.map(({ name }) => name)];
    const whole = { config, context: { env: givenOf(env), known, official: officialServers } };
    return { providers: names, whole, findings: [{ what, state: "ok", found }] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const found = error.faults.map((fault): Finding => ({ what, state: "fault", found: fault }));
    // Which of them are set up is not known then: nothing is said of it.
    return { providers: known.map(({ name }) => name), findings: found };
  }
}

/** The database, where its own settings can be read. */
async function stored(env: Env, { providers, whole }: Configured): Promise<Finding[]> {
  const what = "database";
  const fault = (
    found: string,
    cure?: string,
  ): Finding[] => [{ what, state: "fault", found, cure }];
  let config;
  try {
    config = parseVaultConfig(env, isOnDeploy(env));
  } catch (error) {
    if (error instanceof ConfigError) return fault("was not looked at: its settings have faults.");
    throw error;
  }
  const { kvPath, encryptionKeys: keys } = config;
  if (kvPath !== undefined && !/^https?:/.test(kvPath) && !await isThere(kvPath)) {
    return fault(
      `${kvPath} is not there.`,
      "Start the gateway once, or set KV_PATH or DATA_DIR to what it uses.",
    );
  }
  const findings: Finding[] = [];
  const records = await openRecords(kvPath, ({ closed, left }) => {
    const found = left > 0
      ? `${left} of its files can be read by others, and it is not ours to close them.`
      : `${closed} of its files could be read by others; they are closed now.`;
    findings.push({ what, state: left > 0 ? "fault" : "note", found });
  });
  try {
    const ids = keys.map(({ id }) => id);
    const ring = await importKeyRing(keys);
    const console = await consoleFindings(createSettingsStore(records, ring), whole);
    const all = [...new Set([...providers, ...console.providers])];
    const look = { records, ring, ids, providers: all, now: Date.now() };
    return [...findings, ...await vaultFindings(look), ...console.findings];
  } finally {
    records.close();
  }
}

/** What an operator has set in the console, held against the environment. */
async function consoleFindings(
  settings: SettingsStore,
  whole: Configured["whole"],
): Promise<{ providers: string[]; findings: Finding[] }> {
  const what = "console";
  let kept;
  try {
    kept = await settings.read();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return { providers: [], findings: [{ what, state: "fault", found: error.message }] };
  }
  if (kept === null || whole === undefined) return { providers: [], findings: [] };
  const { config, faults } = withSettings(whole.config, kept.value, whole.context);
  const { apps, credentials, upstreams, operators } = kept.value;
  const found = `${apps.length} apps, ${credentials.length} clients, ${upstreams.length} MCP ` +
    `servers, ${operators.length} operators.`;
  const left = faults.map(({ kind, name, fault }): Finding => ({
    what,
    state: "fault",
    found: `${kind} ${name} is left out: ${fault}.`,
    cure: "Change it in the console, or what the environment says.",
  }));
  const servers = config.upstreams.filter((spec) => spec.kind === "http" && spec.oauth);
  const providers = [...config.providers.keys(), ...servers.map(({ name }) => name)];
  return { providers, findings: left.length > 0 ? left : [{ what, state: "ok", found }] };
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(failureOf("doctor", error));
  Deno.exit(1);
}
