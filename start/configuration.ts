/**
 * What a start reads: the environment, the machine, and the key ring's file.
 *
 * @module
 */

import { ConfigError, type Env, isOnDeploy, parseConfig } from "../broker/config/config.ts";
import { parseKeyRing, type VaultConfig } from "../broker/config/vault.ts";
import { inOwnWords } from "../broker/core/own_words.ts";
import type { UpstreamSpec } from "../broker/core/upstream.ts";
import type { World } from "../broker/core/world.ts";
import type { KeySpec } from "../vault/key_ring.ts";
import type { LivingOptions } from "./living.ts";
import { readKnown } from "./known_providers.ts";
import { canLimitMemory, providerSpecs, systemUsers } from "./machine.ts";

/**
 * The configuration, and what loads the code of providers.
 *
 * @throws {ConfigError}
 */
export async function readConfig(env: Env): Promise<LivingOptions> {
  const { known, faults, load } = await readKnown(await providerSpecs(env), env);
  const config = await parseConfig(
    env,
    known,
    isOnDeploy(env),
    faults,
    await upstreamsContext(env),
  );
  requireMemoryLimits(config.upstreams);
  return { config, env, known, load };
}

/** What `UPSTREAMS` is read with; where there are none, nobody asks. */
async function upstreamsContext({ UPSTREAMS }: Env) {
  if (!UPSTREAMS) return {};
  const { officialServers } = await import("../providers/discovered/official.ts");
  return { users: await systemUsers(), official: officialServers };
}

/** @throws {ConfigError} where a limit is set that this machine cannot hold. */
export function requireMemoryLimits(upstreams: UpstreamSpec[]): void {
  const wantsLimit = (spec: UpstreamSpec) => spec.kind === "stdio" && spec.memoryMb !== undefined;
  if (!upstreams.some(wantsLimit) || canLimitMemory()) return;
  throw new ConfigError(["UPSTREAMS: memory_mb needs /usr/bin/prlimit, of util-linux"]);
}

/** What the configuration says of the vault. A ring in a file can change while the program runs. */
export function vaultOptions(
  { kvPath, encryptionKeys: keys, encryptionKeysFile: file }: VaultConfig,
) {
  return { kvPath, keys, reload: file === undefined ? undefined : () => readKeys(file) };
}

async function readKeys(file: string): Promise<KeySpec[]> {
  try {
    return parseKeyRing(await Deno.readTextFile(file));
  } catch (error) {
    if (error instanceof ConfigError) {
      throw inOwnWords(new TypeError(`${file}: ${error.faults.join(" ")}`));
    }
    throw error;
  }
}

/** The operator's file is theirs to close; a mounted secret may be open to all on purpose. */
export async function warnOfOpenKeys(file: string | undefined, world: World): Promise<void> {
  if (file === undefined || Deno.build.os === "windows") return;
  const { mode } = await Deno.stat(file);
  if (((mode ?? 0) & 0o007) === 0) return;
  world.log({ level: "warn", event: "keys_file_is_open_to_others" });
}
