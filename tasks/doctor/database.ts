/**
 * The database, where its own settings can be read: whether it can be opened,
 * written and read, what it holds, and what an operator has set in the console.
 *
 * @module
 */

import { dirname } from "node:path";
import { type Config, ConfigError, type Env, isOnDeploy } from "../../broker/config/config.ts";
import { merge } from "../../broker/config/merge.ts";
import type { SettingsContext } from "../../broker/config/merged.ts";
import { parseVaultConfig } from "../../broker/config/vault.ts";
import { kindOf, saidOf } from "../../broker/core/own_words.ts";
import type { DiscoveryStore } from "../../broker/core/store.ts";
import type { SettingsStore } from "../../broker/core/settings.ts";
import { NotOpenedError, VaultError } from "../../broker/core/store_errors.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { createDiscoveryStore } from "../../vault/discovery_records.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import type { Records } from "../../vault/records.ts";
import { createSettingsStore } from "../../vault/settings_records.ts";
import { roundTrip } from "../../vault/store.ts";
import type { Configured } from "./configuration.ts";
import { diskFindings } from "./disk.ts";
import type { Finding } from "./finding.ts";
import { vaultFindings } from "./vault.ts";
import type { Ways } from "./ways.ts";
import { isThere } from "../is_there.ts";

const WHAT = "database";
/** Above it each request that asks the database feels it. */
const SLOW_MS = 150;

/** What was found of it, and what it is good for. */
export interface Stored {
  findings: Finding[];
  /** What counts, with the settings of the console. */
  config?: Config | undefined;
  discoveries?: DiscoveryStore | undefined;
  /** What it holds; absent where it could not be opened. */
  look?: (() => Promise<Finding[]>) | undefined;
  close(): void;
}

/** Opens it; one that is not there is not made. */
export async function openStored(
  { env, config, context }: Configured,
  { now }: Pick<Ways, "now">,
): Promise<Stored> {
  const nothing = (
    found: string,
    cure?: string,
    state: Finding["state"] = "fault",
  ): Stored => ({
    findings: [{ what: WHAT, state, found, cure }],
    config,
    close() {},
  });
  let vault;
  try {
    vault = parseVaultConfig(env, isOnDeploy(env));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return nothing("was not looked at: its settings have faults.", undefined, "note");
  }
  const { kvPath, encryptionKeys: keys } = vault;
  const isFile = kvPath !== undefined && !/^https?:|^:memory:$/.test(kvPath);
  // Of a folder that is closed, opening it says more.
  if (isFile && !await isThere(kvPath).catch(() => true)) {
    const cure = "Start the gateway once, or set KV_PATH or DATA_DIR to what it uses.";
    const isFirst = !env.KV_PATH && await isFolder(dirname(kvPath), env);
    return isFirst
      ? nothing(`${kvPath} is not there yet: the first start makes it.`, cure, "note")
      : nothing(`${kvPath} is not there.`, cure);
  }
  const findings: Finding[] = isFile ? await diskFindings(kvPath) : [];
  if (findings.some(({ found }) => found.endsWith("was not opened."))) {
    return { findings, config, close() {} };
  }
  let records: Records;
  try {
    records = await openRecords(kvPath, ({ closed, left }) => {
      const found = left > 0
        ? `${left} of its files can be read by others, and it is not ours to close them.`
        : `${closed} of its files could be read by others; they are closed now.`;
      findings.push({ what: WHAT, state: left > 0 ? "fault" : "note", found });
    });
  } catch (error) {
    if (!(error instanceof NotOpenedError)) throw error;
    const [first = "", ...rest] = error.message.replace(/^Cannot open the database: /, "")
      .split(/\. (?=[A-Z])/);
    return nothing(`${first.replace(/\.$/, "")}.`, rest.length > 0 ? rest.join(". ") : undefined);
  }
  const ring = await importKeyRing(keys);
  const trip = await tripFinding(records, env, now);
  findings.push(trip);
  const close = () => records.close();
  if (trip.state === "fault") return { findings, config, close };
  const console = await consoleOf(createSettingsStore(records, ring), config, context);
  const counting = console.config ?? config;
  return {
    findings,
    config: counting,
    discoveries: createDiscoveryStore(records, ring),
    look: async () => {
      const providers = counting === undefined
        ? context.known.map(({ name }) => name)
        : [...counting.providers.keys(), ...connectedServers(counting)];
      const look = { records, ring, ids: keys.map(({ id }) => id), providers, now: now() };
      return [...await vaultFindings(look), ...console.findings];
    },
    close,
  };
}

/** A folder that is kept for it; the usual one is made with it. */
async function isFolder(path: string, { DATA_DIR }: Env): Promise<boolean> {
  if (!DATA_DIR) return true;
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

function connectedServers({ upstreams }: Config): string[] {
  return upstreams.filter((spec) => spec.kind === "http" && spec.oauth).map(({ name }) => name);
}

async function tripFinding(records: Records, env: Env, now: () => number): Promise<Finding> {
  const began = performance.now();
  try {
    await roundTrip(records, now());
  } catch (error) {
    return {
      what: WHAT,
      state: "fault",
      found: `can be opened, and not written: ${said(error)}.`,
      cure:
        "Make room on its disk, give its files to the gateway's user, and end what else holds " +
        "it; for a remote KV see DENO_KV_ACCESS_TOKEN.",
    };
  }
  const ms = Math.round(performance.now() - began);
  const where = env.DENO_REGION ? `, from region ${env.DENO_REGION}` : "";
  const found = `can be written and read, in ${ms} ms${where}.`;
  if (ms < SLOW_MS) return { what: WHAT, state: "ok", found };
  const cure = "It is far away, or busy: run the program where its database is.";
  return { what: WHAT, state: "note", found, cure };
}

function said(error: unknown): string {
  return saidOf(error) === kindOf(error) ? `an error (${kindOf(error)})` : saidOf(error);
}

/** What an operator has set in the console, held against the environment. */
async function consoleOf(
  settings: SettingsStore,
  config: Config | undefined,
  context: SettingsContext,
): Promise<{ config?: Config | undefined; findings: Finding[] }> {
  const what = "console";
  let kept;
  try {
    kept = await settings.read();
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    return { findings: [{ what, state: "fault", found: saidOf(error) }] };
  }
  if (kept === null || config === undefined) return { findings: [] };
  const { config: whole, faults } = await merge(config, kept.value, context);
  const { apps, credentials, upstreams, operators } = kept.value;
  const found = `${apps.length} apps, ${credentials.length} clients, ${upstreams.length} MCP ` +
    `servers, ${operators.length} operators.`;
  const left = faults.map(({ kind, name, fault }): Finding => ({
    what,
    state: "fault",
    found: `${kind} ${name} is left out: ${fault}.`,
    cure: "Change it in the console, or what the environment says.",
  }));
  return { config: whole, findings: left.length > 0 ? left : [{ what, state: "ok", found }] };
}
