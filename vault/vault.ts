/**
 * A database and a key ring, opened for as long as the program runs.
 *
 * @module
 */

import { saidOf } from "../broker/core/own_words.ts";
import { NotOpenedError, VaultError } from "../broker/core/store_errors.ts";
import type { Store } from "../broker/core/store.ts";
import type { World } from "../broker/core/world.ts";
import { GIVE_UP_AFTER_MS, openRecords } from "./deno_kv.ts";
import { findMissingKeys } from "./key_check.ts";
import { importKeyRing, type KeyRing, type KeySpec, type ReloadKeys } from "./key_ring.ts";
import type { Opened } from "./kv_files.ts";
import type { KvTurns } from "./kv_turns.ts";
import type { Records } from "./records.ts";
import { requireSchema } from "./schema.ts";
import { createSealer, type Sealer } from "./sealers.ts";
import { createStore } from "./store.ts";

/** A process that nobody asks for anything looks at its keys this often. */
export const LOOK_EVERY_MS = 10_000;

/**
 * What is stored is tried again this often, where all of it opened and the ring is the same: a try
 * reads up to a hundred records of each kind.
 */
export const CHECK_AGAIN_MS = 60 * 60_000;

/** Where everything is, and what opens it. */
export interface VaultOptions {
  /** `undefined`: the platform's own KV. */
  kvPath: string | undefined;
  keys: KeySpec[];
  reload?: ReloadKeys | undefined;
  /** Of those who call; absent where there is one caller. */
  turns?: KvTurns | undefined;
  /** How long the first write may take. @default GIVE_UP_AFTER_MS */
  patienceMs?: number | undefined;
}

/** What is open. */
export interface Vault {
  records: Records;
  ring: KeyRing;
  store: Store;
  /**
   * Tries whether the keys open what is stored, and says so in the log where they do not. Where they
   * did within the last hour nothing is read for it. Looks at others' clocks as well.
   */
  check(): Promise<void>;
  /** Whether the last check found a key missing. */
  lacksKeys(): boolean;
  /** Whether the last check found another process whose clock is ahead by {@linkcode TOLD_SKEW_MS}. */
  isBehind(): boolean;
  /** The ids of the keys that it found missing. */
  missingKeys(): string[];
  /** Takes back that this process seals, and closes the database. */
  close(): Promise<void>;
}

/** Clocks that differ by less are told to nobody: nothing depends on it. */
export const TOLD_SKEW_MS = 60_000;

/**
 * Opens everything, and announces this process to whoever rotates keys.
 *
 * @throws {VaultError} `retired_key`: with these keys nothing can be sealed; `newer_schema`.
 */
export async function openVault(
  { kvPath, keys, reload, turns, patienceMs }: VaultOptions,
  world: World,
): Promise<Vault> {
  const onOpened = ({ closed, left }: Opened) => {
    const level = left > 0 ? "warn" : "info";
    world.log({ level, event: "kv_files_were_open_to_others", closed, left });
  };
  const opened = await openRecords(kvPath, onOpened, turns, world.timing);
  const { spans } = world;
  const records = spans === undefined
    ? opened
    : (await import("./traced_records.ts")).traced(opened, spans);
  const { ring, sealer } = await announced(records, { kvPath, keys, reload, patienceMs }, world);
  const failed = () => world.log({ level: "warn", event: "sealer_not_announced" });
  const announcing = setInterval(() => void announce(sealer, world).catch(failed), LOOK_EVERY_MS);
  // It keeps no program running.
  Deno.unrefTimer(announcing);
  const store = createStore(records, ring, world, sealer);
  let missingKeys: string[] = [];
  let isBehind = false;
  let checked: { ids: string; at: number } | undefined;
  return {
    records,
    ring,
    store,
    async check() {
      const ahead = await store.clocks.ahead(world.now());
      isBehind = ahead >= TOLD_SKEW_MS;
      if (isBehind) {
        const detail = "another process's clock is ahead of this one's: set both by a time server";
        const seconds = Math.round(ahead / 1000);
        world.log({ level: "warn", event: "clock_is_behind", seconds, detail });
      }
      const ids = String(await ring.ids());
      const now = world.now();
      const isKnown = checked?.ids === ids && Math.abs(now - checked.at) < CHECK_AGAIN_MS;
      if (isKnown && missingKeys.length === 0) return;
      const missing = await findMissingKeys(records, ring);
      checked = { ids, at: now };
      missingKeys = missing.map(({ id }) => id);
      for (const { id, detail } of missing) {
        world.log({ level: "error", event: "key_missing", key: id, detail });
      }
    },
    isBehind: () => isBehind,
    lacksKeys: () => missingKeys.length > 0,
    missingKeys: () => missingKeys,
    async close() {
      clearInterval(announcing);
      await attempt(world, sealer.leave);
      records.close();
    },
  };
}

/** The keys, and this process as one that seals with them. */
async function announced(
  records: Records,
  { kvPath, keys, reload, patienceMs = GIVE_UP_AFTER_MS }: VaultOptions,
  world: World,
): Promise<{ ring: KeyRing; sealer: Sealer }> {
  try {
    const ring = await importKeyRing(keys, { reload, log: world.log });
    const sealer = createSealer(records, ring, world);
    await inTime(attempt(world, sealer.begin), kvPath, patienceMs);
    await requireReadable(records, sealer, world);
    return { ring, sealer };
  } catch (error) {
    // Closing would wait for the write that waits, and stop the whole process meanwhile.
    if (!(error instanceof NotOpenedError)) records.close();
    throw error;
  }
}

/** Who cannot work with the database says nothing of itself in it. */
async function requireReadable(records: Records, sealer: Sealer, world: World): Promise<void> {
  try {
    await requireSchema(records);
  } catch (error) {
    await attempt(world, sealer.leave);
    throw error;
  }
}

/**
 * What another program holds whole can be opened, and the first write waits for ever, without a word
 * (seen with Deno 2.9, November 2026): a start says so instead.
 */
async function inTime(
  first: Promise<void>,
  kvPath: string | undefined,
  patienceMs: number,
): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), patienceMs);
  try {
    if (await Promise.race([first, late]) !== "late") return;
  } finally {
    clearTimeout(timer);
  }
  // It ends with the process, or with the lock, and nobody waits for it.
  first.catch(() => {});
  const { whyNotOpened } = await import("./not_opened.ts");
  const cause = new Error("timed out: database is locked");
  throw new NotOpenedError(await whyNotOpened(kvPath, cause), { cause });
}

/** A running program goes on where its last key was retired: what it seals fails by itself. */
async function announce(sealer: Sealer, world: World): Promise<void> {
  try {
    await attempt(world, sealer.announce);
  } catch (error) {
    const detail = saidOf(error);
    world.log({ level: "error", event: "vault_unavailable", detail });
  }
}

/** An announcement that is not written costs no request: what counts is checked at each commit. */
async function attempt(world: World, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof VaultError) throw error;
    world.log({ level: "warn", event: "sealer_not_announced" });
  }
}
