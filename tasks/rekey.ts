/**
 * `deno task rekey`: after a new key was put in front of `ENCRYPTION_KEYS`,
 * seals everything under it, and says which old keys can be destroyed. With
 * `--dry-run` it says how far a rotation is, and what cannot be opened.
 *
 * @module
 */

import { createActivityLog } from "../audit/activity.ts";
import { isOnDeploy } from "../broker/config/config.ts";
import { parseVaultConfig, type VaultConfig } from "../broker/config/vault.ts";
import { DEPLOYMENT } from "../broker/core/activity.ts";
import { ownEnv } from "../start/own_env.ts";
import { taskWorld } from "./task_world.ts";
import { failureOf } from "./failed.ts";
import { importKeyRing, type KeyRing } from "../vault/key_ring.ts";
import { openRecords } from "../vault/deno_kv.ts";
import type { Records } from "../vault/records.ts";
import { countByKey, countUnopenable, type KeyCounts, type RekeyProgress } from "../vault/rekey.ts";
import { listRetired } from "../vault/retired_keys.ts";
import { type OldKey, rotate } from "../vault/rotation.ts";
import { type Announcement, createSealer, listSealers } from "../vault/sealers.ts";
import { createStore } from "../vault/store.ts";

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
  const ids = config.encryptionKeys.map(({ id }) => id);
  const records = await openRecords(config.kvPath);
  try {
    if ((await listRetired(records)).includes(ids[0]!)) {
      console.error(
        `${ids[0]}: was retired, and seals nothing any more. Put another key in front: ` +
          `a new one needs an id that was never used.`,
      );
      return 1;
    }
    const before = await countByKey(records);
    const total = sum(before);
    const old = total - (before.get(ids[0]!) ?? 0);
    console.log(`${total} records, ${old} of them under another key than ${ids[0]}.`);
    const isDone = dryRun
      ? await look(records, ring, ids, before)
      : await turn(records, ring, ids, total);
    return isDone ? 0 : 1;
  } finally {
    records.close();
  }
}

async function readConfig(): Promise<VaultConfig> {
  const env = await ownEnv();
  return parseVaultConfig(env, isOnDeploy(env));
}

/** Says how things are; whether everything can be opened. */
async function look(
  records: Records,
  ring: KeyRing,
  ids: string[],
  counts: KeyCounts,
): Promise<boolean> {
  const sealers = await listSealers(records, Date.now());
  for (const id of ids) {
    const known = sealers.filter(({ opens }) => opens.includes(id)).length;
    const sealing = sealers.filter(({ key }) => key === id).length;
    console.log(
      `${id}: has sealed ${counts.get(id) ?? 0} records. ` +
        `Of ${sealers.length} processes ${known} open with it, and ${sealing} seal with it.`,
    );
  }
  reportMissing(ids, counts);
  const unopenable = await countUnopenable(records, ring);
  for (const { kind, key, count } of unopenable) {
    console.log(`${kind}: ${count} records under ${key} cannot be opened with these keys.`);
  }
  if (unopenable.length === 0) console.log("Every record can be opened with these keys.");
  console.log("Nothing was changed.");
  return unopenable.length === 0;
}

/** Does it; whether every old key can go. */
async function turn(
  records: Records,
  ring: KeyRing,
  ids: string[],
  total: number,
): Promise<boolean> {
  const bar = (progress: RekeyProgress) => drawBar(progress, total);
  const retired = await listRetired(records);
  const { unready, resealed, failed, counts, oldKeys } = await rotate(records, ring, Date, bar);
  for (const process of unready) {
    console.log(
      `A process ${named(process)} cannot open what ${ids[0]} seals: it knows ${process.opens}.`,
    );
  }
  if (unready.length > 0) {
    console.log(`Nothing was changed. ${waitFor(unready)}`);
    return false;
  }
  const ended = oldKeys.filter(({ id, canGo }) => canGo && !retired.includes(id));
  if (resealed + ended.length > 0) await note(records, ring, ids[0]!, ended);
  if (total > 0) console.error();
  for (const reason of failed) console.error(reason);
  console.log(`Sealed ${resealed} records anew.`);
  console.log(`${ids[0]}: seals, and has sealed ${counts.get(ids[0]!) ?? 0} records.`);
  for (const key of oldKeys) reportOld(key, ids[0]!);
  reportMissing(ids, counts);
  return failed.length === 0 && oldKeys.every(({ canGo }) => canGo);
}

/** The deployment's record says which key seals, and which open nothing any more. */
async function note(
  records: Records,
  ring: KeyRing,
  primary: string,
  ended: OldKey[],
): Promise<void> {
  const about = [`${primary} seals`, ...ended.map(({ id }) => `${id} was retired`)].join("; ");
  const sealer = createSealer(records, ring, Date);
  const world = taskWorld((event) => {
    if (event.level !== "info") console.error(JSON.stringify(event));
  });
  const store = createStore(records, ring, Date, sealer);
  const log = createActivityLog({ store, world });
  const actor = { kind: "operator", id: "rekey" } as const;
  const what = "keys_rotated";
  log.note({ at: Date.now(), what, subject: DEPLOYMENT, actor, about, outcome: "ok" });
  await log.idle();
  await sealer.leave();
}

/** Says of an old key whether it is still needed. */
function reportOld({ id, left, sealers, canGo }: OldKey, primary: string): void {
  for (const process of sealers) {
    console.log(`${id}: a process ${named(process)} still seals with it. Keep it.`);
  }
  if (sealers.length > 0) {
    return console.log(`${id}: put ${primary} in front for every process. ${waitFor(sealers)}`);
  }
  console.log(
    canGo
      ? `${id}: opens nothing any more, and nothing can be sealed with it. ` +
        `It can be taken out of ENCRYPTION_KEYS and destroyed.`
      : `${id}: still opens ${left} records. Keep it, and run this again.`,
  );
}

function reportMissing(ids: string[], counts: KeyCounts): void {
  for (const [id, left] of counts) {
    if (ids.includes(id)) continue;
    console.log(`${id}: has sealed ${left} records, and ENCRYPTION_KEYS does not list it. Add it.`);
  }
}

/** Processes have no names of their own. */
function named({ since }: Announcement): string {
  return `that began at ${new Date(since).toISOString()}`;
}

function waitFor(processes: Announcement[]): string {
  const last = new Date(Math.max(...processes.map(({ expiresAt }) => expiresAt)));
  return `Run this again when they have read their keys again or have ended; one that was killed ` +
    `counts until ${last.toISOString()}.`;
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
  console.error(failureOf("rekey", error));
  Deno.exit(1);
}
