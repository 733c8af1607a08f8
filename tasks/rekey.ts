/**
 * `deno task rekey`: after a new key was put in front of `ENCRYPTION_KEYS`,
 * seals everything under it, and says which old keys can go.
 *
 * @module
 */

import {
  type Config,
  ConfigError,
  isOnDeploy,
  parseVaultConfig,
  readKeyFile,
} from "../broker/config/config.ts";
import { importKeyRing } from "../vault/key_ring.ts";
import { openRecords } from "../vault/deno_kv.ts";
import { countByKey, type KeyCounts, rekey, type RekeyProgress } from "../vault/rekey.ts";

const BAR_WIDTH = 30;
const USAGE = "Usage: deno task rekey [--dry-run]";

/** Runs the task; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const dryRun = args.includes("--dry-run");
  if (args.some((arg) => arg !== "--dry-run")) {
    console.error(USAGE);
    return 2;
  }
  const config = await readConfig();
  const ring = await importKeyRing(config.encryptionKeys);
  const records = await openRecords(config.kvPath);
  try {
    const before = await countByKey(records);
    const total = sum(before);
    const old = total - (before.get(ring.primary()) ?? 0);
    console.log(`${total} records, ${old} of them under another key than ${ring.primary()}.`);
    if (dryRun) {
      report(config, before);
      console.log("Nothing was changed.");
      return 0;
    }
    const { resealed, failed } = await rekey(
      records,
      ring,
      Date,
      (progress) => drawBar(progress, total),
    );
    if (total > 0) console.error();
    for (const reason of failed) console.error(reason);
    console.log(`Sealed ${resealed} records anew.`);
    report(config, await countByKey(records));
    return failed.length === 0 ? 0 : 1;
  } finally {
    records.close();
  }
}

async function readConfig(): Promise<Pick<Config, "encryptionKeys" | "kvPath">> {
  const env = await readKeyFile(Deno.env.toObject(), Deno.readTextFile);
  return parseVaultConfig(env, isOnDeploy(env));
}

/** Says of every key of the ring whether it is still needed. */
function report({ encryptionKeys }: Pick<Config, "encryptionKeys">, counts: KeyCounts): void {
  const [primary, ...others] = encryptionKeys.map(({ id }) => id);
  console.log(`${primary}: seals, and has sealed ${counts.get(primary!) ?? 0} records.`);
  for (const id of others) {
    const left = counts.get(id) ?? 0;
    console.log(
      left === 0
        ? `${id}: opens nothing any more. It can be taken out of ENCRYPTION_KEYS.`
        : `${id}: still opens ${left} records. Keep it.`,
    );
  }
  for (const [id, left] of counts) {
    if (encryptionKeys.some((key) => key.id === id)) continue;
    console.log(`${id}: has sealed ${left} records, and ENCRYPTION_KEYS does not list it. Add it.`);
  }
}

function drawBar({ seen }: RekeyProgress, total: number): void {
  const part = total === 0 ? 1 : Math.min(1, seen / total);
  const text = `[${"#".repeat(Math.round(part * BAR_WIDTH)).padEnd(BAR_WIDTH)}] ${seen}/${total}`;
  if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(`\r${text}`));
  else if (seen % 1000 === 0 || seen === total) console.error(text);
}

function sum(counts: KeyCounts): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  Deno.exit(1);
}
