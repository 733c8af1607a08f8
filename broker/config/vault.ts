/**
 * What is configured of the store: the key ring, wherever it stands, and where
 * the KV is. All that a task needs which works on the store alone.
 *
 * @module
 */

import { lookUp } from "../core/lists.ts";
import { kindOf } from "../core/own_words.ts";
import { ConfigError, type Env, faultOf, kvPathOf } from "./env.ts";
import { optional, read, required } from "./readers.ts";
import { encryptionKeys, kvPath, type RingKey } from "./values.ts";

/** What a task needs that works on the store alone. Holds keys: never log it. */
export interface VaultConfig {
  encryptionKeys: RingKey[];
  /** Where they were read from, if that was a file: a running program reads it again. */
  encryptionKeysFile?: string | undefined;
  /** `undefined`: the platform's own KV. */
  kvPath?: string | undefined;
}

/**
 * What a task needs that works on the store alone.
 *
 * @throws {ConfigError}
 */
export function parseVaultConfig(env: Env, onDeploy: boolean): VaultConfig {
  return {
    encryptionKeys: parseKeyRing(env.ENCRYPTION_KEYS ?? ""),
    kvPath: parseKvPath(env, onDeploy),
  };
}

/**
 * Where the KV is, for a task that needs nothing else.
 *
 * @throws {ConfigError}
 */
export function parseKvPath(env: Env, onDeploy: boolean): string | undefined {
  const { faults } = read(KV_PATH, env.KV_PATH);
  if (faults.length === 0) return kvPathOf(env, onDeploy);
  throw new ConfigError(faults.map((fault) => faultOf("KV_PATH", fault)));
}

/**
 * Env, with the key ring put in from its file where it is in one. Where both are
 * set `ENCRYPTION_KEYS` counts, and the file is never read.
 *
 * @throws {ConfigError} where the file cannot be read.
 */
export async function readKeyFile(
  env: Env,
  readFile: (path: string) => Promise<string>,
): Promise<Env> {
  const file = env.ENCRYPTION_KEYS_FILE;
  if (!file) return env;
  if (env.ENCRYPTION_KEYS) return { ...env, ENCRYPTION_KEYS_FILE: undefined };
  try {
    return { ...env, ENCRYPTION_KEYS: await readFile(file) };
  } catch (cause) {
    const reason = kindOf(cause);
    // Not quoted: somebody may have put the keys themselves here.
    const fault = `ENCRYPTION_KEYS_FILE: the file that it names cannot be read (${reason}). ` +
      (lookUp(FILE_CURES, reason) ?? "It must be a file that this program's user may read.");
    throw new ConfigError([fault], { cause });
  }
}

const FILE_CURES: Record<string, string> = {
  NotFound: "Nothing is there: is the secret mounted, and the path written out in full?",
  IsADirectory: "It is a folder: name the file in it.",
  PermissionDenied: "Let this program's user read it, and nobody else (chmod 400).",
  NotCapable: "Start the program with --allow-read for it.",
};

/**
 * A key ring alone.
 *
 * @throws {ConfigError}
 */
export function parseKeyRing(text: string): RingKey[] {
  const { value, faults } = read(ENCRYPTION_KEYS, text.trim());
  if (value !== undefined) return value;
  throw new ConfigError(faults.map((fault) => `ENCRYPTION_KEYS: ${fault}`));
}

/** The key ring. */
export const ENCRYPTION_KEYS = required(encryptionKeys);

/** By itself; put together with the rest by `kvPathOf()`. */
export const KV_PATH = optional(kvPath);
