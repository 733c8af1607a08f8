/**
 * The database's place and the key ring, for commands that handle its file.
 *
 * @module
 */

import { isOnDeploy } from "../../broker/config/config.ts";
import { parseVaultConfig } from "../../broker/config/vault.ts";
import { kvFileOf } from "../../vault/kv_files.ts";
import { importKeyRing, type KeyRing } from "../../vault/key_ring.ts";
import { ownEnv } from "../../start/own_env.ts";

/** `file` is absent where the database is none: a URL, or the platform's own. */
export async function vaultOf(): Promise<
  { kvPath: string | undefined; file: string | undefined; ring: KeyRing }
> {
  const env = await ownEnv();
  const { kvPath, encryptionKeys } = parseVaultConfig(env, isOnDeploy(env));
  return { kvPath, file: kvFileOf(kvPath), ring: await importKeyRing(encryptionKeys) };
}
